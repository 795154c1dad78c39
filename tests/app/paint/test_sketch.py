"""Objects are painted as they look."""

import pytest
from PySide6.QtGui import QColor, QImage

from core.data.objects import COLOURS, LOOKS, SHAPES, Look
from tests.app.paint.pictures import painted
from viz_app.paint.theme import THEMES, Theme
from viz_app.picture.elements import Rect, Sketch

pytestmark = pytest.mark.usefixtures("qapp")
HUES = {"red": range(350, 371), "green": range(100, 160), "blue": range(200, 240), "yellow": range(40, 60)}


def sketch(look: Look, theme: Theme) -> QImage:
    return painted(Sketch(Rect(20, 20, 160, 160), look), theme=theme)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("shape", [*SHAPES, None])
@pytest.mark.parametrize("colour", COLOURS)
def test_an_object_has_its_colour_in_the_middle_and_stays_inside(theme: Theme, shape: str | None, colour: str) -> None:
    image = sketch(Look(shape, colour), theme)
    hue = image.pixelColor(100, 100).hue()
    assert {hue, hue + 360} & set(HUES[colour])
    edge = [(x, y) for x in range(200) for y in range(200) if not (18 <= x < 182 and 18 <= y < 182)]
    assert {image.pixelColor(*at).name() for at in edge} == {QColor(theme.base).name()}


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_the_shapes_differ_and_what_has_no_colour_is_an_outline(theme: Theme) -> None:
    images = [sketch(LOOKS[f"{shape}?"], theme) for shape in SHAPES]
    assert all(image.pixelColor(100, 100) == QColor(theme.base) for image in images)
    assert all(one != other for i, one in enumerate(images) for other in images[:i])
    filled = [sketch(LOOKS[f"red {shape}"], theme) for shape in SHAPES]
    assert all(one != other for i, one in enumerate(filled) for other in filled[:i])
