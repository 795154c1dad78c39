"""Open experiments: presets, and what is open again with other options or settings."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from core.data import Dataset
from core.editing import adaptation, edited, laid_out, on_own_data, options_for, reopened
from core.experiment import Edit, Experiment, LiveSettings, Settings
from core.network import Architecture
from core.options import CHOOSE_SAMPLES, LEARNING_RATE, OptionError, Options
from core.preset import Make
from core.presets import find_preset, open_preset
from core.presets.changes import Refusal, change
from core.program import Program
from core.saved import started
from core.values import Array
from core.weights import WeightsError
from core.wording import sentence
from viz_app.frame import walking
from viz_app.frame.place import Place
from viz_app.session.state import State


class Opening(QObject):
    """Opens what it is told; what cannot be leaves all as it was, and is said in one sentence.

    Parameters
    ----------
    state : State
        Where it is opened.
    """

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state

    def open_preset(self, name: str, **chosen: Any) -> bool:
        """Open a preset at its first step; return whether there is one that fits."""
        try:
            self.open(open_preset(name, **chosen))
        except ValueError as error:
            self._state.message.emit(str(error))
            return False
        return True

    def open(self, experiment: Experiment) -> None:
        """Open an experiment at its first step."""
        self._state.start(experiment, self._state.place.begun_anew)

    def set_options(self, **chosen: Any) -> bool:
        """Take other options; return whether they are possible.

        Those that need no new program hold from the iteration on that is shown. With any other the run starts again, at
        the same step of iteration 0.
        """
        self._state.resume()
        state, settings = self._state, self._state.experiment.settings
        try:
            options = state.experiment.now.changed(**chosen)
            if options == state.experiment.now:
                return True
            if state.experiment.now.keeps_program(options):
                self._change(options)
                return True
            experiment = reopened(state.experiment, self._make(settings), options)
            if not {"seed", "start"} & chosen.keys():
                experiment = self._still_started(experiment)
            state.start(experiment, same_place(state.place, state.experiment.program, experiment.program))
        except ValueError as error:
            state.message.emit(str(error))
            state.announce()  # controls go back to what is
            state.options_refused.emit({option: Refusal(wanted, str(error)) for option, wanted in chosen.items()})
            return False
        return True

    def edit(self, network: Architecture, loss: str, kept: Mapping[str, str] = MappingProxyType({})) -> bool:
        """Put another network in the place of the one that is open; return whether it fits the data.

        The run starts again with it, at the same step of iteration 0.

        Parameters
        ----------
        network : Architecture
            The network.
        loss : str
            As of ``compile_iteration``.
        kept : mapping of str to str
            Parameters that begin with numbers of the iteration that is shown: by key, the key in the open network.
        """
        self._state.resume()
        state = self._state
        state.stop()  # nobody may be on the way through the run whose numbers are taken
        try:
            shown = state.trace.run.state(state.place.iteration) if kept else {}
            edit = Edit(network, loss, {key: shown[before] for key, before in kept.items()})
            experiment = edited(state.experiment, edit, state.experiment.now.changed(loss=None, start="scratch"))
            state.start(experiment, same_place(state.place, state.experiment.program, experiment.program))
        except ValueError as error:
            state.message.emit(sentence(error))
            state.edit_refused.emit(sentence(error))
            return False
        return True

    def take_data(self, dataset: Dataset, adapt: bool = False) -> bool:
        """Put a person's own data into the place of what is open; return whether they are taken.

        Where the network takes them as it is, the run goes on with them from the iteration on that is shown. Where
        only names change, or the batch has to be smaller, it begins anew with the weights that it has reached.

        Parameters
        ----------
        dataset : Dataset
            The data.
        adapt : bool
            Whether the network may be changed so that it fits, and its weights drawn anew; without it, such data are
            refused, and the message says what would change (see ``adaptation``).
        """
        self._state.resume()
        state = self._state
        state.stop()  # nobody may be on the way through what is forgotten now
        before = state.experiment
        try:
            dataset = laid_out(before, dataset)
            found = adaptation(before, dataset)
            if not (found.keeps_weights or adapt):
                told = " ".join(found.changes)
                raise OptionError(f"{dataset.name} does not fit the network as it is. To adapt it: {told}")
            same = not found.changes and before.now.keeps_program(options_for(before, dataset))
            kept = {} if same or not found.keeps_weights else self._parameters_shown()
            other = on_own_data(before, dataset, found, kept)
            if same and not any(first > state.place.iteration for first, _ in before.changes):
                self._take_data(other)
            else:
                self._start(other, {})
        except ValueError as error:
            state.message.emit(sentence(error))
            return False
        return True

    def _parameters_shown(self) -> dict[str, Array]:
        """Return what has been learnt at the start of the iteration that is shown."""
        state = self._state
        shown = state.trace.run.state(state.place.iteration)
        return {value.key: shown[value.key] for value in state.experiment.program.learnt}

    def _make(self, settings: Settings | None) -> Make:
        return find_preset(self._state.experiment.preset).make if settings is None else settings.open

    def _still_started(self, experiment: Experiment) -> Experiment:
        """Return what is opened again with the weights of the file that was opened, where they still fit."""
        opened = self._state.experiment.opened
        try:
            return experiment if opened is None else started(experiment, opened)
        except WeightsError:
            return experiment

    def _edited_as_before(self, settings: Settings, experiment: Experiment) -> Experiment:
        """Return what is opened with other settings, edited as before, unless they ask for another network."""
        if self._state.experiment.edit is None:
            return experiment
        if settings.open(self._state.experiment.now).network == experiment.network:
            return edited(experiment, self._state.experiment.edit)
        self._state.message.emit("The settings make another network; what was edited is gone.")
        return experiment

    def _change(self, options: Options) -> None:
        """Let options hold from the iteration on that is shown."""
        state, iteration = self._state, self._state.place.iteration
        state.stop()  # nobody may be on the way through what is forgotten now
        before, experiment = state.experiment, state.experiment.changed(iteration, options)
        if options.learning_rate is not None and options.learning_rate != before.now.learning_rate:
            state.trace.set_hyperparameter(iteration, LEARNING_RATE, options.learning_rate)
        for key, number in options.numbers.items():
            if number != before.now.numbers[key]:
                state.trace.set_hyperparameter(iteration, key, number)
        if any(getattr(options, name) != getattr(before.now, name) for name in CHOOSE_SAMPLES):
            state.trace.set_batches(iteration, experiment.batch)
        if options.schedule != before.now.schedule:
            state.trace.set_factors(iteration, experiment.factors)
        state.go_on(experiment)

    def set_settings(self, **chosen: Any) -> bool:
        """Change the settings of the preset, and stay at the same place; return whether all of them fit.

        The run starts again, unless the settings say that it can go on with the new data from where it is.
        What does not fit is refused with ``settings_refused``, and tried again with whatever is asked for next. A
        setting that the preset has not is refused with a message, and all else that was asked for with it.
        """
        self._state.resume()
        state, settings = self._state, self._state.experiment.settings
        if settings is None:
            state.message.emit(f"Expected a preset with settings; {state.experiment.preset} has none.")
            return False
        wanted = {field: refusal.wanted for field, refusal in state.refusals.items()} | chosen
        try:
            experiment, refusals = change(settings, wanted, state.experiment.now)
            experiment = self._still_started(self._edited_as_before(settings, experiment))
        except ValueError as error:
            state.message.emit(str(error))
            return False
        taken = {field: value for field, value in wanted.items() if field not in refusals}
        if all(_is_same(getattr(settings, field), value) for field, value in taken.items()):
            state.refuse(refusals)
        elif not (refusals or state.refusals) and self._keeps_run(settings, experiment):
            self._take_data(experiment)
        else:
            self._start(experiment, refusals)
        return not refusals

    def restart(self) -> bool:
        """Begin anew with the data as they are now; return whether they have changed since the run began."""
        state = self._state
        if not state.experiment.earlier:
            return False
        state.resume()
        make = self._make(state.experiment.settings)
        experiment = self._still_started(reopened(state.experiment, make, state.experiment.now))
        state.start(experiment, state.place.begun_anew, state.refusals)
        return True

    def _keeps_run(self, settings: Settings, other: Experiment) -> bool:
        """Tell whether the run can go on with other data; options that are planned for later are in the way."""
        changes, iteration = self._state.experiment.changes, self._state.place.iteration
        if not isinstance(settings, LiveSettings) or other.settings is None or any(k > iteration for k, _ in changes):
            return False
        return settings.keeps_run(other.settings)

    def _take_data(self, other: Experiment) -> None:
        """Take other data from the iteration on that is shown."""
        self._state.stop()  # nobody may be on the way through what is forgotten now
        state, iteration = self._state, self._state.place.iteration
        experiment = state.experiment.with_data(iteration, other)
        if other.now != experiment.now:  # the data have not the sample that was asked for
            experiment = experiment.changed(iteration, other.now)
        state.trace.set_batches(iteration, experiment.batch)
        state.go_on(experiment)

    def take_targets(self, dataset: Dataset, *, own: bool) -> bool:
        """Take the same samples with other targets from the iteration on that is shown; return whether they fit.

        A guest that the iteration learns from stays.

        Parameters
        ----------
        dataset : Dataset
            The samples with their targets.
        own : bool
            Whether they are a person's own, and stay when the run begins anew; else they are the preset's.
        """
        self._state.resume()
        state, iteration = self._state, self._state.place.iteration
        before = state.experiment
        learnt = before.guest_at(iteration)
        try:
            other = replace(before, dataset=dataset, own=dataset if own else None)
        except ValueError as error:
            state.message.emit(sentence(error))
            return False
        experiment = before.with_data(iteration, other)
        if learnt is not None:
            experiment = experiment.with_guest(iteration, learnt if learnt.sample is None else learnt.sample)
        state.stop()  # nobody may be on the way through what is forgotten now
        state.trace.set_batches(iteration, experiment.batch)
        state.go_on(experiment)
        return True

    def _start(self, experiment: Experiment, refusals: Mapping[str, Refusal]) -> None:
        state = self._state
        state.start(experiment, carried_place(state.place, state.experiment.program, experiment.program), refusals)


def _is_same(before: Any, after: Any) -> bool:
    """Tell whether a setting stays as it was; another array is taken as another one, whatever it holds."""
    arrays = isinstance(before, np.ndarray) or isinstance(after, np.ndarray)
    return before is after or (not arrays and before == after)


def same_place(place: Place, old: Program, new: Program) -> Place:
    """Return the step of another program that makes the value shown now, and the cell where it has that."""
    output = old.steps[place.step].output
    same = new.producers.get(output.key)
    if same is None:
        return replace(place, iteration=0, step=0, cell=None)
    cell = place.cell if same.output.shape == output.shape else None
    return replace(place, iteration=0, step=same.number, cell=cell)


def carried_place(place: Place, old: Program, new: Program) -> Place:
    """Return the same place of a program whose maps have other sizes: cells keep their place in proportion."""
    carried = same_place(place, old, new)
    before, after = old.steps[place.step].output, new.steps[carried.step].output
    if place.cell is not None and before.key == after.key:
        index = tuple(int(i) for i in np.unravel_index(place.cell, before.shape))
        index = walking.carry(index, before.shape, after.shape)
        carried = replace(carried, cell=int(np.ravel_multi_index(index, after.shape)))
    focus = place.focus
    if focus is not None and focus.key in new.values:
        index = walking.carry(focus.index, old.values[focus.key].shape, new.values[focus.key].shape)
        carried = replace(carried, focus=replace(focus, index=index))
    return carried
