"""Lay the steps of an iteration out in one strip, or on several pages where their names need more room. Without Qt."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

_BREAK_FROM = 0.6
"""A page ends with a group where the last group that fits ends beyond this share of it."""
_WIDEST = 1.6
"""The few steps of a last page become at most so many times as wide as they need to be."""


@dataclass(frozen=True)
class Page:
    """Steps beside each other.

    Parameters
    ----------
    first : int
        The first step.
    edges : tuple of float
        Where each step begins, and where the last one ends.
    """

    first: int
    edges: tuple[float, ...]

    @property
    def steps(self) -> range:
        """The steps."""
        return range(self.first, self.first + len(self.edges) - 1)

    def at(self, x: float) -> int:
        """Return the step at a place; the nearest one beyond the ends."""
        place = bisect_right(self.edges, x) - 1
        return self.first + min(max(place, 0), len(self.edges) - 2)

    def span(self, step: int) -> tuple[float, float]:
        """Return where a step begins and ends."""
        return self.edges[step - self.first], self.edges[step - self.first + 1]


@dataclass(frozen=True)
class Run:
    """Steps from ``start`` up to ``end`` that belong to one layer; what belongs to none may stand between them."""

    start: int
    end: int
    layer: int


def runs_of(groups: Sequence[tuple[object, int | None]]) -> tuple[Run, ...]:
    """Return the runs of steps of one phase and layer, from the phase and the layer of every step."""
    runs: list[Run] = []
    phase: object = None
    for step, (of, layer) in enumerate(groups):
        if layer is None:
            continue
        if runs and (phase, runs[-1].layer) == (of, layer):
            runs[-1] = Run(runs[-1].start, step + 1, layer)
        else:
            runs.append(Run(step, step + 1, layer))
            phase = of
    return tuple(runs)


def evenly(count: int, width: float) -> Page:
    """Return all steps, each as wide as the others."""
    return Page(0, tuple(width * step / count for step in range(count + 1)))


def one_page(needs: Sequence[float], width: float) -> Page | None:
    """Return all steps side by side, each with what it needs and its share of the rest; ``None`` if too many."""
    return _page(0, needs, width) if sum(needs) <= width else None


def page_of(step: int, needs: Sequence[float], starts: Sequence[int], width: float) -> Page:
    """Return the page that a step is on. It depends on nothing else: going on and back shows the same pages.

    Parameters
    ----------
    step : int
        The step.
    needs : sequence of float
        The width that each step needs; a step that needs more than there is has a page of its own.
    starts : sequence of int
        The first step of every group, in order: a page rather ends where a group does.
    width : float
        The width of a page.
    """
    first, last = next(page for page in _pages(needs, starts, width) if step < page[1])
    return _page(first, needs[first:last], width)


def _pages(needs: Sequence[float], starts: Sequence[int], width: float) -> Iterator[tuple[int, int]]:
    """Yield the first step of each page, and the first one after it."""
    sums, first = [0.0, *accumulate(needs)], 0
    while first < len(needs):
        last = max(bisect_right(sums, sums[first] + width) - 1, first + 1)
        if last < len(needs):
            group = starts[bisect_right(starts, last) - 1]
            if group > first and sums[group] - sums[first] >= _BREAK_FROM * width:
                last = group
        yield first, last
        first = last


def _page(first: int, needs: Sequence[float], width: float) -> Page:
    """Return a page that is filled, as far as its steps become not too wide."""
    total = sum(needs)
    spare = (min(width, _WIDEST * total if first else width) - total) / len(needs)
    return Page(first, (0.0, *accumulate(need + spare for need in needs)))


def widened(needs: Sequence[float], runs: Iterable[tuple[int, int, float]]) -> list[float]:
    """Return the needs of steps, more where a run of them needs more for its label: ``(start, end, width)``."""
    result = list(needs)
    for start, end, width in runs:
        missing = (width - sum(result[start:end])) / (end - start)
        if missing > 0:
            result[start:end] = [need + missing for need in result[start:end]]
    return result


def phases_of(phases: Sequence[object]) -> list[tuple[int, int]]:
    """Return the first step of each phase, and the first one after it."""
    starts = [step for step, phase in enumerate(phases) if step == 0 or phase != phases[step - 1]]
    return list(pairwise([*starts, len(phases)]))
