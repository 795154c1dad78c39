"""Ask before weights are lost that have been trained and not saved."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from viz_app.window.dialogs import ask_unsaved, ask_weights
from viz_app.window.parts import Parts


class Leaving(QObject):
    """Asks whoever is about to leave a trained network; training pauses meanwhile.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._window, self._session = parts.window, parts.session

    def may_leave(self) -> bool:
        """Return whether the network that is open may go: nothing is lost, or a person says so, or has saved it."""
        trainer, weights = self._session.trainer, self._session.weights
        trainer.pause()
        if trainer.trained <= (weights.saved_iteration or 0):
            return True
        answer = ask_unsaved(self._window, self._session.experiment, trainer.trained)
        if answer != QMessageBox.StandardButton.Save:
            return answer == QMessageBox.StandardButton.Discard
        path = ask_weights(self._window, weights.suggested_name)
        return path is not None and weights.save(path)
