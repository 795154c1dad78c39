"""Draw points of the plane that are to be told apart, or whose height is to be found."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.data.dataset import Dataset, one_hot
from core.values import is_number, is_whole
from core.wording import suggestion

Numbers = NDArray[np.float64]
Point = tuple[float, float, float]
"""The two coordinates of a point and its target: its class, 0 or 1, or its height."""
Points = tuple[Point, ...]

REACH = 6.0
"""The plane goes from there below 0 to there above it, along both axes."""
MOST_POINTS = 1000
MOST_NOISE = 3.0
LARGEST_POINT_SEED = 999_999
CLASS_NAMES = ("blue", "orange")
COORDINATES = ("x₁", "x₂")


@dataclass(frozen=True)
class Toy:
    """A kind of points.

    Parameters
    ----------
    title : str
        What a person calls it.
    about : str
        What there is to be found.
    draw : callable
        Takes how many points and a generator; returns them, (n, 2), and their targets, (n,).
    graded : bool
        Whether a target is a height from -1 to 1, and no class.
    """

    title: str
    about: str
    draw: Callable[[int, Generator], tuple[Numbers, Numbers]]
    graded: bool = False


def toy_points(name: str, count: int, noise: float = 0.0, seed: int = 0) -> Points:
    """Draw points of a kind, in random order; the same arguments give the same points.

    Parameters
    ----------
    name : str
        A name of ``TOYS``.
    count : int
        How many, from 2 to ``MOST_POINTS``; half of them of each class.
    noise : float
        The standard deviation of what is added to both coordinates once the targets are known, from 0 to
        ``MOST_NOISE``. A point that leaves the plane so is put at its border.
    seed : int
        Draws the points; up to ``LARGEST_POINT_SEED``.

    Raises
    ------
    ValueError
        If there is no such kind, or a number is out of its range.

    References
    ----------
    D. Smilkov and S. Carter, "TensorFlow Playground" (2016), ``src/dataset.ts``; there the noise of circles and XOR
    changes the classes instead. The moons are those of ``sklearn.datasets.make_moons``, three times as large.
    """
    if name not in TOYS:
        raise ValueError(f"expected points among {', '.join(TOYS)}; got {name!r}{suggestion(name, TOYS)}")
    if not is_whole(count) or not 2 <= count <= MOST_POINTS:
        raise ValueError(f"expected from 2 to {MOST_POINTS} points; got {count!r}")
    if not is_number(noise) or not 0 <= noise <= MOST_NOISE:
        raise ValueError(f"expected noise from 0 to {MOST_NOISE:g}; got {noise!r}")
    if not is_whole(seed) or not 0 <= seed <= LARGEST_POINT_SEED:
        raise ValueError(f"expected a seed of the points from 0 to {LARGEST_POINT_SEED}; got {seed!r}")
    generator = np.random.default_rng(seed)
    places, targets = TOYS[name].draw(count, generator)
    # Drawn even where there is no noise, so that more noise moves the same points farther.
    places = np.clip(places + noise * generator.standard_normal(places.shape), -REACH, REACH)
    order = generator.permutation(count)
    rows = np.column_stack([places, targets])[order].tolist()
    return tuple((x1, x2, target) for x1, x2, target in rows)


def point_dataset(name: str, points: Sequence[Point], *, graded: bool) -> Dataset:
    """Return points as a data set, float64.

    Parameters
    ----------
    name : str
        What a person calls it.
    points : sequence of (float, float, float)
        Their coordinates, in the plane, and their targets.
    graded : bool
        Whether targets are heights, (n, 1); else they are classes, one-hot.

    Raises
    ------
    ValueError
        If there is no point, or one is not in the plane, or its target is none.
    """
    if not points:
        raise ValueError("expected at least one point; got none")
    for point in points:
        _check_point(point, graded)
    rows = np.array(points, np.float64)
    places, targets = np.ascontiguousarray(rows[:, :2]), rows[:, 2]
    if graded:
        return Dataset(name, places, targets[:, None].copy(), reach=REACH)
    labels = targets.astype(np.intp)
    return Dataset(name, places, one_hot(labels, 2).astype(np.float64), labels, class_names=CLASS_NAMES, reach=REACH)


def _check_point(point: Point, graded: bool) -> None:
    if len(point) != 3 or not all(is_number(number) and isfinite(number) for number in point):
        raise ValueError(f"expected points of two coordinates and a target, all finite; got {point!r}")
    if max(abs(point[0]), abs(point[1])) > REACH:
        raise ValueError(f"expected points from {-REACH:g} to {REACH:g}; got {point[:2]!r}")
    if graded and abs(point[2]) > 1:
        raise ValueError(f"expected a height from -1 to 1; got {point[2]!r}")
    if not graded and point[2] not in (0, 1):
        raise ValueError(f"expected a class, 0 or 1; got {point[2]!r}")


def _halves(count: int) -> tuple[int, int]:
    return count - count // 2, count // 2


def _classes(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    return np.concatenate([first, second]), np.repeat([0.0, 1.0], [len(first), len(second)])


def _polar(radius: Numbers, angle: Numbers) -> Numbers:
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def _circles(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    outer, inner = _halves(count)
    radii = generator.uniform(3.5, 5, outer), generator.uniform(0, 2.5, inner)
    rings = (_polar(radius, generator.uniform(0, 2 * math.pi, len(radius))) for radius in radii)
    return _classes(*rings)


def _xor(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    different, same = _halves(count)
    sizes = generator.uniform(0.3, 5, (count, 2))
    signs = generator.choice([-1.0, 1.0], count)
    signs = np.column_stack([signs, np.concatenate([-signs[:different], signs[different:]])])
    return sizes * signs, np.repeat([0.0, 1.0], [different, same])


def _moons(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    outer, inner = (np.linspace(0, math.pi, number) for number in _halves(count))
    upper = np.column_stack([np.cos(outer), np.sin(outer)])
    lower = np.column_stack([1 - np.cos(inner), 0.5 - np.sin(inner)])
    places, classes = _classes(upper, lower)
    return 3 * (places - (0.5, 0.25)), classes


def _spirals(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    arms = []
    for number, start in zip(_halves(count), (math.pi, 0.0), strict=True):
        share = np.arange(number) / number
        arms.append(_polar(5 * share, 1.75 * share * 2 * math.pi + start))
    return _classes(*arms)


def _blobs(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    spread = math.sqrt(0.5)
    first, second = _halves(count)
    return _classes(generator.normal(-2, spread, (first, 2)), generator.normal(2, spread, (second, 2)))


def _plane(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    places = generator.uniform(-5, 5, (count, 2))
    return places, places.sum(axis=1) / 10


_HILLS = np.array([(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)])
"""Where the hills and hollows are, and which of them is which."""


def _hills(count: int, generator: Generator) -> tuple[Numbers, Numbers]:
    places = generator.uniform(-5, 5, (count, 2))
    distances = np.linalg.norm(places[:, None] - _HILLS[:, :2], axis=2)
    heights = _HILLS[:, 2] * np.clip(1 - distances / 2, 0, 1)
    return places, np.take_along_axis(heights, np.abs(heights).argmax(axis=1)[:, None], 1)[:, 0]


TOYS: Mapping[str, Toy] = MappingProxyType(
    {
        "circles": Toy("Circles", "One class is around the other.", _circles),
        "xor": Toy("XOR", "Opposite corners belong together.", _xor),
        "moons": Toy("Two moons", "Two half circles reach into each other.", _moons),
        "blobs": Toy("Gaussian blobs", "A straight line is enough.", _blobs),
        "spirals": Toy("Spirals", "Two arms wind around each other.", _spirals),
        "plane": Toy("Regression: plane", "The height is the sum of the coordinates.", _plane, graded=True),
        "hills": Toy("Regression: hills", "Hills and hollows in turn.", _hills, graded=True),
    }
)
"""The points by name."""


def heights_of(dataset: Dataset) -> Numbers:
    """Return what each point asks for as a number from -1 to 1, (n,): of two classes, -1 is the first."""
    if dataset.labels is None:
        return np.asarray(dataset.targets[:, 0], np.float64)
    return np.asarray(2.0 * dataset.labels - 1, np.float64)


def points_in(dataset: Dataset) -> Points:
    """Return the points of a data set that ``point_dataset`` made."""
    targets = dataset.targets[:, 0] if dataset.labels is None else dataset.labels
    rows = zip(np.asarray(dataset.inputs).tolist(), targets.tolist(), strict=True)
    return tuple((x1, x2, float(target)) for (x1, x2), target in rows)
