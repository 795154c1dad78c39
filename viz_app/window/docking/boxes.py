"""Put panels into boxes: below each other, and into an area that scrolls."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QScrollArea, QSlider, QTabWidget, QVBoxLayout, QWidget


def joined(*widgets: QWidget) -> QWidget:
    """Return panels below each other as one."""
    box = QWidget()
    box.setBackgroundRole(QPalette.ColorRole.Base)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return box


def stacked(*widgets: QWidget) -> QWidget:
    """Return widgets below each other, at the top of the room there is."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(8, 2, 8, 8)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return box


def tabbed(widgets: Sequence[QWidget]) -> QTabWidget:
    """Return widgets of which one is seen at a time, by the tab with its title; what is too high scrolls."""
    box = QTabWidget()
    box.setDocumentMode(True)
    box.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.tabBar().setExpanding(False)
    box.tabBar().setElideMode(Qt.TextElideMode.ElideRight)
    box.tabBar().setUsesScrollButtons(False)
    for widget in widgets:
        title = getattr(widget, "title", "")
        place = box.addTab(widget if getattr(widget, "plots", False) else scrolled(widget), title)
        box.setTabToolTip(place, title)  # a narrow dock cuts it
    return box


class _Scrolled(QScrollArea):
    """An area that is never narrower than what it scrolls."""

    def minimumSizeHint(self) -> QSize:
        inside, bar = self.widget(), self.verticalScrollBar().sizeHint().width()
        width = inside.minimumSizeHint().width() + bar if inside else bar
        return QSize(width, super().minimumSizeHint().height())


class _WheelGuard(QObject):
    """Leave the wheel to the area that scrolls: a field that it passes over must not change."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a widget in an area that scrolls up and down."""
    area = _Scrolled()
    hidden = widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    area.setWidget(widget)  # shows it
    widget.setVisible(not hidden)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    leave_wheel(widget)
    return area


def leave_wheel(widget: QWidget) -> None:
    """Let the fields in a widget leave the wheel to what scrolls, unless they have the keyboard."""
    guard = _WheelGuard(widget)
    for field in widget.findChildren(QWidget):
        if isinstance(field, (QAbstractSpinBox, QComboBox, QSlider)):
            field.installEventFilter(guard)
            if field.focusPolicy() is Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
