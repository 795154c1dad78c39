"""How exported pictures look, and how long each is shown."""

from dataclasses import dataclass

from core.run.trace import Cursor
from viz_app.frame.look import Look, Size, em_of

__all__ = ["Look", "Size", "Timing", "em_of"]


@dataclass(frozen=True)
class Timing:
    """How long pictures are shown, in seconds; ``rate`` is the pictures of a video in a second."""

    step: float = 1.5
    cell: float = 0.2
    hold: float = 2.0
    rate: int = 30

    def seconds(self, cursor: Cursor, *, last: bool) -> float:
        """Return how long the picture of a place is shown; ``last`` is held."""
        return (self.step if cursor.cell is None else self.cell) + (self.hold if last else 0.0)
