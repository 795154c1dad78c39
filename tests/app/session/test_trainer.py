"""Training in the session: the run that the trace shows, paused anywhere, stopped where it must be."""

import math
from itertools import islice

import numpy as np
import pytest

from core.presets import open_preset
from core.run.trace import Cursor
from core.run.training import Goal, Training
from viz_app.session.session import Session

OPTIONS = {"batch_size": 16, "shuffle": True, "held_back": 300}


@pytest.fixture
def make(qapp):
    sessions = []

    def session(preset="digits", **options):
        sessions.append(Session(open_preset(preset, **{**(OPTIONS if preset == "digits" else {}), **options})))
        return sessions[-1]

    yield session
    for one in sessions:
        one.stop()
        one.deleteLater()


def train_to(qtbot, session, iterations):
    """Train until so many mini-batches are done, and pause."""
    session.trainer.start()
    qtbot.waitUntil(lambda: session.frame.cursor.iteration >= iterations, timeout=20_000)
    session.trainer.pause()
    return session.frame.cursor.iteration


def test_a_pause_stands_in_the_iteration_that_is_about_to_run(make, qtbot):
    session = make()
    session.navigation.go_to_value("delta_1")
    reached = train_to(qtbot, session, 20)
    cursor = session.frame.cursor
    assert session.frame.step.output.key == "delta_1"
    assert len(session.frame.losses) == reached + 1
    other = open_preset("digits", **OPTIONS)
    trace = other.trace()
    for iteration in (0, 1, reached - 1, reached):
        ours, theirs = session.trace.array("w_1", iteration), trace.array("w_1", iteration)
        assert ours.tobytes() == theirs.tobytes()
    assert session.frame.losses == trace.losses(cursor)


def test_stepping_on_and_back_over_the_pause_and_training_on(make, qtbot):
    session = make()
    reached = train_to(qtbot, session, 10)
    session.navigation.step(-1)
    assert session.frame.cursor == Cursor(reached - 1, len(session.frame.program.steps) - 1)
    session.navigation.step(1)
    assert session.frame.cursor == Cursor(reached, 0)
    for _ in range(30):
        session.navigation.step(1)
    later = train_to(qtbot, session, reached + 20)
    expected = [report.loss for report in islice(Training(make().experiment, make().trace.run).reports(), later)]
    assert session.trace.run.losses.all.numbers[:later].tolist() == expected


def test_the_same_seed_gives_the_same_curves_however_often_it_is_paused(make, qtbot):
    goal = Goal(epochs=20)
    runs = []
    for pauses in ((), (3, 50, 95)):
        session = make()
        session.trainer.set_goal(goal)
        for place in pauses:
            train_to(qtbot, session, place)
        session.trainer.start()
        qtbot.waitUntil(lambda session=session: not session.trainer.training, timeout=30_000)
        runs.append(session.trace.run)
    assert runs[0].losses.until(1872) == runs[1].losses.until(1872)
    assert len(runs[0].losses.until(1872)) == 1872
    for kind, record in runs[0].judged.items():
        assert list(record.all) == list(runs[1].judged[kind].all)
        assert len(record.all) == 20


def test_whoever_goes_elsewhere_pauses_it(make, qtbot):
    session = make()
    session.trainer.start()
    qtbot.waitUntil(lambda: session.frame.cursor.iteration >= 3, timeout=20_000)
    with qtbot.waitSignal(session.trainer.training_changed):
        session.navigation.step(1)
    assert session.frame.cursor.step == 1
    assert not session.trainer.training


def test_it_ends_after_its_epochs_says_so_and_goes_on_when_asked_again(make, qtbot):
    session = make()
    said = []
    session.message.connect(said.append)
    session.trainer.set_goal(Goal(epochs=1))
    session.trainer.start()
    qtbot.waitUntil(lambda: not session.trainer.training, timeout=30_000)
    assert said[-1] == "1 epoch is over."
    assert session.frame.cursor == Cursor(94, 0)
    session.trainer.start()
    assert session.trainer.training
    assert session.trainer.progress.end > 1


def test_a_loss_that_is_no_number_opens_the_operation_that_made_the_first_fault(make, qtbot):
    session = make("mlp-784-800-10", batch_size=32, learning_rate=1e30)
    session.trainer.start()
    qtbot.waitUntil(lambda: not session.trainer.training and not session.busy, timeout=30_000)
    frame = session.frame
    assert frame.broken is not None
    assert frame.broken.number == frame.cursor.step
    inputs = [session.trace.array(value.key, frame.cursor.iteration) for value in frame.step.inputs]
    assert all(np.isfinite(array).all() for array in inputs), "it was broken before"


def test_options_that_change_while_it_is_paused_hold_from_there_on(make, qtbot):
    session = make()
    reached = train_to(qtbot, session, 12)
    assert session.opening.set_options(learning_rate=0.001)
    assert session.trace.array("eta", reached) == np.float32(0.001)
    assert session.trace.array("eta", reached - 1) != np.float32(0.001)
    assert session.trace.run.checkpoints[-1] <= reached
    later = train_to(qtbot, session, reached + 10)
    assert session.trace.array("eta", later) == np.float32(0.001)


def test_what_is_not_trained_is_not(make):
    session = make("conv-kernel")
    session.trainer.start()
    assert not session.trainer.training


def test_progress_tells_epochs_batches_and_the_end(make, qtbot):
    session = make()
    session.trainer.set_goal(Goal(epochs=3))
    reached = train_to(qtbot, session, 100)
    progress = session.trainer.progress
    assert progress.epochs == pytest.approx(reached * 16 / 1497)
    assert (progress.end, progress.batches) == (3, 94)
    assert progress.batch == math.ceil((reached * 16 - int(progress.epochs) * 1497) / 16)


def test_another_network_in_the_middle_of_training(make, qtbot):
    session = make()
    session.trainer.start()
    qtbot.waitUntil(lambda: session.frame.cursor.iteration >= 3, timeout=20_000)
    session.opening.open_preset("worked-2-2-2")
    assert not session.trainer.training
    assert session.frame.cursor == Cursor()
    session.trainer.set_goal(Goal(epochs=1000))
    session.trainer.start()
    qtbot.waitUntil(lambda: not session.trainer.training, timeout=30_000)
    assert session.frame.cursor.iteration == 1000
