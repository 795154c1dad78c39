"""The window of the network editor."""

from PySide6.QtWidgets import QMainWindow

from viz_app.panels.editor import EditorPanel
from viz_app.window.beside.beside import BesideWindow

_SIZE = 66, 58


class EditorWindow(BesideWindow):
    """The network editor.

    Parameters
    ----------
    panel : EditorPanel
        What it shows.
    outer : QMainWindow
        The main window.
    """

    def __init__(self, panel: EditorPanel, outer: QMainWindow) -> None:
        super().__init__("Edit network", panel, _SIZE, outer)
        panel.close_requested.connect(self.reject)
