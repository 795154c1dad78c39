"""Keep of a run what it takes to go on with it elsewhere, to the last bit the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.run.record import Judged, Series
from core.values import Array

State = Mapping[str, Array]
"""The arrays that an iteration begins with, by key."""


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept of a run.

    Parameters
    ----------
    states : mapping of int to mapping of str to ndarray
        The state at the start of some iterations; that of iteration 0 is one of them.
    losses : Series
        The losses that are known.
    judged : mapping of Judged to Series
        How good the network was, where it has been judged.
    numbers : tuple of (int, mapping of str to float)
        The hyper-parameters that were changed, each with the iteration from which on, in order.
    """

    states: Mapping[int, State]
    losses: Series
    judged: Mapping[Judged, Series]
    numbers: tuple[tuple[int, Mapping[str, float]], ...] = ()
