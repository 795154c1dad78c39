"""Arrange the playground: the plane with its points and the boundary, and the neurons as thumbnails."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.data.toy import REACH, Point
from core.values import Array, Index
from viz_app.frame.told.boundary import ANSWERS, SIDE, Layer, Plane, Points, Surface
from viz_app.picture.elements import Align, Element, Lines, Picture, Rect, Relief, Scatter, Stroke, Text, Tone

_TICKS = (-6, -3, 0, 3, 6)
_LEFT, _RIGHT, _ABOVE, _BELOW = 1.9, 0.8, 0.6, 1.5
"""The room for the numbers of the axes, in sizes of text."""
_BAR, _KEY = 1.7, 3.1
"""The room for the legend: of the colours alone, and of the kinds of points as well."""
_ROW = 2.1
"""The least height of a row of neurons."""
_SMALLEST = 13.0
"""The neurons give way to the plane where it would be smaller than that."""
_LARGEST = 4.2
"""The largest thumbnail, in sizes of text."""
_HEAD = 1.2
"""The room for the names of the inputs."""
_NAME, _LABEL = 3.4, 2.7
_THINNEST = 0.8
_GAP = 0.32
"""The share of a thumbnail's room that is left between two of them."""
_BETWEEN, _FARTHEST = 0.8, 1.7
"""The least and the most room between the layers, where the weights are, as a share of a thumbnail."""
_POINT = 0.29
"""The radius of a point, in sizes of text."""
_GUEST = 1.7
"""How many times as large the guest is."""


@dataclass(frozen=True)
class Spot:
    """Where the plane lies in a picture: what the mouse is on is a place of it."""

    rect: Rect

    def to_picture(self, x1: float, x2: float) -> tuple[float, float]:
        """Return the point of the picture at a place of the plane."""
        across, up = ((number + REACH) / (2 * REACH) for number in (x1, x2))
        return self.rect.x + across * self.rect.width, self.rect.bottom - up * self.rect.height

    def to_plane(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of the plane at a point of the picture."""
        across, up = (x - self.rect.x) / self.rect.width, (self.rect.bottom - y) / self.rect.height
        return REACH * (2 * across - 1), REACH * (2 * up - 1)


@dataclass(frozen=True, eq=False)
class Scene:
    """What the playground shows.

    Parameters
    ----------
    plane, points
        What the network makes of the plane, and the points in it.
    classes : tuple of str
        The names of the two classes; none where heights are asked for.
    selected : int or None
        The point that is held.
    step : str
        The value that the current step makes: its thumbnails are marked.
    tone : Tone
        The colour of the phase.
    row : int
        The sample of the batch that is shown: where a click on a neuron leads.
    guest : tuple of (float, float, float) or None
        A point of a person's own, which is none of the data's, and its height.
    """

    plane: Plane
    points: Points
    classes: tuple[str, ...] = ()
    selected: int | None = None
    step: str = ""
    tone: Tone = Tone.FORWARD
    row: int = 0
    guest: Point | None = None


@dataclass(frozen=True)
class Rooms:
    """How the room is shared: where the plane is, what the neurons have, and whether the kinds of points are named."""

    spot: Spot
    neurons: Rect | None
    named: bool


def rooms_of(width: float, height: float, em: float, layers: int) -> Rooms:
    """Share the room: the plane has the first claim on it, then come the neurons, then the kinds of points.

    Parameters
    ----------
    width, height, em : float
        The room, and the size of the text, in pixels.
    layers : int
        How many rows of neurons there are.
    """
    least = (_ROW * layers + 0.4) * em
    if width > 1.45 * height:
        side = _side(0.62 * width, height - _KEY * em, em)
        spot = _spot(0, side, em)
        left = spot.rect.right + 0.8 * em
        return Rooms(spot, Rect(left, 0, width - left, height), named=True)
    named = height - _KEY * em - least > _side(width, height, em) + (_ABOVE + _BELOW) * em
    key = (_KEY if named else _BAR) * em
    side = _side(width, height - key, em)
    if height - key - least - (_ABOVE + _BELOW) * em >= _SMALLEST * em:
        side = _side(width, height - key - least, em)
    spot = _spot((width - side - (_LEFT + _RIGHT) * em) / 2, side, em)
    top = spot.rect.bottom + _BELOW * em + key
    return Rooms(spot, Rect(0, top, width, height - top) if height - top >= least - 1 else None, named)


def _side(width: float, height: float, em: float) -> float:
    """Return how large the plane can be in a room that also holds the numbers of its axes."""
    return max(min(width - (_LEFT + _RIGHT) * em, height - (_ABOVE + _BELOW) * em), 4 * em)


def _spot(left: float, side: float, em: float) -> Spot:
    return Spot(Rect(left + _LEFT * em, _ABOVE * em, side, side))


def arrange_playground(scene: Scene, width: float, height: float, em: float) -> Picture:
    """Arrange the plane first, and the neurons in the room that is left."""
    rooms = rooms_of(width, height, em, len(scene.plane.layers))
    elements = [*_plane(scene, rooms.spot, em), *_legend(scene, rooms, em)]
    if rooms.neurons is not None:
        elements += _neurons(scene, rooms.neurons, em)
    return Picture(width, height, em, tuple(elements))


def _plane(scene: Scene, spot: Spot, em: float) -> Iterator[Element]:
    rect, points = spot.rect, scene.points
    yield Relief(rect, scene.plane.answer.heights, ANSWERS)
    if len(scene.plane.boundary):
        ends = _on_picture(spot, scene.plane.boundary.reshape(-1, 2)).reshape(-1, 2, 2)
        yield Lines(rect, ends, width=0.12 * em)
    yield Stroke(_outline(rect), Tone.MUTED, 1.0)
    for tick in _TICKS:
        x, y = spot.to_picture(tick, tick)
        yield Stroke(((x, rect.bottom), (x, rect.bottom + 0.3 * em)), Tone.MUTED, 1.0)
        yield Stroke(((rect.x - 0.3 * em, y), (rect.x, y)), Tone.MUTED, 1.0)
        name = f"{tick}".replace("-", "−")
        below, beside = (
            Rect(x - em, rect.bottom + 0.3 * em, 2 * em, 1.1 * em),
            Rect(rect.x - 2.4 * em, y - 0.6 * em, 2.0 * em, 1.2 * em),
        )
        yield Text(below, name, 0.85, Tone.MUTED)
        yield Text(beside, name, 0.85, Tone.MUTED, Align.RIGHT)
    yield Text(_between(spot, em, down=False), "x₁", 0.95, Tone.TEXT)
    yield Text(_between(spot, em, down=True), "x₂", 0.95, Tone.TEXT, Align.RIGHT)
    centers = _on_picture(spot, points.places)
    radius = _POINT * min(em, rect.width / 20)
    yield Scatter(rect, centers, points.heights, points.held_back, points.in_batch, radius)
    if scene.guest is not None:
        center, no = _on_picture(spot, np.array([scene.guest[:2]])), np.array([False])
        yield Scatter(rect, center, np.array(scene.guest[2:]), no, ~no, _GUEST * radius)
    if scene.selected is not None and scene.selected < len(centers):
        x, y = centers[scene.selected]
        side = 4.4 * radius
        yield Stroke(_outline(Rect(x - side / 2, y - side / 2, side, side)), Tone.REACHED, 2.0)


def _between(spot: Spot, em: float, *, down: bool) -> Rect:
    """Return the place of the name of an axis: between two of its numbers."""
    x, y = spot.to_picture(4.5, 4.5)
    rect = spot.rect
    return (
        Rect(rect.x - 2.4 * em, y - 0.7 * em, 2.0 * em, 1.4 * em)
        if down
        else Rect(x - em, rect.bottom + 0.2 * em, 2 * em, 1.3 * em)
    )


def _on_picture(spot: Spot, places: NDArray[np.floating]) -> NDArray[np.float64]:
    rect = spot.rect
    shares = (np.asarray(places, np.float64) + REACH) / (2 * REACH)
    return np.column_stack([rect.x + shares[:, 0] * rect.width, rect.bottom - shares[:, 1] * rect.height])


def _outline(rect: Rect) -> tuple[tuple[float, float], ...]:
    return ((rect.x, rect.y), (rect.right, rect.y), (rect.right, rect.bottom), (rect.x, rect.bottom), (rect.x, rect.y))


def _legend(scene: Scene, rooms: Rooms, em: float) -> Iterator[Element]:
    """Yield the colours with what they stand for, and the kinds of points."""
    rect = rooms.spot.rect
    top = rect.bottom + _BELOW * em + 0.25 * em
    low, high = scene.classes or ("−1", "1")
    side = 4.3 * em
    bar = Rect(rect.x + side, top + 0.15 * em, rect.width - 2 * side, 0.9 * em)
    yield Relief(bar, np.linspace(-1, 1, SIDE)[None], ANSWERS)
    yield Stroke(_outline(bar), Tone.FAINT, 1.0)
    middle = bar.center[0]
    yield Lines(bar, np.array([[(middle, bar.y), (middle, bar.bottom)]]), width=0.12 * em)
    yield Text(Rect(rect.x, top, side - 0.4 * em, 1.2 * em), low, 0.9, Tone.TEXT, Align.RIGHT)
    yield Text(Rect(bar.right + 0.4 * em, top, side - 0.4 * em, 1.2 * em), high, 0.9, Tone.TEXT, Align.LEFT)
    if rooms.named:
        yield from _kinds(rect, top, em)


def _kinds(rect: Rect, top: float, em: float) -> Iterator[Element]:
    kinds = ("trained on", False, False), ("in the batch", False, True), ("held back", True, False)
    each = (rect.width + 1.6 * em) / 3
    for place, (name, hollow, ringed) in enumerate(kinds):
        x, y = rect.x - 0.8 * em + place * each, top + 2.1 * em
        dot = Rect(x, y - 0.5 * em, em, em)
        yield Scatter(dot, np.array([dot.center]), np.array([1.0]), np.array([hollow]), np.array([ringed]), _POINT * em)
        yield Text(
            Rect(dot.right + 0.2 * em, y - 0.6 * em, each - 1.3 * em, 1.2 * em), name, 0.85, Tone.MUTED, Align.LEFT
        )


def _neurons(scene: Scene, box: Rect, em: float) -> Iterator[Element]:
    """Yield a row of thumbnails for the inputs, and one for every hidden layer, with the weights between them."""
    layers, room = scene.plane.layers, box.inset(0.8 * em, 0.3 * em)
    unit = _unit(layers, room, em)
    if unit < _THINNEST * em:
        return
    spare = room.height - _HEAD * em - unit
    down = min(spare / max(len(layers) - 1, 1), (1 + _FARTHEST) * unit)
    rows = [_row(room, number, len(layer.surfaces), unit, down, em) for number, layer in enumerate(layers)]
    for layer, (upper, lower) in zip(layers[1:], pairwise(rows), strict=True):
        if layer.weights is not None:
            yield from _weights(layer.weights, upper, lower, room)
    for number, (layer, rects) in enumerate(zip(layers, rows, strict=True)):
        if number > 0 and rects[0].x - room.x >= _NAME * em:
            beside = Rect(room.x, rects[0].center[1] - 0.6 * em, _NAME * em, 1.2 * em)
            yield Text(beside, layer.name, 0.8, Tone.MUTED, Align.LEFT)
        for surface, rect in zip(layer.surfaces, rects, strict=True):
            if surface.name:
                above = Rect(rect.center[0] - _LABEL * em / 2, room.y, _LABEL * em, _HEAD * em)
                yield Text(above, surface.name, 0.85, Tone.TEXT)
            yield from _neuron(scene, surface, rect, em)


def _unit(layers: tuple[Layer, ...], room: Rect, em: float) -> float:
    """Return how large a thumbnail can be."""
    most = max(len(layer.surfaces) for layer in layers)
    down = (room.height - _HEAD * em) / (len(layers) + (len(layers) - 1) * _BETWEEN)
    return min(room.width / (most * (1 + _GAP)), down, _LARGEST * em)


def _row(room: Rect, number: int, count: int, unit: float, down: float, em: float) -> list[Rect]:
    """Return where the thumbnails of a layer are, in the middle of the room."""
    pitch = min(room.width / count, max((1 + _GAP) * unit, _LABEL * em if number == 0 else 0))
    left = room.center[0] - pitch * count / 2 + (pitch - unit) / 2
    top = room.y + _HEAD * em + number * down
    return [Rect(left + place * pitch, top, unit, unit) for place in range(count)]


def _neuron(scene: Scene, surface: Surface, rect: Rect, em: float) -> Iterator[Element]:
    cell: Index = (scene.row, surface.column)
    current = surface.key == scene.step
    yield Relief(rect, surface.heights, surface.levels, surface.key, cell)
    yield Stroke(_outline(rect), scene.tone if current else Tone.MUTED, 2.5 if current else 1.0)


def _weights(weights: Array, above: list[Rect], below: list[Rect], room: Rect) -> Iterator[Element]:
    numbers = np.nan_to_num(np.asarray(weights, np.float64), posinf=0.0, neginf=0.0).ravel()
    largest = float(np.abs(numbers).max()) or 1.0
    ends = [[(a.center[0], a.bottom), (b.center[0], b.y)] for a in above for b in below]
    yield Lines(room, np.array(ends), numbers / largest)
