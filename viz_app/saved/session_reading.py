"""Read a session from a file: what is missing or not known is left out, and told."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from core.data.guest import Guest
from core.data.progress import Progress
from core.data.targets import untyped
from core.description import Count, fields_from
from core.experiment import Experiment
from core.run.kept import Kept
from core.run.trace import Trace
from core.run.training import Goal
from core.weights import Weights
from core.writing import Writer
from viz_app.frame.frame import ViewOptions
from viz_app.frame.look import Look
from viz_app.frame.place import Place, resolve_place
from viz_app.saved.arrays import FoundArrays
from viz_app.saved.container import VERSION, Container, SessionError, read_container
from viz_app.saved.data import DataReader, rows_by_sample
from viz_app.saved.experiments import Made, guest_from, made_from
from viz_app.saved.own import Own, own_from, text_from
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
    kept_from,
    place_from,
    watch_from,
)
from viz_app.saved.session import Inferred, Saved, Typed, Visiting

T = TypeVar("T")
_NONE = Count(0)
_WRONG = (ValueError, TypeError, KeyError, IndexError, ArithmeticError, RecursionError, MemoryError, AttributeError)
"""What comes of numbers and names that fit their fields, and not each other; a file of ours has none of them."""


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
