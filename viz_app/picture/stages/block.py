"""Draw a folded block as one step: what goes in, what is inside, what comes out, and its parameters below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.values import Phase
from viz_app.frame.frame import Frame, MapView
from viz_app.frame.levels import Levels
from viz_app.frame.outline import Block
from viz_app.picture.elements import Align, Element, Formula, Heatmap, Panel, Rect, Text, Tone
from viz_app.picture.stages.figures import LABEL, LEGEND, figure, fit, grid_of, sign, square_in
from viz_app.picture.stages.labels import lines_of_names, room_for_rows, row_names

_SIGN = 2.6
_MOST = 2
"""So many inputs, and so many outputs, are drawn large, where there is room."""
_LEAST_MAP = 3.6
"""The least height of the room of each of them, without its name and legend, in em."""
_BOX_WIDTH, _LEAST_BOX = 22.0, 10.0
_LINE = 1.35
_TILE_WIDTH, _TILE_MAP = 7.4, 3.9
_TILE_NAME, _FRACTION = 1.5, 3.0
"""The height of the name above a small map, and of one that is a fraction, in em."""
_HIGH = 24.0
"""The height of a picture, in em, from which on there are two rows of tiles."""
_THIN = 8
"""A map so many times longer than wide fills its room; its cells are not square then."""
_UPDATE_WIDTH = 9.0
"""The least width of a parameter with its gradient and what becomes of it, in em."""


@dataclass(frozen=True)
class _Tiles:
    """Small maps below the block: how many columns and rows there is room for."""

    views: tuple[MapView, ...]
    total: int
    columns: int
    rows: int
    name: float = _TILE_NAME

    @property
    def tile(self) -> float:
        """The height of each, in em."""
        return _TILE_MAP + self.name

    @property
    def height(self) -> float:
        """Their height, in em; none where there are none."""
        return self.rows * self.tile + 0.6 if self.views else 0.0


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the picture of the folded block of a frame."""
    block = frame.block
    assert block is not None
    if block.span.phase is Phase.UPDATE:
        yield from _update(frame, block, box, em)
        return
    views = {view.key: view for view in (*frame.operands, *frame.made)}
    small = block.gradients if block.span.phase is Phase.BACKWARD else block.parameters
    name = _FRACTION if block.span.phase is Phase.BACKWARD else _TILE_NAME
    tiles = _tiles([views[value.key] for value in small if value.key in views], len(small), name, box, em)
    upper = Rect(box.x, box.y, box.width, box.height - tiles.height * em)
    most = min(_MOST, max(int(upper.height / ((LABEL + LEGEND + _LEAST_MAP) * em)), 1))
    given, made = (
        [views[value.key] for value in values[:most] if value.key in views] for values in (block.inputs, block.outputs)
    )
    yield from _row(frame, block, given, made, upper, em)
    yield from _small(frame, tiles, Rect(box.x, upper.bottom, box.width, box.height - upper.height), em)


def _row(
    frame: Frame, block: Block, given: Sequence[MapView], made: Sequence[MapView], box: Rect, em: float
) -> Iterator[Element]:
    """Yield the inputs, the box of the block, and the outputs, with arrows between them."""
    sides = bool(given) + bool(made)
    wide = min(_BOX_WIDTH * em, max(0.34 * box.width, _LEAST_BOX * em))
    side = (box.width - wide - sides * _SIGN * em) / max(sides, 1)
    x = box.x if sides else box.x + (box.width - wide) / 2
    if given:
        yield from _stack(frame, given, Rect(x, box.y, side, box.height), em)
        yield sign(Rect(x + side, box.y, _SIGN * em, box.height), r"\to", em)
        x += side + _SIGN * em
    yield from _inside(block, Rect(x, box.y, wide, box.height).inset(0, 0.6 * em), em)
    if made:
        yield sign(Rect(x + wide, box.y, _SIGN * em, box.height), r"\to", em)
        yield from _stack(frame, made, Rect(x + wide + _SIGN * em, box.y, side, box.height), em)


def _stack(frame: Frame, views: Sequence[MapView], room: Rect, em: float) -> Iterator[Element]:
    """Yield maps below each other."""
    high = room.height / len(views)
    for number, view in enumerate(views):
        grid, box = grid_of(frame, view), Rect(room.x, room.y + number * high, room.width, high)
        named, lines = room_for_rows(view, grid) * em, 1.1 * lines_of_names(view, grid) * em
        chrome = (LABEL + LEGEND + 0.5) * em + lines
        box = Rect(box.x + named, box.y + (LABEL + 0.3) * em, box.width - named, box.height - chrome)
        units = fit(*grid.size, box.width - 1.5 * em, max(box.height, em), em, square=bool(grid.tiles))
        rect = box.centered(*units.size(grid))
        yield from row_names(view, grid, rect, em)
        yield from figure(view, grid, rect, em, named=True)


def _inside(block: Block, room: Rect, em: float) -> Iterator[Element]:
    """Yield a box with the name of the block and what is in it, line by line."""
    lines = block.parts
    fitting = max(int((room.height / em - 3.6) / _LINE), 1)
    if len(lines) > fitting:
        lines = (*lines[: max(fitting - 1, 0)], f"and {len(lines) - max(fitting - 1, 0)} more")
    high = min((3.6 + len(lines) * _LINE) * em, room.height)
    panel = room.centered(room.width, high)
    yield Panel(panel, Tone.SURFACE, outline=Tone(block.span.phase.value))
    head = Rect(panel.x + 0.6 * em, panel.y + 0.5 * em, panel.width - 1.2 * em, 1.5 * em)
    yield Text(head, block.span.unit.place, 1.1, Tone.TEXT, bold=True)
    about = f"{len(block.span.steps):,} steps"
    yield Text(Rect(head.x, head.bottom, head.width, 1.1 * em), about, 0.8, Tone.MUTED)
    y = head.bottom + 1.3 * em
    for line in lines:
        if y + 1.2 * em > panel.bottom:
            break
        yield Text(Rect(head.x, y, head.width, 1.2 * em), line, 0.8, Tone.TEXT)
        y += _LINE * em


def _tiles(views: Sequence[MapView], total: int, name: float, box: Rect, em: float) -> _Tiles:
    columns = max(int(box.width / (_TILE_WIDTH * em)), 1)
    rows = min(2 if box.height > _HIGH * em else 1, -(-total // columns)) or 1
    return _Tiles(tuple(views), total, min(columns, max(-(-total // rows), 1)), rows, name)


def _small(frame: Frame, tiles: _Tiles, room: Rect, em: float) -> Iterator[Element]:
    """Yield small maps with their names above them; how many more there are stands in the last place."""
    places = tiles.columns * tiles.rows
    shown = tiles.views[: places if tiles.total <= places else places - 1]
    wide = min(room.width / tiles.columns, 2.2 * _TILE_WIDTH * em)
    x = room.x + (room.width - wide * tiles.columns) / 2
    for number in range(min(tiles.total, places)):
        row, column = divmod(number, tiles.columns)
        cell = Rect(x + column * wide, room.y + (0.6 + row * tiles.tile) * em, wide, tiles.tile * em)
        if number < len(shown):
            yield from _tile(frame, shown[number], tiles.name, cell.inset(0.4 * em, 0.2 * em), em)
        else:
            yield Text(cell, f"and {tiles.total - len(shown)} more", 0.9, Tone.MUTED)
            return


def _tile(frame: Frame, view: MapView, height: float, cell: Rect, em: float) -> Iterator[Element]:
    name = Rect(cell.x, cell.y, cell.width, height * em)
    yield Formula(name, view.tex, 0.95)
    yield _small_map(
        frame, view, Rect(cell.x, name.bottom + 0.1 * em, cell.width, cell.bottom - name.bottom - 0.2 * em)
    )


def _small_map(frame: Frame, view: MapView, room: Rect) -> Heatmap:
    """Return a map that fills a room: square cells where it can, more where it is a row or a column."""
    grid = grid_of(frame, view)
    rows, columns = grid.size
    if rows == 1:
        unit = min(room.width / columns, 1.6 * room.height)
        return Heatmap(room.centered(columns * unit, 0.6 * room.height), view, grid)
    if min(rows, columns) * _THIN < max(rows, columns):
        return Heatmap(room if columns > rows else room.centered(0.4 * room.width, room.height), view, grid)
    return Heatmap(square_in(grid, room), view, grid)


def _update(frame: Frame, block: Block, box: Rect, em: float) -> Iterator[Element]:
    """Yield every parameter with its gradient and what becomes of it, a column each."""
    read = {view.key: view for view in frame.operands}
    made = [view for view in frame.made if view.value.subject is not None]
    columns = max(min(int(box.width / (_UPDATE_WIDTH * em)), len(block.gradients)), 1)
    rows = max(min(int(box.height / (13.0 * em)), -(-len(block.gradients) // columns)), 1)
    columns = max(min(columns, -(-len(block.gradients) // rows)), 1)
    places = columns * rows
    shown = made[: places if len(block.gradients) <= places else places - 1]
    wide, high = min(box.width / columns, 22.0 * em), box.height / rows
    x = box.x + (box.width - columns * wide) / 2
    for number in range(min(len(block.gradients), places)):
        row, column = divmod(number, columns)
        cell = Rect(x + column * wide, box.y + row * high, wide, high).inset(0.5 * em, 0.4 * em)
        if number >= len(shown):
            yield Text(cell, f"and {len(block.gradients) - len(shown)} more", 1.0, Tone.MUTED)
            return
        new = shown[number]
        gradient = frame.program.gradients.get(new.value.subject or "")
        before = read.get(new.value.subject or "")
        if before is not None:
            levels = max(before.levels, new.levels, key=_end)
            before, new = replace(before, levels=levels), replace(new, levels=levels)
        parts = [("before", before), ("gradient", read.get(gradient or "")), ("after", new)]
        yield from _change(frame, [(word, view) for word, view in parts if view is not None], cell, em)


def _end(levels: Levels) -> float:
    return levels.high


def _change(frame: Frame, parts: Sequence[tuple[str, MapView]], cell: Rect, em: float) -> Iterator[Element]:
    yield Panel(cell, Tone.SURFACE, outline=Tone.FAINT)
    high = cell.height / len(parts)
    for number, (word, view) in enumerate(parts):
        room = Rect(cell.x, cell.y + number * high, cell.width, high).inset(0.6 * em, 0.2 * em)
        name = Rect(room.x, room.y, room.width, _TILE_NAME * em)
        yield Formula(Rect(name.x, name.y, 0.6 * name.width, name.height), view.tex, 0.95, align=Align.LEFT)
        yield Text(Rect(name.x + 0.6 * name.width, name.y, 0.4 * name.width, name.height), word, 0.75, Tone.MUTED,
                   Align.RIGHT)  # fmt: skip
        yield _small_map(frame, view, Rect(room.x, name.bottom, room.width, max(room.bottom - name.bottom, 1.0)))
