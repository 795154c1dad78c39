"""What is watched, and where the run halts, in the session."""

import math

import pytest

from core.presets import open_preset
from core.run.breakpoints import AtNumber, AtStep, Side
from core.run.trace import Cursor
from core.run.training import Goal
from viz_app.frame.told.watch import Watch
from viz_app.session.session import Session


@pytest.fixture
def make(qapp):
    sessions = []

    def session(preset="digits", **options):
        sessions.append(Session(open_preset(preset, **options)))
        return sessions[-1]

    yield session
    for one in sessions:
        one.stop()
        one.deleteLater()


def test_a_watched_cell_is_told_now_before_and_by_how_much_it_changed(make):
    session = make("worked-2-2-2")
    session.watches.add(Watch("w_1", (0, 1)))
    session.navigation.go_to(1, 0)
    session.navigation.go_to(2, 0)
    (told,) = session.watches.told
    numbers = [float(session.trace.array("w_1", i)[0, 1]) for i in range(3)]
    assert (told.now, told.before, told.since) == (numbers[2], numbers[1], 1)
    assert told.change == numbers[2] - numbers[1]
    session.navigation.go_to(1, 0)
    (told,) = session.watches.told
    assert (told.now, told.before, told.since) == (numbers[1], numbers[0], 0)


def test_what_no_step_has_made_yet_has_no_number_now(make):
    session = make("worked-2-2-2")
    session.watches.add(Watch("delta_1"))
    assert session.watches.told[0].now is None
    session.navigation.go_to_value("delta_1")
    array = session.trace.array("delta_1", 0)
    assert session.watches.told[0].now == pytest.approx(math.sqrt(float((array**2).sum())))
    session.navigation.step(-1)
    assert session.watches.told[0].now is None


def test_while_it_trains_all_of_an_iteration_is_told(make, qtbot):
    session = make(batch_size=16)
    session.trainer.iteration_passed.connect(session.watches.look)
    session.watches.add(Watch("delta_1"))
    told = []
    session.watches.changed.connect(told.append)
    session.trainer.start()
    qtbot.waitUntil(lambda: any(watched[0].now is not None for watched in told), timeout=20_000)
    session.trainer.pause()


def test_watches_of_another_network_go_and_numbers_of_another_run_are_forgotten(make):
    session = make("worked-2-2-2")
    session.watches.add(Watch("w_1", (0, 1)))
    session.watches.add(Watch("b_2", (0, 1)))
    session.watches.add(Watch("no such value"))
    assert len(session.watches) == 2
    session.navigation.go_to(3, 0)
    session.opening.set_options(dtype="float32")
    assert [told.before for told in session.watches.told] == [None, None]
    session.opening.open_preset("conv-kernel")
    assert session.watches.told == ()


def test_playing_halts_at_a_breakpoint_and_says_so(make, qtbot):
    session = make("worked-2-2-2")
    said, halts = [], []

    def note():
        halts.append(session.frame.cursor)

    session.message.connect(said.append)
    session.halted.connect(note)
    session.breakpoints.add(AtStep("net_2"))
    step = session.trace.program.producers["net_2"].number
    session.navigation.advance(100)
    assert halts == [Cursor(0, step)]
    assert said[-1].startswith("Halted at net")
    session.navigation.advance(100)
    assert halts[-1] == Cursor(1, step)


def test_a_breakpoint_that_is_off_or_removed_halts_nothing(make):
    session = make("worked-2-2-2")
    one = AtStep("net_2")
    session.breakpoints.toggle(one)
    session.breakpoints.set_on(one, False)
    session.navigation.advance(10)
    assert session.frame.cursor.step == 10
    session.breakpoints.set_on(one, True)
    session.breakpoints.toggle(one)
    assert len(session.breakpoints) == 0


def test_training_opens_the_cell_that_is_beyond_a_number(make, qtbot):
    session = make(batch_size=16)
    limit = max(float(session.trace.array("w_1", iteration).max()) for iteration in range(30)) * 1.01
    session.breakpoints.add(AtNumber("w_1", None, Side.ABOVE, limit))
    session.trainer.set_goal(Goal(epochs=50))
    session.trainer.start()
    qtbot.waitUntil(lambda: not session.trainer.training and not session.busy, timeout=30_000)
    frame = session.frame
    assert frame.detail is not None
    assert frame.detail.focus.key == "w_1"
    assert frame.detail.number > limit
    assert session.trace.array("w_1", frame.cursor.iteration - 1).max() <= limit
    before = frame.cursor.iteration
    session.trainer.start()
    qtbot.waitUntil(lambda: not session.trainer.training and not session.busy, timeout=30_000)
    assert session.frame.cursor.iteration == before + 1, "it holds in the next iteration as well"
