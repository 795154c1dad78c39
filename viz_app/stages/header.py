"""Head a stage: the phase and the operation, what it is for, its equation, and the numbers of the cell looked at."""

from collections.abc import Iterator

from viz_app.frame import Frame
from viz_app.picture import Align, Element, Formula, Panel, Rect, Text, Tone

HEIGHT = 9.2
"""In em."""


def header(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the header of a stage; ``box`` is HEIGHT em high."""
    phase = frame.phase
    chip = Rect(box.x, box.y, (len(phase.value) * 0.62 + 1.6) * em, 1.7 * em)
    yield Panel(chip, Tone(phase.value), radius=0.85 * em)
    yield Text(chip, phase.value, 0.9, Tone.SURFACE, bold=True)
    counter = f"step {frame.cursor.step} of 0–{len(frame.program.steps) - 1} · iteration {frame.cursor.iteration}"
    room = (0.55 * len(counter) + 0.5) * em
    right = Rect(box.right - room, box.y, room, 1.7 * em)
    yield Text(right, counter, 0.9, Tone.MUTED, Align.RIGHT)
    title = Rect(chip.right + 0.8 * em, box.y, right.x - chip.right - 1.6 * em, 1.7 * em)
    yield Text(title, frame.title, 1.2, Tone.TEXT, Align.LEFT, bold=True)
    yield Text(Rect(box.x, box.y + 2.0 * em, box.width, 1.4 * em), frame.caption, 1.0, Tone.MUTED, Align.LEFT)
    yield Formula(Rect(box.x, box.y + 3.6 * em, box.width, 3.6 * em), frame.equation, 1.7)
    live = Rect(box.x, box.y + 7.4 * em, box.width, 1.7 * em)
    if frame.warning:
        yield Text(live, frame.warning, 1.0, Tone.WARNING, bold=True)
    elif frame.live:
        yield Text(live, frame.live, 1.1, Tone.SELECTED, mono=True)
    else:
        hint = "Point at a cell to see its numbers; press ↓ to walk through the cells one by one."
        yield Text(live, hint, 0.9, Tone.MUTED)
