"""Arrange the curves of runs as a picture for a file: loss and accuracy beside each other, with axes and a legend."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.run.record import Judged, Series
from viz_app.picture.elements import Align, Dot, Element, Picture, Rect, Stroke, Text, Tone
from viz_app.widgets.curves.axis import Ticks, log_range_of, log_ticks, percent_ticks, range_of, ticks
from viz_app.widgets.curves.losses import SMOOTHED, Edge, LossCurve, loss_curve
from viz_app.widgets.curves.runs import CurvesOf

SIZE = 1280, 720
"""How large such a picture is, in pixels."""
_EM = 18.0
_FEWEST_ITERATIONS = 4
_MOST_TICKS = 6, 7
"""Along an axis of iterations, and along one of numbers."""
_SIDE = 0.02
"""The room beside the first and the last iteration, as a share of the axis."""
_LEFT, _ROW = 4.2 * _EM, 1.5 * _EM
"""The room for the numbers of an axis, and the height of a row of the legend."""
_SIGNS = {Edge.NAN: "×", Edge.HIGH: "▲", Edge.LOW: "▼", Edge.ZERO: "▼"}
_LOSS = Judged.TRAIN_LOSS, Judged.TEST_LOSS
_ACCURACY = Judged.TRAIN_ACCURACY, Judged.TEST_ACCURACY
_NAMES = "training data", "held back"
_OF_JUDGED = (Tone.FORWARD, False), (Tone.BACKWARD, True)
"""The tone of a line, and whether it is dashed: on the data trained on, and on those held back."""
Numbers = NDArray[np.float64]
_NOTHING = Series.of(())


@dataclass(frozen=True)
class RunCurves:
    """The curves of a run, and what it is called.

    Parameters
    ----------
    name : str
        What tells it from the others.
    curves : CurvesOf
        Its curves.
    other : ndarray of bool or None
        Whether each loss is of other samples than the one before; ``None`` where all are of the same.
    """

    name: str
    curves: CurvesOf
    other: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Drawing:
    """What is chosen about the picture: a logarithmic axis for the loss, and how many losses make a mean."""

    logarithmic: bool = False
    smoothed: int = SMOOTHED


def curves_picture(runs: Sequence[RunCurves], title: str, drawing: Drawing = Drawing()) -> Picture:
    """Return the curves of runs as a picture, that of the last one in colours.

    Parameters
    ----------
    runs : sequence of RunCurves
        At least one, the current one last.
    title : str
        What stands above.
    drawing : Drawing
        What is chosen about it.
    """
    width, height = SIZE
    plots = [_losses(runs, drawing), *([_accuracy(runs)] if _has_accuracy(runs) else [])]
    whole = Rect(0, 0, width, height).inset(1.5 * _EM, _EM)
    head = Rect(whole.x, whole.y, whole.width, 2 * _EM)
    elements: list[Element] = [Text(head, title, 1.25, align=Align.LEFT, bold=True)]
    iterations = _iterations(plots)
    rows = max(len(plot.legend) for plot in plots)
    gap = 2 * _EM
    each = (whole.width - gap * (len(plots) - 1)) / len(plots)
    below = head.bottom + 0.5 * _EM
    for number, plot in enumerate(plots):
        room = Rect(whole.x + number * (each + gap), below, each, whole.bottom - below)
        elements += _Arranged(plot, room, iterations, rows).elements()
    return Picture(width, height, _EM, tuple(elements))


def has_curves(runs: Sequence[RunCurves]) -> bool:
    """Tell whether there is anything to draw."""
    return any(len(run.curves.losses) or any(map(len, run.curves.judged.values())) for run in runs)


@dataclass(frozen=True)
class _Line:
    """A line of a plot: its points, how it looks, and what the legend says of it."""

    curve: LossCurve
    tone: Tone
    name: str
    dashed: bool = False
    width: float = 2.5
    label: str = ""
    dots: bool = False
    """Whether each number is a dot of its own where no line joins it."""


@dataclass(frozen=True)
class _Plot:
    """What a plot shows: lines over the iterations, on one axis of numbers."""

    title: str
    lines: Sequence[_Line]
    range: tuple[float, float]
    ticks: Callable[[float, float, int], Ticks]
    height_of: Callable[[Numbers], Numbers] = field(default=lambda numbers: numbers)
    """Where numbers stand on the axis: they themselves, or their logarithms."""

    @property
    def legend(self) -> Sequence[tuple[_Line | None, str]]:
        """What is said of each line, and of the marks at the edge."""
        said: list[tuple[_Line | None, str]] = [
            (line, f"{line.label}: {line.name}" if line.label else line.name) for line in self.lines
        ]
        kinds = dict.fromkeys(edge for line in self.lines for _, edge in line.curve.edges)
        marks = " ".join(f"{_SIGNS[edge]} is {edge.value}." for edge in kinds)
        return [*said, (None, marks)] if marks else said


@dataclass(frozen=True)
class _Arranged:
    """A plot in a rectangle; ``iterations`` are the ends of its axis, and ``rows`` those that its legend may take."""

    plot: _Plot
    room: Rect
    iterations: tuple[float, float]
    rows: int

    def elements(self) -> Iterator[Element]:
        """Yield the title, the axes, the lines, and the legend below."""
        room = self.room
        yield Text(Rect(room.x, room.y, room.width, 1.6 * _EM), self.plot.title, 1.0, align=Align.LEFT, bold=True)
        yield from self._axes()
        for line in self.plot.lines:
            yield from self._line(line)
        start = self._box.x
        for number, (one, said) in enumerate(self.plot.legend):
            y = room.bottom + (number - self.rows + 0.5) * _ROW
            if one is not None:
                yield Stroke(((start, y), (start + 2.2 * _EM, y)), one.tone, one.width, one.dashed)
            words = Rect(start + 3 * _EM, y - 0.5 * _ROW, room.right - start - 3 * _EM, _ROW)
            yield Text(words, said, 0.9, align=Align.LEFT)

    @property
    def _box(self) -> Rect:
        """Where the lines are."""
        room, top = self.room, self.room.y + 2.4 * _EM
        foot = 3.2 * _EM + self.rows * _ROW
        return Rect(room.x + _LEFT, top, room.width - _LEFT - 0.5 * _EM, room.bottom - top - foot)

    def _axes(self) -> Iterator[Element]:
        box, (low, high) = self._box, self.plot.range
        for place, text in self.plot.ticks(low, high, _MOST_TICKS[1]):
            y = self._y(np.array([place]))[0]
            yield Stroke(((box.x, y), (box.right, y)), Tone.FAINT, 1.0)
            words = Rect(box.x - _LEFT, y - 0.7 * _EM, _LEFT - 0.5 * _EM, 1.4 * _EM)
            yield Text(words, text, 0.85, Tone.MUTED, Align.RIGHT)
        for place, text in ticks(*self.iterations, _MOST_TICKS[0], 1.0):
            (x,) = self._x(np.array([place]))
            yield Stroke(((x, box.bottom), (x, box.bottom + 0.3 * _EM)), Tone.MUTED, 1.0)
            yield Text(Rect(x - 3 * _EM, box.bottom + 0.35 * _EM, 6 * _EM, 1.3 * _EM), text, 0.85, Tone.MUTED)
        yield Stroke(((box.x, box.y), (box.x, box.bottom), (box.right, box.bottom)), Tone.MUTED, 1.2)
        yield Text(Rect(box.x, box.bottom + 1.6 * _EM, box.width, 1.3 * _EM), "iteration", 0.85, Tone.MUTED)

    def _line(self, line: _Line) -> Iterator[Element]:
        curve, box, height_of = line.curve, self._box, self.plot.height_of
        x, y, mean = self._x(curve.x), self._y(height_of(curve.y)), self._y(height_of(curve.mean))
        yield from (_stroke(line, x[piece], y[piece]) for piece in _pieces(curve.joined))
        if line.dots:
            yield from _dots(line, x, y)
        yield from (_stroke(line, x[piece], mean[piece]) for piece in _pieces(curve.smoothed))
        if line.label and len(x):
            middle = len(x) // 2
            words = Rect(float(x[middle]) - _EM, float(y[middle]) - 1.5 * _EM, 2 * _EM, 1.4 * _EM)
            yield Text(words, line.label, 0.85, Tone.MUTED)
        for iteration, edge in curve.edges:
            (at,) = self._x(np.array([float(iteration)]))
            height = box.bottom - 1.4 * _EM if edge in (Edge.LOW, Edge.ZERO) else box.y
            yield Text(Rect(float(at) - _EM, height, 2 * _EM, 1.4 * _EM), _SIGNS[edge], 0.9, Tone.WARNING)

    def _x(self, numbers: Numbers) -> Numbers:
        (low, high), box = self.iterations, self._box
        room = _SIDE * box.width
        return box.x + room + (numbers - low) / (high - low) * (box.width - 2 * room)

    def _y(self, places: Numbers) -> Numbers:
        (low, high), box = self.plot.range, self._box
        return box.bottom - (places - low) / (high - low) * box.height


def _iterations(plots: Sequence[_Plot]) -> tuple[float, float]:
    """Return the first and the last iteration of all plots."""
    curves = [line.curve for plot in plots for line in plot.lines]
    drawn = [curve.x[[0, -1]] for curve in curves if len(curve.x)]
    marked = [np.array([at for at, _ in curve.edges], float) for curve in curves]
    every = np.concatenate([*drawn, *marked])
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 0.0)
    return low, max(high, low + _FEWEST_ITERATIONS)


def _dots(line: _Line, x: Numbers, y: Numbers) -> Iterator[Dot]:
    """Yield the numbers that no line joins; where their mean is a line, small and pale."""
    joined = line.curve.joined
    alone = ~(joined | np.append(False, joined[:-1])[: len(joined)])
    radius, tone = (1.6, Tone.MUTED) if line.curve.smoothed.any() else (3.0, line.tone)
    for at in np.flatnonzero(alone):
        yield Dot((float(x[at]), float(y[at])), radius, tone)


def _losses(runs: Sequence[RunCurves], drawing: Drawing) -> _Plot:
    logarithmic, *earlier, current = drawing.logarithmic, *runs
    lines = []
    for number, run in enumerate(earlier, 1):
        mean = _curve(run.curves.losses, np.ones(len(run.curves.losses), bool), drawing)
        shown = _curve(Series(mean.x.astype(np.int64), mean.mean), None, drawing)
        lines.append(_Line(shown, Tone.MUTED, run.name, width=1.5, label=f"{number}"))
    losses = _curve(current.curves.losses, current.other, drawing)
    name = f"loss of each batch, {current.name}" if earlier else "loss of each batch"
    if losses.smoothed.any():
        name += f"; the line is the mean of up to {drawing.smoothed}"
    lines.append(_Line(losses, Tone.LOSS, name, dots=True))
    lines += _judged(current.curves.judged, _LOSS, drawing)
    numbers = [float(n) for line in lines for n in line.curve.y]
    if logarithmic:
        return _Plot("Loss", lines, log_range_of(numbers), log_ticks, np.log10)
    return _Plot("Loss", lines, range_of(numbers), ticks)


def _accuracy(runs: Sequence[RunCurves]) -> _Plot:
    *earlier, current = runs
    drawing, lines = Drawing(), []
    for number, run in enumerate(earlier, 1):
        found = next((run.curves.judged[kind] for kind in reversed(_ACCURACY) if run.curves.judged.get(kind)), _NOTHING)
        if len(found):
            shown = _curve(found, None, drawing)
            lines.append(_Line(shown, Tone.MUTED, run.name, width=1.5, label=f"{number}"))
    lines += _judged(current.curves.judged, _ACCURACY, drawing)
    return _Plot("Accuracy", lines, (0.0, 1.0), percent_ticks)


def _judged(judged: Mapping[Judged, Series], kinds: Sequence[Judged], drawing: Drawing) -> Iterator[_Line]:
    for kind, name, (tone, dashed) in zip(kinds, _NAMES, _OF_JUDGED, strict=True):
        series = judged.get(kind, _NOTHING)
        if len(series):
            yield _Line(_curve(series, None, drawing), tone, name, dashed, dots=len(series) < SMOOTHED)


def _has_accuracy(runs: Sequence[RunCurves]) -> bool:
    return any(len(run.curves.judged.get(kind, _NOTHING)) for run in runs for kind in _ACCURACY)


def _curve(series: Series, other: NDArray[np.bool_] | None, drawing: Drawing) -> LossCurve:
    flags = np.zeros(len(series), bool) if other is None else other
    return loss_curve(series, flags, logarithmic=drawing.logarithmic, smoothed=drawing.smoothed)


def _pieces(joined: NDArray[np.bool_]) -> Iterator[slice]:
    """Yield the runs of points that lines join."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], joined, [False]]).astype(int)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield slice(int(start), int(end) + 1)


def _stroke(line: _Line, x: NDArray[np.float64], y: NDArray[np.float64]) -> Stroke:
    return Stroke(tuple(zip(x.tolist(), y.tolist(), strict=True)), line.tone, line.width, line.dashed)
