from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.app.paint.pictures import map_of, view_of
from viz_app.paint.theme import DARK, LIGHT
from viz_app.picture.elements import Panel, Picture, Rect
from viz_app.widgets.pictures.canvas import Canvas

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ARRAY = np.arange(12.0).reshape(3, 4)
PICTURE = Picture(
    400,
    300,
    14,
    (
        Panel(Rect(0, 0, 60, 40), key="layer"),
        map_of(view_of(ARRAY, key="a"), Rect(100, 100, 200, 150)),
        map_of(view_of(ARRAY, key="thumb"), Rect(320, 20, 60, 45), compact=True),
    ),
)


class Heard:
    """Everything that a canvas has said."""

    def __init__(self, canvas: Canvas) -> None:
        self.said: list[tuple[object, ...]] = []
        canvas.cell_hovered.connect(self.hovered)
        canvas.cell_clicked.connect(self.clicked)
        canvas.cell_opened.connect(self.opened)
        canvas.value_requested.connect(self.requested)

    def hovered(self, key: str, index: object) -> None:
        self.said.append(("hovered", key, index))

    def clicked(self, key: str, index: object, reach: bool) -> None:
        self.said.append(("clicked", key, index, reach))

    def opened(self, key: str, index: object) -> None:
        self.said.append(("opened", key, index))

    def requested(self, key: str) -> None:
        self.said.append(("requested", key))


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[Canvas]:
    canvas = Canvas("Stage")
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show_picture(PICTURE)
    with qtbot.waitExposed(canvas):
        canvas.show()
    yield canvas
    canvas.hide()


@pytest.fixture
def heard(canvas: Canvas) -> Heard:
    return Heard(canvas)


def place(canvas: Canvas, row: int, column: int) -> QPoint:
    """Return the middle of a cell of map ``a`` in the widget."""
    return QPoint(*(round(at) for at in canvas.view.to_widget(100 + 50 * (column + 0.5), 100 + 50 * (row + 0.5))))


def wheel(canvas: Canvas, at: QPoint, notches: int) -> bool:
    event = QWheelEvent(
        QPointF(at), canvas.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


@pytest.mark.parametrize("notches", [0, 4, 15])
@pytest.mark.parametrize("cell", [(0, 0), (1, 2), (2, 3)])
@pytest.mark.parametrize(
    ("modifier", "reach"), [(Qt.KeyboardModifier.NoModifier, False), (CONTROL, True), (SHIFT, True)]
)
def test_a_click_lands_on_its_cell_at_any_zoom(
    qtbot: QtBot, canvas: Canvas, heard: Heard, notches: int, cell: tuple[int, int],
    modifier: Qt.KeyboardModifier, reach: bool,
) -> None:  # fmt: skip
    for _ in range(notches):
        wheel(canvas, place(canvas, *cell), 1)
    qtbot.mouseClick(canvas, LEFT, modifier, place(canvas, *cell))
    assert ("clicked", "a", cell, reach) in heard.said
    assert canvas.view.zoom == pytest.approx(1.25**notches)


def test_hovering_tells_each_cell_once_and_the_leaving(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    for at in (place(canvas, 0, 0), place(canvas, 0, 0) + QPoint(5, 5), place(canvas, 0, 1), QPoint(80, 280)):
        qtbot.mouseMove(canvas, at)
    assert heard.said == [("hovered", "a", (0, 0)), ("hovered", "a", (0, 1)), ("hovered", "a", None)]


def test_leaving_the_widget_leaves_the_cell(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.mouseMove(canvas, place(canvas, 2, 2))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert heard.said == [("hovered", "a", (2, 2)), ("hovered", "a", None)]


def test_thumbnails_and_panels_ask_for_their_value(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(350, 40))
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(30, 20))
    assert [said for said in heard.said if said[0] != "hovered"] == [("requested", "thumb"), ("requested", "layer")]


def test_beside_everything_a_click_says_nothing(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(80, 280))
    qtbot.mouseClick(canvas, Qt.MouseButton.RightButton, pos=place(canvas, 1, 1))
    assert not [said for said in heard.said if said[0] != "hovered"]


def test_a_double_click_opens_the_cell(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.mouseDClick(canvas, LEFT, pos=place(canvas, 1, 1))
    assert heard.said[-1] == ("opened", "a", (1, 1))
    assert sum(said[0] == "clicked" for said in heard.said) <= 1


def test_a_double_click_beside_the_maps_shows_all(qtbot: QtBot, canvas: Canvas) -> None:
    wheel(canvas, QPoint(10, 290), 3)
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(10, 290))
    assert canvas.view.zoom == 1


def drag(qtbot: QtBot, canvas: Canvas, start: QPoint, by: QPoint, button: Qt.MouseButton = LEFT) -> None:
    qtbot.mousePress(canvas, button, pos=start)
    for part in (0.3, 0.7, 1.0):
        qtbot.mouseMove(canvas, start + QPoint(round(by.x() * part), round(by.y() * part)))
    qtbot.mouseRelease(canvas, button, pos=start + by)


@pytest.mark.parametrize("button", [LEFT, MIDDLE])
def test_dragging_moves_a_magnified_picture_and_is_no_click(
    qtbot: QtBot, canvas: Canvas, heard: Heard, button: Qt.MouseButton
) -> None:
    for _ in range(8):
        wheel(canvas, QPoint(200, 150), 1)
    at, before = QPoint(200, 150), canvas.view.to_picture(200, 150)
    drag(qtbot, canvas, at, QPoint(-60, 30), button)
    assert canvas.view.to_picture(140, 180) == pytest.approx(before)
    assert not [said for said in heard.said if said[0] == "clicked"]


def test_a_shaking_hand_still_clicks(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    wheel(canvas, place(canvas, 1, 1), 2)
    before = canvas.view
    drag(qtbot, canvas, place(canvas, 1, 1), QPoint(2, -1))
    assert canvas.view == before
    assert ("clicked", "a", (1, 1), False) in heard.said


def test_a_press_that_ends_on_another_cell_is_no_click(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    drag(qtbot, canvas, place(canvas, 0, 0), place(canvas, 2, 2) - place(canvas, 0, 0))
    assert not [said for said in heard.said if said[0] == "clicked"]


def test_at_full_view_the_wheel_backwards_is_left_to_others(canvas: Canvas) -> None:
    assert not wheel(canvas, QPoint(50, 50), -1)
    assert wheel(canvas, QPoint(50, 50), 1)
    assert wheel(canvas, QPoint(50, 50), -1)


def test_a_canvas_that_does_not_zoom_leaves_the_wheel_to_others(canvas: Canvas) -> None:
    wheel(canvas, QPoint(50, 50), 3)
    canvas.set_zoomable(False)
    assert canvas.view.zoom == 1
    assert not wheel(canvas, QPoint(50, 50), 1)


def test_two_fingers_zoom(canvas: Canvas) -> None:
    at = QPointF(100, 100)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, at, at,
        canvas.mapToGlobal(at), 0.5, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.view.zoom == pytest.approx(1.5)


def test_zoom_survives_a_picture_of_the_same_size_only(canvas: Canvas) -> None:
    canvas.zoom_by(3)
    canvas.show_picture(Picture(400, 300, 14, ()))
    assert canvas.view.zoom == 3
    canvas.show_picture(Picture(500, 300, 14, ()))
    assert canvas.view.zoom == 1


def test_showing_and_setting_emit_nothing(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.mouseMove(canvas, place(canvas, 0, 0))
    heard.said.clear()
    canvas.show_picture(Picture(400, 300, 14, ()))
    canvas.set_theme(DARK)
    canvas.set_zoomable(False)
    canvas.reset_view()
    canvas.zoom_by(2)
    canvas.grab()
    assert heard.said == []


def test_resizing_is_told_and_shows_all(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_by(3)
    with qtbot.waitSignal(canvas.resized) as told:
        canvas.resize(500, 320)
    assert told.args == [500, 320]
    assert canvas.view.zoom == 1


def test_the_theme_paints_the_ground(canvas: Canvas) -> None:
    assert canvas.grab().toImage().pixelColor(5, 290).name() == LIGHT.base
    canvas.set_theme(DARK)
    assert canvas.grab().toImage().pixelColor(5, 290).name() == DARK.base


def test_magnifying_brings_numbers(canvas: Canvas) -> None:
    array = np.full((60, 60), 0.02)
    canvas.show_picture(Picture(400, 300, 14, (map_of(view_of(array), Rect(50, 0, 300, 300)),)))

    def inked() -> bool:
        image = canvas.grab().toImage()
        return any(image.pixelColor(x, y).lightness() > 240 for x in range(150, 250) for y in range(100, 200))

    assert not inked()
    canvas.zoom_by(12)
    assert inked()


def test_keys_reach_the_window(qtbot: QtBot, canvas: Canvas) -> None:
    class Window(Canvas):
        keys: list[int] = []

        def keyPressEvent(self, event: object) -> None:
            self.keys.append(event.key())  # type: ignore[attr-defined]

    window = Window()
    qtbot.addWidget(window)
    inner = Canvas("inner", window)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Home):
        qtbot.keyClick(inner, key)
    assert len(window.keys) == 4


def test_it_has_a_name_for_screen_readers(canvas: Canvas) -> None:
    assert canvas.accessibleName() == "Stage"
