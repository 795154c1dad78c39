"""The comparison of accuracies trains both, and says where its data have to be."""

from pathlib import Path

import pytest

from tests.mnist import write_mnist

pytest.importorskip("torch")
from tests.benchmarks import accuracy


def test_both_learn_and_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_mnist(tmp_path, accuracy.TESTED + 10 * accuracy.BATCH)
    accuracy.main(["--mnist", str(tmp_path), "--presets", "conv-digits", "--seeds", "2", "--epochs", "3"])
    row, here, there = capsys.readouterr().out.splitlines()[-3:]
    assert row.startswith("conv-digits")
    assert "within one standard deviation" in row or "further apart" in row
    for line in (here, there):
        runs = [float(word.rstrip("%")) for word in line.split(":")[1].split(" in ")[0].split()]
        assert len(runs) == 2
        assert min(runs) > 60


def test_missing_data_are_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        accuracy.main(["--mnist", str(tmp_path / "none")])
    assert "could not be read. Expected t10k-images-idx3-ubyte" in str(refused.value)
    assert str(refused.value).endswith("Say where it is with --mnist DIR.")
    assert capsys.readouterr().out == ""
