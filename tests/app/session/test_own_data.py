"""Data of a person's own in an open run: it goes on with them, begins anew, or stays as it was."""

from dataclasses import replace

import numpy as np
import pytest

from core.data import Dataset, one_hot
from core.presets import open_preset
from viz_app.session.session import Session

DIGITS = open_preset("digits").dataset


@pytest.fixture
def session(qapp):
    session = Session(open_preset("digits", batch_size=4))
    yield session
    session.stop()
    session.deleteLater()


def others(count=40, name="others", **changed):
    assert DIGITS is not None
    last = slice(-count, None)
    assert DIGITS.labels is not None
    return replace(DIGITS, name=name, inputs=DIGITS.inputs[last], targets=DIGITS.targets[last],
                   labels=DIGITS.labels[last], **changed)  # fmt: skip


def animals():
    labels = np.arange(6) % 2
    return Dataset("animals", np.zeros((6, 5)), one_hot(labels, 2), labels, class_names=("cat", "dog"))


def losses(session, until):
    for _ in session.trace.run.walk(until):
        pass
    return [session.trace.run.losses[k] for k in range(until)]


def test_a_run_goes_on_with_data_of_the_same_kind(session, qtbot):
    """What was before stays to the last bit, and what comes is what a run from the same weights on them gives."""
    usual = losses(session, 3)
    weights = session.trace.run.state(2)
    session.navigation.go_to(2, 1)
    assert session.opening.take_data(others())
    assert (session.place.iteration, session.place.step) == (2, 1)
    now = losses(session, 5)
    assert now[:2] == usual[:2]
    assert now[2] != usual[2]
    np.testing.assert_array_equal(session.trace.run.state(2)["w_1"], weights["w_1"])
    taken = session.trace.array("x", 3)
    np.testing.assert_array_equal(taken, others().inputs[list(session.experiment.samples(3))])


def test_restart_begins_with_the_data_as_they_are_now(session):
    session.navigation.go_to(2, 1)
    session.opening.take_data(others())
    assert session.opening.restart()
    np.testing.assert_array_equal(session.trace.array("x", 0), others().inputs[:4])
    assert session.experiment.own is not None


def test_other_names_begin_anew_with_the_weights_that_were_reached(session):
    session.navigation.go_to(3, 0)
    weights = session.trace.run.state(3)
    names = tuple("abcdefghij")
    assert session.opening.take_data(others(class_names=names))
    assert session.place.iteration == 0
    np.testing.assert_array_equal(session.trace.run.state(0)["w_2"], weights["w_2"])
    assert session.experiment.program.values["out_2"].axes[-1].names == names


def test_a_smaller_batch_begins_anew_with_the_weights_that_were_reached(session):
    session.navigation.go_to(3, 0)
    weights = session.trace.run.state(3)
    assert session.opening.take_data(others(count=2))
    assert session.experiment.now.batch_size == 2
    np.testing.assert_array_equal(session.trace.run.state(0)["w_2"], weights["w_2"])


def test_data_of_another_shape_are_refused_and_all_stays(session, qtbot):
    session.navigation.go_to(1, 4)
    before = session.experiment, session.place, session.trace
    with qtbot.waitSignal(session.message) as told:
        assert not session.opening.take_data(animals())
    assert told.args[0] == (
        "Animals does not fit the network as it is. To adapt it: A sample has 5 numbers instead of 64. The last layer "
        "has 2 outputs instead of 10. The outputs are called cat, dog. The weights are drawn anew."
    )
    assert (session.experiment, session.place, session.trace) == before


def test_data_of_another_shape_are_taken_where_the_network_may_change(session):
    assert session.opening.take_data(animals(), adapt=True)
    assert session.trace.array("x", 0).shape == (4, 5)
    assert session.opening.set_options(batch_size=6, seed=3)
    assert session.trace.array("x", 0).shape == (6, 5)
    assert session.experiment.own is not None
    assert session.experiment.own.name == "animals"
    assert session.opening.set_options(loss="squared_error")
    assert session.experiment.own.name == "animals"


def test_what_is_not_trained_takes_none(session, qtbot):
    session.opening.open_preset("conv-kernel")
    with qtbot.waitSignal(session.message) as told:
        assert not session.opening.take_data(animals())
    assert told.args[0] == "Conv-kernel takes no data of your own: it is not trained on samples."


def test_the_preset_opens_with_its_own_data_again(session):
    session.opening.take_data(animals(), adapt=True)
    session.opening.open_preset("digits")
    assert session.experiment.own is None
    assert session.experiment.dataset is DIGITS


def test_settings_of_the_points_are_gone_with_other_data(session):
    session.opening.open_preset("playground")
    assert session.opening.take_data(animals(), adapt=True)
    assert session.experiment.settings is None
    assert session.opening.set_options(batch_size=2)
    assert session.trace.array("x", 0).shape == (2, 5)


def test_options_that_are_planned_for_later_make_it_begin_anew(session):
    session.navigation.go_to(4, 0)
    session.opening.set_options(learning_rate=0.01)
    session.navigation.go_to(1, 0)
    assert session.opening.take_data(others())
    assert session.place.iteration == 0
    assert session.experiment.own is not None
