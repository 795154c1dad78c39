"""Grids: every cell is drawn once, and the place of a cell leads back to it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz_app.picture.grid import Grid, line_as_image, montage, slice_of, tile_layout, whole

GRIDS = [
    whole(()),
    whole((5,)),
    whole((3, 4)),
    whole((3, 4), flip=True),
    slice_of((2, 3, 4), (1,)),
    slice_of((2, 2, 3, 4), (1, 0), flip=True),
    line_as_image((5, 12), 0, 2, (3, 4)),
    line_as_image((12, 5), 1, 3, (4, 3)),
    montage((2, 8, 3, 4), (1,)),
    montage((7, 2, 3), ()),
    Grid((4, 3, 2, 2), (None, 1, None, None), tiles=(2, 2)),
    Grid((2, 3, 4), (1, None, None), spread=(2, 3)),
]


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_the_picture_shows_the_cell_that_its_index_names(grid: Grid) -> None:
    array = np.arange(float(np.prod(grid.shape))).reshape(grid.shape)
    picture = grid.picture(array)
    assert picture.shape == grid.size
    for row in range(grid.size[0]):
        for column in range(grid.size[1]):
            index = grid.index_at(row, column)
            assert (index is None) == (grid.gaps is not None and bool(grid.gaps[row, column]))
            if index is None:
                continue
            assert picture[row, column] == array[index]
            assert grid.places(np.array([index]).reshape(1, len(index))).tolist() == [[row, column]]


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_outside_the_picture_there_is_no_cell(grid: Grid) -> None:
    rows, columns = grid.size
    for row, column in ((-1, 0), (0, -1), (rows, 0), (0, columns)):
        assert grid.index_at(row, column) is None


def test_cells_of_another_slice_have_no_place() -> None:
    assert not len(slice_of((2, 3, 4), (1,)).places(np.array([[0, 1, 1]])))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=20))
def test_boxes_cover_exactly_the_cells(cells: list[tuple[int, int]]) -> None:
    covered = [
        (row, column)
        for top, left, rows, columns in whole((5, 6)).boxes(np.array(cells))
        for row in range(top, top + rows)
        for column in range(left, left + columns)
    ]
    assert sorted(covered) == sorted(set(cells))


def test_a_filled_rectangle_is_one_box() -> None:
    assert whole((5, 6)).boxes(np.array([[1, 2], [1, 3], [2, 2], [2, 3]])) == ((1, 2, 2, 2),)


@pytest.mark.parametrize(("count", "layout"), [(1, (1, 1)), (7, (1, 7)), (8, (2, 4)), (16, (4, 4)), (64, (8, 8))])
def test_tiles_are_as_square_as_their_number_allows(count: int, layout: tuple[int, int]) -> None:
    assert tile_layout(count) == layout
