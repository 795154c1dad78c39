"""Arrange the picture of a step with what else stands on its page: network, code, reason, timeline."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import wrap

from viz_app.frame.frame import Frame
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.picture.elements import Align, Element, Panel, Picture, Rect, Text, Tone, moved, resized
from viz_app.picture.network import BETWEEN, arrange_network, card_heights, current_cards
from viz_app.picture.stages import arrange

_MARGIN = 1.2
_GAP = 0.6
_NETWORK = 0.27
"""The share of the width that the network takes beside a stage, or of the height where the page is upright."""
_SMALLEST = 0.7
"""How small the text of the network may be beside that of the stage; then only the layers near the step are drawn."""
_COLUMNS, _NARROWEST = 4, 16.0
"""In how many columns layers stand at most, and how wide each is at least, in em of the network."""
_DOTS = 1.2
"""The height of dots that stand for layers, in em of the network."""
_BAR, _NAMES = 0.9, 1.3
"""The height of a bar of the timeline, and of the phases below it, in em."""
_LINE = 1.35
"""The height of a line of a paragraph, in em."""
_MOST = 0.34
"""The share of the height that a paragraph may take: of longer code the last line is shown."""
_LETTER, _MONO = 0.52, 0.63
"""The width of a letter of a paragraph and of code, in em."""
_TO_COME = 0.3
"""How much of their colour the steps have that are still to come."""

Block = tuple[float, Callable[[Rect], Iterator[Element]]]
"""What stands below the stage: its height in pixels, and what draws it."""


def arrange_page(frame: Frame, width: float, height: float, em: float, *, titled: bool = True) -> Picture:
    """Arrange all parts that the options of a frame ask for.

    Parameters
    ----------
    frame : Frame
        What is shown.
    width, height, em : float
        The size of the picture and of its text, in pixels.
    titled : bool
        Whether the phase, the operation and the place stand above, where they are asked for.
    """
    parts = frame.options.parts
    if parts <= USUAL_PARTS:
        return arrange(frame, width, height, em, titled=titled)
    room = Rect(0, 0, width, height)
    elements: list[Element] = []
    for high, draw in _below(frame, width - 2 * _MARGIN * em, height, em):
        room = replace(room, height=max(room.height - high, 1.0))
        elements += draw(Rect(_MARGIN * em, room.bottom, width - 2 * _MARGIN * em, high))
    staged = bool(parts & USUAL_PARTS)
    if Part.NETWORK in parts:
        room, beside = _split(room) if staged else (room, room)
        elements += _network(frame, beside.inset(_GAP * em), em)
    elif not staged:
        elements = [moved(element, 0, -room.height / 2) for element in elements]
    if not staged:
        return Picture(width, height, em, tuple(elements), frame.options.writing)
    stage = arrange(frame, room.width, room.height, em, titled=titled)
    shown = [moved(element, room.x, room.y) for element in stage.elements]
    shown += (resized(element, em / stage.em) for element in elements)
    return Picture(width, height, stage.em, tuple(shown), frame.options.writing)


def _split(room: Rect) -> tuple[Rect, Rect]:
    """Return the room of the stage, and that of the network: on its left, or below it where the page is upright."""
    if room.width >= room.height:
        side = _NETWORK * room.width
        return Rect(room.x + side, room.y, room.width - side, room.height), Rect(room.x, room.y, side, room.height)
    side = _NETWORK * room.height
    stage = replace(room, height=room.height - side)
    return stage, Rect(room.x, stage.bottom, room.width, side)


def _below(frame: Frame, width: float, height: float, em: float) -> Iterator[Block]:
    """Yield what stands below the stage, the lowest first."""
    parts = frame.options.parts
    if Part.TIMELINE in parts:
        yield (_BAR + _NAMES + _GAP) * em, lambda box: _timeline(frame, box, em)
    if Part.CODE in parts:
        yield _paragraph(_code(frame, width, height, em), em, mono=True)
    if Part.REASON in parts:
        yield _paragraph(wrap(frame.reason, max(int(width / em / _LETTER), 20)), em)


def _code(frame: Frame, width: float, height: float, em: float) -> Sequence[str]:
    """Return the lines of code; only what calls a long function where there is no room for that."""
    lines = [line for line in frame.source.split("\n") if line]
    wide = max(int(width / em / _MONO), 20)
    fits = len(lines) * _LINE * em <= _MOST * height and max(map(len, lines)) <= wide
    return lines if fits else wrap(lines[-1], wide, subsequent_indent="    ")


def _paragraph(lines: Sequence[str], em: float, *, mono: bool = False) -> Block:
    def draw(box: Rect) -> Iterator[Element]:
        yield Panel(replace(box, height=box.height - 0.5 * em), Tone.SURFACE, outline=Tone.FAINT if mono else None)
        for number, line in enumerate(lines):
            row = Rect(box.x + 0.7 * em, box.y + (0.4 + number * _LINE) * em, box.width - 1.4 * em, _LINE * em)
            blanks = len(line) - len(line.lstrip())
            shifted = Rect(row.x + blanks * 0.6 * em, row.y, row.width - blanks * 0.6 * em, row.height)
            yield Text(shifted, line.strip(), 1.0, Tone.TEXT, Align.LEFT, mono=mono)

    return (len(lines) * _LINE + 1.3) * em, draw


def _timeline(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield a bar for each step in the colour of its phase, full up to the current one, and the phases below them."""
    steps, current = frame.program.steps, frame.cursor.step
    wide = box.width / len(steps)
    gap = min(0.12 * em, wide / 5)
    for step in steps:
        bar = Rect(box.x + step.number * wide + gap / 2, box.y, max(wide - gap, 0.5), _BAR * em)
        here = step.number == current
        yield Panel(
            bar, Tone(step.phase.value), 1.0 if step.number <= current else _TO_COME, radius=min(0.15 * em, wide / 4)
        )
        if here:
            least = max(wide, 0.5 * em)
            mark = Rect(bar.center[0] - least / 2, bar.y, least, bar.height)
            yield Panel(mark.inset(-0.12 * em), Tone.SURFACE, 0.0, Tone.SELECTED, radius=0.2 * em)
    for phase, run in groupby(steps, key=lambda step: step.phase):
        numbers = [step.number for step in run]
        below = Rect(box.x + numbers[0] * wide, box.y + (_BAR + 0.15) * em, len(numbers) * wide, _NAMES * em)
        if below.width > len(phase.value) * _LETTER * em:
            yield Text(below, phase.value, 0.85, Tone(phase.value), Align.CENTER)


def _network(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the layers as large as there is room for all; where they would be tiny, those near the current one.

    A single one that has no room is drawn smaller still. Dots stand where layers are left out. In a room that is wider
    than high, layers stand in columns, unless wires lead past them.
    """
    heights = card_heights(frame)
    chosen = range(len(heights))
    most = 1 if frame.cards.wires or box.width < box.height else _COLUMNS
    size, columns = _largest(heights, chosen, box, em, most)
    while len(chosen) > 1 and size < _SMALLEST * em:
        chosen = _fewer(frame, chosen)
        size, columns = _largest(heights, chosen, box, em, most)
    wide = (box.width + _GAP * em) / len(columns)
    for number, cards in enumerate(columns):
        x, y, width = box.x + number * wide, box.y, wide - _GAP * em
        if 0 < cards.start == chosen.start:
            yield Text(Rect(x, y, width, _DOTS * size), "⋮", size / em, Tone.MUTED)
            y += _DOTS * size
        drawn = arrange_network(frame, width, size, None, cards)
        for element in drawn.elements:
            yield resized(moved(element, x, y), size / em)
        if cards.stop == chosen.stop < len(heights):
            yield Text(Rect(x, y + drawn.height, width, _DOTS * size), "⋮", size / em, Tone.MUTED)


def _largest(heights: Sequence[float], cards: range, box: Rect, em: float, most: int) -> tuple[float, Sequence[range]]:
    """Return the size of text with which cards fill a room, in as many columns as make it largest, and the columns."""
    high = [heights[card] for card in cards]
    high[0] += _DOTS * (cards.start > 0)
    high[-1] += _DOTS * (cards.stop < len(heights))
    found = []
    for count in range(1, most + 1):
        columns, height = _columns(high, count)
        size = min(box.height / (height + BETWEEN), em)
        if count > 1:
            size = min(size, box.width / count / _NARROWEST)
        found.append((size, [range(cards.start + one.start, cards.start + one.stop) for one in columns]))
    return max(found, key=lambda fit: fit[0])


def _columns(heights: Sequence[float], count: int) -> tuple[Sequence[range], float]:
    """Return at most so many columns, each as low as it can be, and the height of the highest."""
    height = max(max(heights), sum(heights) / count)
    while True:
        columns, overflows, start, filled = [], [], 0, 0.0
        for number, one in enumerate(heights):
            if filled + one > height + 1e-9:
                overflows.append(filled + one)
                columns.append(range(start, number))
                start, filled = number, 0.0
            filled += one
        columns.append(range(start, len(heights)))
        if len(columns) <= count:
            return columns, height
        height = min(overflows)


def _fewer(frame: Frame, cards: range) -> range:
    """Return cards without the one that is farther from that of the current step, of the first and the last."""
    current = current_cards(frame)
    middle = current[0] if current else cards[0]
    return cards[1:] if middle - cards[0] > cards[-1] - middle else cards[:-1]
