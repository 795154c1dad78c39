"""Ask before work is lost that is not saved."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from viz_app.window.dialogs import ask_session, ask_unsaved
from viz_app.window.parts import Parts


class Leaving(QObject):
    """Asks whoever is about to leave what is open; training pauses meanwhile.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._window, self._session = parts, parts.window, parts.session

    def may_leave(self) -> bool:
        """Return whether what is open may go: nothing is lost, or a person says so, or has saved it."""
        saving = self._session.saving
        self._session.trainer.pause()
        saving.finish()
        lost = saving.work.lost
        if not lost:
            return True
        name = saving.path.name if saving.path is not None else self._session.experiment.preset
        answer = ask_unsaved(self._window, name, lost)
        if answer != QMessageBox.StandardButton.Save:
            return answer == QMessageBox.StandardButton.Discard
        path = saving.path or ask_session(self._window, saving.suggested_name)
        if path is None:
            return False
        saving.save(path, self._parts.looks, self._parts.own)
        saving.finish()
        return saving.succeeded
