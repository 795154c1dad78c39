"""Arrange the playground: the plane with its points and the boundary, and the neurons as thumbnails."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.toy import REACH
from core.values import Index
from viz_app.frame.boundary import ANSWERS, SIDE, Layer, Plane, Points, Surface
from viz_app.picture.elements import Align, Element, Lines, Picture, Rect, Relief, Scatter, Stroke, Text, Tone

_TICKS = (-6, -3, 0, 3, 6)
_LEFT, _BELOW, _KEY = 1.9, 1.5, 3.1
"""The room for the numbers of the axes, and for the legend, in sizes of text."""
_NEURONS = 5.0
"""The least height of the neurons, in sizes of text."""
_LARGEST = 4.2
"""The largest thumbnail, in sizes of text."""
_HEAD = 1.15
_GAP = 0.32
"""The share of a thumbnail's room that is left between two of them."""
_BETWEEN = 0.8
"""The room between the layers, where the weights are, as a share of a thumbnail."""
_POINT = 0.29
"""The radius of a point, in sizes of text."""


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
    """

    plane: Plane
    points: Points
    classes: tuple[str, ...] = ()
    selected: int | None = None
    step: str = ""
    tone: Tone = Tone.FORWARD
    row: int = 0


def spot_of(width: float, height: float, em: float) -> Spot:
    """Return where the plane is drawn: as large as there is room, beside or above the neurons."""
    plane, _ = _rooms(width, height, em)
    side = max(min(plane.width - (_LEFT + 0.8) * em, plane.height - (_BELOW + _KEY + 0.6) * em), 4 * em)
    return Spot(Rect(plane.x + (plane.width - side + (_LEFT - 0.8) * em) / 2, plane.y + 0.6 * em, side, side))


def arrange_playground(scene: Scene, width: float, height: float, em: float) -> Picture:
    """Arrange the plane first, and the neurons in the room that is left."""
    spot, (_, neurons) = spot_of(width, height, em), _rooms(width, height, em)
    elements = (*_plane(scene, spot, em), *_legend(scene, spot, em), *_neurons(scene, neurons, em))
    return Picture(width, height, em, elements)


def _rooms(width: float, height: float, em: float) -> tuple[Rect, Rect]:
    """Return the room of the plane and that of the neurons."""
    chrome = (_BELOW + _KEY + 0.6) * em
    if width > 1.45 * height:
        first = min(height - chrome + (_LEFT + 0.8) * em, 0.6 * width)
        return Rect(0, 0, first, height), Rect(first, 0, width - first, height)
    first = max(min(width - (_LEFT + 0.8) * em + chrome, height - _NEURONS * em), 0.6 * height)
    return Rect(0, 0, width, first), Rect(0, first, width, height - first)


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
    marked = points.in_batch.copy()
    yield Scatter(rect, centers, points.heights, points.held_back, marked, _POINT * em)
    if scene.selected is not None and scene.selected < len(centers):
        x, y = centers[scene.selected]
        side = 3.2 * _POINT * em
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


def _legend(scene: Scene, spot: Spot, em: float) -> Iterator[Element]:
    """Yield the colours with what they stand for, and the kinds of points."""
    rect = spot.rect
    top = rect.bottom + _BELOW * em + 0.25 * em
    low, high = scene.classes or ("−1", "1")
    side = 3.6 * em
    bar = Rect(rect.x + side, top + 0.15 * em, rect.width - 2 * side, 0.9 * em)
    yield Relief(bar, np.linspace(-1, 1, SIDE)[None], ANSWERS)
    yield Stroke(_outline(bar), Tone.FAINT, 1.0)
    middle = bar.center[0]
    yield Lines(bar, np.array([[(middle, bar.y), (middle, bar.bottom)]]), width=0.12 * em)
    yield Text(Rect(rect.x, top, side - 0.4 * em, 1.2 * em), low, 0.9, Tone.TEXT, Align.RIGHT)
    yield Text(Rect(bar.right + 0.4 * em, top, side - 0.4 * em, 1.2 * em), high, 0.9, Tone.TEXT, Align.LEFT)
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
    layers = scene.plane.layers
    most = max(len(layer.surfaces) for layer in layers)
    room = box.inset(0.8 * em, 0.4 * em)
    across = (room.width / (most * (1 + _GAP)), room.height / (len(layers) * (1 + _BETWEEN)) - _HEAD * em / 2)
    unit = min(*across, _LARGEST * em)
    if unit < 0.8 * em:
        return
    pitch = min(room.height / len(layers), (1 + _BETWEEN) * unit + _HEAD * em)
    rows = [
        [_thumbnail(room, place, len(layer.surfaces), number * pitch, unit, em) for place in range(len(layer.surfaces))]
        for number, layer in enumerate(layers)
    ]
    for number in range(1, len(layers)):
        yield from _weights(layers[number], rows[number - 1], rows[number], room)
    for layer, rects in zip(layers, rows, strict=True):
        top = rects[0].y - _HEAD * em
        if layer.weights is not None:
            yield Text(Rect(room.x, top, room.width, 1.05 * em), layer.name, 0.8, Tone.MUTED, Align.LEFT)
        for surface, rect in zip(layer.surfaces, rects, strict=True):
            if layer.weights is None:
                yield Text(Rect(rect.x - 0.6 * em, top, unit + 1.2 * em, 1.05 * em), surface.name, 0.85, Tone.TEXT)
            yield from _neuron(scene, surface, rect, em)


def _thumbnail(room: Rect, place: int, count: int, down: float, unit: float, em: float) -> Rect:
    pitch = min(room.width / count, (1 + _GAP) * unit)
    left = room.x + (room.width - pitch * count) / 2
    return Rect(left + (place + 0.5) * pitch - unit / 2, room.y + down + _HEAD * em, unit, unit)


def _neuron(scene: Scene, surface: Surface, rect: Rect, em: float) -> Iterator[Element]:
    cell: Index = (scene.row, surface.column)
    current = surface.key == scene.step
    yield Relief(rect, surface.heights, surface.levels, surface.key, cell)
    yield Stroke(_outline(rect), scene.tone if current else Tone.MUTED, 2.5 if current else 1.0)


def _weights(layer: Layer, above: list[Rect], below: list[Rect], room: Rect) -> Iterator[Element]:
    assert layer.weights is not None
    numbers = np.asarray(layer.weights, np.float64)
    largest = float(np.abs(numbers).max()) or 1.0
    ends = [[(a.center[0], a.bottom), (b.center[0], b.y)] for a in above for b in below]
    if numbers.size == len(ends):
        yield Lines(room, np.array(ends), np.nan_to_num(numbers.ravel() / largest))
