"""Save the weights of a run, and open weights: a bad file leaves all as it was, and is said in one sentence."""

import weakref
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.options import OptionError
from core.run.trace import Trace
from core.saved import experiment_of, weights_of
from core.weights import WeightsError, read_weights, weights_file
from core.wording import counted, sentence
from viz_app.session.state import State
from viz_app.whole_file import whole_file

ENDING = ".safetensors"


class WeightFiles(QObject):
    """Writes and reads files of weights.

    Parameters
    ----------
    state : State
        Whose run is saved, and where weights are opened.
    """

    saved = Signal()
    """The weights have been written."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state
        self._saved: tuple[weakref.ref[Trace], int] | None = None

    @property
    def iteration(self) -> int:
        """How many iterations have been trained in what would be saved.

        The state at the start of the iteration that is shown; at its last step, where all updates are done, that after
        it, unless it is a guest that has been stepped.
        """
        cursor = self._state.place.cursor
        done = cursor.cell is None and cursor.step == len(self._state.trace.program.steps) - 1
        return cursor.iteration + (done and self._state.visit is None)

    @property
    def saved_iteration(self) -> int | None:
        """How many iterations had been trained when this run was last saved; ``None`` where it has not been."""
        if self._saved is None or self._saved[0]() is not self._state.trace:
            return None
        return self._saved[1]

    @property
    def suggested_name(self) -> str:
        """What a file of these weights would be called."""
        return f"{self._state.experiment.preset}-{self.iteration}{ENDING}"

    def save(self, path: Path) -> bool:
        """Write the weights with their description; return whether they have been. The old file stays until then."""
        state, iteration = self._state, self.iteration
        if not state.experiment.trainable:
            preset = state.experiment.preset
            state.message.emit(f"Expected a network that is trained, to save its weights; {preset} is not.")
            return False
        notation = state.place.options.notation.value
        weights = weights_of(state.experiment, state.trace.run.state(iteration), iteration, notation=notation)
        try:
            with whole_file(path, overwrite=True) as stream:  # the person has said so where there was one
                stream.write(weights_file(weights))
        except OSError as error:
            state.message.emit(f"The weights were not written: {error.strerror or error}.")
            return False
        self._saved = weakref.ref(state.trace), iteration
        self.saved.emit()
        state.message.emit(f"Wrote {path}: the weights after {counted(iteration, 'iteration')}.")
        return True

    def open(self, path: Path, may_leave: Callable[[], bool] = lambda: True) -> bool:
        """Open the network that a file holds the weights of, at its first step; return whether it is open now.

        ``may_leave`` is asked once there is such a network: whether the one that is open may go.
        """
        state = self._state
        try:
            experiment = experiment_of(read_weights(path), state.experiment)
            if not may_leave():
                return False
            state.start(experiment, state.place.begun_anew)
        except WeightsError as error:
            state.message.emit(str(error))  # it begins with the name of the file
        except OSError as error:
            state.message.emit(f"Could not read {path.name}: {error.strerror or error}.")
        except OptionError as error:
            state.message.emit(f"{path.name} was not opened. {error}")
        except ValueError as error:
            state.message.emit(f"{path.name} was not opened. {sentence(error)}")
        else:
            state.message.emit(f"Opened {path.name}.")
            return True
        return False
