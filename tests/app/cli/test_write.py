"""The command that continues a text, and the switch for the forward pass alone."""

import numpy as np
import pytest

from viz_app.cli.commands import main


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_text_is_continued(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "write", "--text", "the riv", "--tokens", "3", "--temperature", "0")
    assert (code, out, err) == (0, "the river \n", "")
    chosen = ("--preset", "transformer", "--text", "the ", "--tokens", "20", "--temperature", "0.8", "--top-k", "5")
    first = told(capsys, "write", *chosen, "--seed", "1")
    assert first == told(capsys, "write", *chosen, "--seed", "1")
    assert first != told(capsys, "write", *chosen, "--seed", "2")
    assert len(first[1]) == len("the ") + 20 + 1
    assert first[2] == "netstep: The network sees the last 12 characters of a longer text.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--text", "Ü"), "Expected a text of the characters a to z and spaces; got 'Ü'."),
        (("--text", ""), "Expected a text to continue, of at least one character; got none."),
        (("--text", "a", "--tokens", "0"), "Expected from 1 to 10,000 tokens to write; got 0."),
        (("--text", "a", "--temperature", "-1"), "Expected a temperature from 0; got -1.0."),
        (("--text", "a", "--top-k", "0"), "Expected a top-k of at least 1 token; got 0."),
        (("--text", "a", "--preset", "digits"), "digits does not read text, so it cannot continue one; the preset"),
    ],
)
def test_what_cannot_be_continued_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = told(capsys, "write", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_inference_is_the_forward_pass_alone(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    code, out, _ = told(capsys, "steps", "--preset", "residual-digits", "--inference")
    assert code == 0
    assert {line.split()[1] for line in out.splitlines()[1:]} == {"forward"}
    path = tmp_path / "values.npz"
    assert told(capsys, "values", "--preset", "digits", "--inference", "--out", str(path))[0] == 0
    with np.load(path) as stored:
        assert "y" not in stored
        assert stored["out_2"].shape == (1, 10)
    code, _, err = told(capsys, "steps", "--preset", "conv-kernel", "--inference")
    assert code == 2
    assert "to leave its training out; conv-kernel is not." in err
    code, _, err = told(capsys, "check", "--preset", "digits", "--inference")
    assert code == 2
    assert "takes no --inference" in err
