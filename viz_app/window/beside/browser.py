"""The window of the browser of samples."""

from PySide6.QtWidgets import QMainWindow

from viz_app.panels.browser import BrowserPanel
from viz_app.window.beside.beside import BesideWindow

_SIZE = 78, 52


class BrowserWindow(BesideWindow):
    """The samples of the data that are open, beside the main window.

    Parameters
    ----------
    panel : BrowserPanel
        What it shows.
    outer : QMainWindow
        The main window.
    """

    def __init__(self, panel: BrowserPanel, outer: QMainWindow) -> None:
        super().__init__("Samples", panel, _SIZE, outer)
        panel.close_requested.connect(self.reject)
