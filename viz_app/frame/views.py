"""Show values as maps: the numbers that are computed, a name, colours, marks."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.notation import Notation, plain, symbol
from core.ops.base import Indices, show_shape
from core.ops.mask import CausalMask
from core.program import Step
from core.run.trace import Cursor, Trace
from core.run.visit import Visit
from core.values import Array, AxisKind, Index, Role, Shape, Value
from viz_app.frame.levels import Levels, levels_for
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.words.names import NO_NAMES, Names, TokenNames, token_names
from viz_app.frame.words.writing import Writing


class Mark(StrEnum):
    """Why a cell is highlighted."""

    SELECTED = "selected"
    FIRST = "first"
    SECOND = "second"
    REACHED = "reached"
    PARTNER = "partner"
    """It is combined with the selected one."""


Marks = tuple[tuple[Mark, Indices], ...]
"""The highlighted cells of one value, (K, ndim), each group with its reason."""


@dataclass(frozen=True)
class ViewOptions:
    """What a person chose to see, apart from the place in the run."""

    notation: Notation = Notation.NET_OUT
    sample: int = 0
    """The row of the batch that is shown where a picture has room for one."""
    channel: int = 0
    """The channel (for the gradient of an image: the filter) whose products are shown."""
    grey_images: bool = True
    """Whether images that are data are grey, and not in the colours of what is computed."""
    held: tuple[tuple[str, Levels], ...] = ()
    """The ends of the colours of values that are held, by key; those of others follow the numbers of the iteration."""
    folds: frozenset[str] | None = None
    """The blocks of steps that are folded to one; ``None`` where nobody has folded any."""
    hide_copies: bool = False
    """Whether steps that only move cells are passed over."""
    writing: Writing = Writing()
    """How numbers are written."""
    parts: frozenset[Part] = USUAL_PARTS
    """What stands in the picture of a step."""


@dataclass(frozen=True)
class Excerpt:
    """The part of a map that is drawn where there is no room for all of it.

    Parameters
    ----------
    cells : tuple of tuple of int
        The cells that are to be seen, the most important first; the other cells of the part are near the first.
    rows, columns : int
        How many rows and columns of the map there is room for.
    """

    cells: tuple[Index, ...]
    rows: int
    columns: int


@dataclass(frozen=True, eq=False)
class MapView:
    """A value as it is drawn: its numbers (the program's own array), name, colours and marks.

    ``computed`` is how many cells, in raster order, are known: all (``None``), or fewer while walking inside.
    ``hidden`` says which cells of the last two axes a mask has hidden: their numbers stand for nothing.
    ``covered`` says which cells a quiz covers: their numbers are not in the array.
    ``note`` is what its numbers are, where a person might take them for others: the network's own guess.
    ``excerpt`` is the part of it that is drawn; ``None`` is all of it.
    """

    value: Value
    tex: str
    name: str
    array: Array | None
    levels: Levels
    computed: int | None = None
    marks: Marks = ()
    tokens: TokenNames = NO_NAMES
    hidden: NDArray[np.bool_] | None = None
    note: str = ""
    excerpt: Excerpt | None = None
    covered: NDArray[np.bool_] | None = None

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
        return self.tokens.of(self.value.axis(axis), sample)

    def positions(self, index: Index) -> tuple[int | str, ...]:
        """Return the index of a cell, with names for numbers along axes whose positions all have names of their own."""
        sample = index[0] if len(index) > 2 else 0
        named = (self.names(axis, sample) for axis in range(len(index)))
        return tuple(
            names[i] if len(set(names)) == n else i for i, n, names in zip(index, self.shape, named, strict=True)
        )

    @property
    def of_filters(self) -> bool:
        """Whether the first axis is that of the filters of a kernel."""
        return bool(self.shape) and self.value.axis(0).kind is AxisKind.FILTER

    def hides(self, index: Index) -> bool:
        """Tell whether a mask has hidden a cell."""
        return self.hidden is not None and bool(self.hidden[index[-2:]])

    def covers(self, index: Index) -> bool:
        """Tell whether a quiz covers a cell."""
        return self.covered is not None and bool(self.covered[index])

    def known(self, index: Index) -> bool:
        """Tell whether a cell has been computed."""
        if self.array is None:
            return False
        return self.computed is None or int(np.ravel_multi_index(index, self.shape)) < self.computed


def _is_image(value: Value) -> bool:
    """Tell whether the numbers of a value are pixels."""
    return value.row_image is not None or {AxisKind.ROW, AxisKind.COLUMN} <= {axis.kind for axis in value.axes}


GUESS = "own guess"
"""What is noted of a target that the network has guessed."""
_NUMBERS = (Role.CONSTANT, Role.HYPERPARAMETER)
_PALE = 100.0
"""How far the end of a colour map is from a constant, in multiples of it."""


class Views:
    """Make map views of values at one cursor, and name them."""

    def __init__(self, trace: Trace, cursor: Cursor, options: ViewOptions) -> None:
        self.trace, self.cursor, self.options = trace, cursor, options
        self.program = trace.program
        self.output = trace.program.steps[cursor.step].output
        self.tokens = token_names(trace, cursor.iteration)
        self._guess = trace.guessed if isinstance(trace, Visit) else None
        self._arrays = trace.known(cursor.iteration)
        self._held = dict(options.held)

    def name(self, value: Value) -> str:
        """Return what a value is called in the chosen notation."""
        return plain(symbol(self.program, value, self.options.notation))

    def arrays(self, step: Step) -> list[Array]:
        """Return the numbers that a step reads; it has been executed."""
        return [self.trace.array(value.key, self.cursor.iteration) for value in step.inputs]

    def view(self, value: Value, marks: Marks = ()) -> MapView:
        """Return the map of a value, with marks."""
        tex = symbol(self.program, value, self.options.notation)
        known = self._known(value)
        array = self.trace.array(value.key, self.cursor.iteration) if known else None
        done = None if self.cursor.cell is None or value.key != self.output.key else self.cursor.cell + 1
        hidden = self._hidden(value) if known else None
        levels, note = self._levels(value, known), GUESS if value.key == self._guess else ""
        return MapView(value, tex, plain(tex), array, levels, done, marks, self.tokens, hidden, note)

    def shows(self, view: MapView, step: Step) -> bool:
        """Tell at little cost whether a map of another moment, at a step, is the map of its value now.

        Arrays of a trace are written once: the same array has the same levels. What either step makes, or is compared
        with, is made anew.
        """
        value, made = view.value, (step.output, self.output)
        if value.role in _NUMBERS or any(value.key in (output.key, output.subject) for output in made):
            return False
        array = self._arrays.get(value.key) if self._known(value) else None
        return view.array is array and view.tokens == self.tokens and bool(view.note) is (value.key == self._guess)

    def _known(self, value: Value) -> bool:
        return self.trace.made_at(value.key) <= self.cursor.step

    def _hidden(self, value: Value) -> NDArray[np.bool_] | None:
        """Return which scores a mask has hidden."""
        producer = self.program.producers.get(value.key)
        return producer.op.hidden(*(given.shape for given in producer.inputs)) if producer else None

    def _levels(self, value: Value, known: bool) -> Levels:
        image = self.options.grey_images and value.role is Role.INPUT and _is_image(value)
        if value.key in self._held:
            return self._held[value.key]
        if not known:
            return levels_for(value.range, 0, 0, image=image)
        if value.role in _NUMBERS:  # compared with nothing: it stays pale
            return levels_for(value.range, 0, _PALE * abs(self._number(value)))
        low, high = self.trace.bounds(self._before_mask(value).key, self.cursor.iteration)
        for other in self._same_colours(value):
            ends = self.trace.bounds(other, self.cursor.iteration)
            low, high = min(low, ends[0]), max(high, ends[1])
        return levels_for(value.range, low, high, image=image)

    def _number(self, value: Value) -> float:
        """Return a constant or a hyper-parameter as a person wrote it, and not as the run rounds it."""
        if value.role is Role.CONSTANT:
            return self.program.constants[value]
        return self.trace.run.hyperparameters(self.cursor.iteration)[value.key]

    def _before_mask(self, value: Value) -> Value:
        """Return the value whose numbers the colours are for: what a mask leaves looks as it did before."""
        producer = self.program.producers.get(value.key)
        return producer.inputs[0] if producer and isinstance(producer.op, CausalMask) else value

    def _same_colours(self, value: Value) -> tuple[str, ...]:
        """Return the values that a value is compared with: a parameter before and after its update."""
        if value.role is Role.UPDATED and value.subject:
            return (value.subject,)
        updates = self.output.role is Role.UPDATED and self.output.subject == value.key
        return (self.output.key,) if updates else ()


def held_levels(trace: Trace, iteration: int, options: ViewOptions) -> tuple[tuple[str, Levels], ...]:
    """Return the ends of the colours of all that an iteration computes, to be held in others; it is executed."""
    last = Cursor(iteration, len(trace.program.steps) - 1)
    trace.run_to(last)
    views = Views(trace, last, replace(options, held=()))
    values = (value for value in trace.program.values.values() if value.role not in (*_NUMBERS, Role.INPUT))
    return tuple((value.key, views.view(value).levels) for value in values)
