"""The numbers of rows and columns that stay at the edge of a magnified view."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from core.values import Axis, AxisKind, Value
from tests.app.paint.pictures import view_of
from tests.app.paint.written import Written, written
from viz_app.frame.frame import MapView, Mark
from viz_app.paint.rulers import paint_rulers
from viz_app.paint.text import font
from viz_app.paint.theme import LIGHT
from viz_app.picture.elements import Heatmap, Picture, Rect
from viz_app.picture.grid import Grid, montage, whole
from viz_app.widgets.pictures.view import View, fitted

pytestmark = pytest.mark.usefixtures("qapp")
WIDTH, HEIGHT = 400, 300
MAP = Rect(40, 50, 320, 200)


def rulers(heatmap: Heatmap, view: View) -> list[Written]:
    picture = Picture(WIDTH, HEIGHT, 14, (heatmap,))

    def place(rect: Rect) -> Rect:
        left, top = view.to_widget(rect.x, rect.y)
        return Rect(left, top, rect.width * view.scale, rect.height * view.scale)

    room = Rect(0, 0, WIDTH, HEIGHT)
    return written(lambda painter: paint_rulers(painter, picture, LIGHT, place, room, 14))


def magnified(zoom: float, x: float, y: float) -> View:
    return fitted((WIDTH, HEIGHT), (WIDTH, HEIGHT)).magnified(zoom, x, y)


def middle(one: Written) -> tuple[float, float]:
    """Return the middle of a piece of text."""
    return one.x + one.width() / 2, one.y - QFontMetricsF(font(round(one.size))).capHeight() / 2


def split(found: list[Written]) -> tuple[list[Written], list[Written]]:
    """Return the labels of rows, which stand below each other, and those of columns, on one line."""
    line = min((one.y for one in found), default=0)
    return [one for one in found if one.y > line + 1], [one for one in found if one.y <= line + 1]


def cell_at(view: View, grid: Grid, x: float, y: float) -> tuple[int, int]:
    left, top = view.to_picture(x, y)
    rows, columns = grid.size
    return int((top - MAP.y) / MAP.height * rows), int((left - MAP.x) / MAP.width * columns)


@pytest.mark.parametrize("shape", [(8, 10), (64, 32), (300, 400)])
@pytest.mark.parametrize("zoom", [1.25, 2.0, 4.0, 9.0, 30.0])
@pytest.mark.parametrize("at", [(0.15, 0.25), (0.5, 0.5), (0.9, 0.8)])
def test_every_number_stands_at_its_row_or_column_and_within_the_view(
    shape: tuple[int, int], zoom: float, at: tuple[float, float]
) -> None:
    grid, view = whole(shape), magnified(zoom, at[0] * WIDTH, at[1] * HEIGHT)
    found = rulers(Heatmap(MAP, view_of(np.zeros(shape)), grid), view)
    corners = [*view.to_widget(MAP.x, MAP.y), *view.to_widget(MAP.right, MAP.bottom)]
    if corners[0] >= 0 and corners[1] >= 0 and corners[2] <= WIDTH and corners[3] <= HEIGHT:
        assert not found
        return
    rows, columns = split(found)
    assert rows
    assert columns
    for one in found:
        x, y = middle(one)
        cell = 1 if one in columns else 0
        near = [cell_at(view, grid, x + by, y + by)[cell] for by in (-1, 0, 1)]
        assert min(near) <= int(one.text) <= max(near)
        assert one.x >= -0.5
        assert one.x + one.width() <= WIDTH + 0.5
        assert 0 <= y <= HEIGHT
    for before, after in pairwise(sorted(columns, key=lambda one: one.x)):
        assert before.x + before.width() < after.x
    for before, after in pairwise(sorted(rows, key=lambda one: one.y)):
        assert after.y - before.y >= before.size


def test_the_numbers_stay_at_the_edge_while_the_view_moves() -> None:
    heatmap = Heatmap(MAP, view_of(np.zeros((64, 32))), whole((64, 32)))
    one, other = (split(rulers(heatmap, magnified(6, x, 150))) for x in (150, 250))
    assert {row.x + row.width() for row in one[0]} == {row.x + row.width() for row in other[0]}
    assert {column.y for column in one[1]} == {column.y for column in other[1]}
    assert [column.text for column in one[1]] != [column.text for column in other[1]]


def test_a_map_that_is_seen_whole_needs_no_numbers() -> None:
    heatmap = Heatmap(Rect(180, 130, 40, 40), view_of(np.zeros((4, 4))), whole((4, 4)))
    assert rulers(heatmap, magnified(3, 200, 150)) == []
    assert rulers(Heatmap(MAP, view_of(np.zeros((4, 4))), whole((4, 4)), compact=True), magnified(3, 200, 150)) == []


def test_the_row_and_the_column_of_the_selected_cell_are_always_told() -> None:
    view = view_of(np.zeros((300, 400)), marks=[(Mark.SELECTED, [(151, 203)])])
    rows, columns = split(rulers(Heatmap(MAP, view, whole((300, 400))), magnified(3, 200, 150)))
    assert "151" in [row.text for row in rows]
    assert "203" in [column.text for column in columns]


def test_columns_with_names_are_called_by_them() -> None:
    names = ("red", "green", "blue", "yellow")
    value = Value("p", (6, 4), axes=(Axis(AxisKind.SAMPLE), Axis(AxisKind.CLASS, names)))
    made = view_of(np.zeros((6, 4)))
    view = MapView(value, "p", "p", made.array, made.levels)
    rows, columns = split(rulers(Heatmap(MAP, view, whole((6, 4))), magnified(2, 200, 150)))
    assert {column.text for column in columns} <= set(names)
    assert len(columns) >= 2
    assert {row.text for row in rows} <= set("012345")


def test_tiles_are_counted_each_by_itself_and_gaps_not_at_all() -> None:
    grid = montage((1, 4, 5, 6), (0,))
    assert [grid.number_at(0, row) for row in range(10)] == [0, 1, 2, 3, 4] * 2
    assert [grid.number_at(1, column) for column in range(12)] == [0, 1, 2, 3, 4, 5] * 2
    spread = Grid((1, 1, 3, 3), (0, 0, None, None), spread=(2, 3))
    assert [spread.number_at(0, row) for row in range(5)] == [0, None, 1, None, 2]
    assert [spread.number_at(1, column) for column in range(7)] == [0, None, None, 1, None, None, 2]
