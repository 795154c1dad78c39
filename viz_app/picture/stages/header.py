"""Head a stage: the phase and the operation, what it is for, its equation, and the numbers of the focused cell."""

from collections.abc import Iterator

from viz_app.frame.frame import Frame
from viz_app.picture.elements import Align, Element, Formula, Panel, Rect, Text, Tone

_ROOMY, _COMPACT = 9.6, 8.3
_ROOM = 42
"""The height of a picture, in em, up to which its header is compact."""
_LETTER = 0.74, 0.53
"""The width of a letter of the title and of the place, in em, roughly."""
_MONO = 0.67
"""The width of a figure in the live numbers, in em."""
_SHRUNK = 1.35
"""How much too long a line may be before it becomes two."""


def height_of(height: float, em: float) -> float:
    """Return how high the header of a picture is, in pixels."""
    return (_ROOMY if height > _ROOM * em else _COMPACT) * em


def header(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the header of a stage; ``box`` is as high as ``height_of`` says."""
    yield from _headline(frame, box, em)
    yield Text(Rect(box.x, box.y + 2.0 * em, box.width, 1.4 * em), frame.caption, 1.0, Tone.MUTED, Align.LEFT)
    live = Rect(box.x, box.bottom - 1.7 * em, box.width, 1.7 * em)
    top = box.y + (3.7 if box.height > _COMPACT * em + 1 else 3.45) * em
    yield Formula(Rect(box.x, top, box.width, live.y - 0.25 * em - top), frame.equation, 1.7)
    if frame.warning:
        yield Text(live, frame.warning, 1.0, Tone.WARNING, bold=True)
    elif frame.live and len(frame.live) * _MONO * em > _SHRUNK * live.width:  # two lines rather than tiny type
        two = Rect(live.x, live.y - 0.2 * em, live.width, live.height + 0.5 * em)
        yield Text(two, frame.live, 1.0, Tone.SELECTED, wrap=True)
    elif frame.live:
        yield Text(live, frame.live, 1.1, Tone.SELECTED, mono=True)
    else:
        hint = "Point at a cell to see its numbers; press ↓ to walk through the cells one by one."
        yield Text(live, hint, 0.9, Tone.MUTED, aside=hint)


def _headline(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the phase, the operation, and the place in the run."""
    phase = frame.phase
    chip = Rect(box.x, box.y, (len(phase.value) * 0.62 + 1.6) * em, 1.7 * em)
    yield Panel(chip, Tone(phase.value), radius=0.85 * em)
    yield Text(chip, phase.value, 0.9, Tone.SURFACE, bold=True)
    start = chip.right + 0.8 * em
    title, where = _fitting(frame, (box.right - start) / em)
    room = (_LETTER[1] * len(where) + 0.5) * em if where else 0.0
    if where:
        yield Text(Rect(box.right - room, box.y, room, 1.7 * em), where, 0.9, Tone.MUTED, Align.RIGHT)
        room += 0.8 * em
    yield Text(Rect(start, box.y, box.right - start - room, 1.7 * em), title, 1.2, Tone.TEXT, Align.LEFT, bold=True)


def _fitting(frame: Frame, room: float) -> tuple[str, str]:
    """Return the longest title that fits into ``room`` em, with the place if that fits, too: the transport tells it."""
    last, step = len(frame.program.steps) - 1, frame.cursor.step
    place = f"step {step} of 0–{last}" if last else "the only step"
    long, short = f"{place} · iteration {frame.cursor.iteration}", f"step {step}"
    title = frame.title
    layer, name = title.split(":")[0], title.split(" · ")[0]
    pairs = (title, long), (title, short), (title, ""), (layer, short), (layer, ""), (name, "")
    widths = (_LETTER[0] * len(a) + (_LETTER[1] * len(b) + 1.3 if b else 0) for a, b in pairs)
    return next((pair for pair, width in zip(pairs, widths, strict=True) if width <= room), pairs[-1])
