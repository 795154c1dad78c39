"""Say what is watched, and what is known of it."""

from dataclasses import dataclass

from core.values import Index


@dataclass(frozen=True)
class Watch:
    """What is watched: a cell of a value, or the norm of all of its cells.

    Parameters
    ----------
    key : str
        The value.
    index : tuple of int or None
        The cell; ``None`` is all of them.
    """

    key: str
    index: Index | None = None


@dataclass(frozen=True)
class Watched:
    """What is known of a watched number at a place of the run.

    Parameters
    ----------
    watch : Watch
        What is watched.
    now : float or None
        Its number in the iteration that is shown; ``None`` where it is not computed yet.
    before : float or None
        Its number in the last iteration before that in which it was seen.
    since : int or None
        That iteration.
    """

    watch: Watch
    now: float | None
    before: float | None
    since: int | None

    @property
    def change(self) -> float | None:
        """How much larger it is than before."""
        return None if self.now is None or self.before is None else self.now - self.before
