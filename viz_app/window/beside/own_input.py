"""The window for an input of one's own."""

from PySide6.QtWidgets import QMainWindow

from viz_app.panels.own_input import OwnInputPanel
from viz_app.window.beside.beside import BesideWindow

_SIZE = 84, 50


class OwnInputWindow(BesideWindow):
    """What a person draws, types or brings; once it is closed, the run goes on with the input that it shows.

    Parameters
    ----------
    panel : OwnInputPanel
        What it shows.
    outer : QMainWindow
        The main window.
    """

    def __init__(self, panel: OwnInputPanel, outer: QMainWindow) -> None:
        super().__init__("Your own input", panel, _SIZE, outer)
