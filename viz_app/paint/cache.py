"""Keep what was painted last, within a bound of memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

ENTRY_BYTES = 4096
"""What an entry takes besides what is told of it: a key, the objects around the image."""


class BoundedCache(Generic[T]):
    """A mapping that forgets what was used longest ago once it holds too much.

    Parameters
    ----------
    limit : int
        The bytes that it may hold, with those that each entry takes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, make: Callable[[], T], size_of: Callable[[T], int]) -> T:
        """Return what is kept under a key, made first where it is not."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
            return found[0]
        made = make()
        self._entries[key] = made, size_of(made) + ENTRY_BYTES
        self.size += self._entries[key][1]
        while self.size > self.limit and len(self._entries) > 1:
            self.size -= self._entries.popitem(last=False)[1][1]
        return made

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.size = 0
