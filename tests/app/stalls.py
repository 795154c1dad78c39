"""What keeps the window from answering, for how long, and where in the code it was meanwhile."""

import sys
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

_LOOKED_AT_S = 0.04
_LONG_S = 0.2
"""Turns of the event loop that take longer are looked into."""
_NAMED = 6
"""So many of the functions that were running are told, the innermost ones."""


@dataclass(frozen=True, order=True)
class Stall:
    """How long something kept the window from answering.

    Parameters
    ----------
    seconds : float
        What is judged: the smaller one of the other two.
    wall, computed : float
        Seconds by the clock, and seconds that the window's thread computed.
    action : str
        What was being done.
    places : tuple of str
        The functions that were running, where somebody looked, the last look last.
    """

    seconds: float
    wall: float
    computed: float
    action: str
    places: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, wall: float, computed: float, action: str, places: tuple[str, ...] = ()) -> Self:
        """Judge what was done: others can take the machine away, and the window can wait for nothing."""
        return cls(min(wall, computed), wall, computed, action, places)

    def __str__(self) -> str:
        took = (
            f"{self.seconds * 1000:.0f} ms ({self.wall * 1000:.0f} ms by the clock, "
            f"{self.computed * 1000:.0f} ms computed) in {self.action}"
        )
        return "\n    ".join((took, *self.places))


class Clock:
    """Takes the time between two turns of the event loop of a thread, and looks where that is while it is entered."""

    def __init__(self) -> None:
        self._turned = time.perf_counter(), time.thread_time()
        self._places: list[str] = []
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self._ended.clear()
        threading.Thread(target=self._look, args=(threading.get_ident(),), name="stalls", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def begin(self) -> None:
        """Take the time from now on."""
        self._turned, self._places = (time.perf_counter(), time.thread_time()), []

    def turn(self, action: str) -> Stall:
        """Return how long it took since the last turn, or since the beginning, and begin again."""
        wall, computed = time.perf_counter() - self._turned[0], time.thread_time() - self._turned[1]
        stall = Stall.of(wall, computed, action, tuple(self._places))
        self.begin()
        return stall

    def _look(self, thread: int) -> None:
        """Look now and then where a thread is, once its turn takes long."""
        while not self._ended.wait(_LOOKED_AT_S):
            took, places = time.perf_counter() - self._turned[0], self._places
            frame = sys._current_frames().get(thread) if took > _LONG_S else None
            if frame is not None:
                places.append(f"after {took * 1000:.0f} ms: {_named([one for one, _ in traceback.walk_stack(frame)])}")


def _named(innermost_first: Sequence[FrameType]) -> str:
    names = [
        f"{one.f_code.co_qualname} ({Path(one.f_code.co_filename).name}:{one.f_lineno})" for one in innermost_first
    ]
    return " < ".join(names[:_NAMED])
