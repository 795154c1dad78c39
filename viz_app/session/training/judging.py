"""Judge the network of the iteration that is shown, in slices of time, while somebody looks."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from core.experiment import Experiment
from core.run.evaluation import Evaluation, Evaluator
from core.run.parts import Parts
from core.run.record import Judged
from core.run.training import evaluator
from viz_app.frame.frame import Frame
from viz_app.frame.told.judgement import Judgement, why_not
from viz_app.session.state import State

_SLICE_S = 0.012
"""How long the window is kept waiting at most, where one part alone does not take longer."""
_AT_ONCE = 64
"""Samples of one part: few enough that a convolution of them is over soon."""
_IDLE_MS = 150
"""How long after the last change judging begins: whoever steps on is not kept waiting."""


class Judging(QObject):
    """Judges the network on the samples held back, or where none are, on all; training judges it at every epoch's end.

    Parameters
    ----------
    state : State
        Whose run is judged.
    everything : bool
        Judge it on all samples, those that it is trained on, too.
    """

    judged = Signal(object)
    """A ``Judgement``."""
    forgotten = Signal()
    """What was judged is of another run, or of other numbers."""
    progressed = Signal(int, int)
    """How many samples have been judged, and how many there are."""

    def __init__(self, state: State, *, everything: bool = False) -> None:
        super().__init__(state)
        self._state, self._everything = state, everything
        self._done = 0
        self._wanted = False
        self._trace = state.trace
        self._evaluator: Evaluator | None = None
        self._work: Parts[Evaluation] | None = None
        self._judging = self._known = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        state.frame_changed.connect(self._look)
        state.experiment_changed.connect(self._follow)
        state.stopped.connect(self._give_up)

    def set_wanted(self, wanted: bool) -> None:
        """Judge what is shown from now on, or no longer."""
        self._wanted = wanted
        if wanted:
            self._look(self._state.frame)
        else:
            self._give_up()

    def take(self, evaluation: Evaluation) -> None:
        """Take what training has found at the end of an epoch."""
        iterations = self._state.trace.run.judged[Judged.TRAIN_LOSS].all.iterations
        self._tell(evaluation, int(iterations[-1]) if len(iterations) else self._state.place.iteration)

    def _look(self, frame: Frame) -> None:
        """Judge the iteration of a frame soon, unless it has been, or the run goes on."""
        iteration = frame.cursor.iteration
        if not self._wanted or self._state.busy or iteration == self._known or why_not(self._state.experiment):
            return
        if iteration != self._judging:
            self._give_up()
            self._judging = iteration
            self._timer.start(_IDLE_MS)

    def _go_on(self) -> None:
        """Judge for a slice of time."""
        until = time.perf_counter() + _SLICE_S
        if self._work is None:
            self._work = self._begin()
        while time.perf_counter() < until:
            try:
                next(self._work)
                self._done += _AT_ONCE
            except StopIteration as end:
                iteration = self._judging
                self._give_up()
                self._tell(end.value, iteration)
                return
        self.progressed.emit(min(self._done, len(self._samples)), len(self._samples))
        self._timer.start(0)

    @property
    def _samples(self) -> range:
        experiment = self._state.experiment
        if self._everything:
            return range(len(experiment.trained_on) + len(experiment.held_back))
        return experiment.held_back or experiment.trained_on

    def _begin(self) -> Parts[Evaluation]:
        self._done = 0
        if self._evaluator is None:
            self._evaluator = evaluator(self._state.experiment, self._samples, _AT_ONCE)
        assert self._evaluator is not None  # ``why_not`` has nothing against it
        return self._evaluator.parts(self._trace.known(self._judging))

    def _tell(self, evaluation: Evaluation, iteration: int) -> None:
        self._known = iteration
        self.judged.emit(Judgement(evaluation, iteration, bool(self._state.experiment.held_back)))

    def _give_up(self) -> None:
        self._timer.stop()
        work, self._work, self._judging = self._work, None, -1
        if work is not None:
            work.close()

    def _follow(self, experiment: Experiment) -> None:
        """Forget what was found of another run, of other samples, or of numbers that are no more."""
        self._give_up()
        self._evaluator, self._known = None, -1
        if self._trace is not self._state.trace:
            self._trace = self._state.trace
            self.forgotten.emit()
