"""Say in the inspector what the value that it tells of is kept for."""

from html import escape

from core.notation import plain, symbol
from core.wording import counted
from viz_app.frame.frame import Frame
from viz_app.frame.words.kept import Kept, kept_for, kept_of_block, size_text

_LISTED = 6


def kept_text(frame: Frame) -> str:
    """Return as rich text who reads the value later and how many bytes it takes; its links are numbers of steps."""
    detail = frame.detail
    if detail is None and frame.block is not None:
        kept = kept_of_block(frame.program, frame.block.span, frame.dtype)
        if not kept.count:
            return "Keeps nothing for a later phase."
        held = f"Keeps {counted(kept.count, 'value')} ({size_text(kept.nbytes)}) that later phases read: "
        return f"{held}{_readers(frame, kept)}"
    view = frame.result if detail is None else detail.view
    kept = kept_for(frame.program, view.value, frame.dtype)
    if kept.readers:
        return f"{escape(view.name)} takes {size_text(kept.nbytes)}, kept for {_readers(frame, kept)}"
    return f"{escape(view.name)} takes {size_text(kept.nbytes)}; no later phase reads it."


def _readers(frame: Frame, kept: Kept) -> str:
    """Return the readers phase by phase, each a link."""
    parts = []
    for phase in dict.fromkeys(step.phase for step in kept.readers):
        steps = [step for step in kept.readers if step.phase is phase]
        links = [
            f'<a href="{step.number}">{escape(plain(symbol(frame.program, step.output, frame.options.notation)))}</a>'
            for step in steps[:_LISTED]
        ]
        more = f" and {len(steps) - _LISTED} more" if len(steps) > _LISTED else ""
        parts.append(f"{phase.value}: {', '.join(links)}{more}")
    return f"{'; '.join(parts)}."
