"""A layer of the list."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from core.editing import Part
from viz_app.panels.editor.content import LayerContent, Shown, mark
from viz_app.panels.editor.fields import FieldBox
from viz_app.panels.editor.handle import Handle
from viz_app.widgets.layouts.deferred import Deferred


class LayerRow(Deferred[LayerContent]):
    """A layer of a draft; whoever asks for one of its widgets gets it.

    Parameters
    ----------
    part : Part
        The layer; the row stays its row whatever becomes of it.
    """

    changed = Signal(int, str, object)
    """The mark of the layer, the field and its value."""
    unreadable = Signal(int, str, str)
    """The mark of the layer, the field and why it cannot be read."""
    asked = Signal(int, str)
    """The mark of the layer, and the name in ``BUTTONS`` of what is to be done to it."""

    def __init__(self, part: Part) -> None:
        super().__init__((6, 4, 6, 6))
        self.mark = part.mark
        self._part = part
        self._shown: Shown | None = None
        self.setObjectName("layer")

    def show_layer(self, shown: Shown) -> None:
        """Show the layer as it is."""
        if shown == self._shown:
            return
        self._shown, self.words = shown, shown.title
        if self.made is not None:
            self.made.show_layer(shown)
        mark(self, "broken", bool(shown.error))
        self.update()

    def forget(self) -> None:
        """Show the last good values instead of what cannot be read."""
        if self.made is not None:
            self.made.forget()

    def make_content(self) -> LayerContent:
        made = LayerContent(self._part)
        if self._shown is not None:
            made.show_layer(self._shown)
        made.changed.connect(self._tell_change)
        made.unreadable.connect(self._tell_unreadable)
        made.asked.connect(self._tell_asked)
        return made

    def must_stay(self) -> bool:
        """Tell whether it has the keyboard or a menu, or a text that cannot be read, which nobody else knows."""
        return super().must_stay() or bool(self._shown and self._shown.unread)

    # What is in it

    @property
    def handle(self) -> Handle:
        """Where it is taken hold of."""
        return self.content.handle

    @property
    def title(self) -> QLabel:
        """The number and the name of the layer."""
        return self.content.title

    @property
    def about(self) -> QLabel:
        """How many parameters the layer has."""
        return self.content.about

    @property
    def keeping(self) -> QLabel:
        """What becomes of its weights."""
        return self.content.keeping

    @property
    def error(self) -> QLabel:
        """Why it does not fit, or cannot be read."""
        return self.content.error

    @property
    def buttons(self) -> Mapping[str, QToolButton]:
        """What can be done to it."""
        return self.content.buttons

    @property
    def boxes(self) -> Mapping[str, FieldBox]:
        """Its fields by name."""
        return self.content.boxes

    @property
    def stops(self) -> Sequence[QWidget]:
        """What the keyboard comes by, in order."""
        return self.content.stops

    def _tell_change(self, name: str, value: object) -> None:
        self.changed.emit(self.mark, name, value)

    def _tell_unreadable(self, name: str, reason: str) -> None:
        self.unreadable.emit(self.mark, name, reason)

    def _tell_asked(self, what: str) -> None:
        self.asked.emit(self.mark, what)
