"""Paint a map: its colours, cell borders and numbers where there is room for them, and its marks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from viz_app.frame.words.writing import current_writing
from viz_app.paint.cache import BoundedCache
from viz_app.paint.cells import Cells
from viz_app.paint.device import device_rect, device_scale, draw_cells, is_raster, painting_device_pixels
from viz_app.paint.digits import paint_numbers
from viz_app.paint.marks import paint_marks
from viz_app.paint.raster import Raster, raster
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Heatmap, Tone

_BORDER_FROM = 7
"""Cells have borders from so many pixels on."""
_LINES_BELOW = 2.5
"""Columns of cells have borders, too, where the rows are so thin that they are lines; and the other way round."""
_CROSS_FROM = 6
"""Cells that are not finite are shown at least so large."""
_MOST_CROSSES = 2000
STAMP_BYTES = 48_000_000


def paint_heatmap(painter: QPainter, heatmap: Heatmap, theme: Theme, em: float, zoom: float = 1.0) -> None:
    """Paint a map; what is not computed yet is hatched. What is magnified by ``zoom`` has more digits."""
    frame = device_rect(painter, heatmap.rect)
    scale = device_scale(painter)
    device = painter.device()  # its viewport would be that of the window, which is smaller than a widget that scrolls
    with painting_device_pixels(painter) as ratio:
        seen = QRectF(0, 0, device.width() * ratio, device.height() * ratio)
        cells = Cells(frame, heatmap.grid.size, frame & seen.toAlignedRect())
        if cells.seen.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        _Map(painter, heatmap, theme, cells, ratio, scale, zoom).paint(em)


_stamps: BoundedCache[QImage] = BoundedCache(STAMP_BYTES)
"""The cells of maps as images."""


@dataclass(frozen=True)
class _Map:
    """A map while it is painted, in pixels of the device."""

    painter: QPainter
    heatmap: Heatmap
    theme: Theme
    cells: Cells
    ratio: float
    scale: float
    zoom: float

    def paint(self, em: float) -> None:
        device = self.painter.device()
        if isinstance(device, QImage) and self._stays:
            self.painter.drawImage(self.cells.frame.topLeft(), self._stamp(device, em))
        else:
            self._paint_cells(em)
        self._outline()
        paint_marks(self.painter, self.heatmap, self.theme, self.cells, em * self.scale / self.zoom, self.ratio)

    @property
    def _stays(self) -> bool:
        """Whether its cells cover all of its room, and stay as they are from picture to picture."""
        view, seen = self.heatmap.map, self.cells.seen == self.cells.frame
        whole = view.array is not None and (view.computed is None or view.computed >= view.array.size)
        return seen and whole and not self.heatmap.compact and self.heatmap.grid.gaps is None and not self._broken

    @property
    def _broken(self) -> bool:
        """Whether there are crosses, which may be larger than the room."""
        view = self.heatmap.map
        return view.array is None or not np.isfinite(view.array).all()

    def _stamp(self, device: QImage, em: float) -> QImage:
        """Return its cells as an image; kept, so that pictures that follow each other paint it once."""
        view, frame, theme = self.heatmap.map, self.cells.frame, self.theme
        room = QRect(0, 0, frame.width(), frame.height())
        look = theme.name, theme.colors, current_writing(), device.format()
        sizes = frame.width(), frame.height(), self.ratio, self.scale, self.zoom, em
        key = id(view.array), id(view.hidden), self.heatmap.grid, view.levels, look, sizes

        def make() -> QImage:
            image = QImage(room.size(), device.format())
            image.fill(Qt.GlobalColor.transparent if image.hasAlphaChannel() else QColor(theme.base))
            with QPainter(image) as painter:
                cells = Cells(room, self.heatmap.grid.size, room)
                replace(self, painter=painter, cells=cells)._paint_cells(em)
            return image

        of = tuple(array for array in (view.array, view.hidden) if array is not None)
        return _stamps.get(key, make, QImage.sizeInBytes, of)

    def _paint_cells(self, em: float) -> None:
        view = self.heatmap.map
        partly = view.computed is not None and view.array is not None and view.computed < view.array.size
        if view.array is None or partly:
            self._hatch()
        if view.array is not None:
            room = (self.cells.frame.height(), self.cells.frame.width())
            made = raster(view.array, self.heatmap.grid, view.levels, self.theme, room, view.computed, view.hidden,
                          view.covered)  # fmt: skip
            self._blit(made)
            if not self.heatmap.compact:
                self._borders()
            if self.heatmap.grid.tiles:
                self._tile_borders()
            self._crosses(made)
            if not self.heatmap.compact:
                paint_numbers(self.painter, self.heatmap, self.theme, self.cells, em, self.scale, self.zoom)

    def _hatch(self) -> None:
        side = max(4, round(8 * self.ratio))
        if not is_raster(self.painter):
            self._hatch_with_lines(side)
            return
        brush = QBrush(_hatch_tile(side, self.theme.hatch, self.theme.hatch_line, self.ratio))
        self.painter.setBrushOrigin(self.cells.frame.topLeft())
        self.painter.fillRect(self.cells.seen, brush)

    def _hatch_with_lines(self, side: int) -> None:
        """Hatch with lines, which stay lines however far a file is magnified."""
        room = self.cells.seen
        self.painter.fillRect(room, QColor(self.theme.hatch))
        self.painter.setPen(QPen(QColor(self.theme.hatch_line), 1.3 * self.ratio, c=Qt.PenCapStyle.FlatCap))
        wide, high = room.width(), room.height()
        for along in range(side, wide + high, side):  # each line holds the points with x + y = along
            start, end = max(0, along - high), min(wide, along)
            self.painter.drawLine(
                QPointF(room.x() + start, room.y() + along - start), QPointF(room.x() + end, room.y() + along - end)
            )

    def _blit(self, made: Raster) -> None:
        """Draw the seen part of the image, pixels of it on whole pixels of the device."""
        pixels = Cells(self.cells.frame, (made.image.height(), made.image.width()), self.cells.seen)
        rows, columns = pixels.seen_rows, pixels.seen_columns
        target = pixels.box(rows.start, columns.start, len(rows), len(columns))
        source = QRect(columns.start, rows.start, len(columns), len(rows))
        draw_cells(self.painter, target, made.image, source)

    def _borders(self) -> None:
        cells = self.cells
        color = QColor(self.theme.tones[Tone.MUTED])
        color.setAlphaF(0.35 if min(cells.width, cells.height) > 2 * _BORDER_FROM * self.ratio else 0.22)
        rows = cells.seen_rows if self._has_borders(cells.height, cells.width) else ()
        columns = cells.seen_columns if self._has_borders(cells.width, cells.height) else ()
        self._lines(rows, columns, color, max(1, int(self.ratio)))

    def _tile_borders(self) -> None:
        grid, cells = self.heatmap.grid, self.cells
        height, width = grid.tile_size[::-1] if grid.flip else grid.tile_size
        rows = (row for row in cells.seen_rows if row % height == 0)
        columns = (column for column in cells.seen_columns if column % width == 0)
        self._lines(rows, columns, QColor(self.theme.tones[Tone.MUTED]), max(1, round(1.5 * self.ratio)))

    def _lines(self, rows: Iterable[int], columns: Iterable[int], color: QColor, width: int) -> None:
        """Draw lines before rows and columns."""
        cells, seen = self.cells, self.cells.seen
        across = [QRect(seen.x(), cells.y(row) - width // 2, seen.width(), width) for row in rows if row]
        down = [QRect(cells.x(column) - width // 2, seen.y(), width, seen.height()) for column in columns if column]
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(color)
        self.painter.drawRects(across)
        if len(down) > 1 and is_raster(self.painter):
            starts = tuple(line.x() - seen.x() for line in down)
            self.painter.setBrushOrigin(seen.topLeft())
            self.painter.fillRect(seen, _ruling(starts, width, seen.width(), color.rgba()))
        else:
            self.painter.drawRects(down)

    def _has_borders(self, side: float, across: float) -> bool:
        side, across = side / self.ratio, across / self.ratio
        return side >= _BORDER_FROM and (across >= _BORDER_FROM or across < _LINES_BELOW)

    def _crosses(self, made: Raster) -> None:
        """Mark what is not finite, larger than its cell where that is too small to be noticed."""
        if not len(made.broken):
            return
        pixels = Cells(self.cells.frame, (made.image.height(), made.image.width()), self.cells.seen)
        rows, columns = pixels.seen_rows, pixels.seen_columns
        inside = np.logical_and(
            (made.broken[:, 0] >= rows.start) & (made.broken[:, 0] < rows.stop),
            (made.broken[:, 1] >= columns.start) & (made.broken[:, 1] < columns.stop),
        )
        small = min(pixels.width, pixels.height) < _CROSS_FROM * self.ratio
        color = QColor(self.theme.cross)
        color.setAlphaF(1.0 if small else 0.5)
        self.painter.setPen(QPen(color, max(1.0, self.ratio)))
        for row, column in made.broken[inside][:_MOST_CROSSES].tolist():
            box = pixels.box(row, column, 1, 1)
            if small:
                box = _around(box, round(_CROSS_FROM * self.ratio))
                self.painter.fillRect(box, QColor(self.theme.nan))
            inner = box.adjusted(1, 1, -1, -1)
            self.painter.drawLine(inner.topLeft(), inner.bottomRight())
            self.painter.drawLine(inner.bottomLeft(), inner.topRight())

    def _outline(self) -> None:
        self.painter.setPen(QPen(QColor(self.theme.tones[Tone.FAINT]), max(1, int(self.ratio))))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(self.cells.frame.adjusted(-1, -1, 0, 0))


def _around(box: QRect, side: int) -> QRect:
    center = box.center()
    return QRect(center.x() - side // 2, center.y() - side // 2, side, side)


@lru_cache(maxsize=256)
def _ruling(starts: tuple[int, ...], thick: int, width: int, rgba: int) -> QBrush:
    """Return vertical lines as a brush: ten times as fast as lines, of which Qt paints every pixel by itself."""
    row = QImage(width, 1, QImage.Format.Format_ARGB32_Premultiplied)
    row.fill(Qt.GlobalColor.transparent)
    with QPainter(row) as painter:
        for start in starts:
            painter.fillRect(start, 0, thick, 1, QColor.fromRgba(rgba))
    return QBrush(row)


@lru_cache(maxsize=16)
def _hatch_tile(side: int, ground: str, line: str, ratio: float) -> QImage:
    tile = QImage(side, side, QImage.Format.Format_RGB32)
    tile.fill(QColor(ground))
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(line), 1.3 * ratio))
        for shift in (-side, 0, side):
            painter.drawLine(QPointF(shift - 1, side + 1), QPointF(shift + side + 1, -1))
    return tile
