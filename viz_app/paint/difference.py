"""Find out which parts of a picture differ from the one before, so that only those are painted again. Without Qt."""

from dataclasses import fields

import numpy as np

from viz_app.frame.frame import MapView
from viz_app.picture.elements import ColorImage, Element, Heatmap, Picture, Rect, rect_of

MARGIN = 8.0
"""How far an element may paint beyond its rectangle: the outlines of lit cells, the ends of lines."""
_MOST = 24
"""With more elements than that painting everything is as fast."""

_FIELDS = tuple(field.name for field in fields(MapView) if field.name != "marks")


def difference(before: Picture, after: Picture) -> tuple[Rect, ...] | None:
    """Return the rectangles in which two pictures differ; ``None`` where all is to be painted again.

    Parameters
    ----------
    before, after : Picture
        Elements are compared in their order; pictures of other sizes or other numbers of elements differ everywhere.
    """
    if (before.width, before.height, before.em) != (after.width, after.height, after.em):
        return None
    if before.writing != after.writing or len(before.elements) != len(after.elements):
        return None
    changed: list[Rect] = []
    for old, new in zip(before.elements, after.elements, strict=True):
        if not same_element(old, new):
            changed += dict.fromkeys((rect_of(old), rect_of(new)))
            if len(changed) > _MOST:
                return None
    return tuple(rect.inset(-MARGIN) for rect in changed)


def same_element(old: Element, new: Element) -> bool:
    """Tell whether two elements look the same."""
    if old is new:
        return True
    if isinstance(old, Heatmap) and isinstance(new, Heatmap):
        alike = (old.rect, old.compact) == (new.rect, new.compact) and old.grid == new.grid
        marked = old.map.marks or new.map.marks
        return alike and not marked and _same_cells(old.map, new.map)
    if isinstance(old, ColorImage) and isinstance(new, ColorImage):
        return old.rect == new.rect and old.channels is new.channels
    return old == new


def _same_cells(old: MapView, new: MapView) -> bool:
    return old is new or all(_alike(getattr(old, name), getattr(new, name)) for name in _FIELDS)


def _alike(old: object, new: object) -> bool:
    """Tell whether two fields of a map are the same: values of a trace are written once, masks are small."""
    if old is new:
        return True
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return old.dtype == new.dtype == bool and np.array_equal(old, new)
    return type(old) is type(new) and old == new
