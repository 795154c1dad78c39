"""An image of the command line is stepped in place of a sample; what cannot be is said in one sentence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viz_app.__main__ import main
from viz_app.cli import opening
from viz_app.cli.parser import parse


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in a folder that holds the photo of a seven, a colour image, and what is none."""
    monkeypatch.chdir(tmp_path)
    paper = np.full((60, 50), 235, np.uint8)
    paper[10:16, 10:40] = 20
    for row in range(16, 52):
        paper[row, 38 - (row - 16) // 2 : 43 - (row - 16) // 2] = 20
    Image.fromarray(paper).save("seven.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (9, 12, 3), np.uint8)).save("colour.png")
    Path("text.png").write_text("no image")
    Path("empty.png").write_bytes(b"")
    return tmp_path


def values(line: str) -> dict[str, np.ndarray]:
    assert main([*line.split(), "--out", "all.npz", "--force"]) == 0
    with np.load("all.npz") as written:
        return dict(written)


@pytest.mark.parametrize("preset", ["digits", "conv-digits", "mlp-784-800-10"])
def test_the_values_are_those_of_the_image_and_its_label(preset: str) -> None:
    written = values(f"values --preset {preset} --image seven.png --label 7 --batch 2")
    usual = values(f"values --preset {preset} --batch 2")
    assert written["y"][0].argmax() == 7
    assert not np.array_equal(written["x"][0], usual["x"][0])
    assert np.array_equal(written["x"][1], usual["x"][1])
    assert np.array_equal(written["w_1"], usual["w_1"])
    assert written["loss"] != usual["loss"]


def test_without_a_label_the_networks_own_guess_is_taken_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    written = values("values --preset digits --image seven.png")
    guess = written["out_2"][0].argmax()
    assert written["y"][0].argmax() == guess
    assert f"The target of seven.png is the network's own guess: {guess}.\n" in capsys.readouterr().out


def test_the_gradients_of_an_image_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--preset", "digits", "--image", "seven.png", "--label", "7"]) == 0
    labelled = capsys.readouterr().out
    assert labelled.endswith("Every gradient agrees.\n")
    assert main(["check", "--preset", "digits"]) == 0
    assert capsys.readouterr().out != labelled


def test_the_table_of_steps_says_what_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--image", "seven.png"]) == 0
    assert "network's own guess" in capsys.readouterr().out


def test_pictures_are_of_the_image(folder: Path) -> None:
    for name, more in (("with", "--image seven.png"), ("without", "")):
        line = f"export --preset digits --steps 0 --size 640x360 --out {name} {more}"
        assert main(line.split()) == 0
    first, second = ((folder / name / "step-000-sum_1.png").read_bytes() for name in ("with", "without"))
    assert first != second


def test_a_kernel_slides_over_any_image() -> None:
    assert values("values --preset conv-kernel --kernel blur --image colour.png")["x"].shape == (1, 3, 9, 12)
    assert values("values --preset conv-kernel --image heart")["x"].shape == (1, 1, 16, 16)


@pytest.mark.parametrize(("line", "preset", "title"), [
    ("--preset conv-digits --image seven.png", "conv-digits", "seven.png"),
    ("--image seven.png", "digits", "seven.png"),
    ("--preset digits", "digits", None),
])  # fmt: skip
def test_a_window_opens_with_the_image(
    line: str, preset: str, title: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def run(open_first: Callable[[str], tuple[object, object]], theme: str | None, session: object, **_: object) -> int:
        opened.append(open_first("attention"))
        return 0

    monkeypatch.setattr("viz_app.window.starting.application.run", run)
    assert opening.open_window(parse(line.split())) == 0
    experiment, guest = opened[0]
    assert (experiment.preset, guest and guest.title) == (preset, title)


BAD = [
    ("steps --image none.png", "none.png"),
    ("steps --image text.png", "text.png is no image; expected an image such as PNG"),
    ("steps --image empty.png", "empty.png is empty"),
    ("steps --image .", "netstep: . is a folder; expected a file."),
    ("steps --image=", "Expected the name of a file, for --image; got nothing."),
    ("steps --preset attention --image seven.png", "Expected a network that takes images, for --image; attention"),
    ("steps --preset worked-2-2-2 --image seven.png", "for --image; worked-2-2-2 takes none"),
    ("steps --preset playground --image seven.png", "for --image; playground takes none"),
    ("steps --preset batched-product --image seven.png", "for --image; batched-product takes none"),
    ("steps --preset batched-product --image seven.png", "for --image; batched-product takes none"),
    ("steps --label 7", "Expected an image of a class, for --label: add --image FILE"),
    ("steps --preset conv-kernel --image heart --label 7", "on a network that tells classes"),
    ("steps --image seven.png --label 12", "Expected a label among 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; got '12'."),
    ("steps --image seven.png --label -1", "got '-1'"),
    ("steps --image seven.png --label seven", "got 'seven'"),
    ("steps --image seven.png --label=", "got ''"),
    ("steps --preset conv-kernel --image none.png", "or the name of a file; got 'none.png'."),
    ("steps --preset conv-kernel --image text.png", "text.png is no image"),
    ("steps --preset conv-kernel --image hart", "(did you mean heart?)"),
    ("train --image seven.png", "leave --image out"),
    ("train --label 7", "for --label"),
    ("--preset digits --image text.png", "text.png is no image"),
]


@pytest.mark.parametrize(("line", "expected"), BAD)
def test_what_cannot_be_is_said_in_one_sentence(
    line: str, expected: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    assert main(line.split()) == 2
    told = capsys.readouterr().err
    assert expected in told
    assert told.startswith("netstep: ")
    assert told.count("\n") == 1
    assert sorted(folder.iterdir()) == before
