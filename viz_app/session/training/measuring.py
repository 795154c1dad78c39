"""Measure the layers of the run while somebody looks: as it is stepped, and at every drawing while it is trained."""

from PySide6.QtCore import QObject, Signal

from core.experiment import Experiment
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import Frame
from viz_app.frame.told.layer_stats import LayerKeys, layer_keys, measure
from viz_app.frame.told.measured import LayerHistory, Measured, sampled
from viz_app.session.state import State


class Measuring(QObject):
    """Measures the layers, and remembers what they were.

    Nothing is computed while nobody looks; what went by meanwhile is missing in the history.

    Parameters
    ----------
    state : State
        Whose run is measured.
    """

    changed = Signal(object)
    """A ``Measured``, for every frame while somebody looks."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state
        self._wanted = False
        self._trace, self._iteration = state.trace, 0
        self._layers: tuple[LayerKeys, ...] = ()
        self._histories: tuple[LayerHistory, ...] = ()
        self._cells = 0
        self._begin(state.trace)
        state.frame_changed.connect(self._look_unless_training)
        state.experiment_changed.connect(self._follow)

    def set_wanted(self, wanted: bool) -> None:
        """Measure from now on, or no longer."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._look_unless_training(self._state.frame)

    def look(self, frame: Frame) -> None:
        """Measure what has been computed up to a frame."""
        if not self._wanted or frame.program is not self._trace.program:
            return
        iteration, last = frame.cursor.iteration, frame.cursor.step - frame.inside
        if frame.guest is not None:  # its numbers are none of the run's
            self._trace.run_to(Cursor(iteration, last))
        producers = self._trace.program.producers
        known = {
            key: array
            for key, array in self._trace.known(iteration).items()
            if key not in producers or producers[key].number <= last
        }
        layers = measure(self._layers, known)
        for history, stats in zip(self._histories, layers, strict=True):
            if iteration < self._iteration:
                history.forget(iteration)
            history.take(iteration, stats, known, self._cells)
        self._iteration = iteration
        self.changed.emit(Measured(iteration, layers, self._histories))

    def _look_unless_training(self, frame: Frame) -> None:
        """Look at a frame; while the run is trained, that of the iteration's last step comes right after it."""
        if not self._state.training:
            self.look(frame)

    def _follow(self, experiment: Experiment) -> None:
        """Forget what was seen where another run has come, or this one goes on with other numbers."""
        if self._trace is not self._state.trace:
            self._begin(self._state.trace)
        for history in self._histories:
            history.forget(self._state.place.iteration)

    def _begin(self, trace: Trace) -> None:
        self._trace, self._iteration = trace, 0
        self._layers = layer_keys(trace.program)
        self._histories = tuple(LayerHistory(keys) for keys in self._layers)
        self._cells = sampled(self._layers)
