"""A worksheet: a PDF of steps whose results are left blank, to be worked out by hand, and then their solutions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from core.program import Step
from viz_app.export.formats.base import About, ExportError, Format, Holds
from viz_app.export.formats.pdf import PdfPages
from viz_app.export.pages import Page
from viz_app.frame.frame import Frame, MapView
from viz_app.frame.words.writing import written
from viz_app.paint.painting import paint
from viz_app.paint.text import paint_text
from viz_app.paint.theme import PRINT, Theme
from viz_app.picture.elements import Align, Picture, Rect, Text, Tone
from viz_app.picture.stages import cellwise, generic
from viz_app.picture.stages.header import header, height_of

_MOST = 100
"""So many numbers of a step a person may work out by hand."""
_A4 = 794, 1123
"""The size of a sheet, in pixels of 96 to the inch."""
_MARGIN = 48
_HEAD = 64
_EACH = 2
"""The steps of a sheet."""
_TASK = 34
_EM = 13.0
_PAPER = replace(PRINT, hatch=PRINT.base, hatch_line=PRINT.base)
"""What is not computed yet is blank."""


class Worksheet(Format):
    """Tasks on A4, two steps a sheet, and after them the same sheets with their numbers."""

    name = "worksheet"
    title = "worksheet"
    endings = (".pdf",)
    holds = Holds.ALL
    vector = True

    def check_steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            count = prod(step.output.shape)
            if count > _MOST:
                raise ExportError(
                    f"Expected steps that can be worked out by hand, of at most {_MOST} numbers; {step.output.key} has "
                    f"{count:,}: choose other steps, or a smaller network such as worked-2-2-2."
                )

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        frames = []
        for page in pages:
            frames.append(page.frame)
            yield
        asked = frozenset((frame.cursor.iteration, frame.step.output.key) for frame in frames)
        with PdfPages(f"{about.title}: worksheet") as document:
            for solved in (False, True):
                for start in range(0, len(frames), _EACH):
                    sheet = [_shown(frame, asked, solved=solved) for frame in frames[start : start + _EACH]]
                    number = start // _EACH + 1, -(-len(frames) // _EACH)
                    _paint_sheet(document.sheet(_A4), sheet, about.title, number, solved=solved)
                    yield
        path.write_bytes(document.content)


def _shown(frame: Frame, asked: frozenset[tuple[int, str]], *, solved: bool) -> Frame:
    """Return a frame that tells of no cell; unless it is the solution, all that is asked for on the sheets is blank."""
    plain = replace(frame, detail=None, live="", warning=None)
    if solved:
        return plain

    def blank(view: MapView) -> MapView:
        return replace(view, computed=0) if (frame.cursor.iteration, view.key) in asked else view

    return replace(plain, operands=tuple(map(blank, frame.operands)), result=blank(frame.result))


def _paint_sheet(
    painter: QPainter, frames: Sequence[Frame], title: str, number: tuple[int, int], *, solved: bool
) -> None:
    """Paint a sheet: what it is, and below it each step with its task."""
    width, height = _A4[0] - 2 * _MARGIN, (_A4[1] - _HEAD - 2 * _MARGIN) // _EACH
    kind = "solution" if solved else "worksheet"
    head = Rect(_MARGIN, _MARGIN / 2, width, _HEAD / 2)
    _write(painter, head, f"{title}: {kind}", Align.LEFT, bold=True)
    name = "" if solved else f"Name: {'_' * 26}     "
    _write(painter, head, f"{name}{number[0]} of {number[1]}", Align.RIGHT)
    for place, frame in enumerate(frames):
        top = _MARGIN / 2 + _HEAD + place * height
        task = f"Step {frame.cursor.step}: {'' if solved else 'work out '}{frame.result.name}"
        _write(painter, Rect(_MARGIN, top, width, _TASK), task if solved else f"{task}, and fill in the empty cells.",
               Align.LEFT)  # fmt: skip
        _paint_at(painter, _arranged(frame, width, height - _TASK - _MARGIN / 2), QPointF(_MARGIN, top + _TASK), _PAPER)


def _arranged(frame: Frame, width: float, height: float) -> Picture:
    """Return the operation as maps beside each other, with its signs: other stages tell how a number is made."""
    arrange = cellwise.arrange if isinstance(frame.step.op, cellwise.OPS) else generic.arrange
    top = Rect(0, 0, width, height_of(height, _EM, live=False))
    box = Rect(0, top.bottom + _EM, width, height - top.bottom - _EM)
    writing = frame.options.writing
    with written(writing):
        drawn = (*header(frame, top, _EM), *arrange(frame, box, _EM))
    return Picture(width, height, _EM, drawn, writing).without_asides()


def _paint_at(painter: QPainter, picture: Picture, corner: QPointF, theme: Theme) -> None:
    painter.save()
    painter.translate(corner)
    paint(painter, picture, theme)
    painter.restore()


def _write(painter: QPainter, room: Rect, text: str, align: Align, *, bold: bool = False) -> None:
    paint_text(painter, Text(room, text, 1.1, Tone.TEXT, align, bold=bold), _PAPER, _EM)
