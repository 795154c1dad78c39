"""Data of a person's own on the command line: ``--data`` on every command."""

from pathlib import Path

import numpy as np
import pytest

from core.weights import read_weights
from viz_app.__main__ import main
from viz_app.cli.opening import open_experiment
from viz_app.cli.parser import build_parser

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of 40 images of 8 × 8 in ten classes."""
    monkeypatch.chdir(tmp_path)
    rng, path = np.random.default_rng(0), tmp_path / "mine.npz"
    np.savez(path, x=rng.integers(0, 256, (40, 8, 8), dtype=np.uint8), y=np.arange(40) % 10)
    return path


def test_values_are_those_of_the_data(images: Path, capsys: Capture) -> None:
    assert main(["values", "--data", "mine.npz", "--batch", "3", "--sample", "2", "--out", "all.npz"]) == 0
    with np.load("all.npz") as values, np.load(images) as mine:
        expected = (mine["x"][2:5].astype(np.float32) / np.float32(255)).reshape(3, 64)
        np.testing.assert_array_equal(values["x"], expected)
        assert values["y"].argmax(axis=1).tolist() == [2, 3, 4]


@pytest.mark.parametrize("command", [["steps"], ["check"], ["train", "--epochs", "1"]])
def test_every_command_takes_them(images: Path, capsys: Capture, command: list[str]) -> None:
    assert main([*command, "--data", "mine.npz"]) == 0


def test_it_exports_them(images: Path, capsys: Capture) -> None:
    assert main(["export", "--data", "mine.npz", "--steps", "0", "--size", "320x240", "--out", "out"]) == 0


def test_the_whole_of_them_can_be_a_batch(images: Path, capsys: Capture) -> None:
    """The preset has two samples fewer than that; the data count."""
    assert main(["steps", "--preset", "worked-2-2-2", "--data", "mine.npz", "--adapt", "--batch", "40"]) == 0
    assert "40 × 10" in capsys.readouterr().out


def test_a_test_part_is_held_back(images: Path, capsys: Capture) -> None:
    rng = np.random.default_rng(1)
    parts = {f"x_{part}": rng.random((count, 64)) for part, count in (("train", 30), ("test", 10))}
    parts |= {f"y_{part}": np.arange(count) % 10 for part, count in (("train", 30), ("test", 10))}
    np.savez("parts.npz", **parts)
    assert main(["train", "--data", "parts.npz", "--epochs", "1", "--csv", "losses.csv"]) == 0
    assert "test loss" in capsys.readouterr().out


def refusal(capsys: Capture, *line: str) -> str:
    assert main(line) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    return err


def test_data_of_another_shape_are_told_what_would_change(images: Path, capsys: Capture) -> None:
    np.savez("table.npz", x=np.random.default_rng(2).normal(size=(12, 4)), y=np.arange(12) % 3)
    told = refusal(capsys, "steps", "--data", "table.npz")
    assert "With --adapt: A sample has 4 numbers instead of 64. The last layer has 3 outputs instead of 10." in told
    assert main(["steps", "--data", "table.npz", "--adapt"]) == 0
    assert "1 × 3" in capsys.readouterr().out


def test_an_adapted_network_that_was_trained_is_opened_again(images: Path, capsys: Capture) -> None:
    np.savez("table.npz", x=np.random.default_rng(2).normal(size=(12, 4)), y=np.arange(12) % 3)
    data = ("--data", "table.npz", "--adapt")
    assert main(["train", *data, "--epochs", "1", "--out", "w.safetensors"]) == 0
    assert main(["values", *data, "--weights", "w.safetensors", "--out", "all.npz"]) == 0
    kept = read_weights(Path("w.safetensors")).state
    with np.load("all.npz") as values:
        np.testing.assert_array_equal(values["w_1"], kept["w_1"])
    capsys.readouterr()
    assert "w.safetensors does not fit digits" in refusal(capsys, "steps", "--weights", "w.safetensors")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--data nothing.csv", "there is none"),
        ("--adapt", "Expected --data with --adapt"),
        ("--target price", "Expected --data with --target"),
        ("--data mine.npz --preset conv-kernel", "takes no data of your own"),
        ("--data mine.npz --preset mlp-784-800-10 --adapt --start trained", "Expected no trained weights"),
        ("--data mine.npz --batch 41", "Expected a batch size from 1 to 40"),
        ("--data mine.npz --sample 40", "Expected a sample from 0 to 39"),
        ("--data .", "."),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(images: Path, capsys: Capture, line: str, told: str) -> None:
    assert told in refusal(capsys, "steps", *line.split())


def test_a_table_says_how_to_name_its_target(images: Path, capsys: Capture) -> None:
    Path("prices.csv").write_text("1.5,0.5,3.25\n2.5,0.8,5.5\n3.5,1.2,7.25\n")
    told = refusal(capsys, "steps", "--data", "prices.csv", "--adapt")
    assert told.rstrip().endswith("Say which with --target NAME.")


def test_the_output_of_a_regression_is_called_after_its_column(images: Path, capsys: Capture) -> None:
    Path("prices.csv").write_text("area,rooms,price\n52.5,3,210.5\n110,5,480.25\n48,2,190.75\n77,3,290.5\n")
    line = ["--data", "prices.csv", "--target", "price", "--adapt", "--preset", "sigmoid-3-4-2"]
    experiment = open_experiment(build_parser().parse_args(line))
    assert experiment.program.values["y"].axes[-1].names == ("price",)
    assert experiment.loss == "squared_error"
