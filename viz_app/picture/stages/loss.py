"""Draw a loss: output, target, what each output adds, and the mean over the batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from core.ops.base import Op, show_shape
from core.ops.losses import AbsoluteError, BinaryCrossEntropy, CrossEntropy, HuberError, Loss, SquaredError
from core.values import Range
from viz_app.frame.frame import Frame
from viz_app.frame.views import MapView
from viz_app.frame.words.numbers import number
from viz_app.picture.elements import Align, Dot, Element, Formula, Heatmap, Legend, Panel, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid
from viz_app.picture.stages.equation import equation
from viz_app.picture.stages.figures import (
    LABEL,
    LABEL_WIDTH,
    WIDEST,
    fit,
    made_up,
    matrix_of,
    name_of,
    strip_thickness,
    told,
)
from viz_app.picture.stages.labels import column_names
from viz_app.picture.typeset import fitting

OPS = (CrossEntropy, BinaryCrossEntropy, SquaredError, AbsoluteError, HuberError)

_AROUND = 4.6
"""The height of what stands above and below the rows, in em."""
_NAMES = 1.4
"""The least height between two rows: that of the names of their columns, in em."""
_EDGE = 0.5
"""What a dot on the right edge of the curve takes beside it, in em."""


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield one sample's row in detail, the loss of every sample, and the curve that the loss follows.

    Where the row has no room, all rows stand there as maps.
    """
    side = min(0.3 * box.width, box.height - 6 * em, 24 * em)
    chart = Rect(box.right - side - _EDGE * em, box.center[1] - side / 2, side, side)
    rest = Rect(box.x, box.y, box.width - side - (3.5 + _EDGE) * em, box.height)
    if box.height < _row_sizes(box, em)[2]:
        yield from _maps(frame, rest, em)
    else:
        column = (LABEL_WIDTH + 1) * em
        left = Rect(rest.x, rest.y, rest.width - column, rest.height)
        yield from _row(frame, left, em)
        yield from _losses(frame, Rect(left.right, box.y, column, box.height), em)
    yield from _curve(frame, chart, em)


def _in_order(frame: Frame) -> tuple[MapView, MapView]:
    """Return outputs and targets as they stand in the formula."""
    out, y = frame.operands
    return (y, out) if isinstance(frame.step.op, CrossEntropy | BinaryCrossEntropy) else (out, y)


def _maps(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield all rows of outputs and targets, and the loss of each; what a cell is made of stands below."""
    views = [replace(view, excerpt=None) for view in (*_in_order(frame), frame.result)]
    yield from equation([(view, matrix_of(frame, view)) for view in views], (",", r"\to"), box, em)


def _row_sizes(box: Rect, em: float) -> tuple[float, float, float]:
    """Return the height of each strip of the row in detail, what is between two, and the height of all, in pixels."""
    height = strip_thickness(box, 4, em) * em
    least, usual = max(LABEL * em - height, _NAMES * em), max(LABEL * em - height, 0) + 1.6 * em
    gap = min(max((box.height - 3 * height - _AROUND * em) / 2, least), usual)
    return height, gap, 3 * height + 2 * gap + _AROUND * em


def _row(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    out = frame.operands[0]
    assert frame.explained is not None
    (*place, _), terms = frame.explained.index, frame.explained.terms
    added = made_up(
        "added",
        _WRITTEN[type(frame.step.op)].added,
        terms.contributions.reshape(1, -1),
        Range.NON_NEGATIVE,
        covered=frame.explained.covered,
    )
    count = out.shape[-1]
    side = (LABEL_WIDTH + 1.5) * em
    unit = min((box.width - side) / count, WIDEST * em)
    height, gap, total = _row_sizes(box, em)
    x = box.x + side + (box.width - side - count * unit) / 2
    top = box.center[1] - total / 2
    row = fitting(_place_texts(out, place), count * unit, 0.85 * em)
    yield Text(Rect(x, top, count * unit, 1.2 * em), row, 0.85, Tone.MUTED)
    top += 1.8 * em
    whole = Grid(out.shape, (*place, None))
    first, second = _in_order(frame)
    for view, grid in ((first, whole), (second, whole), (added, Grid(added.shape, (0, None)))):
        rect = Rect(x, top, count * unit, height)
        label = Rect(x - side, rect.center[1] - LABEL * em / 2, side - em, LABEL * em)
        yield from name_of(view, label, em, Align.RIGHT, shape=show_shape(grid.size))
        yield Heatmap(rect, view, grid)
        yield from column_names(view, grid, rect, em)
        top += height + gap
    text = f"sum = {told(terms.result, frame.explained)}"
    yield Text(Rect(x, top - gap + 0.6 * em, count * unit, 1.6 * em), text, 1.05, Tone.SELECTED, bold=True, result=True)


def _place_texts(out: MapView, place: list[int]) -> tuple[str, ...]:
    """Return what a row of outputs is of: a sample, or a token of one; and shorter forms of it."""
    sample, *token = place
    if not token:
        return f"sample {sample} of the batch", f"sample {sample}"
    names = out.names(1, sample)
    named = names[token[0]] if names else f"{token[0] + 1}"
    return f"after token {token[0] + 1}, {named}, of sample {sample}", f"after token {named}", named


@dataclass(frozen=True)
class _Written:
    """What a loss is told with: as TeX what one output adds, and its curve; in words what the curve is drawn over."""

    added: str
    curve: str
    over: str = "output minus target"


_OVER_PROBABILITY = "probability given to the target"
_GIVEN = r"-\ln p_j"
_SQUARE = r"\frac{1}{2}(\mathrm{out}_j - y_j)^2"
_ABSOLUTE = r"\left|\mathrm{out}_j - y_j\right|"
_HUBER = r"h(\mathrm{out}_j - y_j)"
_WRITTEN: Mapping[type[Op], _Written] = {
    CrossEntropy: _Written(r"-y_j \ln \mathrm{out}_j", r"-\ln \mathrm{out}_j", _OVER_PROBABILITY),
    BinaryCrossEntropy: _Written(_GIVEN, _GIVEN, f"p: {_OVER_PROBABILITY}"),
    SquaredError: _Written(_SQUARE, _SQUARE),
    AbsoluteError: _Written(_ABSOLUTE, _ABSOLUTE),
    HuberError: _Written(_HUBER, _HUBER),
}


def _losses(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    losses = frame.result
    assert frame.explained is not None
    stack = frame.explained.index[: len(losses.shape) - 2]
    grid = Grid(losses.shape, (*stack, None, None))
    rows = losses.shape[-2]
    units = fit(rows, 1, 4 * em, box.height - (LABEL + 5) * em, em)
    width, height = max(units.width, 4 * em), units.height * rows
    rect = box.centered(width, height).moved(0, 0.6 * em)
    yield from name_of(losses, Rect(box.x, rect.y - (LABEL + 0.3) * em, box.width, LABEL * em), em)
    yield Heatmap(rect, losses, grid)
    yield Legend(Rect(rect.center[0] - 3.5 * em, rect.bottom + 0.5 * em, 7 * em, 1.5 * em), losses.levels)


def _curve(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the loss of one output as a function of the output, with the sample's outputs on it."""
    if frame.curve is None:
        return
    op = frame.step.op
    entropy = isinstance(op, Loss) and op.of_probabilities
    xs, ys = frame.curve.xs, frame.curve.ys
    top = 5.0 if entropy else float(ys.max())
    low, high = 0.0 if entropy else float(xs[0]), float(xs[-1])

    def point(x: float, height: float) -> tuple[float, float]:
        across = (min(max(x, low), high) - low) / (high - low)
        return box.x + across * box.width, box.bottom - min(height, top) / top * box.height

    yield Panel(box, Tone.SURFACE, outline=Tone.FAINT)
    curve = tuple(point(float(x), float(h)) for x, h in zip(xs, ys, strict=True) if h <= top)
    yield Stroke(curve, Tone.ACCENT, 2.5)
    for x, height in frame.curve.points.tolist():
        yield Stroke((point(x, 0), point(x, height)), Tone.SELECTED, 1.5, dashed=True)
        yield Dot(point(x, height), 6, Tone.SELECTED)
    written = _WRITTEN[type(op)]
    over = f"{written.over}; d = {number(op.limit)}" if isinstance(op, HuberError) else written.over
    yield Formula(Rect(box.x, box.y - 2.6 * em, box.width, 2.4 * em), written.curve, 0.95, Tone.MUTED)
    yield Text(Rect(box.x, box.bottom + 1.4 * em, box.width, 1.2 * em), over, 0.85, Tone.MUTED)
    wide = min(4 * em, 0.5 * box.width)
    for x, align in ((low, Align.LEFT), (high, Align.RIGHT)):
        left = box.x if align is Align.LEFT else box.right - wide
        yield Text(Rect(left, box.bottom + 0.2 * em, wide, 1.1 * em), number(x, 2), 0.8, Tone.MUTED, align)
    yield Text(Rect(box.x - 3 * em, box.y, 2.6 * em, 1.1 * em), number(top, 2), 0.8, Tone.MUTED, Align.RIGHT)
