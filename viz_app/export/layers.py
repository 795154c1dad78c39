"""Paint pictures that follow each other: what stays from one to the next is painted once, and copied."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from PySide6.QtGui import QImage

from viz_app.export.pages import Page
from viz_app.export.raster import ground, paint_on
from viz_app.export.sheets import Sheet, Sheets
from viz_app.paint.difference import MARGIN, same_element
from viz_app.picture.elements import Picture, Rect, rect_of


class Layers:
    """Make the images of pages, one after the other; each is the same, to the last bit, as that of its page alone.

    An element stays below where it looks the same as before, and where nothing that is painted before it and moves
    reaches into its room: then it makes no difference which of them is painted first.
    """

    def __init__(self) -> None:
        self._sheets = Sheets()
        self._before: Page | None = None
        self._stays: frozenset[int] = frozenset()
        self._ground: Sheet | None = None

    def sheet(self, page: Page) -> Sheet:
        """Return the next page, painted on a sheet that is lent."""
        picture, before = page.picture, self._before
        self._before = page
        if before is None or before.look != page.look or not _alike(before.picture, picture):
            self._ground, self._stays = None, frozenset()
            return self._painted(page, picture)
        same = _same_as(before.picture, picture)
        if self._ground is None or not self._stays <= same:
            self._stays = _separable(picture, same)
            self._ground = self._painted(page, _only(picture, self._stays))
        sheet = self._sheets.copy(self._ground)
        paint_on(sheet.image, page, _only(picture, frozenset(range(len(picture.elements))) - self._stays))
        return sheet

    def _painted(self, page: Page, picture: Picture) -> Sheet:
        sheet = ground(page.look, self._sheets)
        paint_on(sheet.image, page, picture)
        return sheet


Timed = tuple[Sheet, float]
"""A page on a sheet that is lent, and the seconds that it is shown."""


def timed_sheets(pages: Iterable[Page]) -> Iterator[Timed]:
    """Yield pages that follow each other, painted."""
    layers = Layers()
    for page in pages:
        yield layers.sheet(page), page.seconds


def images(frames: Iterable[Timed]) -> Iterator[tuple[QImage, float]]:
    """Yield the image of each sheet, which holds until the next is asked for, and its seconds; in any thread."""
    for sheet, seconds in frames:
        yield sheet.image, seconds


def _alike(before: Picture, after: Picture) -> bool:
    """Tell whether the elements of two pictures can be compared one by one."""
    sizes = [(one.width, one.height, one.em, one.writing, len(one.elements)) for one in (before, after)]
    return sizes[0] == sizes[1]


def _same_as(before: Picture, after: Picture) -> frozenset[int]:
    """Return the places of the elements that look the same."""
    pairs = zip(before.elements, after.elements, strict=True)
    return frozenset(place for place, (old, new) in enumerate(pairs) if same_element(old, new))


def _separable(picture: Picture, same: frozenset[int]) -> frozenset[int]:
    """Return which of the elements that stay the same may be painted before all others."""
    moving: list[Rect] = []
    stays = set()
    for place, element in enumerate(picture.elements):
        room = rect_of(element).inset(-MARGIN)
        if place in same and not any(_meet(room, other) for other in moving):
            stays.add(place)
        else:
            moving.append(room)
    return frozenset(stays)


def _meet(a: Rect, b: Rect) -> bool:
    return a.x <= b.right and b.x <= a.right and a.y <= b.bottom and b.y <= a.bottom


def _only(picture: Picture, places: frozenset[int]) -> Picture:
    return replace(picture, elements=tuple(one for place, one in enumerate(picture.elements) if place in places))
