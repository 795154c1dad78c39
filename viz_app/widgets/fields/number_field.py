"""The field for a number, wherever one is typed: it takes what a person writes, or says why not."""

from contextlib import suppress

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from viz_app.widgets.fields.reading import Bounds, Number, UnreadableError


class NumberField(QAbstractSpinBox):
    """Hold a number; what is typed counts once it is finished, with Return or by going elsewhere.

    What cannot be taken stays to be seen, framed, with the reason as its tip, and the last good number holds. Up, Down,
    the arrows and the wheel step the last digit that is shown.

    Parameters
    ----------
    bounds : Bounds
        Which numbers are taken.
    name : str
        What the number is, for tips and screen readers; empty where the owner says it.
    """

    valueChanged = Signal(object)  # noqa: N815  # as of Qt's own fields
    """The number that was typed or stepped to."""
    refused = Signal(str)
    """Why what was typed is not taken, in one sentence."""
    entered = Signal()
    """A number was confirmed with Return."""

    def __init__(self, bounds: Bounds, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds = bounds
        self._value: Number = bounds.least
        self._shown = ""
        self._tip = ""
        self._refusal = self._blame = ""
        self.lineEdit().setAcceptDrops(False)  # a file that is dropped here is meant for the window
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.editingFinished.connect(self._finish)
        self._write()

    def value(self) -> Number:
        """Return the last good number."""
        return self._value

    def setValue(self, value: Number) -> None:
        """Show another number; the one that holds already leaves what is being typed alone."""
        if value != self._value:
            self._value = value
            self._write()
            self.valueChanged.emit(value)

    def rewrite(self) -> None:
        """Show the number as numbers are written now; what is being typed stays."""
        if self._shown == self.text() and not self._refusal:
            self._write()

    def minimum(self) -> Number:
        """Return the smallest number that is taken."""
        return self._bounds.least

    def maximum(self) -> Number:
        """Return the largest number that is taken."""
        return self._bounds.most

    def setMaximum(self, most: Number) -> None:
        """Take numbers up to another one; the number itself stays."""
        self._bounds = Bounds(self._bounds.least, most, self._bounds.whole)

    def setToolTip(self, tip: str) -> None:
        """Say what the number is, where there is nothing against it."""
        self._tip = tip
        self._mark()

    def refuse(self, text: str, reason: str) -> None:
        """Show what cannot be taken, and say why; the last good number holds."""
        self._write(text)
        self._refusal = reason
        self._mark()

    def blame(self, reason: str) -> None:
        """Mark the number as one that does not fit elsewhere; an empty reason takes that back."""
        if reason != self._blame:
            self._blame = reason
            self._mark()

    def read(self, text: str) -> Number:
        """Return the number that a person wrote, without taking it.

        Raises
        ------
        UnreadableError
            If it is no number, or none that is taken.
        """
        return self._bounds.read(text)

    def begin(self, text: str) -> None:
        """Begin with a text, all of it selected; where it is a number, with that."""
        with suppress(UnreadableError):
            self._value = self._bounds.read(text)
        self._write(text)
        self.selectAll()

    def forget(self) -> None:
        """Show the last good number instead of what was typed."""
        self._write()

    def stepBy(self, steps: int) -> None:
        """Step the last digit of what is shown."""
        try:
            number = self._bounds.read(self.text())
        except UnreadableError:
            number = self._value
        stepped = self._bounds.stepped(number, steps)
        self._write()
        self.setValue(stepped)
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Offer both ways; at a bound nothing happens."""
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._bounds.write(self._value):
            self.forget()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if not self.isVisible():  # whoever hides a field, hides what was meant for something else
            self.forget()
        super().focusOutEvent(event)

    def _enter(self) -> None:
        again = self._refusal and self.text() == self._shown
        self._finish()
        self.selectAll()
        if again:
            self.refused.emit(self._refusal)
        elif not self._refusal:
            self.entered.emit()

    def _finish(self) -> None:
        """Take what was typed, if anything was."""
        text = self.text()
        if text == self._shown:
            return
        try:
            number = self._bounds.read(text)
        except UnreadableError as error:
            self.refuse(text, str(error))
            self.refused.emit(self._refusal)
            return
        self._write()
        self.setValue(number)

    def _write(self, text: str | None = None) -> None:
        """Show the number, or what was typed instead."""
        self._shown = self._bounds.write(self._value) if text is None else text
        self._refusal = ""
        if self._shown != self.text():
            self.lineEdit().setText(self._shown)
        self._mark()

    def _mark(self) -> None:
        """Frame what is wrong, and let the tip say why."""
        reason = self._refusal or self._blame
        super().setToolTip(reason or self._tip)
        self.setAccessibleDescription(reason)
        if bool(self.property("invalid")) != bool(reason):
            self.setProperty("invalid", bool(reason))
            self.style().unpolish(self)
            self.style().polish(self)


def whole_field(name: str, least: int, most: int) -> NumberField:
    """Return a field for a whole number, as narrow as it must be."""
    return narrow(NumberField(Bounds(least, most, whole=True), name))


def narrow(field: NumberField) -> NumberField:
    """Let a field be as narrow as it must be."""
    field.setMinimumWidth(40)
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return field
