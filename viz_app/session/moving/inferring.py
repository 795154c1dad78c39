"""Switch between whole iterations and the forward pass alone."""

from PySide6.QtCore import QObject

from core.options import OptionError
from viz_app.session.state import State
from viz_app.session.training.trainer import Trainer

_ON = "Inference: the forward pass alone, as of a network that has learnt. The same switch leads back to this place."


class Inferring(QObject):
    """Lets the forward pass alone be stepped; the run stays as it is, and so does the place in it.

    Parameters
    ----------
    state : State
        Whose run it is.
    trainer : Trainer
        Pauses before.
    """

    def __init__(self, state: State, trainer: Trainer) -> None:
        super().__init__(state)
        self._state, self._trainer = state, trainer

    @property
    def possible(self) -> bool:
        """Whether what is open has anything to leave out."""
        return self._state.experiment.network is not None and bool(self._state.experiment.loss)

    @property
    def on(self) -> bool:
        """Whether the forward pass alone is stepped."""
        return self._state.inference is not None

    def toggle(self) -> bool:
        """Step the forward pass alone, or whole iterations again; return whether that is possible."""
        if self.on:
            self._state.resume()
            return True
        return self.enter()

    def enter(self) -> bool:
        """Step the forward pass alone on the samples of the iteration that is shown, or on the guest."""
        state = self._state
        self._trainer.pause()
        guest = state.visit.guest if state.visit else None
        try:
            inference = state.experiment.inference(state.trace.run, guest)
        except OptionError as error:
            state.message.emit(str(error))
            return False
        state.infer(inference)
        state.message.emit(_ON)
        return True
