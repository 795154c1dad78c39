"""Receive guests: samples of a person's own, or of the data out of turn, that are stepped on the run's weights."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.data.guest import Guest
from core.network import Architecture
from core.run.executor import Executor
from core.run.plan import Plan
from core.run.trace import Cursor
from core.values import Array
from core.visiting import guess_of, input_of, target_of, tells_classes
from viz_app.frame.told.visited import Visited
from viz_app.session.state import State


class Guests(QObject):
    """One guest at a time comes first in the batch of whatever iteration is shown; the run goes on without it.

    Its values, loss, gradients and updates are shown like any others. They enter the run only where ``learn`` says so.

    Parameters
    ----------
    state : State
        Whose run is visited.
    """

    changed = Signal(object)
    """The ``Guest`` that is there now, or ``None``."""
    told = Signal(object)
    """What is known of the guest, a ``Visited``, at every place; ``None`` once there is none any more."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state
        self._label: tuple[str, int] | None = None
        self._left, self._row, self._stays = 0, 0, False
        self._trace = state.trace
        self._predictor: _Predictor | None = None
        state.guest_changed.connect(self.changed)
        state.guest_changed.connect(self._take_leave)
        state.frame_changed.connect(self._tell)
        state.experiment_changed.connect(self._follow)

    @property
    def guest(self) -> Guest | None:
        """Who is there; its target is ``None`` where the network's own guess is taken."""
        return self._state.visit.guest if self._state.visit else None

    @property
    def came_to(self) -> tuple[int, int, bool]:
        """The iteration and the row of the batch that were shown when the guest came; and whether ``stay`` was said."""
        return self._left, self._row, self._stays

    def take_up(self, left: int, row: int, stays: bool) -> None:
        """Go on with a guest that came in an iteration, where a row of the batch was shown; it keeps its label."""
        self._left, self._row, self._stays = left, row, stays
        guest = self.guest
        if guest is not None and guest.sample is None and guest.target is not None and self.classes:
            self._label = guest.title, int(guest.target.argmax())

    @property
    def learnt(self) -> bool:
        """Whether the iteration that is shown has learnt from the guest just as it is."""
        visit, iteration = self._state.visit, self._state.place.iteration
        learnt = self._state.experiment.guest_at(iteration)
        return visit is not None and learnt is not None and visit.settled(iteration).has_numbers_of(learnt)

    def show(self, guest: Guest) -> bool:
        """Let a guest come first; one that does not fit is refused in a sentence, and whoever was there stays.

        A label that was chosen holds for whatever is called the same, until the guest leaves: a drawing goes on.
        """
        title, label = self._label or ("", self.classes)
        if guest.target is None and guest.sample is None and guest.title == title and label < self.classes:
            guest = self._labelled(guest, label)
        return self._receive(guest)

    def show_sample(self, sample: int) -> bool:
        """Let a sample of the data come first, one that is held back, too; return whether there is one."""
        return self._receive(sample)

    def dismiss(self) -> None:
        """Show the run's own sample again: in the iteration where the guest came, unless the run has changed since."""
        state, place = self._state, self._state.place
        if state.visit is None:
            return
        self._label = None
        row = min(self._row, state.experiment.options.batch_size - 1)
        state.receive(None, replace(place, options=replace(place.options, sample=row)))
        if place.iteration != self._left and not self._stays and not state.training:
            state.go(Cursor(self._left, place.step, place.cell), place.focus)

    def learn(self) -> bool:
        """Let the iteration that is shown learn from the guest, in place of its first sample; return whether it does.

        What came after that iteration is run anew.
        """
        state, iteration = self._state, self._state.place.iteration
        if state.visit is None:
            return False
        if not state.experiment.trainable:
            state.message.emit(
                f"Expected a network that is trained, to learn from it; {state.experiment.preset} is not."
            )
            return False
        return self._enter(state.visit.settled(iteration))

    def unlearn(self) -> bool:
        """Let the iteration that is shown learn from its own samples again."""
        learnt = self._state.experiment.guest_at(self._state.place.iteration)
        return learnt is not None and self._enter(None)

    def set_label(self, label: int | None) -> bool:
        """Say which class the guest is of; ``None`` takes the network's own guess."""
        state, guest = self._state, self.guest
        if guest is None or guest.sample is not None:
            return False
        count = self.classes
        if label is not None and not 0 <= label < count:
            expected = f"a class from 0 to {count - 1}" if count else "a network that tells classes"
            state.message.emit(f"Expected {expected} as the label; got {label}.")
            return False
        self._label = None if label is None else (guest.title, label)
        return self._receive(replace(guest, target=None) if label is None else self._labelled(guest, label))

    def predict(self, inputs: Array) -> Array | None:
        """Return what the network answers, (k,), on the weights of the iteration that is shown; nothing of it is shown.

        ``None`` where nothing is open that answers such a sample: what is drawn may be for the network before.
        """
        state, network = self._state, self._state.experiment.network
        entry = None if network is None else input_of(network.forward)
        if network is None or entry is None or inputs.shape != entry.shape[1:]:
            return None
        dtype = state.experiment.options.dtype
        if self._predictor is None or not self._predictor.suits(network, dtype):
            self._predictor = _Predictor(network, dtype)
        return self._predictor(state.shown.known(state.place.iteration), inputs)

    @property
    def classes(self) -> int:
        """How many classes the network tells; 0 where its outputs are no classes."""
        experiment = self._state.experiment
        target = target_of(experiment.program)
        return target.shape[1] if target and tells_classes(experiment.program, experiment.dataset) else 0

    @property
    def visited(self) -> Visited | None:
        """What is known of the guest in the iteration that is shown."""
        guest, experiment = self.guest, self._state.experiment
        if guest is None:
            return None
        output = experiment.program.values[experiment.program.output] if experiment.program.output else None
        row = self.predict(guest.inputs) if output is not None and len(output.shape) == 2 else None
        guessed = guess_of(row) if row is not None and self.classes else None
        target = guest.target if guest.target is not None else guessed
        asked = target_of(experiment.program) is not None
        names = tuple(self._name(number) for number in range(self.classes))
        rows, learns = experiment.options.batch_size, experiment.trainable
        learnt = learns and self.learnt
        return Visited(guest, self._state.place.iteration, rows, row, target if asked else None, names, learns, learnt)

    def stay(self) -> None:
        """Let ``dismiss`` stay in the iteration that is shown then: the run is elsewhere than where the guest came."""
        self._stays = True

    def _name(self, label: int) -> str:
        dataset = self._state.experiment.dataset
        return f"{label}" if dataset is None else dataset.class_name(label)

    def _tell(self) -> None:
        if self.guest is not None:
            self.told.emit(self.visited)

    def _take_leave(self, guest: Guest | None) -> None:
        if guest is None:
            self._label = None
            self.told.emit(None)

    def _labelled(self, guest: Guest, label: int) -> Guest:
        return replace(guest, target=np.eye(self.classes, dtype=np.float64)[label])

    def _receive(self, guest: Guest | int) -> bool:
        state, place = self._state, self._state.place
        try:
            guest = state.experiment.admitted(place.iteration, guest)
        except ValueError as error:
            state.message.emit(str(error))
            return False
        if state.visit is None:
            self._left, self._row, self._stays = place.iteration, place.options.sample, False
            place = replace(place, options=replace(place.options, sample=0))
        if self._label and self._label[0] != guest.title:
            self._label = None
        state.receive(guest, place)
        return True

    def _enter(self, guest: Guest | None) -> bool:
        """Let the iteration that is shown, and what comes after it, be run with a guest in it, or without one."""
        state, iteration = self._state, self._state.place.iteration
        experiment = state.experiment.with_guest(iteration, guest)
        state.stop()  # nobody may be on the way through what is forgotten now
        state.trace.set_batches(iteration, experiment.batch)
        state.go_on(experiment)
        self.stay()
        learns = "its own samples again" if guest is None else guest.title
        told = f"Iteration {iteration:,} learns from {learns}; the iterations after it are run anew."
        if guest is not None and guest.sample in experiment.held_back:
            told += " It was held back: from now on the network has seen it."
        state.message.emit(told)
        return True

    def _follow(self) -> None:
        """Stay where another run has begun."""
        if self._trace is not self._state.trace:
            self._trace, self._stays = self._state.trace, True


class _Predictor:
    """Runs single samples forward through a network; it is planned once, and takes weights anew where they change."""

    def __init__(self, network: Architecture, dtype: str) -> None:
        self._network, self._dtype = network, dtype
        self._program = network.forward
        entry = input_of(self._program)
        assert entry is not None
        assert self._program.output is not None
        self._entry, self._output = entry.key, self._program.output
        self._weights: Mapping[str, Array] = {}
        self._executor: Executor | None = None
        self._plan: Plan | None = None
        self._asked: Array | None = None
        self._answer: Array = np.empty(0)

    def suits(self, network: Architecture, dtype: str) -> bool:
        """Tell whether it runs that network."""
        return self._network is network and self._dtype == dtype

    def __call__(self, values: Mapping[str, Array], inputs: Array) -> Array:
        weights = {key: values[key] for key in self._program.state}
        if self._executor is None or any(self._weights[key] is not array for key, array in weights.items()):
            self._executor = Executor(self._program, weights, self._dtype, (self._output,), plan=self._plan)
            self._plan, self._weights, self._asked = self._executor.plan, weights, None
        if inputs is not self._asked or inputs.flags.writeable:
            self._executor.run({self._entry: np.asarray(inputs, self._dtype)[None]})
            self._asked, self._answer = inputs, self._executor.value(self._output)[0].copy()
            self._answer.flags.writeable = False
        return self._answer
