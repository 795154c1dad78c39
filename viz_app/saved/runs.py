"""Write down what is kept of a run, and where somebody stands in it; read it back, checked against the program."""

from collections.abc import Mapping
from typing import Any

from core.description import Count, describe_fields, fields_from
from core.run.breakpoints import AtNorm, AtNumber, AtStep, Breakpoint
from core.run.kept import Kept
from core.run.record import Judged
from core.run.trace import Cursor, Trace
from core.values import Index
from viz_app.frame.frame import Focus, ViewOptions
from viz_app.frame.place import Place
from viz_app.frame.told.watch import Watch
from viz_app.frame.walking import cell_count
from viz_app.saved.arrays import FoundArrays, KeptArrays
from viz_app.saved.container import SessionError
from viz_app.saved.records import (
    BreakpointRecord,
    FocusRecord,
    NumbersRecord,
    PlaceRecord,
    RunRecord,
    SeriesRecord,
    StateRecord,
    WatchRecord,
)

_BREAKPOINTS: Mapping[str, type[Breakpoint]] = {kind.__name__: kind for kind in (AtStep, AtNumber, AtNorm)}
"""The breakpoints that a file may name."""
_MOST_STATES = 1_000


def run_record(kept: Kept, arrays: KeptArrays) -> RunRecord:
    """Return what is told of a run."""
    states = (StateRecord(Count(number), arrays.put_all(state)) for number, state in sorted(kept.states.items()))
    judged = {kind.value: SeriesRecord(**arrays.put_series(series)) for kind, series in kept.judged.items()}
    numbers = (NumbersRecord(Count(first), changed) for first, changed in kept.numbers)
    losses = SeriesRecord(**arrays.put_series(kept.losses))
    return RunRecord(tuple(states), losses, judged, tuple(numbers))


def kept_from(record: RunRecord, arrays: FoundArrays) -> Kept:
    """Return what a record tells of a run.

    Raises
    ------
    SessionError
        If its beginning is missing, or it tells of something that is never judged.
    """
    states = {int(one.iteration): arrays.all_floats(one.state) for one in record.states[:_MOST_STATES]}
    if 0 not in states:
        raise SessionError("expected the state at the start of iteration 0; it is missing")
    if strange := [kind for kind in record.judged if kind not in tuple(Judged)]:
        raise SessionError(f"expected judgements of {', '.join(Judged)}; got {strange[0][:40]!r}")
    judged = {Judged(kind): arrays.series(one.iterations, one.numbers) for kind, one in record.judged.items()}
    numbers = tuple((int(one.iteration), dict(one.numbers)) for one in record.numbers)
    return Kept(states, arrays.series(record.losses.iterations, record.losses.numbers), judged, numbers)


def place_record(place: Place) -> PlaceRecord:
    """Return what is told of a place, but for how it is viewed."""
    focus = place.focus
    told = None if focus is None else FocusRecord(focus.key, tuple(map(Count, focus.index)), focus.reach)
    cell = None if place.cell is None else Count(place.cell)
    return PlaceRecord(Count(place.iteration), Count(place.step), cell, told)


def place_from(record: PlaceRecord, options: ViewOptions, trace: Trace, batch_size: int) -> Place:
    """Return a place that is in a run.

    Raises
    ------
    SessionError
        If it is not.
    """
    program, last = trace.program, len(trace.program.steps) - 1
    if not record.step <= last:
        raise SessionError(f"expected a step from 0 to {last}; got {record.step}")
    place = Place(record.iteration, record.step, record.cell, _focus(record.focus, trace), options)
    cells = cell_count(program, Cursor(place.iteration, place.step))
    if place.cell is not None and not place.cell < cells:
        raise SessionError(f"expected a cell from 0 to {cells - 1}; got {place.cell}")
    if not 0 <= options.sample < batch_size:
        raise SessionError(f"expected a row of the batch from 0 to {batch_size - 1}; got {options.sample}")
    if options.channel < 0:
        raise SessionError(f"expected a channel from 0; got {options.channel}")
    return place


def _focus(record: FocusRecord | None, trace: Trace) -> Focus | None:
    if record is None:
        return None
    _check_cell(record.key, tuple(record.index), trace)
    return Focus(record.key, tuple(map(int, record.index)), record.reach)


def _check_cell(key: str, index: Index, trace: Trace) -> None:
    value = trace.program.values.get(key)
    if value is None or len(index) != len(value.shape) or any(i >= n for i, n in zip(index, value.shape, strict=True)):
        raise SessionError(f"expected a cell that the network has; got {key[:40]}{list(index)}")


def breakpoint_record(one: Breakpoint, on: bool) -> BreakpointRecord:
    """Return what is told of a breakpoint."""
    return BreakpointRecord(type(one).__name__, describe_fields(one), on)


def breakpoint_from(record: BreakpointRecord) -> tuple[Breakpoint, bool]:
    """Return a breakpoint, and whether it is on.

    Raises
    ------
    SessionError, ValueError
        If there is no such breakpoint.
    """
    if record.kind not in _BREAKPOINTS:
        raise SessionError(f"expected a breakpoint among {', '.join(_BREAKPOINTS)}; got {record.kind[:40]!r}")
    made: Any = fields_from(_BREAKPOINTS[record.kind], record.fields)
    return made, record.on


def watch_record(watch: Watch) -> WatchRecord:
    """Return what is told of a watch."""
    return WatchRecord(watch.key, None if watch.index is None else tuple(map(Count, watch.index)))


def watch_from(record: WatchRecord) -> Watch:
    """Return what is watched."""
    return Watch(record.key, None if record.index is None else tuple(map(int, record.index)))
