"""Make lists to choose from, as narrow as a panel needs them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox


def choice_box(name: str) -> QComboBox:
    """Return an empty list to choose from; ``name`` is what screen readers call it."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box
