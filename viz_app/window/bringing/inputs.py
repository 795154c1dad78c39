"""What is done with an input of one's own: the window that makes it is opened, and the network is run on it."""

from PySide6.QtCore import QObject

from core.data.guest import Guest
from viz_app.frame.told.written import Wish
from viz_app.panels.own_input import OwnInputPanel
from viz_app.window.commands import Commands
from viz_app.window.parts import Parts


class Inputs(QObject):
    """The commands of the own input.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    commands : Commands
        Choose other weights.
    """

    def __init__(self, parts: Parts, commands: Commands) -> None:
        super().__init__(parts.window)
        self._parts, self._guests, self._commands = parts, parts.session.guests, commands

    def open(self) -> None:
        """Open the window for the own input."""
        self._parts.own_input.open_beside(self._parts.appearance.text_size)

    def predict(self, guest: Guest | None) -> None:
        """Show what the network answers to an input that is still being made; nothing where there is none."""
        panel = self._parts.panels[OwnInputPanel]
        if guest is None:
            panel.show_outputs(None)
        else:
            panel.show_outputs(self._guests.predict(guest.inputs), guest.target)

    def show(self, guest: Guest) -> None:
        """Let the network be run on an input, on the weights of the iteration that is shown."""
        self._guests.show(guest)

    def wish(self, wish: Wish) -> None:
        """Do what is asked of the text; trained weights begin another run."""
        if wish is Wish.TRAINED:
            self._commands.set_options({"start": "trained"})
        else:
            self._parts.session.writing.wish(wish)

    def dismiss(self) -> None:
        """Let the network be run on its data again."""
        self._guests.dismiss()
