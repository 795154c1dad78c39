"""The network of the iteration that is shown is judged while somebody looks, and given up when the run goes on."""

import pytest

from core.presets import PRESETS, open_preset
from core.run.evaluation import Evaluator
from core.run.training import Goal
from viz_app.frame.told.judgement import why_not
from viz_app.session.session import Session


@pytest.fixture
def make(qapp):
    sessions = []

    def session(preset="digits", **options):
        sessions.append(Session(open_preset(preset, **options)))
        sessions[-1].trainer.judged.connect(sessions[-1].judging.take)
        return sessions[-1]

    yield session
    for one in sessions:
        one.stop()
        one.deleteLater()


def expected(session, samples, iteration):
    experiment = session.experiment
    judge = Evaluator(experiment.network, experiment.loss, experiment.dataset, samples, experiment.options.dtype)
    return judge(session.trace.run.state(iteration))


def judged(session, qtbot, act=lambda: None):
    with qtbot.waitSignal(session.judging.judged, timeout=20_000) as told:
        act()
    return told.args[0]


def look(session):
    return lambda: session.judging.set_wanted(True)


def test_what_is_shown_is_judged_on_the_samples_held_back(make, qtbot):
    session = make(held_back=200, batch_size=16)
    session.navigation.go_to(5, 24)  # after the updates: the weights before them are judged
    told = judged(session, qtbot, look(session))
    right = expected(session, range(1597, 1797), 5)
    assert told.evaluation.samples.tolist() == list(range(1597, 1797))
    assert (told.evaluation.confusion == right.confusion).all()
    assert told.evaluation.loss == pytest.approx(right.loss, rel=1e-5)
    assert (told.iteration, told.held_back) == (5, True)
    assert told.texts[0].endswith("of 200 held back, iteration 5")


def test_where_none_are_held_back_all_samples_are_judged_and_it_says_so(make, qtbot):
    session = make()
    told = judged(session, qtbot, look(session))
    assert len(told.evaluation.samples) == 1797
    assert "1,797 samples, none held back" in told.texts[0]


def test_another_iteration_is_judged_and_the_same_one_is_not_judged_again(make, qtbot):
    session = make()
    judged(session, qtbot, look(session))
    with qtbot.assertNotEmitted(session.judging.judged, wait=400):
        session.navigation.go_to(0, 5)
    assert judged(session, qtbot, lambda: session.navigation.go_to(3, 0)).iteration == 3


def test_nothing_is_judged_while_nobody_looks(make, qtbot):
    session = make()
    with qtbot.assertNotEmitted(session.judging.judged, wait=400):
        session.navigation.go_to(2, 0)
        session.judging.set_wanted(True)
        session.judging.set_wanted(False)


def test_it_is_given_up_when_the_run_goes_on(make, qtbot):
    session = make(batch_size=16)
    session.judging.set_wanted(True)
    with qtbot.assertNotEmitted(session.judging.judged, wait=400):
        session.stop()
    told = judged(session, qtbot, lambda: session.navigation.go_to(1, 0))
    assert told.iteration == 1


def test_training_tells_at_the_end_of_every_epoch(make, qtbot):
    session = make(batch_size=64, held_back=1000)
    session.trainer.set_goal(Goal(epochs=1))
    told = judged(session, qtbot, session.trainer.start)
    assert told.iteration == 13  # 797 samples, 64 at a time
    assert told.held_back
    qtbot.waitUntil(lambda: not session.trainer.training, timeout=20_000)


def test_after_training_the_iteration_that_is_shown_is_judged(make, qtbot):
    session = make(batch_size=16)
    session.judging.set_wanted(True)
    with qtbot.waitSignal(session.trainer.progressed, timeout=20_000):
        session.trainer.start()
    told = judged(session, qtbot, session.trainer.pause)
    assert told.iteration == session.place.iteration
    assert (told.evaluation.confusion == expected(session, range(1797), told.iteration).confusion).all()


def test_other_weights_of_the_same_iteration_are_judged_anew(make, qtbot):
    session = make(batch_size=16)
    session.navigation.go_to(2, 0)
    judged(session, qtbot, look(session))
    session.navigation.go_to(1, 0)
    session.opening.set_options(learning_rate=3.0)
    told = judged(session, qtbot, lambda: session.navigation.go_to(2, 0))
    assert (told.evaluation.confusion == expected(session, range(1797), 2).confusion).all()


def test_a_run_that_has_diverged_is_judged_and_it_says_so(make, qtbot):
    session = make(batch_size=8, learning_rate=1e30)
    session.navigation.go_to(6, 0)
    told = judged(session, qtbot, look(session))
    assert told.texts[0].startswith("The loss is no finite number in iteration 6")
    assert told.evaluation.confusion.sum() == 1797


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_preset_is_judged_or_says_why_not(make, qtbot, preset):
    session = make(preset)
    if why_not(session.experiment):
        with qtbot.assertNotEmitted(session.judging.judged, wait=250):
            session.judging.set_wanted(True)
        assert why_not(session.experiment).endswith(".")
    else:
        confusion = judged(session, qtbot, look(session)).evaluation.confusion
        judged_on = len(session.experiment.held_back or session.experiment.trained_on)
        each = session.experiment.dataset.targets[0].size // session.experiment.dataset.outputs  # a label a token
        assert confusion.sum() == judged_on * each
