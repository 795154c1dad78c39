"""What is done with an input of one's own: the window that makes it is opened, and the network is run on it."""

from PySide6.QtCore import QObject

from core.data.guest import Guest
from viz_app.window.parts import Parts


class Inputs(QObject):
    """The commands of the own input.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._session = parts, parts.session

    def open(self) -> None:
        """Open the window for the own input."""
        self._parts.own_input.open_beside(self._parts.appearance.text_size)

    def predict(self, guest: Guest) -> None:
        """Show what the network answers to an input that is still being made."""

    def show(self, guest: Guest) -> None:
        """Let the network be stepped on an input."""
