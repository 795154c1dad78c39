"""Places in a run: the cells that stand for a whole step are spread over its maps, in raster order."""

import math

import pytest

from core.presets import open_preset
from core.program import Program
from viz_app.frame.walking import walk_inside


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
