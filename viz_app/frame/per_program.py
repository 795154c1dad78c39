"""Keep what has been found out about programs, for as long as they are there."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import ref

from core.program import Program

T = TypeVar("T")


class PerProgram(Generic[T]):
    """The answers that were asked for last; no program is held by them.

    Parameters
    ----------
    most : int
        How many answers are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[int, Hashable], tuple[ref[Program], T]] = OrderedDict()

    def get(self, program: Program, question: Hashable, make: Callable[[], T]) -> T:
        """Return the answer to a question about a program: the kept one, or what ``make`` returns."""
        key = id(program), question
        found = self._kept.get(key)
        if found is not None and found[0]() is program:  # a program may stand where one stood that is gone
            self._kept.move_to_end(key)
            return found[1]
        answer = make()
        self._kept[key] = ref(program), answer
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return answer
