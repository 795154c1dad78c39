"""Keep what was painted last, within a bound of memory."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import ref

T = TypeVar("T")

ENTRY_BYTES = 4096
"""What an entry takes besides what is told of it: a key, the objects around the image."""


class _Of(ref[object]):
    """What an entry is of; it is not kept alive."""

    __slots__ = ("key",)
    key: Hashable


@dataclass(frozen=True, eq=False)
class _Entry(Generic[T]):
    made: T
    size: int
    of: tuple[_Of, ...]


class BoundedCache(Generic[T]):
    """A mapping that forgets what was used longest ago once it holds too much, and what is of something that is gone.

    Parameters
    ----------
    limit : int
        The bytes that it may hold, with those that each entry takes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._gone: deque[_Of] = deque()

    def __len__(self) -> int:
        self._forget_gone()
        return len(self._entries)

    def get(self, key: Hashable, make: Callable[[], T], size_of: Callable[[T], int], of: tuple[object, ...] = ()) -> T:
        """Return what is kept under a key, made first where it is not.

        Parameters
        ----------
        key : hashable
            What tells one entry from another.
        make : callable
            Makes it.
        size_of : callable
            Returns the bytes that it takes.
        of : tuple
            What it is of, where the key names that by its identity: it is not kept alive, and once any of it is gone,
            so is the entry.
        """
        self._forget_gone()
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
            return found.made
        made = make()
        entry = _Entry(made, size_of(made) + ENTRY_BYTES, tuple(self._watch(one, key) for one in of))
        self._entries[key] = entry
        self.size += entry.size
        while self.size > self.limit and len(self._entries) > 1:
            self.size -= self._entries.popitem(last=False)[1].size
        return made

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.size = 0

    def _watch(self, one: object, key: Hashable) -> _Of:
        watched = _Of(one, self._gone.append)  # in any thread: what is kept there is forgotten in that of the window
        watched.key = key
        return watched

    def _forget_gone(self) -> None:
        while self._gone:
            gone = self._gone.popleft()
            entry = self._entries.get(gone.key)
            if entry is not None and any(one is gone for one in entry.of):
                self.size -= self._entries.pop(gone.key).size
