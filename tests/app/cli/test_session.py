"""A session on the command line says what is run, and options say what is done with it; never both of one thing."""

from pathlib import Path

import numpy as np
import pytest

from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.cli.commands import main
from viz_app.cli.opening import open_window
from viz_app.cli.parser import parse
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import write_session
from viz_app.session.saving import snapshot
from viz_app.session.session import Session


@pytest.fixture(scope="module")
def session(qapp, tmp_path_factory):
    """Return a session of the worked example at iteration 3, and its file."""
    folder = tmp_path_factory.mktemp("sessions")
    session = Session(open_preset("worked-2-2-2", optimizer="adam"))
    session.go(Cursor(3, 9))
    write_session(snapshot(session, WindowRecord()), folder / "it.netstep")
    yield session, folder / "it.netstep"
    session.deleteLater()


def test_what_a_session_shows_is_exported(session, tmp_path, capsys):
    """One picture of the place that was shown, its values, its steps; or what the options say, of its iteration."""
    run, path = session
    out = tmp_path / "pictures"
    out.mkdir()
    assert main(["export", str(path), "--out", str(out), "--size", "320x240"]) == 0
    key = run.trace.program.steps[9].output.key
    assert [one.name for one in out.iterdir()] == [f"iteration-0003-step-009-{key}.png"]
    assert main(["export", "--size", "320x240", "--steps", "0-2", str(path), "--out", str(tmp_path / "some.pdf")]) == 0
    assert (tmp_path / "some.pdf").stat().st_size > 1000
    assert main(["values", str(path), "--out", str(tmp_path / "v.npz")]) == 0
    with np.load(tmp_path / "v.npz") as values:
        assert values["w_1"].tobytes() == run.trace.array("w_1", 3).tobytes()
        assert values["loss"].tobytes() == run.trace.array("loss", 3).tobytes()
    capsys.readouterr()
    assert main(["steps", str(path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(run.trace.program.steps) + 1


def test_the_window_opens_it(session, monkeypatch):
    opened = []
    monkeypatch.setattr("viz_app.window.starting.application.run", lambda *given, **_: opened.append(given) or 0)
    assert open_window(parse([str(session[1])])) == 0
    assert opened[0][2][0].place == session[0].place


@pytest.mark.parametrize(("line", "message"), [
    ("--preset digits {}", "expected either a session or --preset: the session says what is run"),
    ("export {} --out x.png --batch 4", "expected either a session or --batch"),
    ("train {}", "the command train takes no session"),
    ("presets {}", "the command presets takes no session"),
    ("export gone.netstep --out x.png", "Could not read gone.netstep: No such file or directory."),
    ("steps {0} {0}", "expected nothing but options"),
])  # fmt: skip
def test_what_makes_no_sense_is_said_in_one_sentence(session, capsys, line, message):
    assert main(line.format(session[1]).split()) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_another_file_is_no_session(tmp_path: Path, capsys):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    assert main(["steps", str(tmp_path / "photo.png")]) == 2
    told = "netstep: photo.png was not opened: expected a session of NetStep; it is something else.\n"
    assert capsys.readouterr().err == told
