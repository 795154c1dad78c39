"""Write maps and curves as tables of comma-separated values."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from core.run.record import Judged, Series
from core.values import AxisKind
from viz_app.frame.frame import MapView

_JUDGED = Judged.TRAIN_LOSS, Judged.TRAIN_ACCURACY, Judged.TEST_LOSS, Judged.TEST_ACCURACY
MOST = 5_000_000
"""So many numbers go into a table: no spreadsheet reads more."""
CURVES = ("run", "iteration", "loss", "train_loss", "train_accuracy", "test_loss", "test_accuracy")
"""The columns of curves: the loss of a batch before its update, and how good the network was that began with it."""


def map_table(view: MapView) -> str:
    """Return a map as a table: along a line the last axis, and before it where the line is along the others.

    Every number stands with all of its digits; what is not computed yet is empty. Positions are counted from 0 where
    they have no names.
    """
    if view.array is None:
        return ""
    shape = view.shape or (1,)
    lines = view.array.reshape(-1, shape[-1])
    known = np.ones(view.array.size, bool) if view.computed is None else np.arange(view.array.size) < view.computed
    heads = [str(view.value.axis(axis).kind) for axis in range(len(shape) - 1)]
    rows: Iterator[Sequence[str]] = (
        [*place, *(str(number) if here else "" for number, here in zip(line, marks, strict=True))]
        for place, line, marks in zip(_places(view), lines, known.reshape(lines.shape).tolist(), strict=True)
    )
    return _written([*heads, *_columns(view)], rows)


def curves_table(runs: Iterable[tuple[str, Series, Mapping[Judged, Series]]]) -> str:
    """Return the curves of runs as a table, a line for each iteration of which something is known.

    Parameters
    ----------
    runs : iterable of (str, Series, mapping)
        What each is called, the losses of its batches, and how good the network was.
    """
    return _written(CURVES, (row for run in runs for row in _curve_rows(*run)))


def _curve_rows(name: str, losses: Series, judged: Mapping[Judged, Series]) -> Iterator[Sequence[str]]:
    columns = [dict(losses), *(dict(judged.get(kind, Series.of(()))) for kind in _JUDGED)]
    for iteration in sorted(set().union(*columns)):
        yield [name, str(iteration), *(repr(column[iteration]) if iteration in column else "" for column in columns)]


def _columns(view: MapView) -> Sequence[str]:
    """Return what stands above the numbers."""
    if not view.shape:
        return [view.key]
    last = len(view.shape) - 1
    named = view.value.axis(last).kind is not AxisKind.TOKEN or not view.tokens.samples
    return _names(view, last, 0) if named else list(map(str, range(view.shape[-1])))


def _places(view: MapView) -> Iterator[Sequence[str]]:
    """Yield where each line is along all axes but the last."""
    of_samples = bool(view.shape) and view.value.axis(0).kind is AxisKind.SAMPLE
    cached: dict[tuple[int, int], Sequence[str]] = {}
    for index in np.ndindex(view.shape[:-1]):
        sample = index[0] if of_samples and index else 0
        place = []
        for axis, position in enumerate(index):
            if (axis, sample) not in cached:
                cached[axis, sample] = _names(view, axis, sample)
            place.append(cached[axis, sample][position])
        yield place


def _names(view: MapView, axis: int, sample: int) -> Sequence[str]:
    named = view.names(axis, sample)
    return named if len(named) == view.shape[axis] else list(map(str, range(view.shape[axis])))


def _written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
