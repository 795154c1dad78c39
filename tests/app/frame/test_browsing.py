"""Which samples are shown, and what stands below each."""

from dataclasses import replace

import numpy as np
import pytest

from core.data import Dataset, one_hot
from core.presets import open_preset
from core.run.evaluation import Evaluation
from viz_app.frame.told.browsing import (
    NOT_JUDGED,
    Browsed,
    Part,
    Verdict,
    Wanted,
    class_counts,
    guesses_of,
    summary,
    target_text,
    whole,
)

LABELS = np.array([0, 1, 2, 0, 1, 2, 0])
GUESSES = np.array([0, 2, 2, NOT_JUDGED, 1, 0, 1])


@pytest.fixture
def browsed():
    names = ("ant", "bee", "cat")
    dataset = Dataset("Animals", np.zeros((7, 4)), one_hot(LABELS, 3), LABELS, class_names=names)
    return Browsed(dataset, range(5, 7), GUESSES)


@pytest.mark.parametrize(
    ("wanted", "samples"),
    [
        (Wanted(), [0, 1, 2, 3, 4, 5, 6]),
        (Wanted(label=0), [0, 3, 6]),
        (Wanted(part=Part.HELD_BACK), [5, 6]),
        (Wanted(part=Part.TRAINED_ON), [0, 1, 2, 3, 4]),
        (Wanted(verdict=Verdict.WRONG), [1, 5, 6]),
        (Wanted(verdict=Verdict.RIGHT), [0, 2, 4]),
        (Wanted(label=0, part=Part.HELD_BACK, verdict=Verdict.WRONG), [6]),
        (Wanted(label=1, part=Part.HELD_BACK), []),
    ],
)
def test_samples_are_chosen_by_class_part_and_answer_together(browsed, wanted, samples):
    assert browsed.chosen(wanted).tolist() == samples


def test_nothing_is_right_or_wrong_before_it_is_judged(browsed):
    unjudged = replace(browsed, guesses=None)
    assert unjudged.chosen(Wanted(verdict=Verdict.WRONG)).size == 0
    assert unjudged.chosen(Wanted(verdict=Verdict.RIGHT)).size == 0


def test_below_a_sample_stand_its_class_and_what_it_is_taken_for(browsed):
    changed = replace(browsed, originals={1: np.zeros(3)})
    assert [changed.told(1).label, changed.told(1).guess, changed.told(1).changed] == ["bee", "cat", True]
    assert [changed.told(2).label, changed.told(2).guess, changed.told(2).changed] == ["cat", "", False]
    assert changed.told(3).guess == ""
    assert changed.part(4) is Part.TRAINED_ON
    assert changed.part(5) is Part.HELD_BACK


def test_guesses_stand_at_the_numbers_of_their_samples():
    evaluation = Evaluation(0.0, np.array([4, 2]), np.array([1, 0]), np.array([1, 2]), 3)
    assert guesses_of(evaluation, 6).tolist() == [NOT_JUDGED, NOT_JUDGED, 2, NOT_JUDGED, 1, NOT_JUDGED]
    assert guesses_of(replace(evaluation, labels=None, guesses=None), 6) is None


def test_what_the_data_are_is_told_of_classes_and_of_numbers(browsed):
    assert summary(browsed.dataset) == "7 samples · 4 · 3 classes"
    assert class_counts(browsed.dataset).tolist() == [3, 2, 2]
    worked = whole(open_preset("worked-2-2-2"))
    assert summary(worked.dataset) == "1 sample · 2 · 2 numbers to be found"
    assert class_counts(worked.dataset) is None
    assert target_text(worked.dataset, 0) == "0.01, 0.99"
    assert whole(open_preset("conv-kernel")) is None
