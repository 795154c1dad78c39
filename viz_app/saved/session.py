"""What a session holds, and how it is written into a file: the run to the last bit, and how it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from core.data.guest import Guest
from core.data.progress import Progress
from core.description import Count, describe_fields
from core.experiment import Experiment
from core.run.breakpoints import Breakpoint
from core.run.inference import Inference
from core.run.kept import Kept
from core.run.trace import Trace
from core.run.training import Goal
from core.values import Array
from viz_app.frame.place import Place
from viz_app.frame.told.watch import Watch
from viz_app.saved.arrays import KeptArrays
from viz_app.saved.container import write_container
from viz_app.saved.data import DataWriter
from viz_app.saved.experiments import experiment_record, guest_record
from viz_app.saved.own import Continued, Own, own_record, text_record
from viz_app.saved.records import (
    InferenceRecord,
    TargetsRecord,
    VisitRecord,
    WindowRecord,
)
from viz_app.saved.runs import (
    breakpoint_record,
    place_record,
    run_record,
    watch_record,
)
from viz_app.whole_file import remove_leftovers, whole_file


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
