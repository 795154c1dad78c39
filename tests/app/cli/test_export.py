"""What ``netstep export`` takes: places, targets, times, and what it tells meanwhile."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from core.notation import Notation
from tests.app.cli.conftest import steps_of
from viz_app.__main__ import main
from viz_app.cli import progress
from viz_app.cli.progress import ProgressBar
from viz_app.export.job import Job
from viz_app.export.look import Timing
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.look import Look
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.words.writing import Writing


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "name", "target"),
    [
        ("--out a.pdf", "pdf", "a.pdf"),
        ("--out a.HTM", "html", "a.HTM"),
        ("--out a --format mp4", "mp4", "a.mp4"),
        ("--out a.b --format gif", "gif", "a.b.gif"),
        ("--out a --format pdf", "pdf", "a"),
        ("--out a.pdf --format worksheet --step loss", "worksheet", "a.pdf"),
        ("--out there.svg/ --format webm", "webm", "there.svg/digits.webm"),
        ("--out there.svg", "png", "there.svg"),
        ("--out there.svg --format mp4", "mp4", "there.svg/digits.mp4"),
        ("--out lecture-3.1", "png", "lecture-3.1"),
    ],
)
def test_the_ending_or_the_format_decides(line: str, name: str, target: str, exported: list[Job], folder: Path) -> None:
    (folder / "there.svg").mkdir()
    assert main(["export", "--preset", "digits", *line.split()]) == 0
    (job,) = exported
    assert job.format.name == name
    assert str(job.target if job.numbered else job.paths[0]) == target


def test_steps_are_chosen_by_phase_by_name_and_by_iteration(exported: list[Job]) -> None:
    for line in ("--phase loss", "--step loss,sum_1", "--steps 0-9 --phase forward --iterations 2-3"):
        assert main(["export", "--preset", "worked-2-2-2", "--out", "a", *line.split()]) == 0
    loss, named, later = exported
    steps = loss.trace.program.steps
    assert {steps[number].phase.value for number in steps_of(loss)} == {"loss"}
    assert [steps[number].output.key for number in steps_of(named)] == ["sum_1", "loss"]
    assert [place.iteration for place in later.places] == sorted([2, 3] * (len(later.places) // 2))


def test_times_are_handed_over(exported: list[Job]) -> None:
    line = "--out a.mp4 --duration 3 --cell-duration 0,5 --hold 0 --fps 25"
    assert main(["export", *line.split()]) == 0
    assert exported[0].timing == Timing(3.0, 0.5, 0.0, 25)


def test_every_choice_of_a_look_is_handed_over(exported: list[Job]) -> None:
    line = (
        "--size a4-column --theme print --scale 2 --transparent --colors cividis --digits 3 --decimal-comma "
        "--notation z/a --with code,network --without caption,title --text 1,5"
    )
    for words in ("", line, "--size 4:3"):
        assert main(["export", "--out", "a", "--steps", "0", *words.split()]) == 0
    usual, other, sheet = (job.look for job in exported)
    assert usual == Look()
    parts = (USUAL_PARTS | {Part.CODE, Part.NETWORK}) - {Part.CAPTION, Part.TITLE}
    assert other == Look((960, 720), "print", 2.0, True, ColorMap.CIVIDIS, Writing(3, comma=True), Notation.Z_A,
                         parts=parts, text=1.5)  # fmt: skip
    assert Look.from_json(other.to_json()) == other
    assert (sheet.size, sheet.text) == ((1600, 1200), 1.0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--digits 1", "Expected --digits from 2 to 7; got 1."),
        ("--colors jet", "expected blue-orange, blue-red, purple-green, viridis or cividis; got 'jet'"),
        ("--with stages", "got 'stages' (did you mean stage?)."),
        ("--without title,caption,formula,numbers,stage", "--without leaves none."),
        ("--text 9", "Expected --text from 0.6 to 2.5; got 9."),
        ("--notation z", "expected net/out or z/a; got 'z'"),
        ("--size a5", "or one of hd, 4k, 720p, 4:3, a4, a4-column, upright; got 'a5'."),
    ],
)
def test_what_is_no_look_is_told(words: str, told: str, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    with suppress(SystemExit):
        assert main(["export", "--out", "a", *words.split()]) == 2
    assert told in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_an_odd_size_of_a_video_is_told(exported: list[Job], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--out", "a.mp4", "--size", "801x601", "--steps", "0"]) == 0
    assert capsys.readouterr().err.startswith("netstep: A video has even sides: 801x601 becomes 800x600.\n")


def test_the_time_left_is_told_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    bar = ProgressBar()
    for done, passed in ((1, 0.5), (2, 80.0), (9, 90.0), (10, 100.0)):
        now[0] = passed
        bar(done, 10)
    lines = [line.rstrip() for line in capsys.readouterr().err.split("\r")[1:]]
    assert [line.partition("] ")[2] for line in lines] == ["1/10", "2/10, 5 min 20 s left", "9/10, 10 s left", "10/10"]


@pytest.mark.usefixtures("qapp")
def test_a_file_that_is_there_stays_unless_it_is_forced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.pdf").write_text("mine")
    line = ["export", "--preset", "worked-2-2-2", "--steps", "0", "--size", "320x240", "--out", "a.pdf"]
    assert main(line) == 2
    assert "a.pdf exists: choose another name, or replace it with --force." in capsys.readouterr().err
    assert (folder / "a.pdf").read_text() == "mine"
    assert main([*line, "--force"]) == 0
    assert (folder / "a.pdf").read_bytes().startswith(b"%PDF")
    assert [path.name for path in folder.iterdir()] == ["a.pdf"]


def test_a_folder_that_was_made_for_nothing_is_gone(folder: Path) -> None:
    assert main(["export", "--preset", "worked-2-2-2", "--out", "new/", "--format", "worksheet", "--transparent"]) == 2
    assert list(folder.iterdir()) == []
