"""A session that is saved and opened is the same run, to the last bit, at the same place, with the same picture."""

from pathlib import Path

import numpy as np
import pytest

from core.images.photo import Photo
from core.images.settings import Preparation
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor, Trace
from core.writing import Taste
from tests.app.saved.sessions import SESSIONS, stepped
from viz_app.export.formats.png import encode_png
from viz_app.export.raster import render_image
from viz_app.paint.theme import THEMES
from viz_app.picture.stages import arrange
from viz_app.saved.own import Continued, Own
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import session_file
from viz_app.saved.session_reading import read_session
from viz_app.session.saving import snapshot
from viz_app.session.session import Session


def picture(session: Session) -> bytes:
    """Return the picture of what is shown, as a file."""
    return encode_png(render_image(arrange(session.frame, 640, 360, 10), THEMES["light"], (640, 360)))


def numbers(trace: Trace, iterations: range) -> dict[tuple[str, int], bytes]:
    """Return every number of some iterations."""
    return {(key, k): trace.array(key, k).tobytes() for k in iterations for key in trace.program.values}


def again(session: Session, path: Path, other: Session) -> None:
    """Save a session, and open it in another one."""
    session.saving.save(path)
    session.saving.finish()
    assert session.saving.succeeded
    other.saving.open(path)
    other.saving.finish_opening()
    assert other.saving.succeeded


def assert_same(session: Session, other: Session) -> None:
    """Compare two sessions: what is shown, what was, and what comes."""
    assert other.place == session.place
    assert picture(other) == picture(session)
    mine, its = session.trace, other.trace
    k = session.place.iteration
    assert its.losses(session.place.cursor) == mine.losses(session.place.cursor)
    assert its.run.losses.all == mine.run.losses.all
    assert its.judged(session.place.cursor) == mine.judged(session.place.cursor)
    until = k + (3 if session.inference is None else 1) if session.experiment.trainable else 1
    assert numbers(its, range(max(k - 1, 0), until)) == numbers(mine, range(max(k - 1, 0), until))
    assert numbers(its, range(1)) == numbers(mine, range(1))
    for name in ("options", "changes", "preset", "loss", "settings"):
        assert getattr(other.experiment, name) == getattr(session.experiment, name), name
    assert other.trainer.goal == session.trainer.goal
    assert tuple(other.watches) == tuple(session.watches)
    assert [(one, other.breakpoints.is_on(one)) for one in other.breakpoints] == [
        (one, session.breakpoints.is_on(one)) for one in session.breakpoints
    ]


@pytest.fixture
def other(qapp):
    """Return the session that saved ones are opened in."""
    session = Session(open_preset("worked-2-2-2"))
    yield session
    session.saving.close()
    session.stop()
    session.deleteLater()


@pytest.mark.parametrize("name", SESSIONS)
def test_an_opened_session_is_the_saved_one(session: Session, other: Session, tmp_path: Path, name: str) -> None:
    SESSIONS[name](session, tmp_path)
    again(session, tmp_path / "it.netstep", other)
    assert_same(session, other)
    assert not other.saving.work.modified
    guest, its = session.guests.guest, other.guests.guest
    assert (guest is None) == (its is None)
    assert guest is None or its is None or (guest.has_numbers_of(its) and guest.title == its.title)
    assert other.writing.text == session.writing.text
    if session.inference is not None:
        assert other.inference is not None
        here = range(session.place.iteration, session.place.iteration + 1)
        assert numbers(other.inference, here) == numbers(session.inference, here)
        for one in (session, other):
            one.resume()
        assert_same(session, other)
    session.guests.dismiss()
    other.guests.dismiss()
    assert other.place == session.place
    assert other.targets.originals.keys() == session.targets.originals.keys()
    if session.targets.originals:
        assert session.targets.undo(tuple(session.targets.originals))
        assert other.targets.undo(tuple(other.targets.originals))
        assert_same(session, other)
    session.saving.close()


def test_what_was_brought_and_typed_is_opened_again(session: Session, other: Session, tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    pixels = chance.integers(0, 60_000, (9, 7, 3), dtype=np.uint16)
    sheet = chance.integers(0, 255, (420, 420), dtype=np.uint8)
    own = Own(Photo(pixels, "leaf.tif", ("Upright.",)), Preparation(kind="digit", threshold=0.3, box=12), sheet)
    session.writing.set_taste(Taste(0.0, 5, 7))
    session.writing.type("the ri")
    session.saving.save(tmp_path / "it.netstep", WindowRecord(speed=8.0), own)
    session.saving.finish()
    saved = read_session(tmp_path / "it.netstep")
    assert saved.own is not None
    assert saved.own.photo is not None
    assert np.array_equal(saved.own.photo.pixels, pixels)
    assert (saved.own.photo.title, saved.own.photo.notes) == ("leaf.tif", ("Upright.",))
    assert saved.own.preparation == own.preparation
    assert saved.own.drawing is not None
    assert np.array_equal(saved.own.drawing, sheet)
    assert saved.window.speed == 8.0
    other.writing.type("something else")
    other.saving.take(saved, tmp_path / "it.netstep")
    assert other.writing.continued == Continued("the ri", "", Taste(0.0, 5, 7))
    large = Photo(np.zeros((2100, 4000), np.uint8), "large.png")
    session.saving.save(tmp_path / "it.netstep", None, Own(large))
    session.saving.finish()
    kept = read_session(tmp_path / "it.netstep").own
    assert kept is not None
    assert kept.photo is not None
    assert kept.photo.size == (525, 1000)  # as large as the preparation computes with
    assert "4,000 × 2,100" in kept.photo.notes[0]
    session.writing.set_taste(Taste())
    session.writing.type("")
    session.saving.save(tmp_path / "it.netstep")
    session.saving.finish()
    other.saving.take(read_session(tmp_path / "it.netstep"), tmp_path / "it.netstep")
    assert other.writing.continued is None
    session.saving.close()


def test_every_preset_is_opened_as_it_was_saved(session: Session, tmp_path: Path) -> None:
    for name, preset in PRESETS.items():
        session.opening.open_preset(name)
        last = len(session.trace.program.steps) - 1
        session.go(Cursor(2 if session.experiment.trainable and "mlp" not in name else 0, last * 3 // 4))
        path = tmp_path / f"{name}.netstep"
        path.write_bytes(session_file(snapshot(session, WindowRecord()), tmp_path))
        saved = read_session(path)
        assert saved.trace is not None
        assert saved.experiment.preset == preset.name
        assert saved.place == session.place
        assert saved.notes == ()
        k = session.place.iteration
        assert numbers(saved.trace, range(k, k + 1)) == numbers(session.trace, range(k, k + 1)), name


def test_training_goes_on_as_if_nothing_had_been_saved(session: Session, other: Session, tmp_path: Path) -> None:
    stepped(session, tmp_path)
    session.opening.set_options(optimizer="adam", batch_size=5, shuffle=True)
    session.navigation.go_to(6, 0)
    again(session, tmp_path / "it.netstep", other)
    for one in (session, other):
        for _ in one.trace.run.walk(30):
            pass
    assert session.trace.run.losses.all == other.trace.run.losses.all
    mine, its = session.trace.run.state(30), other.trace.run.state(30)
    assert {key: array.tobytes() for key, array in mine.items()} == {k: array.tobytes() for k, array in its.items()}
    session.saving.close()


def test_the_same_session_gives_the_same_file(session: Session, tmp_path: Path) -> None:
    stepped(session, tmp_path)
    first, second = (session_file(snapshot(session, WindowRecord()), tmp_path) for _ in range(2))
    assert first == second
