"""Hold the one mutable state of the window: what is open, the place in it, and the frame that shows it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from core.data.guest import Guest
from core.experiment import Experiment
from core.options import OptionError
from core.presets.changes import Refusal
from core.program import Program
from core.run.inference import Inference
from core.run.trace import Cursor, Trace
from core.run.visit import Visit
from viz_app.frame.frame import Focus, Frame
from viz_app.frame.outline import Folds, first_folds, folded_all, revealed, settled
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.views import ViewOptions
from viz_app.session.moving.prefetch import Prefetcher
from viz_app.session.moving.way import Clock, Way

_IDLE_MS = 30
"""How long after the last change the next step is computed: more than a held key leaves between two presses."""
_FIRST_IDLE_MS = 250
"""The same after something was opened: the window stands first."""
_NOTHING_REFUSED: Mapping[str, Refusal] = MappingProxyType({})


class State(QObject):
    """The experiment that is open, its trace, and the place in it; whatever changes, ``frame_changed`` answers.

    Parameters
    ----------
    experiment : Experiment
        What is opened first.
    clock : callable
        What slices of time are measured by.
    """

    frame_changed = Signal(object)
    frame_prefetched = Signal(object)
    """The frame of the next step, computed while idle, so that the key that goes there finds it."""
    experiment_changed = Signal(object)
    gradient_checked = Signal(object)
    settings_refused = Signal(object)
    """A mapping of every setting that was asked for and does not fit to its ``Refusal``; empty when all is well."""
    options_refused = Signal(object)
    """The same for options, which are not tried again."""
    edit_refused = Signal(str)
    """Why a network that was asked for cannot take the place of the one that is open."""
    guest_changed = Signal(object)
    """The ``Guest`` that comes first in the batch from now on, or ``None``: the run's own sample does."""
    inference_changed = Signal(object)
    """The ``Inference`` that is stepped from now on, or ``None``: the run is."""
    message = Signal(str)
    stopped = Signal()
    """Whoever was on a way gives it up: the run is about to be elsewhere, or another one."""
    halted = Signal()
    """A breakpoint has halted playing; ``message`` has said which."""
    faulted = Signal()
    """A place could not be shown because of a fault; ``message`` has said so."""

    def __init__(self, experiment: Experiment, parent: QObject | None = None, clock: Clock = time.thread_time) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._trace: Trace = experiment.trace()
        self._visit: Visit | None = None
        self._inference: Inference | None = None
        self._resting: Place | None = None
        self._place = settled(experiment.program, Place(options=ViewOptions(folds=first_folds(experiment.program))))
        self._hovered: Focus | None = None
        self._refusals = _NOTHING_REFUSED
        self.training = False
        """Whether the run is being trained on."""
        self._way = Way(self, clock)
        self._way.failed.connect(self._tell)
        self._way.paused.connect(self._tell_way)
        self._prefetcher = Prefetcher(self)
        self._prefetcher.frame_prefetched.connect(self.frame_prefetched)
        self._frame = resolve_place(self._trace, self._place)

    @property
    def experiment(self) -> Experiment:
        """What is open."""
        return self._experiment

    @property
    def trace(self) -> Trace:
        """The run, whoever visits it."""
        return self._trace

    @property
    def shown(self) -> Trace:
        """What the frames are of: the run, what a guest makes of it, or the forward pass alone."""
        return self._inference or self._visit or self._trace

    @property
    def stepped(self) -> Trace:
        """What is stepped, whoever visits: the run, or the forward pass alone on its weights."""
        return self._inference or self._trace

    @property
    def inference(self) -> Inference | None:
        """The forward pass alone, while that is stepped in place of whole iterations."""
        return self._inference

    @property
    def visit(self) -> Visit | None:
        """What a guest makes of the run, while there is one."""
        return self._visit

    @property
    def run_place(self) -> Place:
        """The place in the run: where it goes on once the forward pass alone is left."""
        return self._resting or self._place

    @property
    def place(self) -> Place:
        """The place in the run."""
        return self._place

    @property
    def goal(self) -> Cursor | None:
        """Where the run is on its way to; whoever goes elsewhere gives it up."""
        return self._way.goal

    @property
    def hovered(self) -> Focus | None:
        """The cell under the mouse."""
        return self._hovered

    @property
    def refusals(self) -> Mapping[str, Refusal]:
        """The settings that were asked for and do not fit."""
        return self._refusals

    @property
    def frame(self) -> Frame:
        """What is shown."""
        return self._frame

    def settled(self, place: Place) -> Place:
        """Return a place of the run that can be shown: in a folded block it is that of the block."""
        return settled(self.stepped.program, place)

    def announce(self) -> None:
        """Send out the state as it is, to whoever has been connected since."""
        self.experiment_changed.emit(self._experiment)
        self.settings_refused.emit(self._refusals)
        self.frame_changed.emit(self._frame)
        self._prefetch(_FIRST_IDLE_MS)

    def start(self, experiment: Experiment, place: Place, refusals: Mapping[str, Refusal] = _NOTHING_REFUSED) -> None:
        """Run an experiment from its beginning, and show a place of it: the first step, until it is run up to there.

        Raises
        ------
        OptionError
            If an iteration of it cannot be shown; all is as it was.
        """
        trace = experiment.trace()
        self.resume()
        self.stop()
        sample = min(place.options.sample, experiment.options.batch_size - 1)
        folds = self._folds_for(experiment, place)
        options = replace(place.options, sample=sample, held=(), folds=folds)
        place = settled(experiment.program, replace(place, options=options, cover=place.cover and place.cover.anew()))
        visit = self._visit_again(experiment, trace) if experiment.preset == self._experiment.preset else None
        first = self._first(visit or trace, place)
        frame = self._resolve(visit or trace, first)
        before, self._visit = self._visit, visit
        self._experiment, self._trace, self._refusals = experiment, trace, refusals
        self._place, self._hovered, self._frame = first, None, frame
        self._announce_anew(before)
        if first is not place:
            self.go(place.cursor, place.focus)

    def _folds_for(self, experiment: Experiment, place: Place) -> Folds:
        """Return what is folded in an experiment: what was, where it has the same blocks, else what it opens with."""
        before = self._experiment.program
        same = before is experiment.program or folded_all(before) == folded_all(experiment.program)
        return place.options.folds if same else first_folds(experiment.program)

    def take_up(self, experiment: Experiment, trace: Trace, place: Place, guest: Guest | None) -> None:
        """Go on with a run of an experiment, at a place of it that is known, with a guest or none."""
        visit = None if guest is None else experiment.visit(trace.run, guest)
        place = settled(experiment.program, place)
        frame = self._resolve(visit or trace, place)
        self.resume()
        self.stop()
        before, self._visit = self._visit, visit
        self._experiment, self._trace, self._refusals = experiment, trace, _NOTHING_REFUSED
        self._place, self._hovered, self._frame = place, None, frame
        if before is not None:
            self.guest_changed.emit(None)
        self.announce()
        if guest is not None:
            self.guest_changed.emit(guest)

    def refuse(self, refusals: Mapping[str, Refusal]) -> None:
        """Leave all as it is, and say which settings do not fit."""
        self._refusals = refusals
        self.announce()

    def go_on(self, experiment: Experiment) -> None:
        """Go on with the same run, and what has changed about it."""
        self.resume()
        self.stop()
        before, self._visit = self._visit, self._visit_again(experiment, self._trace)
        self._experiment = experiment
        self._trace.token_names = experiment.token_names
        place = self._place
        self._place = self._first(self.shown, place)
        self._frame = self._resolve(self.shown, self._place, self._hovered)
        self._announce_anew(before)
        if self._place is not place:
            self.go(place.cursor, place.focus)

    def receive(self, guest: Guest | None, place: Place) -> None:
        """Show what a guest that fits makes of the run at a place, or the run again; training and a way go on."""
        goal = self.goal
        self._way.stop()
        self._prefetcher.stop()
        visit = None if guest is None else self._experiment.visit(self._trace.run, guest)
        inference = self._experiment.inference(self._trace.run, guest) if self._inference else None
        if self._inference is not None and inference is not None:
            place = _carried(place, self._inference.program, inference.program)
        shown = inference or visit or self._trace
        first = place if self.training else self._first(shown, place)
        frame = self._resolve(shown, first, self._hovered)
        self._visit, self._inference, self._place, self._frame = visit, inference, first, frame
        self.guest_changed.emit(guest)
        self.frame_changed.emit(self._frame)
        self._prefetch(_IDLE_MS)
        if goal is not None:
            self.go(goal)
        elif first is not place:
            self.go(place.cursor, place.focus)

    def infer(self, inference: Inference, step: int | None = None) -> None:
        """Step the forward pass alone, at a step of it or at the one that makes what is shown, until ``resume``."""
        self.stop()
        rows = min((value.shape[0] for value in inference.program.data if value.shape), default=1)
        options = replace(self._place.options, sample=min(self._place.options.sample, rows - 1))
        place = replace(self._place, options=options)
        if step is not None:
            place = replace(place, step=step, cell=None, focus=None)
        else:
            place = _carried(place, self.stepped.program, inference.program)
        first = self._first(inference, place)
        frame = self._resolve(inference, first)
        if self._inference is None:
            self._resting = self._place
        self._inference, self._place, self._hovered, self._frame = inference, first, None, frame
        self.inference_changed.emit(inference)
        self.frame_changed.emit(self._frame)
        self._prefetch(_IDLE_MS)
        if first is not place:
            self.go(place.cursor)

    def resume(self) -> None:
        """Return to the run, to the place where the forward pass alone began to be stepped."""
        if self._inference is None or self._resting is None:
            return
        self.stop()
        place = replace(self._resting, options=self._rested(self._resting.options))
        self._inference = self._resting = None
        first = self._first(self.shown, place)
        self._place, self._hovered, self._frame = first, None, self._resolve(self.shown, first)
        self.inference_changed.emit(None)
        self.frame_changed.emit(self._frame)
        self._prefetch(_IDLE_MS)
        if first is not place:
            self.go(place.cursor, place.focus)

    def _rested(self, before: ViewOptions) -> ViewOptions:
        """Return how the run is viewed after the forward pass alone: the row and what is folded are as before."""
        return replace(self._place.options, sample=before.sample, folds=before.folds)

    def tell_of_run(self, sentence: str) -> None:
        """Tell of the run, whoever visits it: then its numbers are not those that are shown."""
        self.message.emit(f"{sentence} That is the run, and not the guest." if self._visit else sentence)

    def _visit_again(self, experiment: Experiment, trace: Trace) -> Visit | None:
        """Return what the guest makes of a run that is another one now; nothing where it does not fit any more."""
        guest, iteration = self._visit.guest if self._visit else None, self._place.iteration
        if guest is None:
            return None
        for one in (guest, replace(guest, target=None)):
            try:
                again = experiment.admitted(iteration, one if guest.sample is None else guest.sample)
            except OptionError:
                continue
            same = guest.sample is not None and again.has_numbers_of(guest)
            return experiment.visit(trace.run, guest if same else again)
        return None

    def _announce_anew(self, before: Visit | None) -> None:
        """Send out another run; a guest that it has no place for has gone before anybody is shown the run."""
        guests = [visit.guest if visit else None for visit in (before, self._visit)]
        gone = guests[0] is not None and guests[1] is None
        if gone:
            self.guest_changed.emit(None)
        self.announce()
        if guests[1] is not None and guests[0] is not guests[1]:
            self.guest_changed.emit(guests[1])
        if gone and guests[0] is not None:
            self.message.emit(f"{guests[0].title} is no input for what is open now: the data are shown again.")

    def show(self, place: Place, hovered: Focus | None = None) -> None:
        """Show a place of the run, and the cell under the mouse."""
        place = settled(self.stepped.program, place)
        frame = self._resolve(self.shown, place, hovered)
        self._place, self._hovered, self._frame = place, hovered, frame
        self.frame_changed.emit(self._frame)
        self._prefetch(_IDLE_MS)

    def go(
        self,
        cursor: Cursor,
        focus: Focus | None = None,
        arrive: Callable[[Cursor], None] | None = None,
        *,
        exact: bool = False,
    ) -> None:
        """Go somewhere in the run, and focus a cell there; a goal that is still far away is given up.

        What takes longer than a slice of time is computed between two events, and shown when it is there. ``arrive`` is
        told of the place in place of that, and shows it, or another one up to there. ``exact`` unfolds the block that
        the step is in; else the block is shown.
        """
        self.stop()
        self._way.go(self.shown, cursor, lambda: arrive(cursor) if arrive else self.arrive(cursor, focus, exact=exact))

    def arrive(self, cursor: Cursor, focus: Focus | None = None, *, exact: bool = False) -> None:
        """Show a place of the run, with a cell focused or none; a step where that is asked for, else its block."""
        place = self._place.at(cursor, focus)
        self.show(revealed(self.stepped.program, place) if exact or focus is not None else place)

    def cancel(self) -> bool:
        """Stop on the way to a goal, and show the iteration that is reached; return whether there was a way."""
        if self.goal is None:
            return False
        self.stop()
        reached, place = self._way.reached, self._place
        self.show(place if reached == place.iteration else place.at(Cursor(reached)))
        return True

    def stop(self) -> None:
        """Give up a goal that is still far away, training, and prefetching."""
        self._way.stop()
        self._prefetcher.stop()
        self.stopped.emit()

    @property
    def busy(self) -> bool:
        """Whether iterations are being run that are not shown."""
        return self.training or self.goal is not None

    def _prefetch(self, after_ms: int) -> None:
        if not self.busy:
            self._prefetcher.start(self.shown, self._place, self._frame, after_ms)
        else:
            self._prefetcher.stop()

    def _first(self, trace: Trace, place: Place) -> Place:
        """Return a place where its frame can be had at once, else the first step of its iteration."""
        place = settled(trace.program, place)
        try:
            short = self._way.is_short(trace, place.cursor)
        except Exception as error:
            self._tell(error)
            raise
        return place if short else place.at(Cursor(place.iteration))

    def _tell_way(self, goal: Cursor, reached: int) -> None:
        where = f"step {goal.step}" if goal.iteration == self._place.iteration else f"iteration {goal.iteration:,}"
        how_far = "" if goal.iteration == self._place.iteration else f": {reached:,}"
        self.message.emit(f"On the way to {where}{how_far}. Esc stops there.")

    def _tell(self, error: Exception) -> None:
        self.message.emit(f"This place cannot be shown, so the last one stays ({type(error).__name__}: {error}).")
        self.faulted.emit()

    def _resolve(self, trace: Trace, place: Place, hovered: Focus | None = None) -> Frame:
        """Return the frame of a place: the very one that was prefetched, where that has come.

        Nothing has moved yet: where there is no frame because of a fault, what is shown stays, and the message says so.
        """
        prefetched = self._prefetcher.take(trace, place)
        if prefetched is not None and hovered is None:
            return prefetched
        try:
            return resolve_place(trace, place, hovered, self._frame)
        except Exception as error:
            self._tell(error)
            raise


def _carried(place: Place, old: Program, new: Program) -> Place:
    """Return the step of another program of the same network that makes what is shown, or the last one before it."""
    output = old.steps[place.step].output
    made = new.producers.get(output.key)
    if made is not None:
        same = made.output.shape == output.shape
        return replace(place, step=made.number, cell=place.cell if same else None, focus=place.focus if same else None)
    return replace(place, step=len(new.steps) - 1, cell=None, focus=None)
