"""The circumstances in which operations compute, so that a trace and an executor get the same bits."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

_BUFFER_CELLS = 1024
"""How many cells NumPy takes at a time where it has to copy.

It also copies rows shorter than its buffer that an operation repeats, such as a row of biases, which takes longer than
the addition; with its 8192 cells that is every layer, with 1024 only small ones.
"""


@contextmanager
def arithmetic() -> Iterator[None]:
    """Compute without warnings: a NaN or an infinity is a result like any other, and is shown as such."""
    with np.errstate(all="ignore"):  # it also restores the size of the buffer
        np.setbufsize(_BUFFER_CELLS)
        yield
