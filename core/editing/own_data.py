"""Put a person's own data into the place of a preset's."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from core.data.dataset import Dataset
from core.editing.adapting import Adaptation, options_for
from core.editing.opening import edited
from core.experiment import Edit, Experiment
from core.network import Architecture
from core.options import Options
from core.preset import Make, network_experiment
from core.values import Array

_NOTHING: Mapping[str, Array] = MappingProxyType({})


def on_own_data(
    experiment: Experiment, dataset: Dataset, found: Adaptation, kept: Mapping[str, Array] = _NOTHING
) -> Experiment:
    """Return an experiment on a person's own data, at the start of iteration 0.

    Parameters
    ----------
    experiment : Experiment
        Whose network, options and settings are taken.
    dataset : Dataset
        The data.
    found : Adaptation
        What ``adaptation`` found of the two.
    kept : mapping of str to ndarray
        The parameters that it begins with; without them, those of the experiment, or drawn ones where they do not fit.

    Raises
    ------
    OptionError, ShapeError
        If the options do not fit the data.
    """
    options = options_for(experiment, dataset)
    pinned = experiment.settings is not None or experiment.edit is not None
    if not (found.changes or kept or pinned):
        return _compiled(experiment, dataset, options, experiment.parameters)
    if not found.keeps_weights:
        options = options.changed(frozen=(), loss=None, start="scratch")
    elif kept:
        options = options.changed(start="scratch")  # else the shipped weights came in place of those that were reached
    before = experiment.parameters if found.keeps_weights else {}
    how = experiment.edit.how if experiment.edit is not None else ""
    edit = Edit(
        found.network, found.loss, {**_of(found.network, before), **kept}, how if found.keeps_weights else "adapted"
    )
    return replace(edited(experiment, edit, options, dataset), own=dataset, settings=None)


def reopened(experiment: Experiment, make: Make, options: Options) -> Experiment:
    """Return an experiment with other options, on a person's own data and with an edited network where it has them.

    Parameters
    ----------
    experiment : Experiment
        What is open.
    make : callable
        Returns the experiment of the preset, or of its settings, for options.
    options : Options
        What it is opened with.

    Raises
    ------
    OptionError, ShapeError
        If the options do not fit.
    """
    if experiment.own is None:
        made = make(options)
        return made if experiment.edit is None else edited(made, experiment.edit)
    if experiment.edit is not None:
        return edited(experiment, experiment.edit, options)
    base = make(replace(options, batch_size=1, sample=0, held_back=0))  # the data of the preset may be fewer
    return _compiled(base, experiment.own, options, base.parameters)


def _compiled(base: Experiment, own: Dataset, options: Options, parameters: Mapping[str, Array]) -> Experiment:
    assert base.network is not None
    assert base.rates is not None
    first = _of(base.network, parameters)
    made = network_experiment(
        base.preset,
        base.network,
        own,
        options,
        loss=base.loss,
        rates=base.rates,
        parameters=first,
        settings=base.settings,
    )
    return replace(made, own=own)


def _of(network: Architecture, state: Mapping[str, Array]) -> dict[str, Array]:
    """Return what a network has learnt among other values."""
    return {value.key: state[value.key] for value in network.forward.learnt if value.key in state}
