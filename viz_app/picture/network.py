"""Arrange the network panel: layer by layer, thumbnails of data, parameters, activations and deltas."""

from collections.abc import Iterator
from itertools import accumulate

from core.values import Role, Shape
from viz_app.frame.frame import Frame, LayerView, MapView
from viz_app.frame.words.live import COVERED
from viz_app.frame.words.numbers import number
from viz_app.frame.words.writing import written
from viz_app.picture.elements import Align, Element, Formula, Heatmap, Panel, Picture, Rect, Text, Tone
from viz_app.picture.grid import Grid, line_as_image, montage, row_as_image, tile_layout
from viz_app.picture.typeset import text_width
from viz_app.picture.wiring import height_of, nodes, width_of, wires

_ROW = 3.4
_HEAD = 1.9
_LABEL, _WIDEST_LABEL = 4.6, 6.6
"""The width of names and shapes beside the maps of a card, and the most that long shapes may take, in em."""
_SHAPE = 0.72
_THIN = 1.0
"""The least width and height of a map."""
BETWEEN = 0.6
"""Between the layers, and around them, in em."""
_INDENT = 0.7
"""How far what is inside a unit stands to the right of it."""
_BAR = 0.35
"""The width of the bar that marks the current layer."""
_GAP = 0.4
"""Between the images of columns."""


def arrange_network(
    frame: Frame, width: float, em: float, seen: Rect | None = None, chosen: range | None = None
) -> Picture:
    """Arrange the network as high as it needs to be; the layer of the current step is highlighted.

    Parameters
    ----------
    frame : Frame
        What is shown; values that are not computed yet have no numbers.
    width, em : float
        The width of the picture and the size of its text, in pixels.
    seen : Rect or None
        The part of the picture that is seen: layers outside it are left empty.
    chosen : range or None
        The cards that are drawn, the first of them at the top; ``None`` draws all.
    """
    places = _places(frame, width, em)
    chosen = range(len(places)) if chosen is None else chosen
    if chosen and chosen[0]:
        above = places[chosen[0]].y - BETWEEN * em
        places = [place.moved(0, -above) for place in places]
    current = current_cards(frame)
    elements: list[Element] = list(wires(frame.cards, places, em, seen, chosen))
    with written(frame.options.writing):
        for place in chosen:
            box = places[place]
            if seen is None or (box.y <= seen.bottom and seen.y <= box.bottom):
                elements += _layer(frame, frame.layers[place], box, em, current=place in current)
    height = places[chosen[-1]].bottom if chosen else 0.0
    return Picture(width, height + BETWEEN * em, em, tuple(elements))


def current_cards(frame: Frame) -> tuple[int, ...]:
    """Return the cards of the current step; of one in no layer those with a value that it reads or makes."""
    card = frame.cards.of_steps[frame.step.number]
    if card is not None:
        return (card,)
    if frame.step.layer is not None:
        return ()
    touched = {frame.step.output.key, *(value.key for value in frame.step.inputs)}
    return tuple(
        place
        for place, layer in enumerate(frame.layers)
        if layer.number is None and touched & {view.key for view in layer.maps}
    )


def current_parts(frame: Frame, width: float, em: float) -> tuple[Rect, ...]:
    """Return where the layer of the current step stands, and the row of the value that it makes, where it has one."""
    key, places = frame.result.key, _places(frame, width, em)
    current = current_cards(frame)
    for place in current:
        for position, view in enumerate(frame.layers[place].maps):
            if view.key == key:
                return places[place], _row(frame.layers[place], places[place], position, em)
    return (places[current[0]],) if current else ()


def _places(frame: Frame, width: float, em: float) -> list[Rect]:
    """Return where each card stands, beside the wires and further to the right the more units are around it."""
    heights = card_heights(frame)
    ends = accumulate(height * em for height in heights)
    left = 0.5 * em + width_of(frame.cards, em)
    places = []
    for layer, end, height in zip(frame.layers, ends, heights, strict=True):
        x = left + _INDENT * em * layer.card.depth
        high = (height - BETWEEN) * em
        places.append(Rect(x, end - high, width - 0.5 * em - x, high))
    return places


def card_heights(frame: Frame) -> tuple[float, ...]:
    """Return how high the card of each layer is, with the gap above it, in em."""
    return tuple(BETWEEN + _top(layer) + _ROW * len(layer.maps) + 0.5 for layer in frame.layers)


def _top(layer: LayerView) -> float:
    """Return the height of a card above its thumbnails, in em: its name, and its steps where they branch."""
    return _HEAD + height_of(layer.card)


def _row(layer: LayerView, card: Rect, position: int, em: float) -> Rect:
    return Rect(card.x, card.y + (_top(layer) + position * _ROW) * em, card.width, _ROW * em)


def _layer(frame: Frame, layer: LayerView, box: Rect, em: float, *, current: bool) -> Iterator[Element]:
    card = layer.card
    yield Panel(box, Tone.SURFACE, outline=Tone(frame.phase.value) if current else Tone.FAINT)
    if current:
        yield Panel(Rect(box.x, box.y + 0.5 * em, _BAR * em, 1.2 * em), Tone(frame.phase.value), radius=2.0)
    head = Rect(box.x + 0.7 * em, box.y + 0.3 * em, box.width - 1.4 * em, 1.5 * em)
    place = f"{layer.number} · " if layer.number else ""
    if card.is_block:
        yield Panel(Rect(head.x - 0.2 * em, head.y, head.width + 0.4 * em, head.height), Tone.SURFACE, fold=card.fold)
        place = f"{'▸' if card.folded else '▾'} {place}"
    yield Text(head, f"{place}{layer.name}", 0.95, Tone.TEXT, Align.LEFT, bold=True)
    if card.nodes:
        yield from nodes(
            frame, card, Rect(box.x + 0.7 * em, head.bottom, box.width - 1.4 * em, height_of(card) * em), em
        )
    longest = max((text_width(view.shape_text, _SHAPE) for view in layer.maps), default=0.0)
    label = max(min(longest, _WIDEST_LABEL, 0.45 * box.width / em), _LABEL)
    for position, view in enumerate(layer.maps):
        yield from _thumbnail(frame, view, _row(layer, box, position, em), label, em)


def _thumbnail(frame: Frame, view: MapView, row: Rect, wide: float, em: float) -> Iterator[Element]:
    here = view.key == frame.result.key
    read = any(view.key == operand.key for operand in frame.operands)
    button = row.inset(0.35 * em, 0.12 * em)
    tone = Tone(frame.phase.value) if here else Tone.FAINT
    yield Panel(button, Tone.SURFACE, outline=tone if here or read else None, key=view.key)
    label = Rect(row.x + 0.7 * em, row.y + 0.1 * em, wide * em, _ROW * em - 1.4 * em)
    yield Formula(label, view.tex, 0.9, align=Align.LEFT)
    shape = Rect(label.x, label.bottom, label.width, 1.0 * em)
    yield Text(shape, view.note or view.shape_text, _SHAPE, Tone.MUTED, Align.LEFT)
    room = Rect(label.right + 0.3 * em, row.y + 0.3 * em, row.right - label.right - 1.1 * em, (_ROW - 0.6) * em)
    rect, grid = _map(frame, view, room, em)
    yield Heatmap(rect, view, grid, compact=True)
    beside = Rect(rect.right + 0.6 * em, room.y, room.right - rect.right - 0.6 * em, room.height)
    if not view.shape and view.array is not None:
        yield Text(
            beside,
            COVERED if view.covered is not None else number(float(view.array)),
            0.9,
            Tone.TEXT,
            Align.LEFT,
            mono=True,
        )
    elif view.value.role is Role.WEIGHT and view.value.column_image:
        yield from _columns(view, view.value.column_image, beside, em)


def _map(frame: Frame, view: MapView, room: Rect, em: float) -> tuple[Rect, Grid]:
    """Return where the map of a value stands, and its grid; even the thinnest can be seen."""
    grid = _grid(frame, view)
    rows, columns = grid.size
    across, down = room.width / columns, room.height / rows
    unit = min(across, down, 2.4 * em)
    wide, high = max(unit, _THIN * em / columns), max(unit, _THIN * em / rows)
    if rows == 1:
        high = min(max(unit, 1.1 * em), room.height)
        wide = min(across, 2.4 * em)
    return Rect(room.x, room.center[1] - rows * high / 2, columns * wide, rows * high), grid


def _columns(view: MapView, image: Shape, room: Rect, em: float) -> Iterator[Element]:
    """Yield the first columns of a matrix of weights as the images that they are: what a neuron looks for."""
    rows, columns = image
    unit = min(room.height / rows, 2.8 * em / columns)
    count = min(int((room.width + _GAP * em) / (columns * unit + _GAP * em)), view.shape[1])
    for column in range(count):
        x = room.right - (count - column) * (columns * unit + _GAP * em) + _GAP * em
        rect = Rect(x, room.center[1] - rows * unit / 2, columns * unit, rows * unit)
        yield Heatmap(rect, view, line_as_image(view.shape, 1, column, image), compact=True)


def _grid(frame: Frame, view: MapView) -> Grid:
    """Return one sample of a batch as an image where it is one, else the matrix."""
    shape = view.shape
    sample = min(frame.options.sample, shape[0] - 1) if shape else 0
    if view.value.row_image and view.value.role is not Role.WEIGHT:
        return row_as_image(shape, sample, view.value.row_image)
    if len(shape) == 4 and shape[1] == 1 and view.of_filters:
        return Grid(shape, (None, 0, None, None), tiles=tile_layout(shape[0]))
    if len(shape) == 4:
        return montage(shape, (0 if view.of_filters else sample,))
    lead = (sample,) if len(shape) > 2 else ()
    return Grid(shape, (*lead, *(None,) * (len(shape) - len(lead))))
