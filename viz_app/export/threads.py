"""Write in a thread of its own what is drawn in Qt's: encoding takes longer than drawing."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, Full, Queue
from threading import Event
from typing import TypeVar

T = TypeVar("T")

_WAITING = 4
"""What may wait to be written: enough to keep the writer busy, few enough to hold little memory."""
_SLICE_S = 0.02
"""How long the drawing thread waits before it lets others have their turn."""


class _StoppedError(Exception):
    """The drawing thread has given up; the writer is to leave."""


def in_thread(write: Callable[[Iterator[T]], None], drawn: Iterable[T]) -> Iterator[None]:
    """Write what is drawn, in another thread; yield again and again, so that the drawing thread can do other things.

    Who closes the generator early waits until the writer has left, and nothing more is written.

    Parameters
    ----------
    write : callable
        Takes what is drawn, one after the other.
    drawn : iterable
        Draws one when it is asked for the next.
    """
    queue: Queue[T | None] = Queue(_WAITING)
    stopped = Event()

    def taken() -> Iterator[T]:
        while not stopped.is_set():
            try:
                one = queue.get(timeout=_SLICE_S)
            except Empty:
                continue
            if one is None:
                return
            yield one
        raise _StoppedError

    with ThreadPoolExecutor(1) as executor:
        writing = executor.submit(write, taken())
        try:
            for one in _ended(drawn):
                while not writing.done():
                    try:
                        queue.put(one, timeout=_SLICE_S)
                        break
                    except Full:
                        yield
                yield
            while not writing.done():
                stopped.wait(_SLICE_S)
                yield
        finally:
            stopped.set()
        writing.result()


def _ended(drawn: Iterable[T]) -> Iterator[T | None]:
    yield from drawn
    yield None
