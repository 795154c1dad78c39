import numpy as np
import pytest

from core.data import Dataset, one_hot
from core.data.rows import OneHotRows
from core.data.targets import retargeted

LABELS = np.array([0, 1, 1])


@pytest.fixture
def classes():
    return Dataset("Two", np.arange(6.0).reshape(3, 2), one_hot(LABELS, 2), LABELS)


def test_one_sample_has_another_class_and_the_others_have_theirs(classes):
    changed = retargeted(classes, 2, np.array([1, 0], np.float32))
    assert changed.labels.tolist() == [0, 1, 0]
    assert changed.targets.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert classes.labels.tolist() == [0, 1, 1]
    assert np.shares_memory(changed.inputs, classes.inputs)


def test_numbers_are_taken_as_they_are():
    dataset = Dataset("Numbers", np.zeros((2, 1)), np.array([[0.5], [1.5]]))
    assert retargeted(dataset, 0, np.array([-2.25])).targets.tolist() == [[-2.25], [1.5]]


def test_targets_that_are_not_in_memory_stay_where_they_are():
    labels = np.arange(9) % 3
    dataset = Dataset("Lazy", np.zeros((9, 1)), OneHotRows(labels, 3), labels)
    changed = retargeted(retargeted(dataset, 4, np.array([1.0, 0, 0])), 7, np.array([0.0, 0, 1]))
    assert changed.labels.tolist() == [0, 1, 2, 0, 0, 2, 0, 2, 2]
    assert np.array_equal(np.asarray(changed.targets), np.eye(3)[changed.labels])
    assert changed.targets.rows is dataset.targets
    assert np.array_equal(changed.take([7, 4, 1])["y"], np.eye(3)[[2, 0, 1]])


@pytest.mark.parametrize(
    ("sample", "target", "reason"),
    [
        (3, [1, 0], "expected a sample from 0 to 2; got 3"),
        (-1, [1, 0], "expected a sample from 0 to 2; got -1"),
        (0, [1, 0, 0], "expected 2 numbers as a target"),
        (0, [np.nan, 0], "expected a target of finite numbers"),
    ],
)
def test_what_is_no_target_is_refused(classes, sample, target, reason):
    with pytest.raises(ValueError, match=reason):
        retargeted(classes, sample, np.array(target, float))
