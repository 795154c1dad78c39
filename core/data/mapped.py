"""Let files be arrays without being read: mapped where they lie, or written once to a file that nobody sees."""

import mmap
import os
import tempfile
from math import prod
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.values import Shape

_IN_MEMORY = 2**26
"""Bytes that are kept in memory before they go into a file."""


def map_file(file: IO[bytes], dtype: Any, shape: Shape, offset: int = 0) -> NDArray[Any]:
    """Return the numbers of a file as a read-only array; only what is looked at gets into memory.

    Raises
    ------
    ValueError
        If the file is shorter.
    OSError
        If it cannot be mapped.
    """
    dtype, count = np.dtype(dtype), prod(shape)
    if count == 0:
        return np.empty(shape, dtype)
    if os.fstat(file.fileno()).st_size < offset + count * dtype.itemsize:
        raise ValueError("the file is shorter than its numbers")
    mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, dtype, count, offset).reshape(shape)


def mapping_of(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the mapping in which the numbers of an array lie; ``None`` where they are in memory."""
    base: Any = array
    while base is not None and not isinstance(base, mmap.mmap):
        base = base.obj if isinstance(base, memoryview) else getattr(base, "base", None)
    return base


def check_whole(mapping: mmap.mmap) -> None:
    """Raise OSError where a mapped file has been made shorter: to look at what is gone would end the program."""
    if mapping.size() < len(mapping):
        raise OSError("A file of data that is open has been made shorter. Open it again.")


def release(array: NDArray[Any]) -> None:
    """Let go of the memory that a mapped file has taken by being looked at; nothing for other arrays."""
    mapping = mapping_of(array)
    if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapping.madvise(mmap.MADV_DONTNEED)


class Spool:
    """Takes bytes as they come; many of them go into a temporary file that is gone with the array.

    Up to 64 MiB stay in memory.
    """

    def __init__(self) -> None:
        self.size = 0
        self._memory = bytearray()
        self._file: IO[bytes] | None = None

    def write(self, data: bytes | memoryview) -> None:
        """Append bytes.

        Raises
        ------
        OSError
            If there is no room for them.
        """
        self.size += len(data)
        if self._file is None and self.size > _IN_MEMORY:
            self._file = tempfile.TemporaryFile(prefix="netstep-")  # noqa: SIM115  # the mapping keeps it
            self._file.write(self._memory)
            self._memory = bytearray()
        if self._file is None:
            self._memory += data
        else:
            self._file.write(data)

    def array(self, dtype: Any, shape: Shape) -> NDArray[Any]:
        """Return what was written as a read-only array; nothing can be written after that."""
        if self._file is not None:
            with self._file as file:
                file.flush()
                return map_file(file, dtype, shape)
        found = np.frombuffer(self._memory, dtype, prod(shape)).reshape(shape)
        found.flags.writeable = False
        return found

    def close(self) -> None:
        """Throw away what was written."""
        self._memory = bytearray()
        if self._file is not None:
            self._file.close()
