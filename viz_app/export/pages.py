"""Make pages of the places of a run: each with its picture, its name and its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.notation import plain
from core.program import Program
from core.run.trace import Cursor, Trace
from viz_app.export.look import Look, Size, Timing, em_of
from viz_app.frame.frame import Frame
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.walking import cell_count
from viz_app.picture.elements import Picture
from viz_app.picture.page import arrange_page


@dataclass(frozen=True, eq=False)
class Page:
    """What is exported of a place.

    Parameters
    ----------
    frame : Frame
        Everything that the place shows.
    look : Look
        How it looks.
    seconds : float
        How long it is shown where pictures follow each other.
    """

    frame: Frame
    look: Look
    seconds: float = 0.0

    @cached_property
    def picture(self) -> Picture:
        """The picture, without the words that tell what the mouse can do."""
        return self.arranged(self.look.size, self.look.em)

    def arranged(self, size: Size, em: float | None = None, *, titled: bool = True) -> Picture:
        """Return the picture arranged for another size, and another size of text; with its title or without."""
        return arrange_page(self.frame, *size, em or em_of(size, self.look.text), titled=titled).without_asides()

    @property
    def name(self) -> str:
        """What its file is called, without an ending."""
        return page_name(self.frame.program, self.frame.cursor)

    @property
    def title(self) -> str:
        """The operation, and where it is."""
        return self.frame.title

    @property
    def where(self) -> str:
        """The place in the run."""
        cursor, last = self.frame.cursor, len(self.frame.program.steps) - 1
        cell = "" if cursor.cell is None else f", cell {cursor.cell}"
        return f"step {cursor.step} of 0–{last}{cell}, iteration {cursor.iteration}"

    @property
    def alternative(self) -> str:
        """What the picture shows, in words, for who cannot see it."""
        frame = self.frame
        told = [f"{frame.title} ({frame.phase.value}, {self.where})", frame.caption, frame.equation_text]
        told += [frame.live] if frame.live else []
        return " ".join(f"{part.rstrip('.')}." for part in told)

    @property
    def notes(self) -> str:
        """The formula as text and as TeX, the numbers of the cell, the reason of the step, and the source line."""
        frame = self.frame
        maps = [f"{plain(view.tex)}: {view.shape_text}" for view in (*frame.operands, frame.result)]
        parts = [frame.caption, frame.equation_text, frame.live, f"TeX: {frame.equation}", "; ".join(maps),
                 frame.reason, f"NumPy: {frame.source}", self.where]  # fmt: skip
        return "\n\n".join(part for part in parts if part)


def pages(trace: Trace, places: Sequence[Place], look: Look, timing: Timing) -> Iterator[Page]:
    """Yield the pages of places; what has not changed since the last place is taken over from it."""
    before = None
    for number, place in enumerate(places, start=1):
        before = resolve_place(trace, replace(place, options=look.view(place.options)), before=before)
        yield Page(before, look, timing.seconds(place.cursor, last=number == len(places)))


def page_name(program: Program, cursor: Cursor) -> str:
    """Return what a place's file is called: ``step-003-net_1``, with the iteration and the cell where there are."""
    step = program.steps[cursor.step]
    iteration = f"iteration-{cursor.iteration:04d}-" if cursor.iteration else ""
    digits = max(5, len(str(cell_count(program, cursor) - 1)))
    cell = "" if cursor.cell is None else f"-cell-{cursor.cell:0{digits}d}"
    key = re.sub(r"[^\w.-]", "_", step.output.key)
    return f"{iteration}step-{cursor.step:03d}-{key}{cell}"
