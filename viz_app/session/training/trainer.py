"""Train the run at full speed, a slice of time after the other, and show where it is."""

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from math import ceil, isfinite, log10

from PySide6.QtCore import QObject, QTimer, Signal

from core.experiment import Experiment
from core.run.evaluation import Evaluation
from core.run.trace import Cursor
from core.run.training import Goal, Progress, Report, Training
from viz_app.frame.frame import Focus
from viz_app.frame.place import resolve_place
from viz_app.session.moving.navigation import Navigation
from viz_app.session.state import State
from viz_app.session.training.breakpoints import Breakpoints

_SLICE_S = 0.015
"""How long the window is kept waiting at most for mini-batches, where one alone does not take longer."""
_FASTEST_S, _SLOWEST_S = 1 / 30, 0.19
"""How often the run is shown while it is trained: as often as drawing leaves most of the time to training."""
_DRAWING = 0.1
"""The share of the time that drawing takes, unless that is less often than ``_SLOWEST_S``."""
_WHOLE_EVERY = 2
"""Every so many times the whole iteration is computed for whoever looks at all of it."""
_RATE_S = 0.5
"""Over so long the speed is measured."""
_ENOUGH, _EPOCHS = 1_000, 10
"""The usual end: so many epochs, more where they are fewer mini-batches than that."""


class Trainer(QObject):
    """Trains the run from the iteration on that is shown, until it is paused, or a goal or a breakpoint is reached.

    While it trains the step that is shown stays, and the iterations go by. Whoever goes elsewhere pauses it.

    Parameters
    ----------
    state : State
        Whose run is trained.
    navigation : Navigation
        Goes where a breakpoint halts.
    breakpoints : Breakpoints
        Where that is.
    clock : callable
        Returns seconds that only grow.
    """

    training_changed = Signal(bool)
    goal_changed = Signal(object)
    progressed = Signal(object)
    """A ``Progress``, as often as the run is shown."""
    iteration_passed = Signal(object)
    """The frame of the last step of the iteration that is shown, every few times: all of its values are there."""
    layers_passed = Signal(object)
    """The frame that is shown, with the layers as they are at that last step: for whoever draws the whole network."""
    judged = Signal(object)
    """The ``Evaluation`` of an epoch's end: on the samples held back, or where none are, on those trained on."""

    def __init__(
        self,
        state: State,
        navigation: Navigation,
        breakpoints: Breakpoints,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(state)
        self._state, self._navigation, self._breakpoints, self._clock = state, navigation, breakpoints, clock
        self._preset = state.experiment.preset
        self._goal = Goal(epochs=usual_epochs(state.experiment))
        self._training: Training | None = None
        self._work: Generator[Report | None] | None = None
        self._reached = self._began = self._trained = 0
        self._trace = state.trace
        self._turn, self._whole_due = 0, False
        self._until, self._shown_at, self._cost, self._due = 0.0, 0.0, 0.0, False
        self._measured = (0.0, 0)
        self._speed = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        state.stopped.connect(self._halt)
        state.experiment_changed.connect(self._forget)
        breakpoints.changed.connect(self._begin_anew)

    @property
    def training(self) -> bool:
        """Whether the run is being trained on."""
        return self._state.training

    @property
    def possible(self) -> bool:
        """Whether what is open can be trained on."""
        return self._state.experiment.trainable

    @property
    def reached(self) -> int:
        """The iteration that begins where training is."""
        return self._reached

    @property
    def trained(self) -> int:
        """How many iterations of this run have been trained here, and not only been walked through."""
        return min(self._trained, self._state.trace.run.checkpoints[-1])

    def take_up(self, trained: int) -> None:
        """Go on with a run of which so many iterations have been trained before."""
        self._trained = trained

    @property
    def goal(self) -> Goal:
        """When training stops."""
        return self._goal

    def set_goal(self, goal: Goal) -> None:
        """Stop at another goal; while it trains, from now on."""
        if goal != self._goal:
            self._goal = goal
            self.goal_changed.emit(goal)
            self._begin_anew()

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        experiment, end = self._state.experiment, self._goal.epochs
        size, count = experiment.options.batch_size, len(experiment.trained_on)
        whole, samples = divmod(self._reached * size, count)
        epochs = whole + samples / count
        left = None if not self._speed or end is None else max(end - epochs, 0.0) * count / self._speed
        return Progress(epochs, end, -(-samples // size), -(-count // size), self._speed, left)

    def toggle(self) -> None:
        """Train, or pause."""
        if self.training:
            self.pause()
        else:
            self.start()

    def start(self) -> None:
        """Train from the start of the iteration that is shown."""
        state = self._state
        if self.training or not self.possible:
            return
        state.resume()
        state.stop()
        place = state.place
        self._reached = self._began = place.iteration
        if self._goal.epochs is not None and self.progress.epochs >= self._goal.epochs:
            more = self._goal.epochs + usual_epochs(state.experiment)
            self._goal, self._training = replace(self._goal, epochs=more), None
            self.goal_changed.emit(self._goal)
        if self._training is None:
            self._training = Training(state.experiment, state.trace.run, self._goal, self._breakpoints.active)
        self._work = self._training.work(place.iteration, place.step, self._is_over)
        state.training = True
        now = self._clock()
        self._shown_at, self._cost, self._due, self._whole_due = now, 0.0, False, False
        self._measured, self._speed = (now, self._reached), 0.0
        self.training_changed.emit(True)
        self._timer.start()

    def pause(self) -> None:
        """Stand inside the iteration that is about to run, at the step that is shown."""
        if self.training:
            self._halt()
            self._show()

    def stop(self) -> None:
        """Train no more, and go back to the iteration that training began with; what has been learnt stays known."""
        if self.training:
            self._halt()
            self._navigation.go_to_iteration(self._began)

    def _go_on(self) -> None:
        """Train for a slice of time, or show where it is where that is due: one of both, so that nobody waits long."""
        if self._work is None:
            return
        now = self._clock()
        if self._due:  # this is the first turn after a frame: what came between was drawing
            self._cost, self._due = now - self._shown_at, False
        if self._whole_due:
            self._show_whole()
        elif now - self._shown_at >= min(max(_FASTEST_S, self._cost / _DRAWING), _SLOWEST_S):
            self._show()
        elif not self._train(now + _SLICE_S):
            return
        self._timer.start()

    def _train(self, until: float) -> bool:
        """Train until a time; return whether it goes on."""
        assert self._work is not None
        report, self._until = None, until
        for report in self._work:
            if report is not None:
                self._take(report)
            self._reached = self._training.reached if self._training else self._reached
            self._trained = max(self._trained, self._reached)
            if self._is_over() or (report is not None and report.stopped):
                break
        self._measure()
        if report is not None and report.stopped:
            self._end(report)
            return False
        return True

    def _is_over(self) -> bool:
        return self._clock() >= self._until

    def _take(self, report: Report) -> None:
        evaluation: Evaluation | None = report.test or report.train
        if evaluation is not None:
            self.judged.emit(evaluation)

    def _show(self) -> None:
        """Show the iteration that begins where training is."""
        state = self._state
        run = state.trace.run
        if self._work is not None and run.nearest(self._reached) != self._reached:
            run.keep(self._reached, run.current)
        self._shown_at, self._due = self._clock(), True
        cursor = Cursor(self._reached, state.place.step)
        state.show(state.place.at(cursor, state.place.focus), state.hovered)
        self._turn += 1
        self._whole_due = self.training and self._turn % _WHOLE_EVERY == 0
        self.progressed.emit(self.progress)

    def _show_whole(self) -> None:
        """Show the whole of the iteration that is shown, to whoever looks at all of it."""
        state, self._whole_due = self._state, False
        last = Cursor(state.place.iteration, len(state.trace.program.steps) - 1)
        passed = resolve_place(state.shown, state.place.at(last), before=state.frame)
        self.iteration_passed.emit(passed)
        self.layers_passed.emit(replace(state.frame, layers=passed.layers))

    def _measure(self) -> None:
        now, (since, first) = self._clock(), self._measured
        if now - since >= _RATE_S:
            size = self._state.experiment.options.batch_size
            self._speed = (self._reached - first) * size / (now - since)
            self._measured = now, self._reached

    def _end(self, report: Report) -> None:
        """Stand where a goal or a breakpoint has stopped the run."""
        self._halt()
        hit, state = report.hit, self._state
        if hit is not None:
            focus = None if hit.index is None else Focus(hit.key, hit.index)
            self._navigation.go_to(report.iteration, hit.step, focus=focus)
        elif report.loss is not None and not isfinite(report.loss):
            self._navigation.go_to_fault(report.iteration)
        else:
            self._show()
        state.tell_of_run(report.stopped)

    def _halt(self) -> None:
        """Train no more; the run stays where it is."""
        if not self.training:
            return
        self._timer.stop()
        work, self._work = self._work, None
        if work is not None:
            work.close()
        self._state.training = False
        self.training_changed.emit(False)

    def _begin_anew(self) -> None:
        """Heed what has changed from now on."""
        self._training = None
        if self.training:
            self.pause()
            self.start()

    def _forget(self, experiment: Experiment) -> None:
        """Begin anew where another run, or other options, have come; another network has another usual end."""
        self._training = None
        if self._state.trace is not self._trace:
            self._trace, self._trained = self._state.trace, 0
        if experiment.preset != self._preset:
            self._preset, self._goal = experiment.preset, Goal(epochs=usual_epochs(experiment))
        self.goal_changed.emit(self._goal)


def usual_epochs(experiment: Experiment) -> float:
    """Return after how many epochs training ends unless a person says: ten, or enough to see something happen."""
    batches = len(experiment.trained_on) / experiment.options.batch_size
    return float(max(_EPOCHS, 10 ** ceil(log10(_ENOUGH / batches))))
