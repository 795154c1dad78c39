"""Numbers and code from the command line: what was asked for, or one sentence."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from core.presets import open_preset
from tests.app.takeaway.test_script import run
from viz_app.__main__ import main
from viz_app.cli import takeaway
from viz_app.takeaway.values import CONTENTS

Capture = pytest.CaptureFixture[str]
EXPORT = ["export", "--preset", "sigmoid-3-4-2"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_ending_says_what_is_written_and_the_steps_how_much(capsys: Capture) -> None:
    trace = open_preset("sigmoid-3-4-2").trace()
    assert main([*EXPORT, "--out", "all.npz", "--iterations", "2"]) == 0
    assert capsys.readouterr().out.startswith("Wrote all.npz (")
    with np.load("all.npz") as file:
        assert json.loads(str(file[CONTENTS]))["iteration"] == 2
        np.testing.assert_array_equal(file["new_w_1"], trace.array("new_w_1", 2))
    assert main([*EXPORT, "--out", "loss.npz", "--phase", "loss"]) == 0
    with np.load("loss.npz") as file:
        assert set(file.files) == {CONTENTS, "out_2", "y", "losses", "loss"}
    assert main([*EXPORT, "--out", "w.CSV", "--value", "w_1"]) == 0
    with Path("w.CSV").open(newline="", encoding="utf-8") as lines:
        numbers = [row[1:] for row in list(csv.reader(lines))[1:]]
    np.testing.assert_array_equal(np.array(numbers, np.float32), trace.array("w_1"))
    assert main([*EXPORT, "--out", "part", "--format", "numpy", "--steps", "2-5"]) == 0
    scope = run(Path("part.py").read_text(encoding="utf-8"))
    last = trace.program.steps[5].output.key
    np.testing.assert_array_equal(scope[last], trace.array(last))
    assert main([*EXPORT, "--out", "network.py", "--format", "pytorch"]) == 0
    assert "class Network(nn.Module)" in Path("network.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--out a.csv", "Expected the value that the table is to hold, such as --value new_w_2."),
        ("--out a.csv --value w1", "Expected a value of sigmoid-3-4-2, such as new_w_2; got 'w1' (did you mean w_1?)."),
        ("--out a.csv --value w_1 --step net_1", "Expected no --step for csv; it has no meaning there."),
        ("--out a.npz --value w_1", "Expected no --value for npz; it has no meaning there."),
        ("--out a.npz --iterations 0-3", "Expected a single iteration for npz; got 0-3."),
        ("--out a.npz --cells 4", "Expected no --cells for npz; it has no meaning there."),
        ("--out a.py --cell-duration 1", "Expected no --cell-duration for numpy; it has no meaning there."),
        ("--out a.py --steps 900", "Expected steps from 0 to 18 for sigmoid-3-4-2, the first one first; got 900."),
        ("--out a.pdf --format numpy", "Expected a name that ends with .py for numpy; got a.pdf."),
        ("--out none/a.npz", "Expected a folder none to write a.npz into; there is none."),
        ("--out there.npz", "Expected a new file; there.npz exists: choose another name, or replace it with --force."),
        ("--out a.png --value w_1", "Expected --format csv, or a file that ends with .csv, for --value."),
    ],
)
def test_what_makes_no_sense_gets_one_sentence(line: str, sentence: str, folder: Path, capsys: Capture) -> None:
    (folder / "there.npz").write_bytes(b"old")
    assert main([*EXPORT, *line.split()]) == 2
    assert capsys.readouterr().err == f"netstep: {sentence}\n"
    assert [path.name for path in folder.iterdir()] == ["there.npz"]
    assert (folder / "there.npz").read_bytes() == b"old"


def test_an_old_file_is_replaced_with_force_alone_and_both_or_none(folder: Path, capsys: Capture) -> None:
    line = ["export", "--preset", "digits", "--out", "it.py"]
    (folder / "it-arrays.npz").write_bytes(b"old")
    assert main(line) == 2
    assert "it-arrays.npz exists" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["it-arrays.npz"]
    assert main([*line, "--force"]) == 0
    assert run((folder / "it.py").read_text(encoding="utf-8"), folder / "it.py")["x"].shape == (1, 64)


def test_a_table_has_an_end(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(takeaway, "MOST", 3)
    assert main([*EXPORT, "--out", "w.csv", "--value", "w_1"]) == 2
    assert "at most 3 numbers for csv; w_1 has 12: write an npz." in capsys.readouterr().err


def test_what_is_no_network_is_told(capsys: Capture) -> None:
    assert main(["export", "--preset", "batched-product", "--format", "pytorch", "--out", "a.py"]) == 2
    assert "has no loss here" in capsys.readouterr().err
