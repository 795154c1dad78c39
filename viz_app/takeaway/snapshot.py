"""Hold the values of an iteration for whoever writes them, in whichever thread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.notation import Notation
from core.program import Program
from core.run.trace import Trace
from core.values import Array


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Values of an iteration, and what they are called.

    Parameters
    ----------
    program : Program
        What has them.
    arrays : mapping of str to ndarray
        The values by key, read-only; those that somebody asked for.
    iteration : int
        Which.
    dtype : str
        What they are computed in.
    name : str
        What the network is called.
    notation : Notation
        The notation of the names.
    """

    program: Program
    arrays: Mapping[str, Array]
    iteration: int
    dtype: str
    name: str
    notation: Notation = Notation.NET_OUT

    @classmethod
    def of(
        cls,
        trace: Trace,
        name: str,
        iteration: int = 0,
        keys: Collection[str] | None = None,
        notation: Notation = Notation.NET_OUT,
    ) -> "Snapshot":
        """Return values of a trace, by their keys; ``None`` takes all of the iteration, and executes it."""
        chosen = trace.program.values if keys is None else keys
        arrays = {key: trace.array(key, iteration) for key in chosen}
        return cls(trace.program, arrays, iteration, trace.dtype, name, notation)
