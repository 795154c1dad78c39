"""Change what the network should answer to single samples, and take that back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.data.dataset import Dataset
from core.data.targets import retargeted
from core.presets.playground import PlaygroundSettings
from core.values import Array
from core.wording import sentence
from viz_app.session.opening import Opening
from viz_app.session.state import State

_CHANGED = " (targets changed)"


class Targets(QObject):
    """The targets that a person has typed; they hold from the iteration on that is shown.

    Parameters
    ----------
    state : State
        Whose data have them.
    opening : Opening
        What puts data into the run.
    """

    changed = Signal(object)
    """The targets that the data came with, by sample, of those samples that have another one."""

    def __init__(self, state: State, opening: Opening) -> None:
        super().__init__(state)
        self._state, self._opening = state, opening
        self._dataset: Dataset | None = state.experiment.dataset
        self._base, self._own = self._dataset, state.experiment.own is not None
        self._originals: dict[int, Array] = {}
        self._taking = False
        state.experiment_changed.connect(self._follow)

    @property
    def originals(self) -> Mapping[int, Array]:
        """The targets that the data came with, of the samples that have another one, in the order of the changes."""
        return MappingProxyType(self._originals)

    def set(self, sample: int, target: Array) -> bool:
        """Give a sample another target; return whether it can have it."""
        dataset = self._state.experiment.dataset
        if dataset is None or not 0 <= sample < len(dataset):
            self._state.message.emit(f"There is no sample {sample:,} whose target could be changed.")
            return False
        original = self._originals.get(sample, dataset.targets[sample].copy())
        if not self._take({sample: target}):
            return False
        self._originals.pop(sample, None)
        if not np.array_equal(original, target):
            self._originals[sample] = original
        self.changed.emit(self.originals)
        return True

    def undo(self, samples: Iterable[int]) -> bool:
        """Give samples the targets that they came with; return whether they have them."""
        wanted = {sample: self._originals[sample] for sample in samples if sample in self._originals}
        if not wanted or not self._take(wanted):
            return False
        for sample in wanted:
            del self._originals[sample]
        self.changed.emit(self.originals)
        return True

    def _take(self, targets: Mapping[int, Array]) -> bool:
        """Let the run go on with other targets; return whether it can."""
        experiment, base = self._state.experiment, self._base
        dataset = experiment.dataset
        assert dataset is not None
        assert base is not None
        self._taking = True
        try:
            if isinstance(experiment.settings, PlaygroundSettings) and dataset.reach is not None:
                return self._opening.set_settings(points=experiment.settings.with_targets(targets))
            for sample, target in targets.items():
                dataset = retargeted(dataset, sample, target)
            if all(np.array_equal(dataset.targets[sample], own) for sample, own in self._originals.items()) and (
                targets.keys() <= self._originals.keys()
            ):
                return self._opening.take_targets(base, own=self._own)
            return self._opening.take_targets(replace(dataset, name=f"{base.name}{_CHANGED}"), own=True)
        except ValueError as error:
            self._state.message.emit(sentence(error))
            return False
        finally:
            self._taking = False
            self._dataset = self._state.experiment.dataset

    def _follow(self) -> None:
        """Forget what was changed once other data come."""
        dataset = self._state.experiment.dataset
        if not self._taking and dataset is not self._dataset:
            self._dataset = dataset
            self._base, self._own = dataset, self._state.experiment.own is not None
            if self._originals:
                self._originals.clear()
                self.changed.emit(self.originals)
