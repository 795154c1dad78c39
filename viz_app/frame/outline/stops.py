"""List where stepping halts: at every step, at folded blocks as a whole, and not at copies that are hidden."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core.ops.shape import Moved
from core.program import Program, Step
from core.spans import Span
from core.values import Phase
from viz_app.frame.per_program import PerProgram

Folds = frozenset[str] | None
"""What is folded, by what identifies it; ``None`` where nothing is, and nobody has asked for it."""
Group = tuple[Phase, int | str | None]


@dataclass(frozen=True)
class Stop:
    """Where stepping halts: a step, or all steps of a folded span, whose place is that of the last."""

    first: int
    last: int
    span: Span | None = None


@dataclass(frozen=True)
class Outline:
    """Where stepping halts in an iteration, in order.

    Parameters
    ----------
    stops : tuple of Stop
        At least one.
    groups : tuple
        The phase and the layer of each.
    count : int
        How many steps the program has.
    """

    stops: tuple[Stop, ...]
    groups: tuple[Group, ...]
    count: int

    def __len__(self) -> int:
        return len(self.stops)

    @cached_property
    def whole(self) -> bool:
        """Whether every step is a stop of its own."""
        return len(self.stops) == self.count

    @cached_property
    def _lasts(self) -> tuple[int, ...]:
        return tuple(stop.last for stop in self.stops)

    @cached_property
    def _firsts(self) -> tuple[int, ...]:
        return tuple(stop.first for stop in self.stops)

    def at(self, step: int) -> int:
        """Return the number of the stop that a step belongs to; of a hidden one, of the stop after it."""
        return min(bisect_left(self._lasts, step), len(self.stops) - 1)

    def holds(self, step: int) -> bool:
        """Tell whether a step belongs to a stop, and is not hidden."""
        stop = self.stops[self.at(step)]
        return stop.first <= step <= stop.last

    def span_at(self, step: int) -> Span | None:
        """Return the folded span that a step is in."""
        stop = self.stops[self.at(step)]
        return stop.span if stop.first <= step <= stop.last else None

    def beyond(self, iteration: int, step: int, count: int) -> tuple[int, int]:
        """Return the iteration and the step ``count`` stops on, or back where it is negative; 0, 0 at the least."""
        here = self.at(step)
        if not self.holds(step):  # between two stops, or after the last
            after = bisect_right(self._firsts, step)
            here = after - 1 if count > 0 else after
        size = len(self.stops)
        iteration, stop = divmod(max(iteration * size + here + count, 0), size)
        return iteration, self.stops[stop].last

    @cached_property
    def group_starts(self) -> tuple[int, ...]:
        """The first stop of each run of stops that share a phase and a layer."""
        groups = self.groups
        return tuple(i for i, group in enumerate(groups) if i == 0 or group != groups[i - 1])


_KEPT = 8
_kept: PerProgram[Outline] = PerProgram(_KEPT)


def outline_of(program: Program, folds: Folds = None, *, hide_copies: bool = False) -> Outline:
    """Return where stepping halts; kept, because every frame asks for it.

    Parameters
    ----------
    program : Program
        What is stepped through.
    folds : frozenset of str or None
        What is folded.
    hide_copies : bool
        Whether steps are left out that only move cells.
    """
    return _kept.get(program, (folds, hide_copies), lambda: _outline(program, folds, hide_copies))


def _outline(program: Program, folds: Folds, hide_copies: bool) -> Outline:
    stops = tuple(_stops(program, folds or frozenset()))
    shown = tuple(stop for stop in stops if not _is_copy(program, stop)) if hide_copies else stops
    stops = shown or stops
    return Outline(stops, tuple(_group(program, stop) for stop in stops), len(program.steps))


def is_copy(step: Step) -> bool:
    """Tell whether a step moves cells and changes no number."""
    return isinstance(step.op, Moved)


def _is_copy(program: Program, stop: Stop) -> bool:
    return all(is_copy(program.steps[number]) for number in range(stop.first, stop.last + 1))


def _stops(program: Program, folds: frozenset[str]) -> Iterator[Stop]:
    step = 0
    for span in program.spans if folds else ():
        if span.fold in folds and span.first >= step:
            yield from (Stop(number, number) for number in range(step, span.first))
            yield Stop(span.first, span.last, span)
            step = span.last + 1
    yield from (Stop(number, number) for number in range(step, len(program.steps)))


def _group(program: Program, stop: Stop) -> Group:
    step = program.steps[stop.last]
    if stop.span is None:
        return step.phase, step.layer
    unit = stop.span.unit
    return stop.span.phase, unit.fold if unit.count > 1 else unit.scope.number
