"""Number the rows and columns of maps that reach beyond the view: the numbers stay at its edge."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from viz_app.frame.frame import Mark
from viz_app.paint.text import font
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Heatmap, Picture, Rect, Tone
from viz_app.picture.legible import LEAST
from viz_app.picture.stages.labels import names_of_columns, names_of_rows

_SIZE = 0.78
_LONGEST = 14
"""Names are cut after so many letters."""
_STEPS = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))
_OPACITY = 0.9


@dataclass(frozen=True)
class _Ruler:
    """The numbers along one axis of a map, in pixels of the view.

    ``start`` and ``cell`` say where its cells lie, ``strip`` where its labels stand.
    """

    strip: QRectF
    start: float
    cell: float
    count: int
    label: Callable[[int], str]
    down: bool
    needed: float
    selected: frozenset[int]


def paint_rulers(
    painter: QPainter, picture: Picture, theme: Theme, place: Callable[[Rect], Rect], room: Rect, em: float
) -> None:
    """Paint the numbers of rows and columns over a magnified picture.

    Parameters
    ----------
    painter : QPainter
        In the pixels of the view.
    picture : Picture
        What is seen.
    theme : Theme
        Its colours.
    place : callable
        Returns where a rectangle of the picture lies in the view.
    room : Rect
        The view.
    em : float
        The size of text in the view where nothing is magnified.
    """
    size = int(max(LEAST, _SIZE * em))
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    for heatmap in picture.heatmaps:
        rect = place(heatmap.rect)
        if heatmap.compact or not rect.overlaps(room) or _is_inside(rect, room):
            continue
        for ruler in _rulers(heatmap, rect, room, size):
            _paint(painter, ruler, theme, size)


def _is_inside(rect: Rect, room: Rect) -> bool:
    return rect.x >= room.x and rect.y >= room.y and rect.right <= room.right and rect.bottom <= room.bottom


def _rulers(heatmap: Heatmap, rect: Rect, room: Rect, size: int) -> Iterator[_Ruler]:
    """Yield the numbers of the rows and of the columns, each outside of the map where that is seen."""
    metrics = QFontMetricsF(font(size))
    left, right = max(rect.x, room.x), min(rect.right, room.right)
    top, bottom = max(rect.y, room.y), min(rect.bottom, room.bottom)
    rows, columns = heatmap.grid.size
    row, column = _label(heatmap, 0), _label(heatmap, 1)
    height = metrics.height() + 2
    width = _widest(metrics, row, rows) + 6
    above = max(rect.y - height, room.y)
    before = max(rect.x - width, room.x)
    selected = _selected(heatmap)
    start_x = max(left, before + width) if rows > 1 else left
    start_y = max(top, above + height) if columns > 1 else top
    if columns > 1 and right > start_x:
        strip = QRectF(start_x, above, right - start_x, height)
        needed = _widest(metrics, column, columns) + 6
        yield _Ruler(strip, rect.x, rect.width / columns, columns, column, False, needed, selected[1])
    named = bool(names_of_rows(heatmap.map, heatmap.grid)) and rect.x > room.x  # the picture's own names are seen
    if rows > 1 and bottom > start_y and not named:
        strip = QRectF(before, start_y, width, bottom - start_y)
        yield _Ruler(strip, rect.y, rect.height / rows, rows, row, True, height - 2, selected[0])


def _label(heatmap: Heatmap, axis: int) -> Callable[[int], str]:
    """Return what the rows (axis 0) or columns of a map are called: their names, else their numbers."""
    names = (names_of_rows, names_of_columns)[axis](heatmap.map, heatmap.grid)

    def label(position: int) -> str:
        number = heatmap.grid.number_at(axis, position)
        if number is None:
            return ""
        return names[number][:_LONGEST] if number < len(names) == heatmap.grid.size[axis] else str(number)

    return label


def _widest(metrics: QFontMetricsF, label: Callable[[int], str], count: int) -> float:
    some = {*range(min(count, 40)), count - 1}
    return max(metrics.horizontalAdvance(label(position)) for position in some)


def _selected(heatmap: Heatmap) -> tuple[frozenset[int], frozenset[int]]:
    """Return the rows and the columns of the selected cells."""
    marked = [heatmap.grid.places(cells) for mark, cells in heatmap.map.marks if mark is Mark.SELECTED]
    rows, columns = (frozenset(int(one) for places in marked for one in places[:, axis]) for axis in (0, 1))
    return rows, columns


def _paint(painter: QPainter, ruler: _Ruler, theme: Theme, size: int) -> None:
    """Paint every label that there is room for; those of the selected cell are strong."""
    ground = QColor(theme.base)
    ground.setAlphaF(_OPACITY)
    painter.fillRect(ruler.strip, ground)
    strip = ruler.strip
    low, length = (strip.y(), strip.height()) if ruler.down else (strip.x(), strip.width())
    first = max(int((low - ruler.start) / ruler.cell), 0)
    last = min(int((low + length - ruler.start) / ruler.cell), ruler.count - 1)
    every = next((step for step in _STEPS if step * ruler.cell >= ruler.needed), _STEPS[-1])
    strong = [position for position in sorted(ruler.selected) if first <= position <= last][:1]
    taken = [position for position in range(first, last + 1) if position % every == 0 or position in strong]
    for position in taken:
        if any(position != one and abs(one - position) * ruler.cell < ruler.needed for one in strong):
            continue
        painter.setFont(font(size, position in strong))
        text = ruler.label(position)
        half = (ruler.needed if ruler.down else QFontMetricsF(painter.font()).horizontalAdvance(text)) / 2
        start = max(ruler.start + position * ruler.cell, low)
        end = min(ruler.start + (position + 1) * ruler.cell, low + length)
        middle = ruler.start + (position + 0.5) * ruler.cell
        if end - start >= 2 * half:  # of a cell that is cut off, the number stands in the part that is seen
            middle = min(max(middle, start + half), end - half)
        elif not low + half <= middle <= low + length - half:
            continue
        painter.setPen(theme.color(Tone.TEXT if position in strong else Tone.MUTED))
        if ruler.down:
            box = QRectF(strip.x(), middle - ruler.needed, strip.width() - 3, 2 * ruler.needed)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            box = QRectF(middle - ruler.needed, strip.y(), 2 * ruler.needed, strip.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
