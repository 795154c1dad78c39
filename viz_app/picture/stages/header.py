"""Head a stage: the phase and the operation, what it is for, its equation, and the numbers of the focused cell."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from viz_app.frame.frame import Frame
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.told.visited import shortened
from viz_app.picture.elements import Align, Element, Formula, Panel, Rect, Text, Tone
from viz_app.picture.typeset import typeset

_HEIGHTS = ((42.0, 9.6), (30.0, 8.3), (24.0, 6.4), (18.0, 5.0), (0.0, 1.9))
"""The least height of a picture, and the height that its header takes then, in em: what counts least goes first."""
_HEADLINE = 1.9
"""The height of the line with the title, in em."""
_WITH_LIVE, _WITH_CAPTION, _WITH_EQUATION = 8.0, 6.0, 4.0
"""The heights of a header, in em, from which on it has the live numbers, the caption, the equation below the title."""
_LIVE = 1.95
"""The height of the live numbers, in em."""
_LETTER = 0.74, 0.53
"""The width of a letter of the title and of the place, in em, roughly."""
_MONO = 0.67
"""The width of a figure in the live numbers, in em."""
_SHRUNK = 1.35
"""How much too long a line may be before it becomes two."""
_APART = 1.0
"""How much further from the caption above it an equation is where room is free below it, in em."""
EQUATION = 1.7
"""The size of the equation, in em."""


def height_of(height: float, em: float, *, live: bool = True) -> float:
    """Return how high the whole header of a picture is, in pixels, with or without the live numbers."""
    high = next(high for least, high in _HEIGHTS if height >= least * em)
    return (high if live else min(high, _HEIGHTS[2][1])) * em


def saved(height: float, em: float, parts: AbstractSet[Part]) -> float:
    """Return how much less than its whole height a header takes that has these parts alone, in pixels."""
    high = height / em + 0.01
    cut = 0.0 if Part.TITLE in parts else _HEADLINE
    caption = _caption_height(high) if high > _WITH_CAPTION else 0.0
    cut += 0.0 if Part.CAPTION in parts else caption
    if Part.FORMULA not in parts and high >= _WITH_EQUATION:
        cut += high - 2.0 - caption - (_LIVE if high > _WITH_LIVE else 0.0)
    return cut * em


def header(
    frame: Frame,
    box: Rect,
    em: float,
    parts: AbstractSet[Part] = USUAL_PARTS,
    largest: float = EQUATION,
    spare: float = 0.0,
) -> Iterator[Element]:
    """Yield the header of a stage; ``box`` is as high as ``height_of`` says, with ``spare`` pixels below it.

    Where room is short it tells less: first the live numbers go, then the caption, then the equation. What is left out
    of ``parts`` takes no room: it ends higher by what is ``saved``. The formula is at most ``largest`` em; one that is
    higher than its room takes what it needs of the spare room.
    """
    high = box.height / em + 0.01
    below = box.y + (2.0 if Part.TITLE in parts else 2.0 - _HEADLINE) * em
    if Part.TITLE in parts:
        yield from _headline(frame, box, em)
    if high > _WITH_CAPTION and Part.CAPTION in parts:
        line = Rect(box.x, below, box.width, 1.4 * em)
        warns = frame.warning and high < _WITH_LIVE
        text, tone = (frame.warning, Tone.WARNING) if warns else (frame.caption, Tone.MUTED)
        yield Text(line, text or "", 1.0, tone, Align.LEFT, bold=bool(warns))
    if high < _WITH_EQUATION:
        return
    room = _equation_room(box, em, parts)
    if frame.warning and (high < _WITH_CAPTION or (high < _WITH_LIVE and Part.CAPTION not in parts)):
        yield Text(room, frame.warning, 1.0, Tone.WARNING, bold=True)
    elif Part.FORMULA in parts:
        more = min(max(_height_at(frame.equation, room.width, largest * em) - room.height, 0.0), spare)
        apart = min(_APART * em, 0.5 * (spare - more))
        room = Rect(room.x, room.y + apart, room.width, room.height + more)
        yield Formula(room, frame.equation, largest)
    if high > _WITH_LIVE and Part.NUMBERS in parts:
        yield from _live(frame, Rect(box.x, room.bottom + (_LIVE - 1.7) * em, box.width, 1.7 * em), em)


def lacking(frame: Frame, box: Rect, em: float, parts: AbstractSet[Part], size: float = EQUATION) -> float:
    """Return how much higher the room of the equation would have to be for its type to have a size, in em."""
    if box.height / em + 0.01 < _WITH_EQUATION or Part.FORMULA not in parts:
        return 0.0
    room = _equation_room(box, em, parts)
    return max(_height_at(frame.equation, room.width, size * em) - room.height, 0.0)


def _equation_room(box: Rect, em: float, parts: AbstractSet[Part]) -> Rect:
    """Return the room of the equation in a header: below the caption, above the live numbers."""
    high = box.height / em + 0.01
    below = box.y + (2.0 if Part.TITLE in parts else 2.0 - _HEADLINE) * em
    if high > _WITH_CAPTION and Part.CAPTION in parts:
        below += _caption_height(high) * em
    bottom = box.bottom - saved(box.height, em, parts)
    if high > _WITH_LIVE and Part.NUMBERS in parts:
        bottom -= _LIVE * em
    return Rect(box.x, below, box.width, bottom - below)


def _caption_height(high: float) -> float:
    """Return the height of the caption in a header of a height, in em."""
    return 1.7 if high > _HEIGHTS[0][1] - 0.05 else 1.45


def _height_at(tex: str, width: float, size: float) -> float:
    """Return the height of a formula at a size of type, or as large as a width lets it be, in pixels."""
    wide, high = typeset(tex).size_at(size)
    return high * min(1.0, width / wide) if wide else high


def _live(frame: Frame, live: Rect, em: float) -> Iterator[Element]:
    """Yield the numbers of the focused cell, or a warning."""
    if frame.warning:
        yield Text(live, frame.warning, 1.0, Tone.WARNING, bold=True)
    elif frame.live and len(frame.live) * _MONO * em > _SHRUNK * live.width:  # two lines rather than tiny type
        two = Rect(live.x, live.y - 0.2 * em, live.width, live.height + 0.5 * em)
        yield Text(two, frame.live, 1.0, Tone.SELECTED, wrap=True)
    elif frame.live:
        yield Text(live, frame.live, 1.1, Tone.SELECTED, mono=True)


def _headline(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the phase, the operation, and the place in the run."""
    phase = frame.phase
    word = "inference" if frame.inference else phase.value
    chip = Rect(box.x, box.y, (len(word) * 0.62 + 1.6) * em, 1.7 * em)
    yield Panel(chip, Tone(phase.value), radius=0.85 * em)
    yield Text(chip, word, 0.9, Tone.SURFACE, bold=True)
    start = chip.right + 0.8 * em
    title, where = _fitting(frame, (box.right - start) / em)
    room = (_LETTER[1] * len(where) + 0.5) * em if where else 0.0
    if where:
        tone = Tone.MUTED if frame.guest is None else Tone.ACCENT
        yield Text(Rect(box.right - room, box.y, room, 1.7 * em), where, 0.9, tone, Align.RIGHT)
        room += 0.8 * em
    yield Text(Rect(start, box.y, box.right - start - room, 1.7 * em), title, 1.2, Tone.TEXT, Align.LEFT, bold=True)


def _fitting(frame: Frame, room: float) -> tuple[str, str]:
    """Return the longest title that fits into ``room`` em, with the place if that fits, too: the transport tells it.

    A guest is told of before the place.
    """
    last, step = len(frame.program.steps) - 1, frame.cursor.step
    place = f"step {step} of 0–{last}" if last else "the only step"
    long, short = f"{place} · iteration {frame.cursor.iteration}", f"step {step}"
    title = frame.title
    layer, inside, name = title.split(":")[0], title.rpartition(" · ")[0] or title, title.split(" · ")[0]
    if frame.guest is None:
        pairs = [(title, long), (title, short), (title, ""), (layer, short), (layer, ""), (inside, ""), (name, "")]
    else:
        guest = shortened(frame.guest.title)
        pairs = [(title, f"{guest} · {long}"), (title, f"{guest} · {short}"), (title, guest)]
        pairs += [(layer, guest), (inside, guest), (name, guest), (name, "")]
    widths = (_LETTER[0] * len(a) + (_LETTER[1] * len(b) + 1.3 if b else 0) for a, b in pairs)
    return next((pair for pair, width in zip(pairs, widths, strict=True) if width <= room), pairs[-1])
