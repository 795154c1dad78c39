"""Resolve everything that one moment shows into a frozen Frame. Pure: no Qt, no state."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.notation import Notation, equation, plain, symbol
from core.ops.base import Terms, show_shape
from core.ops.mask import CausalMask
from core.program import LayerInfo, Program, Step
from core.run.trace import Cursor, Trace
from core.values import Array, Index, Phase, Role, Shape, Value
from viz_app.frame.captions import caption, title
from viz_app.frame.levels import Levels, levels_for
from viz_app.frame.live import live_numbers
from viz_app.frame.names import NO_NAMES, Names, TokenNames, token_names


class Mark(StrEnum):
    """Why a cell is lit."""

    SELECTED = "selected"
    FIRST = "first"
    SECOND = "second"
    REACHED = "reached"


@dataclass(frozen=True)
class Focus:
    """The cell that is looked at: under the mouse, clicked, or reached by walking inside.

    ``reach`` asks which cells of the current step it reaches, instead of where it came from.
    """

    key: str
    index: Index
    reach: bool = False


@dataclass(frozen=True)
class ViewOptions:
    """What a person chose to see, apart from the place in the run."""

    notation: Notation = Notation.NET_OUT
    sample: int = 0
    """The row of the batch that is shown where a picture has room for one."""
    channel: int = 0
    """The channel (for the gradient of an image: the filter) whose products are shown."""


@dataclass(frozen=True, eq=False)
class MapView:
    """A value as it is drawn: its numbers (the program's own array), name, colours and marks.

    ``computed`` is how many cells, in raster order, are known: all (``None``), or fewer while walking inside.
    ``hidden`` says which cells of the last two axes a mask has hidden: their numbers stand for nothing. ``of_batch``
    says whether the first axis is that of the samples, and not one of a parameter.
    """

    value: Value
    tex: str
    name: str
    array: Array | None
    levels: Levels
    computed: int | None = None
    marks: tuple[tuple[Mark, NDArray[np.intp]], ...] = ()
    tokens: TokenNames = NO_NAMES
    hidden: NDArray[np.bool_] | None = None
    of_batch: bool = True

    @property
    def key(self) -> str:
        """The value's name."""
        return self.value.key

    @property
    def shape(self) -> Shape:
        """The value's shape."""
        return self.value.shape

    @property
    def shape_text(self) -> str:
        """The shape as a person writes it."""
        return show_shape(self.value.shape)

    def names(self, axis: int, sample: int = 0) -> Names:
        """Return what the positions along an axis are called in a sample of the batch; nothing without names."""
        named = self.value.axis_names[axis] if self.value.axis_names else None
        return self.tokens.of(named, sample) if named else ()

    def hides(self, index: Index) -> bool:
        """Tell whether a mask has hidden a cell."""
        return self.hidden is not None and bool(self.hidden[index[-2:]])

    def known(self, index: Index) -> bool:
        """Tell whether a cell has been computed."""
        if self.array is None:
            return False
        return self.computed is None or int(np.ravel_multi_index(index, self.shape)) < self.computed


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


@dataclass(frozen=True, eq=False)
class LayerView:
    """A layer in the network panel: its name and the values that have a thumbnail."""

    number: int | None
    name: str
    maps: tuple[MapView, ...]


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything that one moment shows. It says what to draw, never how."""

    program: Program
    cursor: Cursor
    options: ViewOptions
    step: Step
    title: str
    caption: str
    equation: str
    equation_text: str
    source: str
    live: str
    operands: tuple[MapView, ...]
    result: MapView
    detail: CellDetail | None
    layers: tuple[LayerView, ...]
    losses: tuple[tuple[int, float], ...]
    warning: str | None
    broken: Step | None
    """The first step so far that made a NaN or an infinity."""
    anchor: Index | None
    """The output cell that is explained while another one is under the mouse: the one that is kept, or walked to."""

    @property
    def phase(self) -> Phase:
        """The phase of the current step."""
        return self.step.phase

    @property
    def inside(self) -> bool:
        """Whether the cursor walks the cells inside the step."""
        return self.cursor.cell is not None


def resolve(
    trace: Trace,
    cursor: Cursor,
    options: ViewOptions | None = None,
    focus: Focus | None = None,
    kept: Focus | None = None,
) -> Frame:
    """Return what is shown at a place of a run.

    Parameters
    ----------
    trace : Trace
        The run; its values up to the cursor are executed.
    cursor : Cursor
        The place.
    options : ViewOptions
        Notation and the like.
    focus : Focus or None
        The cell that is looked at; while walking inside it is the current cell unless another is given.
    kept : Focus or None
        The cell that was clicked, while the mouse is on another one.
    """
    options = options or ViewOptions()
    trace.run_to(cursor)
    step = trace.program.steps[cursor.step]
    cell = trace.cell(cursor)
    if focus is None and cell is not None:
        focus = Focus(step.output.key, cell)
    views = _Views(trace, cursor, options)
    detail = _detail(views, focus) if focus else None
    marks = _marks(views, step, focus, detail)
    names = [plain(symbol(trace.program, value, options.notation)) for value in step.inputs]
    return Frame(
        program=trace.program,
        cursor=cursor,
        options=options,
        step=step,
        title=title(trace.program, step),
        caption=caption(trace.program, step, names),
        equation=equation(trace.program, step, options.notation),
        equation_text=plain(equation(trace.program, step, options.notation)),
        source=f"{step.output.key} = {step.op.source(*(value.key for value in step.inputs))}",
        live=detail.live if detail else "",
        operands=tuple(views.view(value, marks.get(value.key, ())) for value in step.inputs),
        result=views.view(step.output, marks.get(step.output.key, ())),
        detail=detail,
        layers=_layers(views),
        losses=trace.losses(cursor),
        warning=_warning(trace, cursor),
        broken=trace.broken_step(cursor),
        anchor=_anchor(step, focus, kept) or cell,
    )


def _anchor(step: Step, *looked_at: Focus | None) -> Index | None:
    """Return the first output cell of a step among those that are looked at."""
    key, shape = step.output.key, step.output.shape
    return next((one.index for one in looked_at if one and one.key == key and _inside(one.index, shape)), None)


_PALE = 100.0
"""How far the end of a colour map is from a constant, in multiples of it."""


class _Views:
    """Make map views of values at one cursor."""

    def __init__(self, trace: Trace, cursor: Cursor, options: ViewOptions) -> None:
        self.trace, self.cursor, self.options = trace, cursor, options
        self.program = trace.program
        self.tokens = token_names(trace, cursor.iteration)

    def computed(self, value: Value) -> bool:
        producer = self.program.producers.get(value.key)
        return producer is None or producer.number <= self.cursor.step

    def view(self, value: Value, marks: Sequence[tuple[Mark, NDArray[np.intp]]] = ()) -> MapView:
        tex = symbol(self.program, value, self.options.notation)
        known = self.computed(value)
        array = self.trace.array(value.key, self.cursor.iteration) if known else None
        inside = value == self.program.steps[self.cursor.step].output and self.cursor.cell is not None
        done = None if self.cursor.cell is None or not inside else self.cursor.cell + 1
        hidden = self._hidden(value) if known else None
        levels, of_batch = self._levels(value, known), self._of_batch(value)
        return MapView(value, tex, plain(tex), array, levels, done, tuple(marks), self.tokens, hidden, of_batch)

    def _of_batch(self, value: Value) -> bool:
        about = self.program.values.get(value.subject or "", value)
        return not {value.role, about.role} & {Role.WEIGHT, Role.BIAS}

    def _hidden(self, value: Value) -> NDArray[np.bool_] | None:
        """Return which scores a mask has hidden; a mask that fills with 0 hides nothing: its zeros are meant."""
        producer = self.program.producers.get(value.key)
        masks = producer is not None and isinstance(producer.op, CausalMask) and producer.op.fill != 0
        return ~np.tri(value.shape[-1], dtype=bool) if masks else None

    def _levels(self, value: Value, known: bool) -> Levels:
        if not known:
            return levels_for(value.range, 0, 0)
        if value.role is Role.CONSTANT:  # compared with nothing: it stays pale
            return levels_for(value.range, 0, _PALE * abs(self.program.constants[value]))
        low, high = self.trace.bounds(self._before_mask(value).key, self.cursor.iteration)
        for other in self._same_colours(value):
            ends = self.trace.bounds(other, self.cursor.iteration)
            low, high = min(low, ends[0]), max(high, ends[1])
        return levels_for(value.range, low, high)

    def _before_mask(self, value: Value) -> Value:
        """Return the value whose numbers the colours are for: what a mask hides would outshine all others."""
        producer = self.program.producers.get(value.key)
        return producer.inputs[0] if producer and isinstance(producer.op, CausalMask) else value

    def _same_colours(self, value: Value) -> tuple[str, ...]:
        """Return the values that a value is compared with: a parameter before and after its update."""
        if value.role is Role.UPDATED and value.subject:
            return (value.subject,)
        output = self.program.steps[self.cursor.step].output
        return (output.key,) if output.role is Role.UPDATED and output.subject == value.key else ()


def _detail(views: _Views, focus: Focus) -> CellDetail | None:
    program = views.program
    value = program.values.get(focus.key)
    if value is None or not _inside(focus.index, value.shape):
        return None
    view = views.view(value)
    known = view.known(focus.index)
    origin = program.producers.get(value.key)
    terms: Terms | None = None
    names: tuple[str, ...] = ()
    live = ""
    if origin is not None and known:
        arrays = [views.trace.array(v.key, views.cursor.iteration) for v in origin.inputs]
        terms = origin.op.terms(focus.index, *arrays)
        names = tuple(plain(symbol(program, v, views.options.notation)) for v in origin.inputs)
    number = float(view.array[focus.index]) if known and view.array is not None else None
    if number is not None:
        live = live_numbers(view.name, focus.index, origin, terms, number, names)
    reached = tuple(
        (
            step,
            sum(
                len(step.op.reach(i, focus.index, *(v.shape for v in step.inputs)))
                for i, v in enumerate(step.inputs)
                if v == value
            ),
        )
        for step in program.consumers[value.key]
    )
    return CellDetail(focus, view, number, origin, terms, names, live, reached)


def _inside(index: Index, shape: Shape) -> bool:
    return len(index) == len(shape) and all(0 <= i < size for i, size in zip(index, shape, strict=True))


def _marks(
    views: _Views, step: Step, focus: Focus | None, detail: CellDetail | None
) -> dict[str, list[tuple[Mark, NDArray[np.intp]]]]:
    """Say which cells are lit, by value."""
    marks: dict[str, list[tuple[Mark, NDArray[np.intp]]]] = {}
    if focus is None or detail is None:
        return marks
    here = np.array([focus.index], dtype=np.intp).reshape(1, len(focus.index))
    marks[focus.key] = [(Mark.SELECTED, here)]
    if focus.key == step.output.key:
        if detail.terms:
            for cells in detail.terms.cells:
                mark = Mark.FIRST if cells.input == 0 else Mark.SECOND
                marks.setdefault(step.inputs[cells.input].key, []).append((mark, cells.indices))
    elif focus.reach:
        shapes = [value.shape for value in step.inputs]
        for i, value in enumerate(step.inputs):
            if value.key == focus.key:
                reached = step.op.reach(i, focus.index, *shapes)
                marks.setdefault(step.output.key, []).append((Mark.REACHED, reached))
    return marks


_THUMBNAILS = (Role.WEIGHT, Role.BIAS, Role.OUT, Role.DELTA)


def _layers(views: _Views) -> tuple[LayerView, ...]:
    """Return the layers with the values that have a thumbnail: data, parameters, activations, deltas."""
    program = views.program
    data = tuple(views.view(value) for value in program.inputs if value.role in (Role.INPUT, Role.TARGET))
    layers = [LayerView(None, "Data", data)] if data else []
    layers += [LayerView(layer.number, layer.name, _layer_maps(views, layer)) for layer in program.layers]
    if program.loss:
        layers.append(LayerView(None, "Loss", (views.view(program.values[program.loss]),)))
    return tuple(layers)


def _layer_maps(views: _Views, layer: LayerInfo) -> tuple[MapView, ...]:
    values = [value for value in views.program.values.values() if value.layer == layer.number]
    chosen = [value for role in _THUMBNAILS for value in values if value.role is role]
    if not any(value.role is Role.OUT for value in chosen):
        chosen = [value for value in values if value.role is Role.NET] + chosen
    return tuple(views.view(value) for value in chosen)


def _warning(trace: Trace, cursor: Cursor) -> str | None:
    broken = trace.broken_step(cursor)
    if broken is None:
        return None
    array = trace.array(broken.output.key, cursor.iteration)
    count = int((~np.isfinite(array)).sum())
    cells = "1 cell that is" if count == 1 else f"{count:,} cells that are"
    return (
        f"{broken.op.title} at step {broken.number} made {cells} not a finite number "
        f"in {plain(symbol(trace.program, broken.output))}: look there before you go on."
    )
