"""Write a session into a file, and read one: the run to the last bit, and how it is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from core.data.guest import Guest
from core.data.progress import Progress
from core.data.targets import untyped
from core.description import Count, describe_fields, fields_from
from core.experiment import Experiment
from core.run.breakpoints import Breakpoint
from core.run.inference import Inference
from core.run.kept import Kept
from core.run.trace import Trace
from core.run.training import Goal
from core.values import Array
from core.weights import Weights
from core.writing import Writer
from viz_app.frame.frame import ViewOptions
from viz_app.frame.look import Look
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.told.watch import Watch
from viz_app.saved.arrays import FoundArrays, KeptArrays
from viz_app.saved.container import VERSION, Container, SessionError, read_container, write_container
from viz_app.saved.data import DataReader, DataWriter, rows_by_sample
from viz_app.saved.experiments import Made, experiment_record, guest_from, guest_record, made_from
from viz_app.saved.own import Continued, Own, own_from, own_record, text_from, text_record
from viz_app.saved.records import (
    BreakpointRecord,
    ExperimentRecord,
    InferenceRecord,
    PlaceRecord,
    RunRecord,
    TargetsRecord,
    VisitRecord,
    WatchRecord,
    WindowRecord,
)
from viz_app.saved.runs import (
    breakpoint_from,
    breakpoint_record,
    kept_from,
    place_from,
    place_record,
    run_record,
    watch_from,
    watch_record,
)
from viz_app.whole_file import remove_leftovers, whole_file

T = TypeVar("T")
_NONE = Count(0)
_WRONG = (ValueError, TypeError, KeyError, IndexError, ArithmeticError, RecursionError, MemoryError, AttributeError)
"""What comes of numbers and names that fit their fields, and not each other; a file of ours has none of them."""


@dataclass(frozen=True)
class Typed:
    """The targets that a person has typed: those that the data came with, by sample, and what the data came as."""

    name: str
    own: bool
    originals: Mapping[int, Array]


@dataclass(frozen=True)
class Visiting:
    """The guest that comes first, and where its host was left: as of ``VisitRecord``."""

    guest: Guest
    left: int = 0
    row: int = 0
    stays: bool = False


@dataclass(frozen=True, eq=False)
class Inferred:
    """The forward pass alone that is stepped: the place in it, and the text that it is of, as of ``InferenceRecord``.

    ``trace`` is the pass, where it has been read from a file.
    """

    place: Place
    typed: str | None = None
    came: str = ""
    trace: Inference | None = None


@dataclass(frozen=True, eq=False)
class Saved:
    """A whole session.

    Parameters
    ----------
    experiment : Experiment
        What is run.
    kept : Kept
        The run, with the state at the start of the iteration that is shown.
    place : Place
        Where somebody stands in it, and how it is viewed.
    visiting : Visiting or None
        Who comes first in the batch.
    inferred : Inferred or None
        The forward pass alone, where that is stepped in place of the run.
    typed : Typed or None
        The targets that a person has typed.
    breakpoints : tuple of (Breakpoint, bool)
        Where the run halts, and whether it does.
    watches : tuple of Watch
        What is watched.
    bookmarks : tuple of str
        What the steps make that are bookmarked.
    goal : Goal or None
        When training stops.
    own : Own or None
        What is on the pages of the own input.
    text : Continued or None
        The text that the network continues, where there is one, or its tokens are chosen otherwise than usual.
    window : WindowRecord
        How the window looks.
    export : mapping of str to object or None
        What was exported last, and how, as plain data.
    trace : Trace or None
        The run, where it has been read from a file.
    notes : tuple of str
        What of the file is missing, or is not known here: a sentence each.
    """

    experiment: Experiment
    kept: Kept
    place: Place
    visiting: Visiting | None = None
    inferred: Inferred | None = None
    typed: Typed | None = None
    breakpoints: tuple[tuple[Breakpoint, bool], ...] = ()
    watches: tuple[Watch, ...] = ()
    bookmarks: tuple[str, ...] = ()
    goal: Goal | None = None
    own: Own | None = None
    text: Continued | None = None
    window: WindowRecord = field(default_factory=WindowRecord)
    export: Mapping[str, object] | None = None
    trace: Trace | None = None
    notes: tuple[str, ...] = ()


def write_session(saved: Saved, path: Path, progress: Progress | None = None) -> None:
    """Write a session into a file: aside, and under its name once it is whole.

    What a save into that folder has left that was killed goes, once it is ten minutes old.

    Raises
    ------
    OSError
        If it cannot be written; a file that was there stays.
    """
    data = session_file(saved, path.parent, progress)
    with whole_file(path, overwrite=True) as stream:
        stream.write(data)
    remove_leftovers(path.parent)


def session_file(saved: Saved, folder: Path, progress: Progress | None = None) -> bytes:
    """Return what a file holds that a session is written into; ``folder`` is where it will lie."""
    arrays = KeptArrays()
    data = DataWriter(arrays, folder, progress or Progress())
    visiting, typed = saved.visiting, saved.typed
    sections: dict[str, Any] = {
        "experiment": experiment_record(saved.experiment, saved.place.iteration, arrays, data),
        "run": run_record(saved.kept, arrays),
        "place": place_record(saved.place),
        "view": saved.place.options,
        "visit": visiting
        and VisitRecord(
            guest_record(visiting.guest, arrays), Count(visiting.left), Count(visiting.row), visiting.stays
        ),
        "inference": saved.inferred and _inference_record(saved.inferred),
        "targets": typed and TargetsRecord(typed.name, typed.own, _by_sample(typed.originals, arrays)),
        "goal": saved.goal,
        "own": saved.own and own_record(saved.own, arrays),
        "text": saved.text and text_record(saved.text),
        "window": saved.window,
    }
    document: dict[str, Any] = {
        name: describe_fields(record) for name, record in sections.items() if record is not None
    }
    document["breakpoints"] = [describe_fields(breakpoint_record(one, on)) for one, on in saved.breakpoints]
    document["watches"] = [describe_fields(watch_record(watch)) for watch in saved.watches]
    if saved.bookmarks:
        document["bookmarks"] = list(saved.bookmarks)
    if saved.export is not None:
        document["export"] = dict(saved.export)
    stream = BytesIO()
    write_container(stream, document, arrays.data())
    return stream.getvalue()


def _inference_record(inferred: Inferred) -> InferenceRecord:
    options = inferred.place.options
    return InferenceRecord(
        place_record(inferred.place), Count(options.sample), options.folds, inferred.typed, inferred.came
    )


def _by_sample(rows: Mapping[int, Array], arrays: KeptArrays) -> dict[str, str]:
    return {str(sample): arrays.put(row) for sample, row in rows.items()}


def read_session(path: Path, progress: Progress | None = None) -> Saved:
    """Return the session that a file holds.

    Nothing in it is executed: it is data, and every name in it is looked up among our own. Where data are missing, or a
    newer version has written what is not known here, the rest is opened, and ``notes`` say what is missing.

    Raises
    ------
    SessionError
        If it is none, or cannot be; the message names the file.
    OSError
        If it cannot be read.
    """
    try:
        return _Reading(read_container(path), path.parent, progress or Progress()).saved()
    except _WRONG as error:
        told = str(error).rstrip(".") if isinstance(error, ValueError) else f"it makes no sense ({error})"
        raise SessionError(f"{path.name} was not opened: {told[:1].lower()}{told[1:]}.") from error


class _Reading:
    """Reads the sections of a session, one after the other."""

    def __init__(self, container: Container, folder: Path, progress: Progress) -> None:
        self._document = container.document
        self._arrays = FoundArrays(container.arrays)
        self._data = DataReader(self._arrays, folder, progress)
        self._newer = container.version if container.version > VERSION else None
        known = set(_SECTIONS)
        self._left_out = [*container.unknown, *(name[:40] for name in self._document if name not in known)]
        if self._left_out and self._newer is None:
            raise SessionError(f"expected sections among {', '.join(_SECTIONS)}; got {self._left_out[0]!r}")

    def saved(self) -> Saved:
        made = self._made()
        experiment = made.experiment
        record = self._section("place", partial(fields_from, PlaceRecord)) or PlaceRecord(_NONE, _NONE)
        view = self._section("view", partial(fields_from, ViewOptions)) or ViewOptions()
        kept = kept_from(fields_from(RunRecord, self._required("run")), self._arrays)
        if made.missing:
            return self._begun_anew(made, kept, record, view)
        if record.iteration not in kept.states:
            raise SessionError(f"expected the state at the start of iteration {record.iteration}; it is missing")
        run = experiment.run()
        run.take_up(kept)
        experiment.check_memory()
        trace = Trace.of(run, experiment.token_names)
        place = place_from(record, view, trace, experiment.options.batch_size)
        visiting = self._section("visit", self._visiting)
        shown = trace if visiting is None else experiment.visit(run, self._admitted(experiment, visiting, place))
        resolve_place(shown, place)
        inferred = self._section("inference", partial(self._inferred, experiment, trace, place, visiting))
        typed = self._section("targets", partial(self._typed, experiment))
        return Saved(experiment, kept, place, visiting, inferred, typed, trace=trace, **self._rest())

    def _made(self) -> Made:
        try:
            record = fields_from(ExperimentRecord, self._required("experiment"))
            return made_from(record, self._arrays, self._data)
        except ValueError as error:
            if self._newer is None:
                raise
            told = str(error).rstrip(".")
            raise SessionError(f"it was saved by a newer NetStep (version {self._newer}), and {told}") from None

    def _begun_anew(self, made: Made, kept: Kept, record: PlaceRecord, view: ViewOptions) -> Saved:
        """Return a session without its data: at the start of a run that begins with the weights that were shown."""
        state = kept.states.get(record.iteration, kept.states[0])
        about = {"preset": made.experiment.preset, "iteration": int(record.iteration)}
        experiment = replace(
            made.experiment, parameters=state, opened=Weights(state, made.experiment.network, about), changes=()
        )
        experiment.check_memory()
        run = experiment.run()
        trace, rows = Trace.of(run, experiment.token_names), experiment.options.batch_size
        view = replace(view, sample=min(view.sample, rows - 1))
        place = place_from(replace(record, iteration=_NONE), view, trace, rows)
        resolve_place(trace, place)
        note = (
            f"{made.missing} Opened with the {rows} samples alone that were shown, at iteration 0, on the weights of "
            f"iteration {record.iteration:,}: open the data to go on with all of them."
        )
        rest = self._rest()
        return Saved(experiment, run.kept({}), place, trace=trace, **{**rest, "notes": (note, *rest["notes"])})

    def _rest(self) -> dict[str, Any]:
        """Return what is known of the window and the tools."""
        window = self._section("window", _window) or WindowRecord()
        found = {
            "breakpoints": self._section("breakpoints", _list_of(BreakpointRecord, breakpoint_from)) or (),
            "watches": self._section("watches", _list_of(WatchRecord, watch_from)) or (),
            "bookmarks": self._section("bookmarks", _names) or (),
            "goal": self._section("goal", partial(fields_from, Goal)),
            "own": self._section("own", self._own),
            "text": self._section("text", text_from),
            "window": window,
            "export": self._section("export", _mapping),
        }
        left_out = ", ".join(self._left_out)
        newer = f"It was saved by a newer NetStep; what this one does not know is left out: {left_out}."
        return {**found, "notes": (*self._data.notes, *((newer,) if left_out else ()))}

    def _required(self, name: str) -> object:
        if name not in self._document:
            raise SessionError(f"expected a section {name}; it is missing")
        return self._document[name]

    def _section(self, name: str, read: Callable[[object], T]) -> T | None:
        """Return what a section tells; of a newer version, one that is not known here is left out."""
        if name not in self._document:
            return None
        try:
            return read(self._document[name])
        except _WRONG as error:
            if self._newer is not None:
                self._left_out.append(name)
                return None
            raise SessionError(f"{name}: {error}") from None

    def _own(self, data: object) -> Own:
        return own_from(data, self._arrays)

    def _visiting(self, data: object) -> Visiting:
        record = fields_from(VisitRecord, data)
        return Visiting(guest_from(record.guest, self._arrays), record.left, record.row, record.stays)

    def _admitted(self, experiment: Experiment, visiting: Visiting, place: Place) -> Guest:
        guest = visiting.guest
        if guest.sample is not None:
            experiment.admitted(place.iteration, guest.sample)
        return experiment.admitted(place.iteration, guest)

    def _inferred(
        self, experiment: Experiment, trace: Trace, place: Place, visiting: Visiting | None, data: object
    ) -> Inferred:
        record = fields_from(InferenceRecord, data)
        if record.place.iteration > trace.run.checkpoints[-1]:
            raise SessionError(f"expected the state at the start of iteration {record.place.iteration}; it is missing")
        if record.typed is None:
            inference = experiment.inference(trace.run, visiting.guest if visiting else None)
        else:
            inference = Writer(experiment).inference(trace.run, record.typed + record.came)
        rows = min((value.shape[0] for value in inference.program.data if value.shape), default=1)
        there = place_from(
            record.place, replace(place.options, sample=record.sample, folds=record.folds), inference, rows
        )
        resolve_place(inference, there)
        return Inferred(there, record.typed, record.came, inference)

    def _typed(self, experiment: Experiment, data: object) -> Typed:
        record = fields_from(TargetsRecord, data)
        if experiment.dataset is None:
            raise SessionError(f"expected an experiment with data; {experiment.preset} has none")
        originals = rows_by_sample(record.originals, self._arrays)
        untyped(experiment.dataset, originals, record.name)
        return Typed(record.name, record.own, originals)


_SECTIONS = (
    "experiment",
    "run",
    "place",
    "view",
    "visit",
    "inference",
    "targets",
    "goal",
    "own",
    "text",
    "window",
    "breakpoints",
    "watches",
    "bookmarks",
    "export",
)


def _list_of(kind: type[Any], read: Callable[[Any], T]) -> Callable[[object], tuple[T, ...]]:
    """Return what reads a list of records."""

    def reads(data: object) -> tuple[T, ...]:
        if not isinstance(data, list):
            raise SessionError("expected a list; got something else")
        return tuple(read(fields_from(kind, one)) for one in data)

    return reads


def _window(data: object) -> WindowRecord:
    record = fields_from(WindowRecord, data)
    if record.speed < 0:
        raise SessionError(f"expected a speed from 0; got {record.speed}")
    if record.look is not None:
        Look.from_json(record.look)
    return record


def _names(data: object) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
        raise SessionError("expected a list of names; got something else")
    return tuple(data)


def _mapping(data: object) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise SessionError("expected an object with named fields; got something else")
    return data
