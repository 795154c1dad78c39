"""Change what the network should answer to single samples, and take that back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.data.dataset import Dataset
from core.data.targets import retargeted, untyped
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

    @property
    def base(self) -> Dataset | None:
        """The data with the targets that they came with."""
        return self._base

    @property
    def base_is_own(self) -> bool:
        """Whether those are a person's own, and not the preset's."""
        return self._own

    def take_up(self, name: str, own: bool, originals: Mapping[int, Array]) -> None:
        """Go on with targets that were typed before: the data that are open have them.

        Parameters
        ----------
        name : str
            What the data came as.
        own : bool
            Whether they are a person's own.
        originals : mapping of int to ndarray
            As of ``originals``.

        Raises
        ------
        ValueError
            If the data have no such samples.
        """
        dataset = self._state.experiment.dataset
        assert dataset is not None
        self._base, self._own = untyped(dataset, originals, name), own
        self._originals = dict(originals)
        self.changed.emit(self.originals)

    def set(self, sample: int, target: Array) -> bool:
        """Give a sample another target; return whether it can have it."""
        dataset = self._state.experiment.dataset
        if dataset is None or not 0 <= sample < len(dataset):
            self._state.message.emit(f"There is no sample {sample:,} whose target could be changed.")
            return False
        before = {known: own for known, own in self._originals.items() if known != sample}
        original = self._originals.get(sample, dataset.targets[sample].copy())
        other = not np.array_equal(original, target)
        return self._take({sample: target}, {**before, sample: original} if other else before)

    def undo(self, samples: Iterable[int]) -> bool:
        """Give samples the targets that they came with; return whether they have them."""
        wanted = {sample: self._originals[sample] for sample in samples if sample in self._originals}
        left = {sample: own for sample, own in self._originals.items() if sample not in wanted}
        return bool(wanted) and self._take(wanted, left)

    def _take(self, targets: Mapping[int, Array], originals: dict[int, Array]) -> bool:
        """Let the run go on with other targets; return whether it can.

        Parameters
        ----------
        targets : mapping of int to ndarray
            The targets that are others than before, by sample.
        originals : dict of int to ndarray
            Of all samples that have another target from then on: the one that they came with.
        """
        self._taking = True
        try:
            taken = self._run_with(targets, bool(originals))
        except ValueError as error:
            self._state.message.emit(sentence(error))
            return False
        finally:
            self._taking = False
            self._dataset = self._state.experiment.dataset
        if taken:
            self._originals = originals
            self.changed.emit(self.originals)
        return taken

    def _run_with(self, targets: Mapping[int, Array], changed: bool) -> bool:
        experiment, base = self._state.experiment, self._base
        dataset = experiment.dataset
        assert dataset is not None
        assert base is not None
        if isinstance(experiment.settings, PlaygroundSettings) and dataset.reach is not None:
            return self._opening.set_settings(points=experiment.settings.with_targets(targets))
        if not changed:
            return self._opening.take_targets(base, own=self._own)
        for sample, target in targets.items():
            dataset = retargeted(dataset, sample, target)
        return self._opening.take_targets(replace(dataset, name=f"{base.name}{_CHANGED}"), own=True)

    def _follow(self) -> None:
        """Forget what was changed once other data come."""
        before, dataset = self._dataset, self._state.experiment.dataset
        if self._taking or dataset is before:
            return
        self._dataset = dataset
        if before is not None and dataset is not None and _are_the_same_points(before, dataset):
            return
        self._base, self._own = dataset, self._state.experiment.own is not None
        if self._originals:
            self._originals = {}
            self.changed.emit(self.originals)


def _are_the_same_points(before: Dataset, now: Dataset) -> bool:
    """Tell whether data are points of the plane that were made anew just as they were."""
    if before.reach is None or now.reach is None:
        return False
    pairs = (before.inputs, now.inputs), (before.targets, now.targets)
    return all(np.array_equal(np.asarray(one), np.asarray(other)) for one, other in pairs)
