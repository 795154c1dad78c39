"""The command line as a user meets it: what is printed, what is written, and the exit code."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import viz_app
from core.data.guest import Guest
from core.experiment import Experiment
from core.ops.sums import Sum
from core.optimizers import OPTIMIZERS
from core.options import Options
from core.presets import PRESETS, open_preset
from core.presets.convolution import KernelSettings
from tests.app.cli.conftest import steps_of
from viz_app.__main__ import main
from viz_app.cli import tables
from viz_app.export.job import Job
from viz_app.export.look import Look
from viz_app.takeaway.values import CONTENTS

COMMANDS = ("presets", "steps", "check", "values", "export")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    shown = capsys.readouterr().out
    for preset in PRESETS.values():
        assert preset.name in shown
        assert preset.title in shown
    assert "digits (default)" in shown


@pytest.mark.parametrize("name", PRESETS)
def test_steps_prints_one_row_for_each_step(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--preset", name]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["step", "phase", "layer", "name", "equation", "shape"]
    steps = open_preset(name).program.steps
    assert [int(row.split()[0]) for row in rows] == list(range(len(steps)))
    for row, step in zip(rows, steps, strict=True):
        assert step.phase.value in row
        assert step.output.key in row.split()


def test_steps_shows_equations_and_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--preset", "mlp-784-800-10", "--batch", "64"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert any("sum₁ = x · w₁" in row and row.endswith("64 × 800") for row in rows)
    assert any("∂L/∂w₁ = xᵀ · δ₁" in row and row.endswith("784 × 800") for row in rows)


@pytest.mark.parametrize("line", ["steps --optimizer adam", "--optimizer adam steps"])
def test_steps_of_another_optimizer(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 0
    assert "new_mean_w_1" in capsys.readouterr().out


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_command_takes_an_optimizer(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--preset", "sigmoid-3-4-2", "--optimizer", name]
    assert main(["check", *options]) == 0
    assert main(["values", *options, "--out", "all.npz"]) == 0
    program = open_preset("sigmoid-3-4-2", optimizer=name).program
    assert set(np.load("all.npz").files) >= set(program.state)
    last = str(len(program.steps) - 1)
    assert main(["export", *options, "--steps", last, "--size", "640x480", "--out", "pictures"]) == 0


def test_options_before_the_command_count(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--preset", "worked-2-2-2", "steps"])
    before = capsys.readouterr().out
    main(["steps", "--preset", "worked-2-2-2"])
    assert before == capsys.readouterr().out
    assert "sigmoid" in before


def test_check_prints_every_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--preset", "digits", "--batch", "3", "--sample", "5", "--seed", "2"]) == 0
    header, *rows, verdict = capsys.readouterr().out.splitlines()
    assert header.split("  ")[0] == "parameter"
    assert [row.split()[0] for row in rows] == ["w_1", "b_1", "w_2", "b_2"]
    assert all(float(row.split()[2]) < 1e-5 for row in rows)
    assert verdict == "Every gradient agrees."


def test_check_knows_how_precise_a_difference_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A network that has learnt has gradients near the error of the difference itself."""
    assert main(["check", "--preset", "lstm"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Every gradient agrees."


def test_check_catches_a_wrong_derivative(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    right = Sum.compute
    monkeypatch.setattr(Sum, "compute", lambda self, *arrays, out=None, scratch=None: 1.001 * right(self, *arrays))
    assert main(["check", "--preset", "digits"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Wrong by more than 1e-05: b_1, b_2."


def test_check_refuses_what_is_not_trained(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    untrained = SimpleNamespace(trainable=False, preset="own")
    monkeypatch.setattr(tables, "open_experiment", lambda _: untrained)
    assert main(["check"]) == 2
    assert "own has no gradients to check" in capsys.readouterr().err


def test_values_writes_every_value(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["values", "--preset", "sigmoid-3-4-2", "--batch", "4", "--dtype", "float64", "--out", "all.npz"]
    assert main(arguments) == 0
    experiment = open_preset("sigmoid-3-4-2", batch_size=4, dtype="float64")
    trace = experiment.trace()
    with np.load(folder / "all.npz") as written:
        assert set(written.files) == {CONTENTS, *experiment.program.values}
        for key in experiment.program.values:
            np.testing.assert_array_equal(written[key], trace.array(key), strict=True)
    assert [path.name for path in folder.iterdir()] == ["all.npz"]
    assert "all.npz" in capsys.readouterr().out


def test_values_keeps_the_name_it_is_given_and_replaces_an_old_file_where_it_may(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "numbers").write_text("old")
    line = ["values", "--preset", "worked-2-2-2", "--out", "numbers"]
    assert main(line) == 2
    assert capsys.readouterr().err == (
        "netstep: Expected a new file; numbers exists: choose another name, or replace it with --force.\n"
    )
    assert (folder / "numbers").read_text() == "old"
    assert main([*line, "--force"]) == 0
    with np.load(folder / "numbers") as written:
        assert written["loss"] == pytest.approx(0.298371109)
    assert [path.name for path in folder.iterdir()] == ["numbers"]


def test_export_hands_over_what_was_asked_for(exported: list[Job], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["export", "--preset", "digits", "--out", "pictures", "--steps", "3-5"]
    assert main([*arguments, "--size", "800x600", "--theme", "dark"]) == 0
    (job,) = exported
    assert (job.title, steps_of(job), job.target, job.format.name) == ("digits", [3, 4, 5], Path("pictures"), "png")
    assert job.look == Look((800, 600), "dark")
    assert not job.overwrite
    assert capsys.readouterr().err == f"[{'#' * 30}] 3/3\n"


def test_a_theme_before_the_command_counts(exported: list[Job]) -> None:
    assert main(["--theme", "dark", "export", "--out", "pictures"]) == 0
    assert main(["--theme", "dark", "export", "--out", "pictures", "--theme", "light"]) == 0
    assert [job.look.theme_name for job in exported] == ["dark", "light"]


def test_export_takes_every_step_unless_told(exported: list[Job], folder: Path) -> None:
    (folder / "there").mkdir()
    assert main(["export", "--out", "there"]) == 0
    (job,) = exported
    assert (steps_of(job), job.target, job.look) == ([*range(25)], Path("there"), Look())


@pytest.mark.parametrize(("text", "steps"), [("0-0", range(1)), ("24", range(24, 25)), ("0-24", range(25))])
def test_export_takes_the_first_and_the_last_step(exported: list[Job], text: str, steps: range) -> None:
    assert main(["export", "--out", "pictures", "--steps", text]) == 0
    assert steps_of(exported[0]) == [*steps]


@pytest.mark.parametrize(
    ("line", "cells"),
    [("digits", 0), ("digits --cells 4", 4), ("conv-kernel", 64), ("conv-kernel --cells 7", 6),
     ("conv-kernel --cells 0", 0), ("rgb-kernel-2x2x3", 1)],
)  # fmt: skip
def test_export_walks_inside_a_single_step_or_where_it_is_told(exported: list[Job], line: str, cells: int) -> None:
    assert main(["export", "--out", "pictures", "--preset", *line.split()]) == 0
    (job,) = exported
    inside = [place.cell for place in job.places if place.step == 0 and place.cell is not None]
    assert len(set(inside)) == len(inside) == cells


def test_the_kernel_can_be_chosen(folder: Path) -> None:
    line = "values --preset conv-kernel --kernel blur --image heart --stride 2,1 --padding 0,1,2,3 --dilation 2"
    assert main([*line.split(), "--out", "all.npz"]) == 0
    settings = KernelSettings("heart", "blur", padding=(0, 1, 2, 3), stride=(2, 1), dilation=2)
    trace = settings.open(Options()).trace()
    with np.load(folder / "all.npz") as written:
        assert written["net_1"].shape == (1, 1, 7, 17)
        for key in ("x", "w_1", "net_1"):
            np.testing.assert_array_equal(written[key], trace.array(key), strict=True)


@pytest.mark.parametrize(
    ("option", "shape"),
    [("--padding valid", "62 × 62"), ("--padding 3", "68 × 68"), ("--padding 0,2", "62 × 66"),
     ("--stride 3", "22 × 22"), ("--image landscape", "96 × 96")],
)  # fmt: skip
def test_the_kernel_slides_as_it_is_told(option: str, shape: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--preset", "conv-kernel", *option.split()]) == 0
    assert capsys.readouterr().out.rstrip().endswith(f"1 × 1 × {shape}")


@pytest.mark.usefixtures("exported")
def test_the_bar_grows_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["export", "--out", "pictures", "--steps", "0-1"]) == 0
    half, full = "#" * 15 + "." * 15, "#" * 30
    assert capsys.readouterr().err == f"\r[{half}] 1/2\r[{full}] 2/2\n"


@pytest.mark.usefixtures("exported")
def test_a_file_where_a_folder_should_be(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "file").write_text("mine")
    assert main(["export", "--out", "file"]) == 2
    assert "file is a file" in capsys.readouterr().err
    assert main(["export", "--out", "file/pictures"]) == 2
    assert main(["values", "--out", "file/all.npz"]) == 2
    assert (folder / "file").read_text() == "mine"


@pytest.mark.usefixtures("exported")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_without_permission(mode: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = folder / "locked"
    locked.mkdir()
    locked.chmod(mode)
    for arguments in (["values", "--out", "locked/all.npz"], ["export", "--out", "locked"]):
        assert main(arguments) == 2
        assert "may be written into" in capsys.readouterr().err
    locked.chmod(0o700)
    assert list(locked.iterdir()) == []


def test_a_disk_that_fails_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)  # what was written aside gets no name
    assert main(["values", "--out", "all.npz"]) == 2
    assert capsys.readouterr().err == "netstep: Could not write all.npz: No space left on device.\n"
    assert list(folder.iterdir()) == []


def test_without_a_command_the_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def run(
        open_first: Callable[[str], tuple[Experiment, Guest | None]], theme: str | None, session: object, **_: object
    ) -> int:
        assert session is None
        experiment, guest = open_first("worked-2-2-2")
        assert guest is None
        opened.append((experiment.preset, experiment.options.batch_size, experiment.options.seed, theme))
        return 5

    app = ModuleType("viz_app.window.starting.application")
    app.__dict__["run"] = run
    monkeypatch.setitem(sys.modules, "viz_app.window.starting.application", app)
    monkeypatch.setattr(viz_app, "app", app, raising=False)
    assert main([]) == 5
    assert main(["--preset", "digits", "--batch", "8", "--seed", "3", "--theme", "dark"]) == 5
    last = open_preset("worked-2-2-2").options
    assert opened == [("worked-2-2-2", last.batch_size, last.seed, None), ("digits", 8, 3, "dark")]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_everywhere(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: netstep {command}".rstrip())
    if command not in ("", "presets"):
        options = ("--preset", "--batch", "--sample", "--seed", "--dtype", "--optimizer")
        assert all(option in shown for option in options)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("netstep ")


def test_interrupting_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "check_gradients", interrupt)
    assert main(["check"]) == 130
    assert capsys.readouterr().err == "\n"


@pytest.mark.parametrize("taken", [0, 2, 5])
@pytest.mark.usefixtures("qapp")
def test_export_replaces_pictures_only_where_it_may(
    taken: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["export", "--preset", "worked-2-2-2", "--steps", "0-5", "--size", "320x240", "--out"]
    assert main([*line, "first"]) == 0
    names = sorted(path.name for path in (folder / "first").iterdir())
    (folder / "second").mkdir()
    (folder / "second" / names[taken]).write_text("mine")
    capsys.readouterr()
    assert main([*line, "second"]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"netstep: Expected a new file; second/{names[taken]} exists")
    assert told.endswith("--force.")
    assert [path.name for path in (folder / "second").iterdir()] == [names[taken]]
    assert (folder / "second" / names[taken]).read_text() == "mine"
    assert main([*line, "second", "--force"]) == 0
    assert sorted(path.name for path in (folder / "second").iterdir()) == names
    assert (folder / "second" / names[taken]).read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_folder_where_a_picture_should_be(force: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "out" / "step-001-net_1.png").mkdir(parents=True)
    line = ["export", "--preset", "worked-2-2-2", "--steps", "0-2", "--size", "320x240", "--out", "out"]
    assert main([*line, *force]) == 2
    assert capsys.readouterr().err == "netstep: Could not write out/step-001-net_1.png: Is a directory.\n"
    assert [path.name for path in (folder / "out").iterdir()] == ["step-001-net_1.png"]


@pytest.mark.parametrize("name", ["a" * 255, "lecture 3.1", ".npz", "ä é.npz"])
def test_values_are_written_under_the_very_name(name: str, folder: Path) -> None:
    assert main(["values", "--preset", "worked-2-2-2", "--out", name]) == 0
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize("length", [256, 300])
def test_a_name_that_is_too_long_is_one_sentence(length: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["values", "--preset", "worked-2-2-2", "--out", "a" * length]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("netstep: Could not write aaa")
    assert shown.count("\n") == 1
    assert list(folder.iterdir()) == []
