"""Hold the one mutable state of the window: intent comes in as calls, frames go out as one signal."""

import time
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.experiment import Experiment
from core.notation import Notation, plain, symbol
from core.presets import find_preset, open_preset
from core.presets.changes import Refusal, change
from core.run.gradcheck import Check, central_difference, evaluate, relative_error
from core.run.trace import Cursor, Trace
from core.values import Index, Value
from viz_app.frame import walking
from viz_app.frame.frame import Focus, Frame, ViewOptions, resolve

_IDLE_MS = 30
"""How long after the last change the next step is computed: more than a held key leaves between two presses."""
_FIRST_IDLE_MS = 250
"""The same after something was opened: the window stands first."""
_SLICE_S = 0.05
"""How long the window may be kept waiting while iterations are run that are not shown."""


class Session(QObject):
    """The training run that is shown: the experiment, its trace, and the place in it.

    Whatever changes, ``frame_changed`` answers with the frame of the new state. What cannot be done leaves the state as
    it was, and says so in ``message``, in one sentence.

    Parameters
    ----------
    experiment : Experiment
        What is opened first.
    """

    frame_changed = Signal(object)
    frame_prefetched = Signal(object)
    """The frame of the next step, computed while idle, so that the key that goes there finds it."""
    experiment_changed = Signal(object)
    gradient_checked = Signal(object)
    settings_refused = Signal(object)
    """A mapping of every setting that was asked for and does not fit to its ``Refusal``; empty when all is well."""
    message = Signal(str)

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._trace: Trace = experiment.trace()
        self._cursor = Cursor()
        self._focus: Focus | None = None
        self._hover: Focus | None = None
        self._options = ViewOptions()
        self._refusals: Mapping[str, Refusal] = {}
        self._goal: Cursor | None = None
        self._walker = QTimer(self)
        self._walker.setSingleShot(True)
        self._walker.setInterval(0)
        self._walker.timeout.connect(self._walk)
        self._prefetcher = QTimer(self)
        self._prefetcher.setSingleShot(True)
        self._prefetcher.timeout.connect(self._prefetch)
        self._prefetched: Frame | None = None
        self._frame = self._resolve()

    @property
    def experiment(self) -> Experiment:
        """What is open."""
        return self._experiment

    @property
    def trace(self) -> Trace:
        """The run, for whoever draws more of it than one frame: exports."""
        return self._trace

    @property
    def frame(self) -> Frame:
        """What is shown."""
        return self._frame

    def announce(self) -> None:
        """Send out the state as it is, to whoever has been connected since."""
        self.experiment_changed.emit(self._experiment)
        self.settings_refused.emit(self._refusals)
        self.frame_changed.emit(self._frame)
        self._prefetcher.start(_FIRST_IDLE_MS)

    # What is open

    def open_preset(self, name: str, **chosen: Any) -> bool:
        """Open a preset at its first step; return whether there is one that fits."""
        try:
            experiment = open_preset(name, **chosen)
        except ValueError as error:
            self.message.emit(str(error))
            return False
        self.open(experiment)
        return True

    def open(self, experiment: Experiment) -> None:
        """Open an experiment at its first step."""
        self._start(experiment, Cursor(), None)

    def set_options(self, **chosen: Any) -> bool:
        """Start the run again with other options, at the same step of iteration 0; return whether they are possible."""
        try:
            options = replace(self._experiment.options, **chosen)
            if options == self._experiment.options:
                return True
            settings = self._experiment.settings
            make = find_preset(self._experiment.preset).make if settings is None else settings.open
            experiment = make(options)
        except ValueError as error:
            self.message.emit(str(error))
            self.announce()  # controls go back to what is
            return False
        self._start(experiment, self._same_place(experiment), self._focus)
        return True

    def set_settings(self, **chosen: Any) -> bool:
        """Change the settings of the preset, and stay at the same place; return whether all of them fit.

        What does not fit is refused with ``settings_refused``, and tried again with whatever is asked for next.
        """
        settings = self._experiment.settings
        if settings is None:
            self.message.emit(f"Expected a preset with settings; {self._experiment.preset} has none.")
            return False
        wanted = {field: refusal.wanted for field, refusal in self._refusals.items()} | chosen
        experiment, refusals = change(settings, wanted, self._experiment.options)
        self._start(experiment, *self._moved(experiment), refusals)
        return not refusals

    def set_notation(self, notation: Notation) -> None:
        """Call sums and activations net and out, or z and a."""
        if notation is not self._options.notation:
            self._options = replace(self._options, notation=notation)
            self._show()

    def set_row(self, row: int) -> None:
        """Choose the row of the batch that is drawn where a picture has room for one."""
        self._options = replace(self._options, sample=max(0, min(row, self._experiment.options.batch_size - 1)))
        self._show()

    def choose(self, field: str, value: int) -> None:
        """Choose what a picture shows of a stack: set ``sample`` or ``channel`` of the view options.

        No cell stays focused: it would hold its own slice.
        """
        chosen: dict[str, Any] = {field: value}
        self._options = replace(self._options, **chosen)
        self._focus = self._hover = None
        self._show()

    # Where in the run

    def step(self, count: int) -> None:
        """Go to the next (1) or the previous (-1) step; inside an operation, to the next or previous cell."""
        self._go(walking.move(self._trace.program, self._cursor, count))

    def advance(self, count: int) -> None:
        """Play ``count`` moves on, but stop at the first operation on the way that makes a NaN or an infinity."""
        target = walking.move(self._trace.program, self._cursor, count)
        self._go(self._first_broken(target) or target)

    def move_layer(self, count: int) -> None:
        """Go to the first step of the next (1) or previous (-1) layer; inside an operation, by a row of cells."""
        self._go(walking.move_layer(self._trace.program, self._cursor, count))

    def enter(self) -> None:
        """Go into the operation, to its first output cell."""
        self._go(walking.enter(self._cursor))

    def leave(self) -> None:
        """Come out of the operation."""
        self._go(walking.leave(self._cursor))

    def first(self) -> None:
        """Go to the first step of the iteration."""
        self._go(Cursor(self._cursor.iteration, 0))

    def last(self) -> None:
        """Go to the last step of the iteration."""
        self._go(Cursor(self._cursor.iteration, len(self._trace.program.steps) - 1))

    def go_to_step(self, step: int) -> None:
        """Go to a step of this iteration."""
        self.go_to(self._cursor.iteration, step)

    def go_to_iteration(self, iteration: int) -> None:
        """Go to the same step of another iteration."""
        self.go_to(iteration, self._cursor.step)

    def go_to(self, iteration: int, step: int, cell: int | None = None) -> None:
        """Go anywhere; a place that is not in the run is refused with a message."""
        last = len(self._trace.program.steps) - 1
        if iteration < 0:
            self.message.emit(f"Expected an iteration from 0; got {iteration}.")
        elif not 0 <= step <= last:
            self.message.emit(f"Expected a step from 0 to {last}; got {step}.")
        elif cell is not None and not 0 <= cell < walking.cell_count(self._trace.program, Cursor(0, step)):
            most = walking.cell_count(self._trace.program, Cursor(0, step)) - 1
            self.message.emit(f"Expected a cell from 0 to {most}; got {cell}.")
        else:
            self._goal = Cursor(iteration, step, cell)
            self._walk()

    def stop(self) -> None:
        """Give up a goal that is still far away, and prefetching."""
        self._goal = None
        self._walker.stop()
        self._prefetcher.stop()

    def restart(self) -> None:
        """Go back to the first step of iteration 0: the same seed, so the same numbers."""
        self._go(Cursor())

    # What is focused

    def focus_cell(self, key: str, index: Index, reach: bool = False) -> None:
        """Focus a cell: where it came from, or what it reaches. What a stage made up for its picture has no cells."""
        if key not in self._trace.program.values:
            return
        self._focus, self._hover = Focus(key, index, reach), None
        self._show()

    def hover_cell(self, key: str, index: Index | None) -> None:
        """Focus a cell for as long as the mouse is on it; ``None`` when it has left."""
        hover = None if index is None or key not in self._trace.program.values else Focus(key, index)
        if hover != self._hover:
            self._hover = hover
            self._show()

    def open_cell(self, key: str, index: Index) -> None:
        """Go to the step that made a cell, and focus it there; a parameter was made by the last update."""
        program, iteration = self._trace.program, self._cursor.iteration
        if key in program.updates and iteration > 0:
            key, iteration = program.updates[key], iteration - 1
        if key not in program.values:
            return
        producer = program.producers.get(key)
        if producer is None:
            self.message.emit(self._given(program.values[key]))
            self.focus_cell(key, index)
        else:
            self._go(Cursor(iteration, producer.number), Focus(key, index))

    def show_reach(self, step: int) -> None:
        """Go to a step, and show there what the focused cell reaches."""
        focus = self._frame.detail.focus if self._frame.detail else None
        self._go(Cursor(self._cursor.iteration, step), replace(focus, reach=True) if focus else None)

    def check_gradient(self, key: str, index: Index) -> None:
        """Compare a cell of a parameter's gradient with the central difference; ``gradient_checked`` has the result."""
        program, iteration = self._trace.program, self._cursor.iteration
        subject = program.values[key].subject
        if subject is None or program.loss is None:
            return
        inputs = {value.key: self._trace.array(value.key, iteration) for value in program.inputs}
        with np.errstate(all="ignore"):
            gradient = evaluate(program, inputs, key)[key]
            difference = central_difference(program, inputs, subject, index)
        scale = max(1e-8, 1e-3 * float(np.abs(gradient).max()))
        exact = float(gradient[index])
        error = relative_error(exact, difference, scale)
        self.gradient_checked.emit(Check(subject, 1, error, index, exact, difference))

    def go_to_value(self, key: str) -> None:
        """Go to the step that makes a value; for what no step makes, to the first that reads it."""
        program = self._trace.program
        producer = program.producers.get(key)
        steps = (producer,) if producer else program.consumers.get(key, ())
        if steps:
            self._go(Cursor(self._cursor.iteration, steps[0].number))

    def clear(self) -> None:
        """Focus no cell; where none was focused, come out of the operation."""
        if self._focus or self._hover:
            self._focus = self._hover = None
            self._show()
        else:
            self.leave()

    def _walk(self) -> None:
        """Run iterations towards the goal within a slice of time; show how far they got, and go on later."""
        goal, last = self._goal, len(self._trace.program.steps) - 1
        assert goal is not None
        iteration, until = self._cursor.iteration, time.monotonic() + _SLICE_S
        while iteration < goal.iteration:
            self._trace.run_to(Cursor(iteration, last))
            iteration += 1
            if time.monotonic() >= until:
                break
        if iteration < goal.iteration:
            self._cursor, self._focus, self._hover = Cursor(iteration, goal.step), None, None
            self._show()
            self._walker.start()
        else:
            self._go(goal)

    def _go(self, cursor: Cursor, focus: Focus | None = None) -> None:
        self.stop()
        self._cursor, self._focus, self._hover = cursor, focus, None
        self._show()

    def _show(self) -> None:
        self._frame = self._resolve()
        self.frame_changed.emit(self._frame)
        self._prefetcher.start(_IDLE_MS)

    def _prefetch(self) -> None:
        """Compute the next step while idle."""
        following = walking.move(self._trace.program, self._cursor, 1)
        if not self._walker.isActive() and not self._is_prefetched(following):
            self._prefetched = resolve(self._trace, following, self._options)
            self.frame_prefetched.emit(self._prefetched)

    def _is_prefetched(self, cursor: Cursor) -> bool:
        prefetched = self._prefetched
        return prefetched is not None and (prefetched.cursor, prefetched.options) == (cursor, self._options)

    def _resolve(self) -> Frame:
        """Return the frame of the current place: the very one that was prefetched, where that has come."""
        prefetched, self._prefetched = self._prefetched, None
        focus = self._hover or self._focus
        if prefetched and not focus and (prefetched.cursor, prefetched.options) == (self._cursor, self._options):
            return prefetched
        return resolve(self._trace, self._cursor, self._options, focus, self._focus)

    def _start(
        self,
        experiment: Experiment,
        cursor: Cursor,
        focus: Focus | None,
        refusals: Mapping[str, Refusal] = MappingProxyType({}),
    ) -> None:
        self.stop()
        self._experiment, self._trace, self._prefetched = experiment, experiment.trace(), None
        self._cursor, self._focus, self._hover = cursor, focus, None
        self._refusals = refusals
        self._options = replace(self._options, sample=min(self._options.sample, experiment.options.batch_size - 1))
        self._frame = self._resolve()
        self.announce()

    def _same_place(self, experiment: Experiment) -> Cursor:
        """Return the step of another experiment that makes the value shown now, and the cell where it has that."""
        output = self._trace.program.steps[self._cursor.step].output
        same = experiment.program.producers.get(output.key)
        if same is None:
            return Cursor()
        return Cursor(0, same.number, self._cursor.cell if same.output.shape == output.shape else None)

    def _moved(self, experiment: Experiment) -> tuple[Cursor, Focus | None]:
        """Return the same place in an experiment with maps of other sizes, and the cell that is focused there."""
        old, new = self._trace.program.values, experiment.program.values
        cursor, focus, cell = self._same_place(experiment), self._focus, self._cursor.cell
        key = experiment.program.steps[cursor.step].output.key
        if cell is not None and key == self._trace.program.steps[self._cursor.step].output.key:
            index = tuple(int(i) for i in np.unravel_index(cell, old[key].shape))
            index = walking.carry(index, old[key].shape, new[key].shape)
            cursor = replace(cursor, cell=int(np.ravel_multi_index(index, new[key].shape)))
        if focus is not None and focus.key in new:
            focus = replace(focus, index=walking.carry(focus.index, old[focus.key].shape, new[focus.key].shape))
        return cursor, focus

    def _first_broken(self, target: Cursor) -> Cursor | None:
        """Return the first operation after the cursor and up to ``target`` that makes a NaN or an infinity."""
        here = (self._cursor.iteration, self._cursor.step)
        end = len(self._trace.program.steps) - 1
        for iteration in range(self._cursor.iteration, target.iteration + 1):
            last = target.step if iteration == target.iteration else end
            broken = self._trace.broken_step(Cursor(iteration, last))
            if broken is not None and (iteration, broken.number) > here:
                return Cursor(iteration, broken.number)
        return None

    def _given(self, value: Value) -> str:
        name = plain(symbol(self._trace.program, value, self._options.notation))
        if value in self._trace.program.constants:
            return f"{name} is a constant of the program: no step made it."
        if value.key in self._experiment.parameters:
            return f"{name} is as the run began with it: no step has made it yet."
        return f"{name} comes from the data: no step made it."
