"""The formats of pictures: one class each, and one entry here; found by name and by the ending of a file.

The table is read without Qt, so that the command line can name the formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz_app.export.formats.base import Format

FORMATS: Mapping[str, tuple[str, str]] = {
    "png": ("png", "Png"),
    "svg": ("svg", "Svg"),
    "pdf": ("pdf", "Pdf"),
    "gif": ("gif", "Gif"),
    "apng": ("apng", "Apng"),
    "webp": ("video", "Webp"),
    "mp4": ("video", "Mp4"),
    "webm": ("video", "Webm"),
    "pptx": ("slides", "Slides"),
    "html": ("html", "WebPage"),
    "worksheet": ("worksheet", "Worksheet"),
}
"""The module and the class of every format, in the order in which they are offered."""


@cache
def format_named(name: str) -> Format:
    """Return a format by the name that ``--format`` takes."""
    module, kind = FORMATS[name]
    made: Format = getattr(import_module(f"{__name__}.{module}"), kind)()
    return made


def all_formats() -> Iterator[Format]:
    """Yield every format, in the order in which they are offered."""
    yield from map(format_named, FORMATS)


def format_of(path: Path) -> Format | None:
    """Return the format that the ending of a file means, the first offered; ``None`` where it means none."""
    ending = path.suffix.lower()
    return next((one for one in all_formats() if ending in one.endings), None)
