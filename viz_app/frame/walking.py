"""Say where each move through a run leads. Pure: from a program and a place to a place."""

import math
from dataclasses import replace
from enum import StrEnum

import numpy as np

from core.program import Program, Step
from core.run.trace import Cursor
from core.values import Index, Phase, Shape
from viz_app.frame.outline.stops import Outline, outline_of


class Move(StrEnum):
    """A move that is not possible everywhere."""

    BACK = "back"
    FIRST = "first"
    LAST = "last"
    ENTER = "enter"
    LEAVE = "leave"
    PREVIOUS_LAYER = "previous_layer"
    RESTART = "restart"


def possible(program: Program, cursor: Cursor, outline: Outline | None = None, *, out: bool = False) -> frozenset[Move]:
    """Return the moves that lead elsewhere; the next step and the next layer always do.

    Parameters
    ----------
    program : Program
        What is stepped through.
    cursor : Cursor
        The place.
    outline : Outline or None
        Where stepping halts; ``None`` is at every step.
    out : bool
        Whether there is a block around the step to come out of.
    """
    first = _outline(program, outline).stops[0].last
    inside, begun = cursor.cell is not None, cursor != Cursor(0, first)
    leads = {
        Move.BACK: begun,
        Move.FIRST: inside or cursor.step != first,
        Move.LAST: inside or cursor.step < len(program.steps) - 1,
        Move.ENTER: not inside,
        Move.LEAVE: inside or out,
        Move.PREVIOUS_LAYER: begun,
        Move.RESTART: begun,
    }
    return frozenset(move for move, elsewhere in leads.items() if elsewhere)


def cell_count(program: Program, cursor: Cursor) -> int:
    """Return how many output cells the step at the cursor has."""
    return math.prod(program.steps[cursor.step].output.shape)


def _outline(program: Program, outline: Outline | None) -> Outline:
    return outline_of(program) if outline is None else outline


def index_of(program: Program, cursor: Cursor) -> Index:
    """Return the output cell that a cursor inside a step is at."""
    shape = program.steps[cursor.step].output.shape
    return tuple(int(i) for i in np.unravel_index(cursor.cell or 0, shape)) if shape else ()


def move(program: Program, cursor: Cursor, count: int, outline: Outline | None = None) -> Cursor:
    """Return the place ``count`` moves on, or back where it is negative.

    Outside an operation a move is a step, or a block of them that is folded in the outline, across the borders of
    iterations; inside it is a cell in raster order, then out of the operation: past the last cell to the next step,
    before the first cell to the operation itself. Where there is but one operation a move goes into it, and ends at its
    last cell.
    """
    if is_alone(program):
        return _move_alone(program, cursor, count)
    if cursor.cell is not None:
        return _move_cells(program, cursor, count, outline)
    return Cursor(*_outline(program, outline).beyond(cursor.iteration, cursor.step, count)) if count else cursor


def move_layer(program: Program, cursor: Cursor, count: int, outline: Outline | None = None) -> Cursor:
    """Return the first step of the next (1) or the previous (-1) layer of a phase; inside, the next or previous row."""
    if cursor.cell is not None:
        shape = program.steps[cursor.step].output.shape
        row = shape[-1] if shape else 1
        target = cursor.cell + count * row
        if 0 <= target < cell_count(program, cursor):
            return replace(cursor, cell=target)
        if is_alone(program) and count > 0:
            return replace(cursor, cell=cell_count(program, cursor) - 1)
        return leave(cursor) if count < 0 else move(program, leave(cursor), 1, outline)
    if is_alone(program):
        return move(program, cursor, count)
    outline = _outline(program, outline)
    starts, here = outline.group_starts, outline.at(cursor.step)
    group = max(i for i, start in enumerate(starts) if start <= here)
    iteration, group = divmod(max(cursor.iteration * len(starts) + group + count, 0), len(starts))
    return Cursor(iteration, outline.stops[starts[group]].last)


def is_alone(program: Program) -> bool:
    """Tell whether a program is one operation that learns nothing: every iteration would show the same."""
    return len(program.steps) == 1 and not program.updates


def first(program: Program, iteration: int, outline: Outline | None = None) -> Cursor:
    """Return where stepping first halts in an iteration."""
    return Cursor(iteration, _outline(program, outline).stops[0].last)


def is_end(program: Program, cursor: Cursor) -> bool:
    """Tell whether no move leads on from here."""
    return move(program, cursor, 1) == cursor


def walk_inside(program: Program, step: int, most: int) -> list[Cursor]:
    """Return at most ``most`` cells of a step in raster order, evenly spread over the rows and columns of its maps."""
    shape = program.steps[step].output.shape
    rows, columns = (1, 1, *shape)[-2:]
    maps = cell_count(program, Cursor(0, step)) // (rows * columns)
    each = max(min(most, maps * rows * columns) // maps, 1)
    down = min(max(round(math.sqrt(each * rows / columns)), 1), rows, each)
    across = min(each // down, columns)
    down = min(each // across, rows)
    shown = _spread(maps, min(maps, most))
    places = [(row, column) for row in _spread(rows, down) for column in _spread(columns, across)]
    return [Cursor(0, step, (number * rows + row) * columns + column) for number in shown for row, column in places]


def _spread(size: int, count: int) -> list[int]:
    """Return ``count`` positions along an axis: the first, the last, and evenly between."""
    return [number * (size - 1) // max(count - 1, 1) for number in range(count)]


def enter(cursor: Cursor) -> Cursor:
    """Return the first cell of the step; a cursor inside stays."""
    return cursor if cursor.cell is not None else replace(cursor, cell=0)


def leave(cursor: Cursor) -> Cursor:
    """Return the step as a whole."""
    return replace(cursor, cell=None)


def carry(index: Index, old: Shape, new: Shape) -> Index:
    """Return the cell at the same place of a value that has another shape with as many axes.

    Along rows and columns the place is kept in proportion; along the axes before, the number is kept where there is it.
    """
    leading = [min(i, size - 1) for i, size in zip(index[:-2], new[:-2], strict=True)]
    area = zip(index[-2:], old[-2:], new[-2:], strict=True)
    return (*leading, *((2 * i + 1) * size // (2 * before) for i, before, size in area))


def group_starts(program: Program) -> tuple[int, ...]:
    """Return the first step of each run of steps that share a phase and a layer."""
    names = [group_of(step) for step in program.steps]
    return tuple(i for i, name in enumerate(names) if i == 0 or name != names[i - 1])


def group_of(step: Step) -> tuple[Phase, int | None]:
    """Return the phase and the layer that a step belongs to."""
    return step.phase, step.layer


def _move_alone(program: Program, cursor: Cursor, count: int) -> Cursor:
    target = (-1 if cursor.cell is None else cursor.cell) + count
    if target < 0:
        return leave(cursor)
    last = cell_count(program, cursor) - 1
    return replace(cursor, cell=min(target, last))


def _move_cells(program: Program, cursor: Cursor, count: int, outline: Outline | None) -> Cursor:
    assert cursor.cell is not None
    target = cursor.cell + count
    beyond = target - cell_count(program, cursor)
    if target < 0:
        return move(program, leave(cursor), target + 1, outline)
    if beyond >= 0:
        return move(program, leave(cursor), beyond + 1, outline)
    return replace(cursor, cell=target)
