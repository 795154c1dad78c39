"""Keep the C library from holding memory that is free; only that of Linux does."""

import ctypes
import os
import sys
from functools import cache
from pathlib import Path

_ARENA_MAX = -8
"""The parameter of ``mallopt`` that says how many arenas there are at most (malloc.h of the GNU C library)."""


def resident_megabytes() -> float:
    """Return the memory that the process has; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6 if statm.exists() else 0.0


def share_arena() -> None:
    """Let threads take memory from where the others do.

    Each would have an arena of its own, and leave holes in it: what is read beside the window is large and soon gone.
    """
    library = _library()
    if library is not None and hasattr(library, "mallopt"):
        library.mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Give memory that is free back to the system; it takes 10 to 30 ms.

    The library keeps whatever lies below something that is still used: after an hour a hundred megabytes.
    """
    library = _library()
    if library is not None and hasattr(library, "malloc_trim"):
        library.malloc_trim(0)


@cache
def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None
