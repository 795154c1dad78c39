"""PowerPoint: a slide for each page, with what a picture cannot say in its notes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PySide6.QtGui import QColor

from viz_app.export.formats.base import About, Format, Holds
from viz_app.export.formats.png import encode_png
from viz_app.export.look import Size
from viz_app.export.pages import Page
from viz_app.export.raster import render_image
from viz_app.export.threads import in_thread
from viz_app.paint.theme import theme_of
from viz_app.picture.elements import Tone

_WIDTH_IN = 40 / 3
"""The width of a slide that is as wide as PowerPoint's own, in inches."""
_NARROWEST_IN, _WIDEST_IN = 1.0, 56.0
"""The sides that PowerPoint can open."""
_TITLE = 0.11
"""The share of the height of a slide that its title takes."""
_MARGIN = 0.015
_FACTOR = 2
"""A picture has so many pixels for each that it is arranged for."""
_TITLE_ONLY = 5
"""The layout of the template with a title and nothing else."""
_TYPE = 0.36
"""The size of the title, as a share of its height."""
_POINTS_PER_INCH = 72
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_OF_ZIP = (1980, 1, 1, 0, 0, 0)

_Drawn = tuple[Page, bytes]


class Slides(Format):
    """A presentation: a slide has a native title, a picture with alternative text, and notes with the numbers."""

    name = "pptx"
    title = "PowerPoint slides"
    endings = (".pptx",)
    holds = Holds.ALL

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        def drawn() -> Iterator[_Drawn]:
            for page in pages:
                size = _room(page.look.size)
                picture = page.arranged(size, page.look.em, titled=False)
                factor = _FACTOR * page.look.scale
                pixels = round(size[0] * factor), round(size[1] * factor)
                yield page, encode_png(render_image(picture, theme_of(page.look), pixels))

        def write(slides: Iterator[_Drawn]) -> None:
            path.write_bytes(_presentation(slides, about.title))

        return in_thread(write, drawn())


def _room(size: Size) -> Size:
    """Return the size of the picture below the title."""
    width, height = size
    return width, round(height * (1 - _TITLE))


def _presentation(slides: Iterable[_Drawn], title: str) -> bytes:
    from pptx import Presentation  # late: it takes a third of a second

    made = Presentation()
    core = made.core_properties
    core.title, core.author, core.last_modified_by, core.revision = title, "NetStep", "NetStep", 1
    core.created = core.modified = core.last_printed = _MADE.replace(tzinfo=None)
    layout = made.slide_layouts[_TITLE_ONLY]
    for page, png in slides:
        _add_slide(made, layout, page, png)
    buffer = BytesIO()
    made.save(buffer)
    return _undated(buffer.getvalue())


def _add_slide(made: Any, layout: Any, page: Page, png: bytes) -> None:
    from pptx.util import Emu, Inches, Pt

    width, height = page.look.size
    inches = min(max(_WIDTH_IN, _NARROWEST_IN), _WIDEST_IN)
    unit = inches / width
    made.slide_width, made.slide_height = Inches(inches), Inches(min(height * unit, _WIDEST_IN))
    slide = made.slides.add_slide(layout)
    _color(slide.background.fill, theme_of(page.look).base)
    head = Inches(height * unit * _TITLE)
    title = slide.shapes.title
    title.left, title.top = Inches(inches * _MARGIN), Emu(0)
    title.width, title.height = Inches(inches * (1 - 2 * _MARGIN)), head
    title.text_frame.text = page.title
    title.text_frame.word_wrap = True
    run = title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(round(height * unit * _TITLE * _TYPE * _POINTS_PER_INCH)), True
    run.font.color.rgb = _rgb(theme_of(page.look).tones[Tone.TEXT])
    title.text_frame.paragraphs[0].alignment = 1
    picture = slide.shapes.add_picture(BytesIO(png), Emu(0), head, width=Inches(inches))
    picture.name = page.name
    picture._element.nvPicPr.cNvPr.set("descr", page.alternative)
    slide.notes_slide.notes_text_frame.text = page.notes


def _color(fill: Any, color: str) -> None:
    fill.solid()
    fill.fore_color.rgb = _rgb(color)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    shown = QColor(color)
    return RGBColor.from_string(shown.name()[1:].upper())  # type: ignore[no-untyped-call]


def _undated(content: bytes) -> bytes:
    """Return a zip whose members have no time: what is the same has the same bytes."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(ZipInfo(member.filename, _FIRST_OF_ZIP), source.read(member), ZIP_DEFLATED)
    return buffer.getvalue()
