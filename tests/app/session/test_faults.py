"""What cannot be shown or set leaves all as it was, and is said; what is broken can be looked at."""

from dataclasses import fields

import pytest
from PySide6.QtTest import QSignalSpy

from core.notation import Notation
from core.options import Options
from core.presets import open_preset
from viz_app.frame.look import Look
from viz_app.session import state
from viz_app.session.session import Session


@pytest.mark.parametrize(
    "move",
    [
        lambda session: session.navigation.step(1),
        lambda session: session.navigation.advance(2),
        lambda session: session.navigation.enter(),
        lambda session: session.navigation.go_to_iteration(1),
        lambda session: session.navigation.go_to_value("net_2"),
        lambda session: session.cells.focus("x", (0, 1)),
        lambda session: session.cells.hover("x", (0, 1)),
        lambda session: session.viewing.set_look(Look(notation=Notation.Z_A)),
        lambda session: session.opening.open_preset("digits"),
        lambda session: session.opening.set_options(seed=3),
    ],
)
def test_nothing_moves_without_its_frame(session, monkeypatch, move):
    """A planted fault: no frame can be made; what is shown stays, all of it, and the message says so."""
    session.navigation.step(1)
    before = session.frame, session.place, session.hovered, session.experiment, session.trace
    said, shown, faults = [], [], QSignalSpy(session.faulted)
    session.message.connect(said.append)
    session.frame_changed.connect(shown.append)
    monkeypatch.setattr(state, "resolve_place", fail)
    with pytest.raises(ZeroDivisionError):
        move(session)
    assert (session.frame, session.place, session.hovered, session.experiment, session.trace) == before
    assert said == ["This place cannot be shown, so the last one stays (ZeroDivisionError: planted)."]
    assert (faults.count(), shown) == (1, [])
    monkeypatch.undo()
    session.navigation.step(1)
    assert session.frame.cursor.step == 2


def fail(*_):
    raise ZeroDivisionError("planted")


def test_the_cell_that_the_warning_points_to_can_be_looked_at(qapp):
    session = Session(open_preset("digits", through_jacobian=True, learning_rate=10.0))
    session.navigation.go_to(1, 8)
    session.navigation.enter()
    for _ in range(10):
        assert session.frame.live
        session.navigation.step(1)
    session.deleteLater()


def test_the_cells_of_what_is_broken_can_be_walked(broken_session):
    broken_session.navigation.enter()
    broken_session.navigation.step(1)
    assert broken_session.frame.live == "quotient[0, 1] = 0 / 0 = NaN"


def test_a_setting_that_there_is_not_is_refused(qapp):
    session = Session(open_preset("attention"))
    said = []
    session.message.connect(said.append)
    before = session.experiment
    assert not session.opening.set_settings(image="heart", stride=(1, 1))
    assert not session.opening.set_options(image="heart")
    assert session.experiment is before
    assert said == [
        "Expected settings among heads, width, causal, warm_up; got 'image'.",
        f"Expected options among {', '.join(field.name for field in fields(Options))}; got 'image'.",
    ]
    session.deleteLater()


def test_a_rate_that_the_numbers_cannot_hold_is_refused(session):
    said = []
    session.message.connect(said.append)
    assert session.opening.set_options(learning_rate=1e39)
    assert not session.opening.set_options(dtype="float32")
    assert said == ["Expected a learning rate that float32 can hold; got 1e+39."]
    assert session.experiment.now.dtype == "float64"
