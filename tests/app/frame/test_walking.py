"""Places in a run: the cells that stand for a whole step are spread over its maps, in raster order."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.presets import PRESETS, open_preset
from core.program import Program
from core.run.trace import Cursor
from viz_app.frame.walking import cell_count, is_end, move, move_layer, walk_inside

KERNEL = open_preset("conv-kernel").program


@pytest.fixture(scope="module")
def program() -> Program:
    return open_preset("conv-digits", batch_size=2).program


@pytest.mark.parametrize("most", [1, 2, 7, 16, 64, 200, 10**6])
@pytest.mark.parametrize("key", ["sum_1", "pool_2", "net_6", "loss", "losses", "grad_w_1"])
def test_at_most_so_many_cells_in_raster_order(program: Program, key: str, most: int) -> None:
    step = program.producers[key]
    cells = [cursor.cell for cursor in walk_inside(program, step.number, most)]
    assert 1 <= len(cells) <= most
    assert cells == sorted(set(cells))  # type: ignore[type-var]
    assert all(cell is not None and 0 <= cell < max(math.prod(step.output.shape), 1) for cell in cells)


def test_every_cell_where_there_are_no_more(program: Program) -> None:
    count = math.prod(program.producers["sum_6"].output.shape)
    cells = [cursor.cell for cursor in walk_inside(program, program.producers["sum_6"].number, count)]
    assert cells == list(range(count))


def test_a_window_goes_through_whole_rows_and_not_along_the_diagonal() -> None:
    kernel = open_preset("conv-kernel").program
    places = [divmod(cursor.cell or 0, 64) for cursor in walk_inside(kernel, 0, 64)]
    assert len({row for row, _ in places}) == 8
    assert len({column for _, column in places}) == 8
    assert places[-1] == (63, 63)


@pytest.mark.parametrize("name", PRESETS)
def test_every_move_on_shows_something_new_or_is_the_last(name: str) -> None:
    program = open_preset(name).program
    for cursor in (Cursor(0, step) for step in range(len(program.steps))):
        after = move(program, cursor, 1)
        assert (after.step, after.cell) != (cursor.step, cursor.cell)
        assert after.iteration == 0 or len(program.steps) > 1
        assert not is_end(program, cursor)
        assert move(program, after, -1) == cursor


@pytest.mark.parametrize("name", ["conv-kernel", "rgb-kernel-2x2x3"])
@pytest.mark.parametrize("go", [move, move_layer])
def test_a_walk_through_the_only_operation_ends_at_its_last_cell(name: str, go: Callable[..., Cursor]) -> None:
    program = open_preset(name).program
    last = Cursor(0, 0, cell_count(program, Cursor()) - 1)
    seen = [Cursor()]
    while not is_end(program, seen[-1]):
        seen.append(go(program, seen[-1], 1))
    assert seen[-1] == last
    assert len(set(seen)) == len(seen)
    assert go(program, last, 1) == last
    assert go(program, Cursor(), -1) == Cursor()


@given(start=st.integers(-1, 4095), count=st.integers(-5000, 5000))
def test_many_moves_at_once_lead_where_as_many_single_ones_do(start: int, count: int) -> None:
    program = KERNEL
    cursor = Cursor(0, 0, None if start < 0 else start)
    end = min(max(start + count, -1), 4095)
    assert move(program, cursor, count) == Cursor(0, 0, None if end < 0 else end)
