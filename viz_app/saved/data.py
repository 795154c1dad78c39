"""Refer to data from a session: presets' own by name, others by file and checksum; few samples are kept with it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.data.checksum import checksum
from core.data.dataset import Dataset
from core.data.normalising import Normalisation
from core.data.progress import Progress
from core.data.targets import retargeted
from core.description import Count, fields_from
from core.values import Array
from viz_app.reading.files import DataError, shown
from viz_app.saved.arrays import FoundArrays, KeptArrays, Names
from viz_app.saved.container import SessionError
from viz_app.saved.records import AboutRecord, DataRecord, FileRecord, NormalisationRecord, RowsRecord

_KEPT_BYTES = 4 * 2**20
"""Samples that take no more are kept in the session itself, too."""
_MOST_NAMES = 10_000
_ABOUT = tuple(one.name for one in fields(AboutRecord) if one.name not in ("normalisation", "sample_names"))


class MissingDataError(Exception):
    """Data are not where they were, or are others now; the message is a sentence."""


# Into a session


@dataclass(frozen=True)
class DataWriter:
    """Says where data are to be had from.

    Parameters
    ----------
    arrays : KeptArrays
        Where samples are kept.
    folder : Path
        Where the session will lie.
    progress : Progress
        Told how far it is: a checksum of many samples takes a while.
    """

    arrays: KeptArrays
    folder: Path
    progress: Progress = field(default_factory=Progress)

    def record(self, dataset: Dataset, *, preset: bool, seen: tuple[int, ...] = ()) -> DataRecord:
        """Return what is told of a data set.

        Parameters
        ----------
        dataset : Dataset
            The data.
        preset : bool
            Whether they are the preset's own, but for targets that a person has typed.
        seen : tuple of int
            The samples that are kept where there is no room for all of them.
        """
        kept = not preset and _size(dataset) <= _KEPT_BYTES
        every = range(len(dataset)) if kept else ()
        return DataRecord(
            preset,
            self._about(dataset, named=kept),
            Count(len(dataset)),
            tuple(map(Count, dataset.sample_shape)),
            checksum(dataset, self.progress),
            None if preset else self._file(dataset.opened_with),
            self._rows(dataset, every) if kept else None,
            self._rows(dataset, seen) if not (preset or kept) and seen else None,
            {str(sample): self.arrays.put(row) for sample, row in dataset.typed.items()},
        )

    def _about(self, dataset: Dataset, *, named: bool) -> AboutRecord:
        told = {name: getattr(dataset, name) for name in _ABOUT}
        names, found = dataset.sample_names, dataset.normalisation
        if found is not None:
            mean, deviation = self.arrays.put(found.mean), self.arrays.put(found.deviation)
            told["normalisation"] = NormalisationRecord(found.by, mean, deviation)
        if named and names is not None and len(names) <= _MOST_NAMES:
            told["sample_names"] = tuple(names)
        return AboutRecord(**told)

    def _rows(self, dataset: Dataset, samples: Any) -> RowsRecord:
        chosen = np.asarray(samples, np.intp)
        put = self.arrays.put
        labels = None if dataset.labels is None else put(dataset.labels[chosen].astype(np.int64))
        return RowsRecord(put(np.asarray(dataset.inputs[chosen])), put(np.asarray(dataset.targets[chosen])), labels)

    def _file(self, opened: Mapping[str, Any] | None) -> FileRecord | None:
        if not opened:
            return None
        named = bool(opened["named"])
        beside = "" if named else _relative(str(opened["source"]), self.folder)
        return FileRecord(str(opened["source"]), beside, named, dict(opened["choices"]))


def _size(dataset: Dataset) -> int:
    """Return how many bytes the samples and targets of a data set take in memory."""
    both = dataset.inputs, dataset.targets
    return sum(int(np.prod(rows.shape)) * np.dtype(rows.dtype).itemsize for rows in both)


def _relative(source: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # on another drive
        return ""


# Out of a session


@dataclass
class DataReader:
    """Finds the data that a session refers to.

    Parameters
    ----------
    arrays : FoundArrays
        Where samples are kept.
    folder : Path
        Where the session lies.
    progress : Progress
        Told how far it is.
    """

    arrays: FoundArrays
    folder: Path
    progress: Progress = field(default_factory=Progress)
    notes: list[str] = field(default_factory=list)
    """What a person should know of the data: a sentence each."""

    def dataset(self, record: DataRecord, preset: Dataset | None) -> Dataset:
        """Return the data that a record refers to.

        Parameters
        ----------
        record : DataRecord
            What was told of them.
        preset : Dataset or None
            The data of the preset.

        Raises
        ------
        MissingDataError
            If they are not there any more, or are others.
        SessionError
            If the record makes no sense.
        """
        if record.preset:
            if preset is None:
                raise SessionError("expected a preset with data; this one has none")
            found = self._finished(preset, record)
            if checksum(found, self.progress) != record.checksum:
                self._note(f"The data of the preset, {preset.name}, are not those that the session was saved with.")
            return found
        if record.file is None and record.rows is not None:
            return self._kept(record.rows, record)
        try:
            return self._of_file(record)
        except MissingDataError as error:
            if record.rows is None:
                raise
            self._note(f"{error} The session has kept its samples.")
            return self._kept(record.rows, record)

    def seen(self, record: DataRecord) -> Dataset | None:
        """Return the samples alone of the iteration that was shown, where they were kept."""
        rows = record.rows or record.seen
        return None if rows is None else self._kept(rows, replace(record, typed={}))

    def _of_file(self, record: DataRecord) -> Dataset:
        file = record.file
        if file is None:
            raise MissingDataError(f"{record.about.name} lies in no file that could be opened again.")
        found = self._finished(self._open(file), record)
        name = shown(Path(file.source))
        if len(found) != record.count or checksum(found, self.progress) != record.checksum:
            raise MissingDataError(f"{name} has changed since the session was saved.")
        return found

    def _open(self, file: FileRecord) -> Dataset:
        """Open a file where it was, or where it lies beside the session now."""
        from viz_app.reading.data import look_into  # late: the start of the window does not wait for it
        from viz_app.reading.offer import Choices

        try:
            choices = fields_from(Choices, file.choices)
        except ValueError as error:
            raise SessionError(f"it tells of data that cannot be opened so: {error}") from None
        places: list[Path | str] = [file.source] if file.named else [Path(file.source)]
        places += [self.folder / file.beside] if file.beside and not file.named else []
        reasons = []
        for place in places:
            try:
                offer = look_into(place, choices, self.progress)
                if offer.to_download:
                    raise MissingDataError(f"{offer.name} has not been downloaded here.")
                return offer.open(progress=self.progress)
            except (DataError, OSError) as error:
                reasons.append(str(error))
        raise MissingDataError(f"The data cannot be opened again. {reasons[0]}")

    def _finished(self, dataset: Dataset, record: DataRecord) -> Dataset:
        """Return data as the network took them: in its shape, with the targets that were typed."""
        shape = tuple(int(size) for size in record.shape)
        try:
            dataset = dataset.reshaped(shape)
            for sample, row in rows_by_sample(record.typed, self.arrays).items():
                dataset = retargeted(dataset, sample, row)
        except ValueError as error:
            raise MissingDataError(f"{dataset.name} has changed since the session was saved: {error}.") from None
        return replace(dataset, name=record.about.name)

    def _kept(self, rows: RowsRecord, record: DataRecord) -> Dataset:
        """Return the data that are kept in the session; typed targets are in them."""
        labels = None if rows.labels is None else self.arrays.get(rows.labels)
        told: dict[str, Any] = {name: getattr(record.about, name) for name in _ABOUT}
        inputs, targets = self.arrays.floats(rows.inputs), self.arrays.floats(rows.targets)
        found = record.about.normalisation
        if found is not None:
            get = self.arrays.floats
            told["normalisation"] = Normalisation(found.by, get(found.mean), get(found.deviation))
        if labels is not None and (labels.dtype != np.int64 or labels.shape != targets.shape[:1]):
            raise SessionError("expected a class for every sample; got others")
        if len(inputs) == record.count:
            told["sample_names"] = record.about.sample_names
        else:
            told |= {"held_back": 0, "token_names": None}
        typed: Any = rows_by_sample(record.typed, self.arrays)
        whole = {"typed": typed, "opened_with": _opened_with(record.file)}
        return Dataset(inputs=inputs, targets=targets, labels=labels, **told, **whole)

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def rows_by_sample(names: Names, arrays: FoundArrays) -> dict[int, Array]:
    """Return targets by the numbers of their samples.

    Raises
    ------
    SessionError
        If these are no numbers, or those are no arrays of floats.
    """
    if not all(sample.isascii() and sample.isdecimal() and len(sample) < 16 for sample in names):
        raise SessionError("expected typed targets by the numbers of their samples; got others")
    return {int(sample): arrays.floats(name) for sample, name in names.items()}


def _opened_with(file: FileRecord | None) -> Mapping[str, Any]:
    if file is None:
        return {}
    return {"source": file.source, "named": file.named, "choices": file.choices}
