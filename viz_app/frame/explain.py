"""Explain a cell: where its number came from, what it reaches, and which cells are marked for it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.ops.base import Indices, Terms
from core.ops.losses import Loss
from core.ops.softmax import Softmax, SoftmaxGradient
from core.ops.windows.convolution_base import Convolution
from core.ops.windows.pooling_base import Pooling
from core.program import Step
from core.values import AxisKind, Index, Shape, Value
from viz_app.frame.views import MapView, Mark, Marks, ViewOptions, Views
from viz_app.frame.words.live import live_numbers
from viz_app.frame.words.source import source_of


@dataclass(frozen=True)
class Focus:
    """The focused cell: under the mouse, clicked, or reached by walking inside.

    ``reach`` asks which cells of the current step it reaches, instead of where it came from.
    """

    key: str
    index: Index
    reach: bool = False


@dataclass(frozen=True, eq=False)
class CellDetail:
    """What the inspector tells of one cell.

    ``origin`` is the step that made it (``None`` for data and parameters), ``source`` that step as NumPy,
    ``terms`` how the cell was made; ``reached`` counts, for each step that reads it, the output cells that it reaches.
    """

    focus: Focus
    view: MapView
    number: float | None
    origin: Step | None
    terms: Terms | None
    term_names: tuple[str, ...]
    live: str
    source: str
    reached: tuple[tuple[Step, int], ...]
    covered: bool = False
    """Whether a quiz covers the cell: it has a number, which is not told."""

    @property
    def marks(self) -> Marks:
        """The mark of the cell itself."""
        return ((Mark.SELECTED, _one(self.focus.index)),)

    @property
    def hidden(self) -> bool:
        """Whether a mask has hidden the cell."""
        return self.number is not None and self.view.hides(self.focus.index)


@dataclass(frozen=True, eq=False)
class Explained:
    """The output cell of the current step whose making is drawn, and its terms."""

    index: Index
    terms: Terms
    covered: bool = False
    """Whether a quiz covers the cell: then no picture tells its number, nor what its terms make."""


def detail_of(views: Views, focus: Focus) -> CellDetail | None:
    """Return what the inspector tells of a cell; nothing where there is no such cell."""
    value = views.program.values.get(focus.key)
    if value is None or not _is_inside(focus.index, value.shape):
        return None
    view = views.view(value)
    origin = views.program.producers.get(value.key)
    reached = tuple((step, _count_reached(step, focus)) for step in views.program.consumers[value.key])
    source = source_of(views.program, origin, views.options.notation) if origin else ""
    if view.array is None or not view.known(focus.index):
        return CellDetail(focus, view, None, origin, None, (), "", source, reached)
    terms = origin.op.terms(focus.index, *views.arrays(origin)) if origin else None
    names = tuple(views.name(value) for value in origin.inputs) if origin else ()
    number = float(view.array[focus.index])
    live = live_numbers(view.name, focus.index, origin, terms, number, names)
    return CellDetail(focus, view, number, origin, terms, names, live, source, reached)


def _is_inside(index: Index, shape: Shape) -> bool:
    return len(index) == len(shape) and all(0 <= i < size for i, size in zip(index, shape, strict=True))


def _count_reached(step: Step, focus: Focus) -> int:
    """Return how many output cells of a step a cell reaches: as every input that it is a cell of."""
    inputs = [i for i, value in enumerate(step.inputs) if value.key == focus.key]
    return sum(len(_reach(step, i, focus.index)) for i in inputs)


def _reach(step: Step, i: int, index: Index) -> Indices:
    return step.op.reach(i, index, *(value.shape for value in step.inputs))


def marks_of(
    views: Views, step: Step, detail: CellDetail | None, anchor: Index | None, explained: "Explained | None"
) -> dict[str, Marks]:
    """Return which cells of a step's operands and result are highlighted, by value."""
    if detail is None:
        return {}
    focus = detail.focus
    marks: defaultdict[str, Marks] = defaultdict(tuple)
    marks[focus.key] = ((Mark.SELECTED, _one(focus.index)),)
    if focus.key == step.output.key:
        for cells in detail.terms.involved if detail.terms else ():
            mark = Mark.FIRST if cells.input == 0 else Mark.SECOND
            marks[step.inputs[cells.input].key] += ((mark, cells.indices),)
        return marks
    for i, value in enumerate(step.inputs):
        if value.key == focus.key and focus.reach:
            marks[step.output.key] += ((Mark.REACHED, _reach(step, i, focus.index)),)
        elif value.key == focus.key:
            for key, indices in _partners(views, step, i, detail, anchor, explained):
                marks[key] += ((Mark.PARTNER, indices),)
    return marks


def _partners(
    views: Views, step: Step, i: int, detail: CellDetail, anchor: Index | None, explained: "Explained | None"
) -> Iterator[tuple[str, Indices]]:
    """Yield what a focused cell of operand ``i`` is combined with where it meets the output cell that is shown.

    Of a product that is the pixel that a weight multiplies, and the other way round.
    """
    index, output = detail.focus.index, step.output
    reached = _reach(step, i, index)
    if len(step.inputs) < 2 or not len(reached):
        return
    if explained is not None and (reached == np.array(explained.index, np.intp)).all(axis=1).any():
        terms = explained.terms
    else:
        shown = anchor or (*chosen_lead(output.shape, views.options, detail), *_first_cell(views, output.shape))
        nearest = np.abs(reached - np.array(shown, np.intp)).sum(axis=1).argmin()
        with np.errstate(all="ignore"):  # what is not finite is told where it stands
            terms = step.op.terms(tuple(reached[nearest].tolist()), *views.arrays(step))
    mine = next((cells for cells in terms.cells if cells.input == i), None)
    if mine is None or not terms.paired:
        return
    here = (mine.indices == index).all(axis=1)
    for cells in terms.cells:
        if cells is not mine and here.any():
            yield step.inputs[cells.input].key, cells.indices[here]


def _first_cell(views: Views, shape: Shape) -> Index:
    """Return the first cell of the chosen sample in a matrix."""
    return (0,) * len(shape) if len(shape) < 2 else (min(views.options.sample, shape[-2] - 1), 0)


def _one(index: Index) -> Indices:
    """Return a single cell as (1, ndim)."""
    return np.array([index], dtype=np.intp).reshape(1, len(index))


def anchor_of(step: Step, *focused: Focus | None) -> Index | None:
    """Return the first output cell of a step among the focused cells."""
    output = step.output
    mine = (one.index for one in focused if one and one.key == output.key)
    return next((index for index in mine if _is_inside(index, output.shape)), None)


def explained_of(views: Views, step: Step, detail: CellDetail | None, anchor: Index | None) -> Explained | None:
    """Return the output cell that the picture of a step explains; nothing where it explains only one that is chosen.

    It is the one that is focused, kept or walked to; where an input cell is focused, one that this reaches; else the
    one of its kind of operation.
    """
    index = _index_explained(views, step, detail) if anchor is None else anchor
    if index is None:
        return None
    if detail and detail.terms and (detail.focus.key, detail.focus.index) == (step.output.key, index):
        return Explained(index, detail.terms)
    return Explained(index, step.op.terms(index, *views.arrays(step)))


def _index_explained(views: Views, step: Step, detail: CellDetail | None) -> Index | None:
    choose = next((choose for kind, choose in _BY_DEFAULT.items() if isinstance(step.op, kind)), None)
    if choose is None:
        return None
    default = choose(views, step.output, detail)
    inputs = [value.key for value in step.inputs]
    if detail is None or detail.focus.key not in inputs:
        return default
    return _nearest(_reach(step, inputs.index(detail.focus.key), detail.focus.index), default)


def home_of(views: Views, step: Step, detail: CellDetail | None, kept: Focus | None, walked: Focus | None) -> Explained:
    """Return the output cell that stays in sight, whatever the mouse is on: kept, walked to, or the first one.

    It is one of the matrix that is shown: that of the cell under the mouse, where this is of another one.
    """
    index = anchor_of(step, kept, walked)
    if index is None:
        choose = next((choose for kind, choose in _BY_DEFAULT.items() if isinstance(step.op, kind)), _first)
        index = choose(views, step.output, detail)
        inputs = [value.key for value in step.inputs]
        if kept and kept.key in inputs and _is_inside(kept.index, step.inputs[inputs.index(kept.key)].shape):
            index = _nearest(_reach(step, inputs.index(kept.key), kept.index), index)
    hovered = anchor_of(step, detail.focus if detail else None)
    if hovered is not None and hovered[:-2] != index[:-2]:
        index = hovered
    with np.errstate(all="ignore"):
        return Explained(index, step.op.terms(index, *views.arrays(step)))


def _first(views: Views, value: Value, detail: CellDetail | None) -> Index:
    """Return the first cell of the chosen sample."""
    if len(value.shape) != 2 or value.axis(0).kind is not AxisKind.SAMPLE:
        lead = chosen_lead(value.shape, views.options, detail)
        return (*lead, *(0,) * (len(value.shape) - len(lead)))
    return (min(views.options.sample, value.shape[0] - 1), 0)


def _nearest(reached: Indices, default: Index) -> Index:
    """Return a cell of those that are reached: in the first matrix the one at the default's place, else the middle."""
    if not len(reached):
        return default
    lead = reached[0, :-2]
    near = (*lead.tolist(), *default[-2:])
    if (reached == near).all(axis=1).any():
        return near
    same = reached[(reached[:, :-2] == lead).all(axis=1)]
    return tuple(same[len(same) // 2].tolist())


def _middle(views: Views, value: Value, detail: CellDetail | None) -> Index:
    """Return the cell in the middle of the first map: of the chosen sample, or of the first filter."""
    count, _, rows, columns = value.shape
    first = 0 if value.axis(0).kind is AxisKind.FILTER else min(views.options.sample, count - 1)
    return (first, 0, rows // 2, columns // 2)


def _first_of_row(views: Views, value: Value, detail: CellDetail | None) -> Index:
    """Return the first cell of the chosen sample; of a sequence, that of the last token: it attends to all others."""
    rows = value.shape[-2]
    row = min(views.options.sample, rows - 1) if len(value.shape) == 2 else rows - 1
    return (*chosen_lead(value.shape, views.options, detail), row, 0)


_BY_DEFAULT: Mapping[type, Callable[[Views, Value, CellDetail | None], Index]] = {
    Convolution: _middle,
    Pooling: _middle,
    Softmax: _first_of_row,
    SoftmaxGradient: _first_of_row,
    Loss: _first_of_row,
}
"""Which cell the picture of an operation explains while none is chosen; the other kinds explain none then."""


def chosen_lead(shape: Shape, options: ViewOptions, detail: CellDetail | None) -> Index:
    """Return which matrix of a stack is shown: that of a focused cell of the same batch, else of the chosen sample."""
    count = max(len(shape) - 2, 0)
    lead: Index = (options.sample, options.channel, *(0,) * count)
    if detail and detail.view.shape[:count] == shape[:count]:
        lead = detail.focus.index
    return tuple(min(i, size - 1) for i, size in zip(lead[:count], shape, strict=False))
