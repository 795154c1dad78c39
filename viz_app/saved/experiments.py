"""Write an experiment down as a record, and make it again from one: the same program, data and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from core.data.dataset import Dataset
from core.data.guest import Guest
from core.description import Count, describe, describe_fields, fields_from, network_from
from core.editing import edited, reopened
from core.experiment import Edit, Experiment
from core.network import Architecture
from core.options import CHOOSE_SAMPLES, Options
from core.preset import Make
from core.presets import PRESETS
from core.weights import Weights
from core.written_options import options_told, written_options
from viz_app.saved.arrays import FoundArrays, KeptArrays
from viz_app.saved.container import SessionError
from viz_app.saved.data import DataReader, DataWriter, MissingDataError
from viz_app.saved.records import (
    ChangeRecord,
    DataRecord,
    EarlierRecord,
    EditRecord,
    ExperimentRecord,
    GuestRecord,
    LearntRecord,
    WeightsRecord,
)

# Into a record


def experiment_record(experiment: Experiment, iteration: int, arrays: KeptArrays, data: DataWriter) -> ExperimentRecord:
    """Return what is told of an experiment whose iteration is shown."""
    dataset, settings = experiment.dataset, _settings(experiment, arrays)
    return ExperimentRecord(
        experiment.preset,
        written_options(experiment.options),
        arrays.put_all(experiment.parameters),
        tuple(ChangeRecord(Count(first), written_options(one)) for first, one in experiment.changes),
        *settings,
        edit=_edit(experiment.edit, arrays),
        data=None if dataset is None else _data(experiment, dataset, experiment.samples(iteration), data),
        own=experiment.own is not None,
        earlier=tuple(EarlierRecord(Count(end), _data(experiment, one, (), data)) for end, one in experiment.earlier),
        guests=tuple(LearntRecord(Count(first), guest_record(one, arrays)) for first, one in experiment.guests),
        opened=_weights(experiment.opened, arrays),
    )


def guest_record(guest: Guest, arrays: KeptArrays) -> GuestRecord:
    """Return what is told of a guest."""
    target = None if guest.target is None else arrays.put(guest.target)
    return GuestRecord(
        arrays.put(guest.inputs), guest.title, target, None if guest.sample is None else Count(guest.sample)
    )


def _settings(experiment: Experiment, arrays: KeptArrays) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """Return the settings as plain data, and those that are arrays."""
    settings: Any = experiment.settings
    if settings is None:
        return None, {}
    found = {one.name: getattr(settings, one.name) for one in fields(settings)}
    large = {name: value for name, value in found.items() if isinstance(value, np.ndarray)}
    plain = replace(settings, **dict.fromkeys(large))
    return describe_fields(plain), arrays.put_all(large)


def _edit(edit: Edit | None, arrays: KeptArrays) -> EditRecord | None:
    if edit is None:
        return None
    return EditRecord(describe(edit.network), edit.loss, arrays.put_all(edit.kept), edit.how)


def _weights(weights: Weights | None, arrays: KeptArrays) -> WeightsRecord | None:
    if weights is None:
        return None
    network = None if weights.network is None else describe(weights.network)
    return WeightsRecord(arrays.put_all(weights.state), weights.about, network)


def _data(experiment: Experiment, dataset: Dataset, seen: tuple[int, ...], data: DataWriter) -> DataRecord:
    now = dataset is experiment.dataset
    own = experiment.own is not None and not _is_retargeted_preset(experiment.own)
    if now:
        return data.record(dataset, preset=not own, seen=seen)
    return data.record(dataset, preset=dataset.opened_with is None and experiment.settings is None, seen=seen)


def _is_retargeted_preset(own: Dataset) -> bool:
    """Tell whether a person's own data are the preset's, with other targets."""
    return own.opened_with is None and bool(own.typed)


# Out of a record


@dataclass(frozen=True, eq=False)
class Made:
    """An experiment that was made again.

    Parameters
    ----------
    experiment : Experiment
        As it was; where ``missing`` says so, on the samples alone that were shown.
    missing : str
        Which data are missing, in a sentence.
    """

    experiment: Experiment
    missing: str = ""


def made_from(record: ExperimentRecord, arrays: FoundArrays, data: DataReader) -> Made:
    """Return the experiment that a record tells of.

    Raises
    ------
    SessionError, ValueError
        If there can be no such experiment.
    """
    if record.preset not in PRESETS:
        raise SessionError(f"expected a preset that there is; got {record.preset[:40]!r}")
    make = _make(record, arrays)
    options = _options(record.options)
    changes = tuple((int(one.iteration), _options(one.options)) for one in record.changes)
    if [first for first, _ in changes] != sorted({first for first, _ in changes}):
        raise SessionError("expected changes of the options in the order of their iterations; got others")
    last = changes[-1][1] if changes else options
    fitting = replace(options, **{name: getattr(last, name) for name in CHOOSE_SAMPLES})
    base = make(Options(seed=options.seed, dtype=options.dtype))  # whatever else was chosen may not suit its network
    try:
        dataset = None if record.data is None else data.dataset(record.data, base.dataset)
        earlier = tuple((int(one.until), data.dataset(one.data, base.dataset)) for one in record.earlier)
    except MissingDataError as error:
        seen = _seen(record, data)
        few = replace(fitting, batch_size=min(fitting.batch_size, len(seen)), sample=0, held_back=0, shuffle=False)
        return Made(_opened(record, arrays, base, make, few, seen), str(error))
    own = dataset if record.own else None
    made = _opened(record, arrays, base, make, fitting, own)
    guests = tuple((int(one.iteration), guest_from(one.guest, arrays)) for one in record.guests)
    experiment = replace(
        made,
        options=options,
        changes=changes,
        earlier=earlier,
        guests=guests,
        opened=_opened_weights(record, arrays),
        parameters=arrays.all_floats(record.parameters),
        settings=made.settings if record.settings is not None else None,
    )
    return Made(experiment)


def guest_from(record: GuestRecord, arrays: FoundArrays) -> Guest:
    """Return the guest that a record tells of; whether it fits is asked elsewhere."""
    target = None if record.target is None else arrays.floats(record.target)
    return Guest(arrays.floats(record.inputs), target, record.title, record.sample)


def _make(record: ExperimentRecord, arrays: FoundArrays) -> Make:
    """Return what opens the preset with its settings."""
    preset = PRESETS[record.preset]
    if record.settings is None:
        return preset.make
    usual = preset.make(preset.defaults).settings
    if usual is None:
        raise SessionError(f"it tells of settings, and {record.preset} has none")
    settings: Any = fields_from(type(usual), record.settings)
    known = {one.name for one in fields(settings)}
    if strange := record.setting_arrays.keys() - known:
        raise SessionError(f"expected settings of {record.preset}; got {sorted(strange)[0][:40]!r}")
    make: Make = replace(settings, **arrays.all_floats(record.setting_arrays)).open
    return make


def _options(told: Mapping[str, object]) -> Options:
    return Options(**options_told(told, "The session tells"))


def _opened(
    record: ExperimentRecord,
    arrays: FoundArrays,
    base: Experiment,
    make: Make,
    options: Options,
    own: Dataset | None,
) -> Experiment:
    """Return the experiment with its network and its data, at the start of iteration 0."""
    edit = _edit_from(record, arrays)
    if own is None:
        return make(options) if edit is None else edited(base, edit, options)
    if edit is None:
        return reopened(replace(base, own=own), make, options)
    return replace(edited(base, edit, options, own), own=own)


def _edit_from(record: ExperimentRecord, arrays: FoundArrays) -> Edit | None:
    edit = record.edit
    if edit is None:
        return None
    if edit.how not in ("", "edited", "adapted"):
        raise SessionError(f"expected a network that was edited or adapted; got {edit.how[:40]!r}")
    return Edit(network_from(edit.network), edit.loss, arrays.all_floats(edit.kept), edit.how)


def _opened_weights(record: ExperimentRecord, arrays: FoundArrays) -> Weights | None:
    opened = record.opened
    if opened is None:
        return None
    network: Architecture | None = None if opened.network is None else network_from(opened.network)
    return Weights(arrays.all_floats(opened.state), network, opened.about)


def _seen(record: ExperimentRecord, data: DataReader) -> Dataset:
    """Return the samples alone that were shown, where the others are missing."""
    seen = None if record.data is None else data.seen(record.data)
    if seen is None:
        raise SessionError("expected the samples that were shown; they are missing")
    return replace(seen, name=f"{seen.name} (the samples that were shown)", opened_with={}, typed={})
