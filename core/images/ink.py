"""Tell ink from paper: the threshold between them, how dark each is, and which spots are only dust."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]

_LEVELS = 256
_SPREAD = 1.4826
"""The standard deviation of normal numbers over their median distance from the median."""
_NOISE = 3.0
"""Paper is what lies within this many standard deviations of it."""
_MAP_SIDE = 256
"""The longest side of the map on which connected spots are found."""


def otsu(grey: Grey) -> float:
    """Return the threshold that parts the numbers into two classes which lie furthest apart.

    It maximises the variance between the classes, over 256 levels from the smallest to the largest number.

    References
    ----------
    N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on Systems, Man, and
    Cybernetics 9 (1979), 62-66.
    """
    low, high = float(grey.min()), float(grey.max())
    if high <= low:
        return low
    counts, edges = np.histogram(grey, _LEVELS, (low, high))
    centers = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = grey.size - below
    sums = np.cumsum(counts * centers)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sums[:-1] / below - (sums[-1] - sums[:-1]) / above
        between = np.nan_to_num(below * above * apart**2)
    best = np.flatnonzero(between == between.max())
    return float(edges[1 + best].mean())  # between two clear classes any threshold is as good: the middle one


@dataclass(frozen=True)
class Levels:
    """Where paper ends and ink begins.

    Parameters
    ----------
    threshold : float
        Above it is ink.
    paper, ink : float
        The median of each class.
    noise : float
        The standard deviation of the paper, estimated from its median distance.
    """

    threshold: float
    paper: float
    ink: float
    noise: float

    @property
    def contrast(self) -> float:
        """How far ink stands out of the paper."""
        return self.ink - self.paper


def find_levels(grey: Grey, threshold: float | None) -> Levels:
    """Return the levels of ink on darker paper; the threshold is Otsu's unless one is given."""
    limit = otsu(grey) if threshold is None else threshold
    is_ink = grey > limit
    paper = grey[~is_ink]
    middle = float(np.median(paper)) if paper.size else 0.0
    noise = _SPREAD * float(np.median(np.abs(paper - middle))) if paper.size else 0.0
    ink = float(np.median(grey[is_ink])) if is_ink.any() else limit
    return Levels(limit, middle, ink, noise)


def ramp(levels: Levels, softness: float) -> tuple[float, float]:
    """Return the numbers below which all becomes 0 and above which all becomes 1.

    With softness 1 from the paper and its noise to the ink; with 0 both are the threshold.
    """
    paper = min(levels.paper + _NOISE * levels.noise, levels.threshold)
    low = levels.threshold + softness * (paper - levels.threshold)
    high = levels.threshold + softness * (max(levels.ink, levels.threshold) - levels.threshold)
    return low, high


def stretched(grey: Grey, low: float, high: float) -> Grey:
    """Return numbers from 0 at ``low`` to 1 at ``high``, straight in between; a step where both are the same."""
    if high - low < 1e-6:
        return (grey > low).astype(np.float32)
    return np.asarray(np.clip((grey - np.float32(low)) / np.float32(high - low), 0, 1))


def without_specks(ink: Grey, level: float, share: float) -> tuple[Grey, int, int]:
    """Return ink without dust and without what comes in from the edge, and how many spots of each were left out.

    Parameters
    ----------
    ink : ndarray of shape (h, w)
        From 0, paper, to 1.
    level : float
        What counts as ink.
    share : float
        Spots that have less ink than this share of the largest are dust.

    Notes
    -----
    A spot that touches the edge is taken for the edge of the paper or a shadow, where another one that does not is at
    least a tenth as large; it stays where it is all there is.
    """
    factor = ceil(max(ink.shape) / _MAP_SIDE)
    labels, count = connected(_any_block(ink > level, factor))
    if count < 2:
        return ink, 0, 0
    weights = np.bincount(labels.ravel(), _block_sums(ink, factor).ravel(), count + 1)[1:]
    touching = np.zeros(count + 1, bool)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        touching[side] = True
    inside = ~touching[1:]
    largest = float(weights[inside].max()) if inside.any() else 0.0
    from_edge = np.zeros(count, bool)
    if largest >= 0.1 * float(weights.max()):
        from_edge = ~inside
    else:
        largest = float(weights.max())
    dust = (weights < share * largest) & ~from_edge
    return _erase(ink, labels, np.append(False, dust | from_edge), factor), int(dust.sum()), int(from_edge.sum())


def connected(mask: Mask) -> tuple[NDArray[np.intp], int]:
    """Find the connected spots of a mask, numbered from 1, and their count; cells that share a corner are connected.

    Rows are parted into runs; runs of neighbouring rows that touch are joined.
    """
    height, width = mask.shape
    padded = np.zeros((height, width + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    parents = list(range(len(rows)))
    first_of = np.searchsorted(rows, np.arange(height + 1))
    for row in range(1, height):
        _join(parents, starts, ends, range(*first_of[row - 1 : row + 1]), range(*first_of[row : row + 2]))
    roots = np.array([_root(parents, run) for run in range(len(parents))], np.intp)
    _, numbers = np.unique(roots, return_inverse=True)
    changes = np.zeros((height, width + 1), np.intp)
    changes[rows, starts] = numbers + 1
    changes[rows, ends] -= numbers + 1
    return np.cumsum(changes, axis=1)[:, :width], int(numbers.max(initial=-1)) + 1


def _join(parents: list[int], starts: NDArray[np.intp], ends: NDArray[np.intp], above: range, below: range) -> None:
    """Join the runs of two neighbouring rows that touch, also at a corner."""
    upper, lower = above.start, below.start
    while upper < above.stop and lower < below.stop:
        if starts[upper] <= ends[lower] and starts[lower] <= ends[upper]:
            parents[_root(parents, lower)] = _root(parents, upper)
        if ends[upper] < ends[lower]:
            upper += 1
        else:
            lower += 1


def _root(parents: list[int], run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = parents[run]
    return run


def _any_block(mask: Mask, factor: int) -> Mask:
    rows, columns = (np.arange(0, side, factor) for side in mask.shape)
    return np.asarray(np.logical_or.reduceat(np.logical_or.reduceat(mask, rows, axis=0), columns, axis=1))


def _block_sums(ink: Grey, factor: int) -> NDArray[np.float32]:
    rows, columns = (np.arange(0, side, factor) for side in ink.shape)
    return np.asarray(np.add.reduceat(np.add.reduceat(ink, rows, axis=0), columns, axis=1))


def _erase(ink: Grey, labels: NDArray[np.intp], gone: Mask, factor: int) -> Grey:
    """Return ink without the spots that go, and without the faint edge around them; what stays keeps its own edge."""
    erased = _grown(gone[labels]) & ~_grown((labels > 0) & ~gone[labels])
    whole = np.repeat(np.repeat(erased, factor, axis=0), factor, axis=1)[: ink.shape[0], : ink.shape[1]]
    return np.where(whole, np.float32(0), ink)


def _grown(mask: Mask) -> Mask:
    """Return a mask and all neighbours of its cells."""
    padded = np.pad(mask, 1)
    grown = mask.copy()
    for row in range(3):
        for column in range(3):
            grown |= padded[row : row + mask.shape[0], column : column + mask.shape[1]]
    return grown
