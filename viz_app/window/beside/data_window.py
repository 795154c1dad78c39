"""The window that opens data."""

from PySide6.QtWidgets import QMainWindow

from viz_app.panels.data_offer import DataOfferPanel
from viz_app.window.beside.beside import BesideWindow

_SIZE = 80, 56


class DataWindow(BesideWindow):
    """What was found in files, before it is taken.

    Parameters
    ----------
    panel : DataOfferPanel
        What it shows.
    outer : QMainWindow
        The main window.
    """

    def __init__(self, panel: DataOfferPanel, outer: QMainWindow) -> None:
        super().__init__("Open data", panel, _SIZE, outer)
        panel.close_requested.connect(self.reject)
