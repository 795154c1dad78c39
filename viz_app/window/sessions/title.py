"""Say in the title of the window what is open, and whether something of it is not saved."""

from PySide6.QtCore import QObject

from core.preset import shown_title
from core.presets import PRESETS
from viz_app.window.parts import Parts


class Title(QObject):
    """Names the window by its session's file and by what is run; a star stands where something would be lost.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._window, self._session = parts.window, parts.session

    def show(self, *_: object) -> None:
        """Name the window anew."""
        experiment, saving = self._session.experiment, self._session.saving
        what = shown_title(PRESETS[experiment.preset], experiment)
        named = f"{what}[*]" if saving.path is None else f"{saving.path.name}[*] – {what}"
        self._window.setWindowTitle(f"{named} – NetStep")
        self.mark(saving.work.modified)

    def mark(self, modified: bool) -> None:
        """Say whether something would be lost."""
        self._window.setWindowModified(modified)
