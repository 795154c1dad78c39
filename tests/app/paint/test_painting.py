import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator

from tests.app.paint.pictures import colors_in, map_of, painted, view_of
from viz_app.frame.frame import Mark
from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.painting import paint
from viz_app.paint.text import fitted, font
from viz_app.paint.theme import DARK, LIGHT, THEMES, Theme
from viz_app.picture.elements import Align, Dot, Element, Formula, Legend, Panel, Picture, Rect, Stroke, Text, Tone

pytestmark = pytest.mark.usefixtures("qapp")
THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
ROOM = Rect(20, 20, 160, 160)


@THEME
def test_not_computed_is_hatched_and_zero_is_not(theme: Theme) -> None:
    zeros = np.zeros((8, 8), np.float32)
    hatched = colors_in(painted(map_of(view_of(zeros, known=False), ROOM, compact=True), theme=theme), ROOM)
    zero = colors_in(painted(map_of(view_of(zeros), ROOM, compact=True), theme=theme), ROOM)
    assert theme.hatch in hatched
    assert len(hatched) > 2
    assert zero == {theme.maps[MapKind.DIVERGING][3]}
    assert not hatched & zero


def test_inside_an_operation_only_what_is_computed_is_shown() -> None:
    ones = np.ones((4, 4), np.float32)
    image = painted(map_of(view_of(ones, computed=6), ROOM, compact=True))
    strong = LIGHT.maps[MapKind.DIVERGING][-1]
    cells = [colors_in(image, Rect(25 + column * 40, 25 + row * 40, 30, 30)) for row in range(4) for column in range(4)]
    assert cells[:6] == [{strong}] * 6
    assert all(LIGHT.hatch in cell and strong not in cell for cell in cells[6:])


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_a_bad_cell_is_seen_however_small_it_is(ratio: float) -> None:
    array = np.zeros((900, 900), np.float32)
    array[450, 450] = np.nan
    image = painted(map_of(view_of(array), ROOM, compact=True), ratio=ratio)
    bad = [(x, y) for x in range(image.width()) for y in range(image.height())
           if image.pixelColor(x, y).name() == LIGHT.nan]  # fmt: skip
    assert len(bad) >= 12 * ratio**2
    assert np.allclose(np.mean(bad, axis=0), 100 * ratio, atol=2 * ratio)


@THEME
@pytest.mark.parametrize(
    ("mark", "tone"),
    [
        (Mark.FIRST, Tone.FIRST),
        (Mark.SECOND, Tone.SECOND),
        (Mark.SELECTED, Tone.SELECTED),
        (Mark.REACHED, Tone.REACHED),
        (Mark.PARTNER, Tone.SELECTED),
    ],
)
@pytest.mark.parametrize("kind", MapKind)
@pytest.mark.parametrize("number", [-1.0, 0.0, 1.0])
def test_a_lit_cell_has_an_outline_on_every_color(
    theme: Theme, mark: Mark, tone: Tone, kind: MapKind, number: float
) -> None:
    view = view_of(np.full((4, 4), number), levels=Levels(kind, -1, 1), marks=[(mark, [(1, 1)])])
    colors = colors_in(painted(map_of(view, ROOM), theme=theme), Rect(56, 56, 48, 48))
    assert {theme.tones[tone], theme.base} <= colors


def test_a_lit_row_thinner_than_a_pixel_is_still_outlined() -> None:
    array = np.zeros((900, 900), np.float32)
    view = view_of(array, marks=[(Mark.FIRST, [(450, column) for column in range(900)])])
    image = painted(map_of(view, ROOM))
    column = [image.pixelColor(100, y).name() for y in range(200)]
    assert column.count(LIGHT.tones[Tone.FIRST]) == 4


def test_numbers_are_written_where_they_fit_and_only_there() -> None:
    view = view_of(np.full((4, 4), 0.05), levels=Levels(MapKind.DIVERGING, -1, 1))
    large = colors_in(painted(map_of(view, ROOM)), Rect(62, 62, 36, 36))
    small = colors_in(painted(map_of(view, ROOM.inset(50))), ROOM.inset(52))
    assert LIGHT.ink_dark in large
    assert LIGHT.ink_dark not in small


def test_the_numbers_of_a_thumbnail_are_not_written() -> None:
    array = np.full((4, 4), 0.25)
    assert len(colors_in(painted(map_of(view_of(array), ROOM, compact=True)), ROOM)) == 1


@pytest.mark.parametrize("width", [400, 120, 60])
def test_text_is_made_smaller_until_it_fits(width: int) -> None:
    line, size = fitted("a line of text of some length", width, 20)
    assert QFontMetricsF(font(size)).horizontalAdvance(line) <= width + 1
    assert line == "a line of text of some length" or size == 9


@pytest.mark.parametrize("width", [40, 60, 300])
@pytest.mark.parametrize("end", [1.0, 2.5, 2e-7, 50000.0])
def test_the_numbers_of_a_legend_stay_within_it(width: int, end: float) -> None:
    legend = Legend(Rect(100, 40, width, 30), Levels(MapKind.DIVERGING, -end, end))
    image = painted(legend, size=(500, 100))
    outside = [Rect(0, 0, 99, 100), Rect(101 + width, 0, 399 - width, 100), Rect(0, 71, 500, 29)]
    assert all(colors_in(image, part) == {LIGHT.base} for part in outside)
    ends = [Rect(100, 50, width / 2, 20), Rect(100 + width / 2, 50, width / 2, 20)]
    assert all(len(colors_in(image, part)) > 1 for part in ends)


@pytest.mark.parametrize(
    "element",
    [
        Text(ROOM, "text", 2, Tone.ACCENT),
        Text(ROOM, "a paragraph of several words", 2, Tone.ACCENT, Align.LEFT, bold=True, wrap=True),
        Formula(ROOM, r"\frac{a}{b}", 2, Tone.ACCENT),
        Formula(ROOM, r"\frac{a", 2, Tone.ACCENT),
        Stroke(((30, 30), (150, 150)), Tone.ACCENT, 3, arrow=True),
        Stroke(((30, 100), (150, 100)), Tone.ACCENT, 3, dashed=True),
        Dot((100, 100), 10, Tone.ACCENT),
        Panel(ROOM, Tone.ACCENT),
        Panel(ROOM, Tone.SURFACE, outline=Tone.ACCENT),
    ],
    ids=lambda element: type(element).__name__,
)
@THEME
def test_every_element_is_painted_in_its_tone_inside_its_rectangle(element: Element, theme: Theme) -> None:
    image = painted(element, theme=theme)
    assert theme.tones[Tone.ACCENT] in colors_in(image, ROOM)
    assert colors_in(image, Rect(0, 0, 200, 18)) == {theme.base}


def test_a_wide_formula_is_made_smaller() -> None:
    tex = "+".join(["x"] * 40)
    image = painted(Formula(Rect(50, 50, 100, 30), tex, 2))
    assert colors_in(image, Rect(0, 0, 48, 200)) == {LIGHT.base}
    assert len(colors_in(image, Rect(50, 50, 100, 30))) > 2


def test_formulas_stay_vectors_in_a_file_that_can_hold_them() -> None:
    generator, buffer = QSvgGenerator(), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator.setOutputDevice(buffer)
    with QPainter(generator) as painter:
        paint(painter, Picture(200, 200, 14, (Formula(ROOM, "x_1", 2),)), DARK)
    written = bytes(buffer.data().data()).decode()
    assert "<path" in written
    assert "<image" not in written


def test_the_visible_part_looks_as_in_the_whole() -> None:
    array = np.random.default_rng(0).normal(size=(9, 9))
    elements = (map_of(view_of(array), ROOM), Text(Rect(0, 185, 200, 15), "below"))
    whole_image = painted(*elements)
    image = painted()
    with QPainter(image) as painter:
        paint(painter, Picture(200, 200, 14, elements), LIGHT, Rect(0, 0, 200, 100))
    assert image.copy(0, 0, 200, 100) == whole_image.copy(0, 0, 200, 100)
    assert colors_in(image, Rect(0, 185, 200, 15)) == {QColor(LIGHT.base).name()}
