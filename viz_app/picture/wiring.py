"""Draw who reads what of whom: wires beside the cards of the network, and the steps of a card that branch."""

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache

from core.notation import Notation, head, plain
from core.values import Value
from viz_app.frame.frame import Frame
from viz_app.frame.outline.cards import Card, Cards, Wire
from viz_app.frame.outline.stops import is_copy
from viz_app.picture.elements import Dot, Element, Panel, Rect, Stroke, Text, Tone

_LANE = 0.75
"""The distance between two wires, in em."""
_MOST_LANES = 6
_RANK, _CHIP = 2.1, 1.35
"""The distance between steps below each other, and the height of one, in em."""
_CHIP_WIDTH = 4.6
_ARROW = 0.9


def width_of(cards: Cards, em: float) -> float:
    """Return how much room wires need at the left of the cards; none where every layer reads the one before."""
    return _LANE * em * (1 + max(lanes_of(cards.wires))) if cards.wires else 0.0


@lru_cache(maxsize=8)
def lanes_of(wires: tuple[Wire, ...]) -> tuple[int, ...]:
    """Return the lane of each wire, from 0 beside the cards: those side by side share none, as far as there are."""
    lanes: list[int] = []
    for number, wire in enumerate(wires):
        first, last = wire.first, max(wire.others)
        taken = {
            lanes[other]
            for other, before in enumerate(wires[:number])
            if before.first < last and first < max(before.others)
        }
        lanes.append(next((lane for lane in range(_MOST_LANES) if lane not in taken), _MOST_LANES - 1))
    return tuple(lanes)


def wires(
    cards: Cards, places: Sequence[Rect], em: float, seen: Rect | None, chosen: Container[int]
) -> Iterator[Element]:
    """Yield an arrow between neighbours, and past others a wire that leaves a card and branches off to its readers.

    Only what leads from a card that is ``chosen`` to others that are.
    """
    for number in sorted(cards.links):
        if number not in chosen or number + 1 not in chosen:
            continue
        below = places[number + 1]
        if _is_seen(places[number].bottom, below.y, seen):
            x = max(places[number].x, below.x) + 1.2 * em
            yield Stroke(((x, places[number].bottom), (x, below.y)), Tone.MUTED, 1.5, arrow=True)
    for wire, lane in zip(cards.wires, lanes_of(cards.wires), strict=True):
        others = [other for other in wire.others if other in chosen]
        if wire.first not in chosen or not others:
            continue
        x = width_of(cards, em) - (lane + 0.5) * _LANE * em + 0.3 * em
        source, last = places[wire.first], places[max(others)]
        start = source.bottom - 0.8 * em
        if not _is_seen(start, last.y + _ARROW * em, seen):
            continue
        yield Dot((source.x, start), 0.2 * em, Tone.ACCENT)
        yield Stroke(((source.x, start), (x, start), (x, last.y + _ARROW * em)), Tone.ACCENT, 1.5)
        for other in others:
            y = places[other].y + _ARROW * em
            yield Stroke(((x, y), (places[other].x, y)), Tone.ACCENT, 1.5, arrow=True)


def _is_seen(top: float, bottom: float, seen: Rect | None) -> bool:
    return seen is None or (top <= seen.bottom and seen.y <= bottom)


def height_of(card: Card) -> float:
    """Return the height of the steps of a card that branch, in em."""
    return _RANK * (1 + max(node.rank for node in card.nodes)) + 0.3 if card.nodes else 0.0


def nodes(frame: Frame, card: Card, room: Rect, em: float) -> Iterator[Element]:
    """Yield the steps of a card that branch as buttons for what they make, with lines to those that they read."""
    wide = min(_CHIP_WIDTH * em, room.width / max(_widest(card), 1) - 0.3 * em)
    chips = [
        Rect(
            room.x + node.column * room.width - wide / 2,
            room.y + (0.2 + node.rank * _RANK) * em,
            wide,
            _CHIP * em,
        )
        for node in card.nodes
    ]
    for node, chip in zip(card.nodes, chips, strict=True):
        for other in node.reads:
            start, end = (chips[other].center[0], chips[other].bottom), (chip.center[0], chip.y)
            yield Stroke((start, end), Tone.MUTED, 1.2, arrow=True)
    here = _here(frame)
    for node, chip in zip(card.nodes, chips, strict=True):
        current = node.value.key == here
        tone = Tone(frame.phase.value) if current else Tone.FAINT
        yield Panel(chip, Tone.SURFACE, outline=tone, radius=0.5 * em, key=node.value.key)
        yield Text(chip.inset(0.2 * em, 0), _called(node.value, frame.options.notation), 0.8, Tone.TEXT, bold=current)


def _widest(card: Card) -> int:
    ranks = [node.rank for node in card.nodes]
    return max((ranks.count(rank) for rank in ranks), default=1)


def _here(frame: Frame) -> str:
    """Return what the step makes that is shown, or that is differentiated; of a copy what it moves."""
    step = frame.step if frame.step.link is None else frame.program.steps[frame.step.link.step]
    while is_copy(step) and (before := frame.program.producers.get(step.inputs[0].key)) is not None:
        if before.output.scope != step.output.scope:
            break
        step = before
    return step.output.key


def _called(value: Value, notation: Notation) -> str:
    """Return what a value is called where it is plain which layer it is of."""
    return plain(head(value, notation))
