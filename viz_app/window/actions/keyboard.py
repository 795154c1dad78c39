"""Tell which keys belong to the widget that is typed in, and so are no shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from viz_app.widgets.fields.number_field import NumberField

_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QAbstractItemView, QComboBox, QAbstractSlider)
_PASTED_INTO = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QAbstractItemView)
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def is_field(widget: QWidget | None) -> bool:
    """Tell whether a widget is typed in, or has its own use for the arrow keys."""
    return isinstance(widget, _FIELDS)


def forget_typing(widget: QWidget | None) -> None:
    """Put the number back that a field had before it was typed in."""
    if isinstance(widget, NumberField):
        widget.forget()


def keeps_key(widget: QWidget | None, event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the widget that has the keyboard: never Esc, F1 and so on, or Ctrl but to paste."""
    if event.key() == Qt.Key.Key_Escape or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
        return False
    if event.matches(QKeySequence.StandardKey.Paste):
        return isinstance(widget, _PASTED_INTO)
    if event.modifiers() & _COMMANDS:
        return False
    if isinstance(widget, QAbstractButton):
        return event.key() in _PRESSES
    return is_field(widget)
