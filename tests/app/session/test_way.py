"""What takes long is computed between two events, and gives the numbers of stepping."""

from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from core.presets import open_preset
from core.program import Program
from core.run.trace import Cursor
from tests.app.session.test_session import fingerprint, place
from viz_app.session.session import Session


def always_over() -> "Iterator[float]":
    """Return a clock that shows a slice of time to be over whenever it is asked."""
    return count(0.0)


@pytest.fixture
def slow(qapp: QApplication) -> Iterator[Session]:
    """Return a session in which every step takes longer than a slice of time."""
    session = Session(open_preset("worked-2-2-2"), clock=always_over().__next__)
    yield session
    session.deleteLater()


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is computed, by the title of the operation."""
    done: list[str] = []
    for op in {type(step.op) for step in open_preset("worked-2-2-2").program.steps}:

        def compute(self, *inputs, compute=op.compute, **options):
            done.append(self.title)
            return compute(self, *inputs, **options)

        monkeypatch.setattr(op, "compute", compute)
    return done


def stepped(to: Cursor) -> Session:
    session = Session(open_preset("worked-2-2-2"))
    for _ in range(to.iteration * steps_of(session) + to.step):
        session.navigation.step(1)
    return session


def steps_of(session: Session) -> int:
    program: Program = session.frame.program
    return len(program.steps)


def test_one_step_is_shown_at_once_however_long_it_takes(slow):
    seen = []
    for _ in range(2 * steps_of(slow)):
        slow.navigation.step(1)
        assert slow.goal is None
        seen.append(place(slow))
    assert seen[-1] == (2, 0, None)
    for _ in range(steps_of(slow)):
        slow.navigation.step(-1)
        assert slow.goal is None
    assert place(slow) == (1, 0, None)


@pytest.mark.parametrize(
    "goal", [Cursor(0, 9), Cursor(1, 0), Cursor(1, 8), Cursor(4, 0), Cursor(4, 7)], ids=lambda goal: str(goal)
)
def test_no_two_steps_are_computed_between_two_events(slow, computed, qtbot, goal):
    most, before = 0, len(computed)
    slow.navigation.go_to(goal.iteration, goal.step)
    frames = []
    slow.frame_changed.connect(frames.append)
    while slow.goal is not None:
        most, before = max(most, len(computed) - before), len(computed)
        QCoreApplication.processEvents()
    most = max(most, len(computed) - before)
    assert most <= 1
    assert len(computed) >= goal.step
    assert [frame.cursor for frame in frames] == [goal]
    assert fingerprint(slow) == fingerprint(stepped(goal))


@pytest.mark.parametrize("go", ["last", "go_to_value", "advance", "open"])
def test_whatever_goes_far_goes_in_slices(slow, qtbot, go):
    last = steps_of(slow) - 1
    key = slow.frame.program.steps[last].output.key
    match go:
        case "last":
            slow.navigation.last()
        case "go_to_value":
            slow.navigation.go_to_value(key)
        case "advance":
            slow.navigation.advance(last)
        case "open":
            slow.cells.open(key, (0, 0))
    assert slow.goal == Cursor(0, last)
    assert place(slow) == (0, 0, None)
    qtbot.waitUntil(lambda: slow.goal is None)
    assert place(slow) == (0, last, None)


@pytest.mark.parametrize("chosen", [{"learning_rate": 0.25}, {"optimizer": "adam"}, {"dtype": "float32"}])
def test_other_options_show_the_first_step_until_the_same_one_is_reached(slow, qtbot, chosen):
    slow.navigation.last()
    qtbot.waitUntil(lambda: slow.goal is None)
    key = slow.frame.step.output.key
    frames = []
    slow.frame_changed.connect(frames.append)
    assert slow.opening.set_options(**chosen)
    assert [frame.cursor for frame in frames] == [Cursor()]
    qtbot.waitUntil(lambda: slow.goal is None)
    assert frames[-1].step.output.key == key
    assert frames[-1] is slow.frame


def test_another_wish_on_the_way_is_taken(slow, qtbot):
    slow.navigation.go_to(1000, 3)
    slow.navigation.step(1)
    QCoreApplication.processEvents()
    assert place(slow) == (0, 1, None)
    slow.navigation.last()
    slow.navigation.step(1)
    QCoreApplication.processEvents()
    assert place(slow) == (0, 2, None)


def test_the_way_is_told_and_can_be_cancelled(slow, qtbot):
    assert not slow.navigation.cancel()
    with qtbot.waitSignal(slow.message) as said:
        slow.navigation.go_to(5000, 3)
    assert said.args[0] == "On the way to iteration 5,000: 0. Esc stops there."
    qtbot.waitUntil(lambda: slow.trace.run.losses.get(10) is not None)
    assert slow.navigation.cancel()
    reached, step, _ = place(slow)
    assert 10 < reached < 5000
    assert step == 0
    assert not slow.navigation.cancel()
    assert fingerprint(slow) == fingerprint(stepped(Cursor(reached)))


def test_cancelled_within_an_iteration_it_stays(slow, qtbot):
    slow.navigation.step(1)
    with qtbot.waitSignal(slow.message) as said:
        slow.navigation.last()
    assert said.args[0] == f"On the way to step {steps_of(slow) - 1}. Esc stops there."
    assert slow.navigation.cancel()
    assert place(slow) == (0, 1, None)
    QCoreApplication.processEvents()
    assert place(slow) == (0, 1, None)


def test_given_up_at_any_moment_the_numbers_stay_those_of_stepping(slow, qtbot):
    """Parameters are updated in place: what is given up in the middle of an iteration must not be gone on with."""
    expected = fingerprint(stepped(Cursor(3)))
    for events in range(0, 3 * steps_of(slow), 7):
        slow.opening.open_preset("worked-2-2-2")
        slow.navigation.go_to(3, 0)
        for _ in range(events):
            QCoreApplication.processEvents()
        slow.navigation.cancel()
        assert slow.goal is None
        slow.navigation.go_to(3, 0)
        qtbot.waitUntil(lambda: slow.goal is None)
        assert fingerprint(slow) == expected
