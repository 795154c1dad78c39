"""Explain a cell: where its number came from, what it reaches, and which cells are marked for it."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from core.ops.base import Indices, Terms
from core.program import Step
from core.values import Index, Shape
from viz_app.frame.live import live_numbers
from viz_app.frame.views import MapView, Mark, Marks, Views


@dataclass(frozen=True)
class Focus:
    """The cell that is looked at: under the mouse, clicked, or reached by walking inside.

    ``reach`` asks which cells of the current step it reaches, instead of where it came from.
    """

    key: str
    index: Index
    reach: bool = False


@dataclass(frozen=True, eq=False)
class CellDetail:
    """What the inspector tells of one cell.

    ``origin`` is the step that made it (``None`` for data and parameters), ``terms`` how; ``reached`` counts, for each
    step that reads it, the output cells that it reaches.
    """

    focus: Focus
    view: MapView
    number: float | None
    origin: Step | None
    terms: Terms | None
    term_names: tuple[str, ...]
    live: str
    reached: tuple[tuple[Step, int], ...]

    @property
    def hidden(self) -> bool:
        """Whether a mask has hidden the cell."""
        return self.number is not None and self.view.hides(self.focus.index)


def detail_of(views: Views, focus: Focus) -> CellDetail | None:
    """Return what the inspector tells of a cell; nothing where there is no such cell."""
    value = views.program.values.get(focus.key)
    if value is None or not _is_inside(focus.index, value.shape):
        return None
    view = views.view(value)
    origin = views.program.producers.get(value.key)
    reached = tuple((step, _count_reached(step, focus)) for step in views.program.consumers[value.key])
    if view.array is None or not view.known(focus.index):
        return CellDetail(focus, view, None, origin, None, (), "", reached)
    terms = origin.op.terms(focus.index, *views.arrays(origin)) if origin else None
    names = tuple(views.name(value) for value in origin.inputs) if origin else ()
    number = float(view.array[focus.index])
    live = live_numbers(view.name, focus.index, origin, terms, number, names)
    return CellDetail(focus, view, number, origin, terms, names, live, reached)


def _is_inside(index: Index, shape: Shape) -> bool:
    return len(index) == len(shape) and all(0 <= i < size for i, size in zip(index, shape, strict=True))


def _count_reached(step: Step, focus: Focus) -> int:
    """Return how many output cells of a step a cell reaches: as every input that it is a cell of."""
    inputs = [i for i, value in enumerate(step.inputs) if value.key == focus.key]
    return sum(len(_reach(step, i, focus.index)) for i in inputs)


def _reach(step: Step, i: int, index: Index) -> Indices:
    return step.op.reach(i, index, *(value.shape for value in step.inputs))


def marks_of(step: Step, detail: CellDetail | None) -> dict[str, Marks]:
    """Return which cells are lit in a step's operands and result, by value."""
    if detail is None:
        return {}
    focus = detail.focus
    marks: defaultdict[str, Marks] = defaultdict(tuple)
    marks[focus.key] = ((Mark.SELECTED, _one(focus.index)),)
    if focus.key == step.output.key:
        for cells in detail.terms.cells if detail.terms else ():
            mark = Mark.FIRST if cells.input == 0 else Mark.SECOND
            marks[step.inputs[cells.input].key] += ((mark, cells.indices),)
    elif focus.reach:
        for i, value in enumerate(step.inputs):
            if value.key == focus.key:
                marks[step.output.key] += ((Mark.REACHED, _reach(step, i, focus.index)),)
    return marks


def _one(index: Index) -> Indices:
    """Return a single cell as (1, ndim)."""
    return np.array([index], dtype=np.intp).reshape(1, len(index))


def anchor_of(step: Step, *focused: Focus | None) -> Index | None:
    """Return the first output cell of a step among those that are looked at."""
    output = step.output
    mine = (one.index for one in focused if one and one.key == output.key)
    return next((index for index in mine if _is_inside(index, output.shape)), None)
