"""Export the places of a run: all is checked before anything is written, and nothing half-written is left."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from core.run.trace import Trace
from viz_app.export.formats.base import About, ExportError, Format, Holds, OnePage
from viz_app.export.look import Look, Timing
from viz_app.export.pages import Page, page_name, pages
from viz_app.export.raster import ensure_application
from viz_app.frame.place import Place
from viz_app.whole_file import check_files, remove_leftovers, whole_file, whole_path

Progress = Callable[[int, int], None]

_SLICE_S = 0.03
"""How long it runs through iterations before others have their turn."""
_ENCODERS = 2
_WAITING = 4
"""Pages that may wait to be encoded: enough to keep the encoders busy, few enough to hold little memory."""


@dataclass(frozen=True)
class Job:
    """What is to be exported.

    Parameters
    ----------
    title : str
        What is run: the name of a preset.
    trace : Trace
        The run.
    places : sequence of Place
        The places, inside operations, too, in the order of the pages.
    format : Format
        Of the files.
    target : Path
        A file, or an existing folder for a numbered file a page.
    look : Look
        How pictures look.
    timing : Timing
        How long each is shown.
    overwrite : bool
        Replace files that are there already.
    """

    title: str
    trace: Trace
    places: Sequence[Place]
    format: Format
    target: Path
    look: Look = field(default_factory=Look)
    timing: Timing = field(default_factory=Timing)
    overwrite: bool = False

    @property
    def numbered(self) -> bool:
        """Whether each page becomes a file in a folder."""
        return self.target.is_dir() and self.format.in_folder

    @property
    def paths(self) -> list[Path]:
        """The files that are written."""
        ending = self.format.endings[0]
        if self.numbered:
            program = self.trace.program
            return [self.target / f"{page_name(program, place.cursor)}{ending}" for place in self.places]
        return [self.target / f"{self.title}{ending}" if self.target.is_dir() else self.target]

    def check(self) -> str | None:
        """Return what is to be said where the files will be other than was asked for; mostly nothing.

        Raises
        ------
        ExportError
            If the format cannot hold what is to be exported.
        FileExistsError
            If one of the files is there already, unless it may be replaced.
        OSError
            If one of them is a folder.
        """
        if not self.places:
            raise ExportError("Expected at least one step to export; there is none.")
        if not self.numbered and self.format.holds is Holds.ONE and len(self.places) > 1:
            raise ExportError(
                f"Expected one step for one {self.format.title}; got {len(self.places):,}: name a folder for them."
            )
        said = self.format.check(self.look)
        self.format.check_steps([self.trace.program.steps[place.step] for place in self.places])
        check_files(self.paths, overwrite=self.overwrite)
        return said


def export(job: Job) -> Generator[int, None, None]:
    """Write what a job asks for; yield, again and again, how many pages are done.

    Who closes the generator early has whole files alone, of numbered ones; of a single file nothing.

    Raises
    ------
    ExportError
        If the format cannot hold what is to be exported.
    FileExistsError
        If one of the files is there already, unless it may be replaced; then none is written.
    OSError
        If the disk is full or the folder cannot be written to; files that are written stay, none is half written.
    """
    ensure_application()
    job.check()
    remove_leftovers(job.target if job.target.is_dir() else job.target.parent)
    about = About(job.title, job.timing)
    yield from _arrive(job)
    made = pages(job.trace, job.places, job.look, job.timing)
    if job.numbered:
        yield from _numbered(job, made)
        return
    drawn = 0

    def counted() -> Iterator[Page]:
        nonlocal drawn
        for page in made:
            yield page
            drawn += 1

    with whole_path(job.paths[0], overwrite=job.overwrite) as part:
        for _ in job.format.write(counted(), part, about):
            yield min(drawn, len(job.places) - 1)
    yield len(job.places)


def _arrive(job: Job) -> Iterator[int]:
    """Run up to the first place, with time for others between two iterations: it may be far away."""
    until = monotonic() + _SLICE_S

    def is_over() -> bool:
        return monotonic() >= until

    for _ in job.trace.walk(job.places[0].cursor, is_over):
        yield 0
        until = monotonic() + _SLICE_S


def _numbered(job: Job, made: Iterator[Page]) -> Iterator[int]:
    """Encode and write pages while the next ones are drawn."""
    assert isinstance(job.format, OnePage), "what holds all pages in one file is not numbered"
    queue: deque[Future[None]] = deque()
    written = 0
    with ThreadPoolExecutor(_ENCODERS) as encoders:
        try:
            for drawn, path in zip(job.format.draw_all(made), job.paths, strict=True):
                queue.append(encoders.submit(_write, job, drawn, path))
                while len(queue) > _WAITING or (queue and queue[0].done()):
                    queue.popleft().result()
                    written += 1
                    yield written
                yield written
            while queue:
                queue.popleft().result()
                written += 1
                yield written
        finally:
            encoders.shutdown(cancel_futures=True)


def _write(job: Job, drawn: Any, path: Path) -> None:
    assert isinstance(job.format, OnePage)
    encoded = job.format.encode(drawn)
    with whole_file(path, overwrite=job.overwrite) as stream:
        stream.write(encoded)


def export_all(job: Job, progress: Progress) -> None:
    """Write what a job asks for, and tell how far it is whenever a page is done.

    Raises
    ------
    ExportError, OSError
        As ``export`` does.
    """
    told = 0
    for done in export(job):
        if done > told:
            told = done
            progress(done, len(job.places))
