"""Points of the plane: as many as asked for, the same for the same seed, in the plane, and what they are said to be."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.toy import CLASS_NAMES, MOST_NOISE, MOST_POINTS, REACH, TOYS, heights_of, point_dataset, points_in
from core.data.toy import toy_points as draw

every_kind = pytest.mark.parametrize("name", TOYS)


def rows(name: str, count: int = 300, noise: float = 0.0, seed: int = 1) -> Any:
    return np.array(draw(name, count, noise, seed))


@every_kind
@pytest.mark.parametrize("count", [2, 3, 57, MOST_POINTS])
def test_there_are_as_many_points_as_asked_for_in_halves(name: str, count: int) -> None:
    points = rows(name, count)
    assert points.shape == (count, 3)
    if not TOYS[name].graded:
        assert np.bincount(points[:, 2].astype(int), minlength=2).tolist() == [count - count // 2, count // 2]


@every_kind
def test_a_seed_is_repeated_and_another_differs(name: str) -> None:
    assert draw(name, 50, 0.5, 7) == draw(name, 50, 0.5, 7)
    assert draw(name, 50, 0.5, 7) != draw(name, 50, 0.5, 8)


@every_kind
def test_the_points_come_in_random_order(name: str) -> None:
    first, second = (rows(name, 300)[part, 2].mean() for part in (slice(0, 150), slice(150, None)))
    assert abs(first - second) < 0.3


@given(st.sampled_from(tuple(TOYS)), st.integers(2, 80), st.floats(0, MOST_NOISE), st.integers(0, 999_999))
def test_any_points_lie_in_the_plane_and_make_a_data_set(name: str, count: int, noise: float, seed: int) -> None:
    points, graded = draw(name, count, noise, seed), TOYS[name].graded
    dataset = point_dataset(TOYS[name].title, points, graded=graded)
    assert len(dataset) == count
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float64
    assert np.abs(dataset.inputs).max() <= REACH
    assert np.abs(heights_of(dataset)).max() <= 1
    assert dataset.targets.shape == (count, 1 if graded else 2)
    assert dataset.class_names == (None if graded else CLASS_NAMES)
    assert points_in(dataset) == points


@every_kind
def test_noise_moves_the_same_points_and_keeps_their_targets(name: str) -> None:
    still, moved, farther = (rows(name, noise=noise) for noise in (0.0, 0.1, 0.2))
    np.testing.assert_array_equal(still[:, 2], moved[:, 2])
    step = moved[:, :2] - still[:, :2]
    np.testing.assert_allclose(farther[:, :2] - still[:, :2], 2 * step, atol=1e-12)
    assert np.std(step) == pytest.approx(0.1, rel=0.15)


def test_circles_are_around_each_other() -> None:
    points = rows("circles")
    radius = np.hypot(points[:, 0], points[:, 1])
    assert radius[points[:, 2] == 1].max() <= 2.5 < 3.5 <= radius[points[:, 2] == 0].min()


def test_xor_is_the_sign_of_the_product() -> None:
    points = rows("xor")
    np.testing.assert_array_equal(points[:, 0] * points[:, 1] > 0, points[:, 2] == 1)
    corners = {tuple(row) for row in (points[:, :2] > 0).tolist()}
    assert len(corners) == 4


def test_moons_are_those_of_scikit_learn() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    theirs, labels = datasets.make_moons(300, shuffle=False)
    ours = rows("moons")
    for label in (0, 1):
        mine = ours[ours[:, 2] == label, :2] / 3 + (0.5, 0.25)
        np.testing.assert_allclose(np.sort(mine, axis=0), np.sort(theirs[labels == label], axis=0), atol=1e-12)


def test_moons_are_half_circles() -> None:
    points = rows("moons")
    for label, middle, side in ((0, (0, 0), 1), (1, (1, 0.5), -1)):
        places = points[points[:, 2] == label, :2] / 3 + (0.5, 0.25) - middle
        np.testing.assert_allclose(np.hypot(*places.T), 1, atol=1e-12)
        assert (side * places[:, 1] >= -1e-12).all()


def test_the_arms_of_the_spirals_are_opposite() -> None:
    points = rows("spirals")
    first, second = (points[points[:, 2] == label, :2] for label in (0, 1))
    first, second = (arm[np.hypot(*arm.T).argsort()] for arm in (first, second))
    np.testing.assert_allclose(first, -second, atol=1e-9)


def test_a_line_divides_the_blobs() -> None:
    points = rows("blobs")
    right = (points[:, 0] + points[:, 1] > 0) == (points[:, 2] == 1)
    assert right.mean() > 0.99


def test_the_plane_is_the_sum_of_the_coordinates() -> None:
    points = rows("plane")
    np.testing.assert_allclose(points[:, 2], points[:, :2].sum(axis=1) / 10)


def test_the_hills_are_high_in_their_middles_only() -> None:
    points = rows("hills", MOST_POINTS)
    for x1, x2, sign in ((-4, 2.5, 1), (0, 2.5, -1), (4, -2.5, -1)):
        near = np.hypot(points[:, 0] - x1, points[:, 1] - x2) < 0.5
        assert near.any()
        assert (sign * points[near, 2] > 0.7).all()
    assert np.abs(points[:, 2]).max() <= 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "circle"}, "points among circles, .*; got 'circle'.*circles"),
        ({"name": 3}, "points among .*; got 3"),
        ({"count": 1}, "from 2 to 1000 points; got 1"),
        ({"count": 1001}, "from 2 to 1000 points; got 1001"),
        ({"count": 2.5}, "points; got 2.5"),
        ({"count": True}, "points; got True"),
        ({"noise": -0.1}, "noise from 0 to 3; got -0.1"),
        ({"noise": float("nan")}, "noise .*; got nan"),
        ({"noise": "much"}, "noise .*; got 'much'"),
        ({"seed": -1}, "seed of the points .*; got -1"),
        ({"seed": 1_000_000}, "seed of the points from 0 to 999999; got 1000000"),
        ({"seed": 0.5}, "seed of the points .*; got 0.5"),
    ],
)
def test_impossible_points_get_one_sentence(changed: dict[str, Any], message: str) -> None:
    arguments = {"name": "circles", "count": 10, "noise": 0.1, "seed": 0, **changed}
    with pytest.raises(ValueError, match=rf"^expected [^.]*{message}"):
        draw(**arguments)


@pytest.mark.parametrize(
    ("points", "graded", "message"),
    [
        ((), False, "at least one point"),
        (((0, 0),), False, "two coordinates and a target"),
        (((0, float("nan"), 1),), False, "all finite"),
        (((0, float("inf"), 1),), True, "all finite"),
        (((0, "one", 1),), False, "all finite"),
        (((0, 6.5, 1),), False, "from -6 to 6"),
        (((0, 0, 0.5),), False, "a class, 0 or 1; got 0.5"),
        (((0, 0, 2),), False, "a class, 0 or 1; got 2"),
        (((0, 0, 1.5),), True, "a height from -1 to 1; got 1.5"),
    ],
)
def test_points_that_are_none_are_refused(points: Any, graded: bool, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        point_dataset("own", points, graded=graded)
