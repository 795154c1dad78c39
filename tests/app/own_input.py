"""Draw, press and type as a person does, for the tests of the own input."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.draw import DrawPage
from viz_app.panels.own_input.numbers import NumbersPage
from viz_app.widgets.drawing.drawing_pad import DrawingPad

Points = Sequence[tuple[float, float]]
THREE: Points = (
    (0.30, 0.25), (0.45, 0.15), (0.65, 0.20), (0.70, 0.35), (0.55, 0.47), (0.45, 0.50),
    (0.60, 0.53), (0.75, 0.65), (0.65, 0.82), (0.45, 0.88), (0.27, 0.78),
)  # fmt: skip
ONE: Points = ((0.5, 0.15), (0.5, 0.4), (0.5, 0.85))


def opened(window) -> OwnInputPanel:
    """Open the window of the own input with its key."""
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    return window.panels[OwnInputPanel]


def drawing(window) -> DrawPage:
    panel = opened(window)
    panel.choose(DrawPage)
    assert isinstance(panel.page, DrawPage)
    return panel.page


def typing(window) -> NumbersPage:
    panel = opened(window)
    panel.choose(NumbersPage)
    assert isinstance(panel.page, NumbersPage)
    return panel.page


def places(pad: DrawingPad, points: Points) -> list[QPoint]:
    """Return where shares of the paper lie in the pad."""
    sheet = pad.sheet
    return [QPoint(round(sheet.x() + x * sheet.width()), round(sheet.y() + y * sheet.height())) for x, y in points]


def stroke(pad: DrawingPad, points: Points = THREE, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Lead the mouse over the paper with a button pressed, and let the window answer."""
    start, *others = places(pad, points)
    QTest.mousePress(pad, button, Qt.KeyboardModifier.NoModifier, start)
    for place in others:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, button, Qt.KeyboardModifier.NoModifier, (others or [start])[-1])


def pen_stroke(pad: DrawingPad, points: Points, pressures: Sequence[float], *, eraser: bool = False) -> None:
    """Lead a pen over the paper."""
    kind = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    able = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    device = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, kind, able, 1, 3, "", QPointingDeviceUniqueId.fromNumericId(1)
    )
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(points) - 1), QEvent.Type.TabletRelease]
    spots = [*places(pad, points), places(pad, points)[-1]]
    for kind_of, spot, pressure in zip(kinds, spots, [*pressures, 0.0], strict=True):
        at = QPointF(spot)
        button = Qt.MouseButton.NoButton if kind_of is QEvent.Type.TabletMove else Qt.MouseButton.LeftButton
        event = QTabletEvent(
            kind_of, device, at, pad.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
            button, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QApplication.sendEvent(pad, event)
        assert event.isAccepted()


def type_into(field, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, end)
