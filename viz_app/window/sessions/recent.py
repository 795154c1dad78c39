"""Offer what was opened and saved last."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from viz_app.window.parts import Parts
from viz_app.window.preferences import Preferences

_LONGEST = 60
_NOTHING, _FORGET = "Nothing yet", "&Forget these"


class RecentMenu(QMenu):
    """The submenu of recent files; it is filled when it opens.

    Parameters
    ----------
    parts : Parts
        What the window is made of: the submenu stands in its menu File.
    """

    path_requested = Signal(object)
    """A ``Path``: open it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__("Open &recent", parts.actions.menus["File"])
        self._preferences: Preferences = parts.preferences
        parts.actions.insert_menu("File", self, "save_session")
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._choose)
        self.fill()

    def fill(self) -> None:
        """List the files as they are remembered now."""
        self.clear()
        paths = self._preferences.recent
        for number, path in enumerate(paths, start=1):
            action = self.addAction(f"&{number % 10} {_shown(path, paths)}")
            action.setData(str(path))
            action.setToolTip(str(path))
        if not paths:
            self.addAction(_NOTHING).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(_FORGET)

    def remember(self, path: Path) -> None:
        """List a file first."""
        self._preferences.recent = [
            path.absolute(),
            *(one for one in self._preferences.recent if one != path.absolute()),
        ]

    def forget(self, path: Path) -> None:
        """List a file no longer."""
        self._preferences.recent = [one for one in self._preferences.recent if one != path.absolute()]

    def _choose(self, action: QAction) -> None:
        if action.data():
            self.path_requested.emit(Path(action.data()))
        else:
            self._preferences.recent = []


def _shown(path: Path, others: Iterable[Path]) -> str:
    """Return a path as a menu tells it: its name, and its folder where another one has the same name."""
    same = sum(one.name == path.name for one in others) > 1
    text = f"{path.name} ({path.parent.name})" if same else path.name
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"
    return text.replace("&", "&&")
