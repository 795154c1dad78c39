import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.presets import open_preset
from core.run.trace import Cursor
from tests.app.paint.pictures import map_of, view_of
from viz_app.frame.frame import Mark, resolve
from viz_app.paint.difference import MARGIN, difference
from viz_app.paint.theme import DARK
from viz_app.picture.elements import Element, Picture, Rect, Text
from viz_app.picture.network import arrange_network
from viz_app.picture.stages import arrange
from viz_app.widgets.pictures.canvas import Canvas

ROOM, BELOW = Rect(100, 100, 200, 150), Rect(10, 270, 200, 20)
ARRAY = np.arange(12.0).reshape(3, 4)
MAP = map_of(view_of(ARRAY), ROOM)
MOST_DIFFERING = 0.0005
"""Clipped, Qt may put the border between two cells a pixel elsewhere."""


def differing(one: QImage, other: QImage) -> float:
    """Return the share of the pixels that differ."""
    pixels = [
        np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32)
        for image in (one, other)
    ]
    return float((pixels[0] != pixels[1]).mean())


def picture(*elements: Element, width: float = 400) -> Picture:
    return Picture(width, 300, 14, elements)


def test_what_looks_the_same_does_not_differ() -> None:
    again = map_of(view_of(ARRAY), ROOM)
    assert difference(picture(MAP, Text(BELOW, "a")), picture(again, Text(BELOW, "a"))) == ()


@pytest.mark.parametrize(
    "other",
    [
        map_of(view_of(ARRAY.copy()), ROOM),
        map_of(view_of(ARRAY, computed=3), ROOM),
        map_of(view_of(ARRAY, known=False), ROOM),
        map_of(view_of(ARRAY, marks=[(Mark.FIRST, [(0, 0)])]), ROOM),
        map_of(view_of(ARRAY), ROOM, compact=True),
    ],
)
def test_a_map_with_other_cells_or_marks_differs(other: Element) -> None:
    assert difference(picture(MAP), picture(other)) == (ROOM.inset(-MARGIN),)
    assert difference(picture(other), picture(MAP)) == (ROOM.inset(-MARGIN),)


def test_what_moves_differs_where_it_was_and_where_it_is() -> None:
    moved = BELOW.moved(50, 0)
    parts = difference(picture(MAP, Text(BELOW, "a")), picture(MAP, Text(moved, "a")))
    assert parts == (BELOW.inset(-MARGIN), moved.inset(-MARGIN))


@pytest.mark.parametrize("other", [picture(MAP, width=401), picture(MAP, MAP), picture()])
def test_pictures_made_another_way_differ_everywhere(other: Picture) -> None:
    assert difference(picture(MAP), other) is None


def test_many_differences_are_a_difference_everywhere() -> None:
    before, after = ([Text(Rect(0, y, 50, 2), text) for y in range(100)] for text in "ab")
    assert difference(picture(*before), picture(*after)) is None


@pytest.mark.parametrize("prefetched", [False, True])
@pytest.mark.parametrize("zoom", [1.0, 2.7])
@pytest.mark.parametrize("what", ["stage", "network"])
def test_painting_the_difference_looks_like_painting_everything(
    qtbot: QtBot, what: str, zoom: float, prefetched: bool
) -> None:
    trace = open_preset("digits", batch_size=2).trace()
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.set_theme(DARK)
    places = [Cursor(0, 3, 0), Cursor(0, 3, 1), *(Cursor(0, step) for step in range(3, 25)), Cursor(1, 0)]
    for place in places:
        frame = resolve(trace, place)
        shown = arrange(frame, 700, 500, 13) if what == "stage" else arrange_network(frame, 270, 13)
        if prefetched:
            canvas.prefetch_picture(shown)
        canvas.show_picture(shown)
        if not canvas.isVisible():
            canvas.resize(round(shown.width), round(shown.height))
            with qtbot.waitExposed(canvas):
                canvas.show()
            canvas.zoom_by(zoom)
        QApplication.processEvents()
        seen = canvas.screen().grabWindow(canvas.winId())
        canvas.show_picture(Picture(shown.width, shown.height, shown.em, shown.elements))  # not the prefetched one
        whole = canvas.grab()
        assert differing(seen.toImage(), whole.toImage()) < MOST_DIFFERING, f"{what} at {place}"


def test_a_prefetched_picture_looks_the_same(qtbot: QtBot) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.grab()
    canvas.show_picture(picture(MAP))
    prefetched = picture(MAP, Text(BELOW, "new"))
    canvas.prefetch_picture(prefetched)
    before = canvas.grab().toImage()
    canvas.show_picture(prefetched)
    shown = canvas.grab().toImage()
    canvas.show_picture(picture(*prefetched.elements))
    assert shown == canvas.grab().toImage()
    assert shown != before


def test_a_prefetched_picture_is_not_shown_in_another_theme_or_size(qtbot: QtBot) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.grab()
    prefetched = picture(MAP)
    canvas.prefetch_picture(prefetched)
    canvas.show_picture(prefetched)
    canvas.set_theme(DARK)
    assert canvas.grab().toImage().pixelColor(5, 5).name() == DARK.base
    canvas.resize(500, 300)
    assert canvas.grab().toImage().pixelColor(495, 5).name() == DARK.base
