"""Targets that are typed hold from the shown iteration on, and can be taken back."""

import numpy as np
import pytest

from core.presets import open_preset
from viz_app.session.session import Session


@pytest.fixture
def digits(qapp):
    session = Session(open_preset("digits"))
    yield session
    session.deleteLater()


def one(label):
    return np.eye(10, dtype=np.float32)[label]


def said(session):
    messages = []
    session.message.connect(messages.append)
    return messages


def test_a_target_holds_from_the_shown_iteration_on(digits):
    before = {i: digits.trace.array("y", i) for i in (0, 3)}
    digits.navigation.go_to_iteration(3)
    sample = digits.experiment.samples(3)[0]
    assert digits.targets.set(sample, one(9))
    assert digits.trace.array("y", 3).argmax() == 9
    assert np.array_equal(digits.trace.array("y", 0), before[0])
    assert digits.experiment.dataset_at(0).labels[sample] == before[3].argmax()
    assert list(digits.targets.originals) == [sample]
    assert digits.experiment.dataset.name.endswith("(targets changed)")


def test_two_targets_of_one_iteration_leave_the_iterations_before_as_they_were(digits):
    own = digits.experiment.dataset
    digits.navigation.go_to_iteration(3)
    digits.targets.set(3, one(9))
    digits.targets.set(3, one(8))
    assert digits.experiment.dataset_at(2) is own


def test_what_is_undone_is_the_very_data_again(digits):
    own = digits.experiment.dataset
    changes = []
    digits.targets.changed.connect(lambda originals: changes.append(dict(originals)))
    digits.targets.set(5, one(0))
    digits.targets.set(7, one(0))
    assert digits.targets.undo([5])
    assert digits.experiment.dataset.labels[5] == own.labels[5]
    assert digits.experiment.dataset.labels[7] == 0
    assert digits.targets.undo([7])
    assert digits.experiment.dataset is own
    assert digits.experiment.own is None
    assert [sorted(change) for change in changes] == [[5], [5, 7], [7], []]
    assert not digits.targets.undo([7])


def test_the_target_that_a_sample_came_with_is_no_change(digits):
    own = digits.experiment.dataset
    digits.targets.set(5, one(0))
    digits.targets.set(5, one(int(own.labels[5])))
    assert digits.experiment.dataset is own
    assert not digits.targets.originals


def test_changed_targets_stay_with_other_options_and_go_with_another_preset(digits):
    digits.targets.set(5, one(0))
    assert digits.opening.set_options(batch_size=4, seed=3)
    assert digits.experiment.dataset.labels[5] == 0
    assert list(digits.targets.originals) == [5]
    digits.opening.open_preset("attention")
    assert not digits.targets.originals
    digits.opening.open_preset("digits")
    assert digits.experiment.dataset.labels[5] == 5


@pytest.mark.parametrize("target", [[0.5] * 10, [np.nan] * 10, [1.0, 0.0], [2.0] + [0.0] * 9])
def test_a_target_that_cannot_be_leaves_all_as_it_was_and_says_why(digits, target):
    before, messages = (digits.experiment, digits.trace, digits.frame), said(digits)
    assert not digits.targets.set(5, np.array(target))
    assert (digits.experiment, digits.trace, digits.frame) == before
    assert len(messages) == 1
    assert messages[0].endswith(".")


def test_a_sample_that_is_looked_at_stays_when_its_target_changes(digits):
    digits.guests.show_sample(100)
    digits.targets.set(100, one(1))
    assert digits.guests.guest.sample == 100
    assert digits.guests.guest.target.argmax() == 1
    assert digits.shown.array("y", 0).argmax() == 1
    digits.guests.learn()
    digits.targets.set(100, one(2))
    assert digits.trace.array("y", 0).argmax() == 2


def test_in_the_playground_the_point_itself_has_another_class(qapp):
    session = Session(open_preset("playground"))
    before = session.experiment.dataset.labels.copy()
    other = 1 - before[4]
    assert session.targets.set(4, np.eye(2)[other])
    assert session.experiment.settings.points[4][2] == other
    assert session.opening.set_options(batch_size=5)
    assert session.experiment.dataset.labels[4] == other
    assert session.targets.undo([4])
    assert np.array_equal(session.experiment.dataset.labels, before)
    session.deleteLater()


def test_numbers_are_targets_too(session):
    assert session.targets.set(0, np.array([0.25, 0.75]))
    assert session.trace.array("y").tolist() == [[0.25, 0.75]]
