"""Marks around cells: seen on every colour, and never over a neighbour."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.app.paint.pictures import colors_in, map_of, painted, view_of
from viz_app.frame.frame import Mark
from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.theme import LIGHT, THEMES, Theme
from viz_app.picture.elements import Rect, Tone

pytestmark = pytest.mark.usefixtures("qapp")
ARRAY = np.random.default_rng(1).normal(size=(4, 5))


def pixels(image: QImage) -> np.ndarray:
    flat = np.frombuffer(image.constBits(), np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()


@pytest.mark.parametrize("mark", Mark)
@pytest.mark.parametrize("ratio", [1, 1.5])
@pytest.mark.parametrize("side", [8, 17, 30, 44.6])
@pytest.mark.parametrize("block", [[(1, 2)], [(1, 1), (1, 2), (1, 3)], [(0, 0)], [(3, 4)]], ids=str)
def test_the_mark_around_cells_never_covers_their_neighbours(
    mark: Mark, ratio: float, side: float, block: list[tuple[int, int]]
) -> None:
    room = Rect(6, 6, 5 * side, 4 * side)
    size = (int(5 * side) + 12, int(4 * side) + 12)
    plain, marked = (
        pixels(painted(map_of(view_of(ARRAY, marks=marks), room), size=size, ratio=ratio))
        for marks in ([], [(mark, block)])
    )
    rows, columns = np.nonzero(plain != marked)
    (top, left), (bottom, right) = np.min(block, axis=0), np.max(block, axis=0) + 1
    assert len(rows)
    assert rows.min() >= round((6 + top * side) * ratio) - 1
    assert rows.max() < round((6 + bottom * side) * ratio) + 1
    assert columns.min() >= round((6 + left * side) * ratio) - 1
    assert columns.max() < round((6 + right * side) * ratio) + 1
    inside = (
        plain[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        == marked[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    )
    assert inside.any(), "the colour of the cell is still seen"


@pytest.mark.parametrize("width", [30, 44, 60])
def test_the_mark_around_a_cell_leaves_its_number_whole(width: int) -> None:
    array = np.full((1, 3), -0.4444)
    levels = Levels(MapKind.DIVERGING, -100, 100)
    room = Rect(6, 6, 3 * width, 40)
    plain, marked = (
        painted(map_of(view_of(array, levels=levels, marks=marks), room), size=(3 * width + 12, 52))
        for marks in ([], [(Mark.SELECTED, [(0, 1)])])
    )
    ground = plain.pixelColor(6 + width + 4, 10)
    room = ((x, y) for x in range(8 + width, 4 + 2 * width) for y in range(16, 36))
    ink = [at for at in room if plain.pixelColor(*at) != ground]
    assert ink
    assert all(marked.pixelColor(*at) == plain.pixelColor(*at) for at in ink)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_marks_stay_seen_on_cells_too_thin_for_them(theme: Theme) -> None:
    array = np.zeros((400, 400), np.float32)
    for mark, tone in ((Mark.FIRST, Tone.FIRST), (Mark.SELECTED, Tone.SELECTED)):
        view = view_of(array, marks=[(mark, [(200, 200)])])
        colors = colors_in(painted(map_of(view, Rect(20, 20, 160, 160)), theme=theme), Rect(80, 80, 40, 40))
        assert {theme.tones[tone], theme.base} <= colors


def test_the_base_is_beside_the_line() -> None:
    view = view_of(np.ones((2, 2)), marks=[(Mark.FIRST, [(0, 0)])])
    image = painted(map_of(view, Rect(20, 20, 160, 160)))
    across = [image.pixelColor(x, 60).name() for x in range(20, 26)]
    assert across == [LIGHT.tones[Tone.FIRST]] * 2 + [LIGHT.base] + across[3:]
