"""Show lines of code: a line that is too long goes on below, further in than it began."""

import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

_LONGEST = 24
"""Words of code that are longer can be broken."""
_HANGING = 2
"""How much further in a line goes on, in letters."""


class CodeLabel(QLabel):
    """Some lines of code, as wide as there is room.

    Parameters
    ----------
    name : str
        What the style sheet calls it.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        # It cannot be marked, since what would be copied has other breaks.
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_text(self, code: str) -> None:
        """Show other code."""
        self.ensurePolished()
        letter = self.fontMetrics().horizontalAdvance("0")
        self.setText("".join(_line(line, letter) for line in code.split("\n")))


def _line(line: str, letter: int) -> str:
    """Return a line of code as a paragraph of HTML."""
    code = line.lstrip(" ")
    indent = (len(line) - len(code) + _HANGING) * letter
    text = escape(_breakable(code)) or "&nbsp;"
    return f'<p style="margin: 0 0 0 {indent}px; text-indent: {-_HANGING * letter}px;">{text}</p>'


def _breakable(line: str) -> str:
    """Return a line of code with places to break it inside of long names and calls, and none after a minus."""
    return " ".join(
        re.sub(r"([.(\[,_])", "\\1\u200b", word) if len(word) > _LONGEST else word for word in line.split(" ")
    ).replace("-", "-\u2060")
