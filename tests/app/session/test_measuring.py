"""Layers are measured while somebody looks: stepped or trained, and forgotten with the run."""

import pytest

from core.presets import open_preset
from viz_app.frame.told.measured import What
from viz_app.session.session import Session


@pytest.fixture
def make(qapp):
    sessions = []

    def session(preset="digits", **options):
        sessions.append(Session(open_preset(preset, **options)))
        sessions[-1].trainer.iteration_passed.connect(sessions[-1].measuring.look)
        return sessions[-1]

    yield session
    for one in sessions:
        one.stop()
        one.deleteLater()


def told_by(session):
    told = []
    session.measuring.changed.connect(told.append)
    return told


def test_nothing_is_measured_while_nobody_looks(make):
    session = make()
    told = told_by(session)
    session.navigation.go_to(2, 3)
    assert told == []
    session.measuring.set_wanted(True)
    assert told[-1].iteration == 2
    session.measuring.set_wanted(False)
    count = len(told)
    session.navigation.go_to(3, 3)
    assert len(told) == count


def test_while_stepping_what_is_not_computed_yet_has_no_number(make):
    session = make()
    told = told_by(session)
    session.measuring.set_wanted(True)
    assert told[-1].layers[0].gradient is None
    session.navigation.go_to_value(session.trace.program.gradients["w_1"])
    first, second = told[-1].layers
    assert first.output is not None
    assert (first.gradient is None, second.gradient is None) == (False, False)
    assert first.update is None
    session.navigation.last()
    assert told[-1].layers[0].update is not None
    session.navigation.first()
    assert told[-1].layers[0].gradient is None
    assert len(told[-1].histories[0].gradients.numbers) == 1  # it has been seen


def test_a_value_that_is_walked_cell_by_cell_is_not_there_yet(make):
    session = make("worked-2-2-2")
    told = told_by(session)
    session.measuring.set_wanted(True)
    session.navigation.go_to_value("out_1")
    assert told[-1].layers[0].output is not None
    session.navigation.enter()
    assert session.frame.inside
    assert told[-1].layers[0].output is None


def test_while_it_trains_whole_iterations_are_told(make, qtbot):
    session = make(batch_size=16)
    session.measuring.set_wanted(True)
    told = told_by(session)
    with qtbot.waitSignal(session.trainer.iteration_passed, timeout=20_000):
        session.trainer.start()
    trained = list(told)
    session.trainer.pause()
    assert trained
    assert all(layer.update is not None for one in trained for layer in one.layers)
    counts = told[-1].histories[0].histograms[What.GRADIENTS].counts
    assert (counts.sum(axis=1) > 0).all()


def test_going_back_cuts_the_history_there(make):
    session = make()
    told = told_by(session)
    session.measuring.set_wanted(True)
    last = len(session.trace.program.steps) - 1
    for iteration in (0, 1, 2, 3):
        session.navigation.go_to(iteration, last)
    assert told[-1].histories[0].gradients.iterations.tolist() == [0, 1, 2, 3]
    session.navigation.go_to(1, last)
    assert told[-1].histories[0].gradients.iterations.tolist() == [0, 1]
    assert told[-1].histories[1].histograms[What.WEIGHTS].last == 1


def test_another_run_begins_a_history_of_its_own(make):
    session = make()
    told = told_by(session)
    session.measuring.set_wanted(True)
    last = len(session.trace.program.steps) - 1
    session.navigation.go_to(3, last)
    session.opening.set_options(seed=5)
    assert told[-1].iteration == 0
    assert len(told[-1].histories[0].gradients.numbers) <= 1
    session.opening.open_preset("conv-digits")
    assert len(told[-1].layers) == 6
    assert told[-1].histories[0].histograms[What.OUTPUTS].last <= 0


def test_other_numbers_from_an_iteration_on_are_told_anew(make):
    session = make(batch_size=4)
    told = told_by(session)
    session.measuring.set_wanted(True)
    last = len(session.trace.program.steps) - 1
    for iteration in (0, 1, 2):
        session.navigation.go_to(iteration, last)
    before = told[-1].layers[0]
    session.opening.set_options(sample=900)
    now, history = told[-1].layers[0], told[-1].histories[0].gradients
    assert now.gradient != before.gradient
    assert history.iterations.tolist() == [0, 1, 2]
    assert history.numbers[-1] == now.gradient


def test_a_run_that_has_diverged_is_told(make):
    session = make(batch_size=8, learning_rate=1e30)
    told = told_by(session)
    session.measuring.set_wanted(True)
    last = len(session.trace.program.steps) - 1
    for iteration in range(6):
        session.navigation.go_to(iteration, last)
    assert {layer.warning for layer in told[-1].layers} == {"not finite"}
