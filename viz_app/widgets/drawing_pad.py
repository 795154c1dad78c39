"""A sheet of white paper to draw on with mouse or pen."""

from PySide6.QtWidgets import QWidget


class DrawingPad(QWidget):
    """The sheet."""
