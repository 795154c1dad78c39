"""What is drawn of losses: a line only joins what can be compared, and what has no place is marked."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.run.record import Series
from viz_app.widgets.curves.losses import SETTLED, SMOOTHED, Edge, loss_curve

ANY = st.one_of(st.floats(), st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 1e-300, 1e300]))


def numbered(losses: list[float]) -> Series:
    return Series.of(list(enumerate(losses)))


@given(st.lists(st.tuples(ANY, st.booleans()), max_size=60), st.booleans())
def test_every_loss_is_a_point_or_a_mark(given_losses: list[tuple[float, bool]], logarithmic: bool) -> None:
    losses = [loss for loss, _ in given_losses]
    other = [flag and number > 0 for number, (_, flag) in enumerate(given_losses)]
    curve = loss_curve(numbered(losses), np.array(other, bool), logarithmic=logarithmic)
    placed, marked = curve.x.astype(int).tolist(), [iteration for iteration, _ in curve.edges]
    assert sorted([*placed, *marked]) == list(range(len(losses)))
    assert np.isfinite(curve.y).all()
    assert np.isfinite(curve.mean).all()
    assert (not logarithmic) or (curve.y > 0).all()
    for k in np.flatnonzero(curve.joined):
        assert placed[k + 1] == placed[k] + 1
        assert not other[placed[k + 1]]
    assert not (curve.joined & curve.smoothed).any()


def test_the_kinds_of_what_has_no_place() -> None:
    losses = [1.0, math.nan, math.inf, -math.inf, 0.0]
    assert dict(loss_curve(numbered(losses), np.array([False] * 5, bool), logarithmic=False).edges) == {
        1: Edge.NAN, 2: Edge.HIGH, 3: Edge.LOW,
    }  # fmt: skip
    assert dict(loss_curve(numbered(losses), np.array([False] * 5, bool), logarithmic=True).edges)[4] is Edge.ZERO


def test_losses_of_the_same_samples_are_joined_and_not_smoothed() -> None:
    curve = loss_curve(numbered([3.0, 2.0, math.nan, 1.0, 0.5]), np.array([False] * 5, bool), logarithmic=False)
    assert curve.joined.tolist() == [True, False, True, False]
    assert not curve.smoothed.any()


def test_losses_of_other_samples_are_smoothed_and_not_joined() -> None:
    losses = [float(loss) for loss in np.random.default_rng(0).random(50)]
    curve = loss_curve(numbered(losses), np.array([False, *[True] * 49], bool), logarithmic=False)
    assert not curve.joined.any()
    assert np.flatnonzero(curve.smoothed).tolist() == list(range(SETTLED - 1, 49))
    for k in (4, 19, 20, 49):
        assert curve.mean[k] == pytest.approx(np.mean(losses[max(k + 1 - SMOOTHED, 0) : k + 1]))


def test_a_loss_that_was_huge_does_not_spoil_the_mean_for_ever() -> None:
    losses = [1e30, *[1.0] * 40]
    curve = loss_curve(numbered(losses), np.array([False, *[True] * 40], bool), logarithmic=True)
    assert curve.mean[-1] == 1.0
