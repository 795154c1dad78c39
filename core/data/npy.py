"""Read the headers of ``.npy`` files without trusting them; nothing is unpickled."""

import ast
import re
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.data.mapped import map_file
from core.values import Shape

MAGIC = b"\x93NUMPY"
_LONGEST = 10_000
_MOST_AXES = 32
_PLAIN = re.compile(r"[<>|=]?[a-zA-Z?]\d{0,9}")
_KINDS = "biufcUS"


class NpyError(ValueError):
    """A file is no ``.npy`` file that can be read; the message is one sentence that names it."""


class PickledError(NpyError):
    """An array holds Python objects: to read them is to run what the file says, and so it is refused."""


@dataclass(frozen=True)
class NpyHeader:
    """What a ``.npy`` file says of its array: shape, type, order, and where its numbers begin."""

    shape: Shape
    dtype: np.dtype[Any]
    fortran: bool
    offset: int

    @property
    def needed(self) -> int:
        """How many bytes of numbers there are to be."""
        return prod(self.shape) * self.dtype.itemsize

    def ordered(self, flat: NDArray[Any]) -> NDArray[Any]:
        """Return numbers as they lie in the file, (prod(shape),), in their shape; no copy."""
        return flat.reshape(self.shape[::-1]).T if self.fortran else flat.reshape(self.shape)


def npy_header(stream: IO[bytes], name: str) -> NpyHeader:
    """Return what an array says of itself; the stream is left where its numbers begin.

    Raises
    ------
    PickledError
        If it holds Python objects.
    NpyError
        If it is no such array.

    References
    ----------
    R. Kern, "NEP 1: A Simple File Format for NumPy Arrays" (2007).
    """
    start = stream.read(8)
    if start[:6] != MAGIC or len(start) < 8 or start[6] not in (1, 2, 3):
        raise NpyError(f"{name}: expected a NumPy array; its first bytes are {start.hex(' ') or 'none'}.")
    width = 2 if start[6] == 1 else 4
    size = int.from_bytes(stream.read(width), "little")
    if size > _LONGEST:
        raise NpyError(f"{name}: expected a header of at most {_LONGEST:,} bytes; it says {size:,}.")
    text = stream.read(size)
    if len(text) < size:
        raise NpyError(f"{name}: expected a header of {size:,} bytes; the file ends before.")
    shape, dtype, fortran = _described(text, name)
    return NpyHeader(shape, dtype, fortran, 8 + width + size)


def open_npy(path: Path) -> NDArray[Any]:
    """Return the array of a ``.npy`` file, mapped: only what is looked at gets into memory.

    Raises
    ------
    PickledError, NpyError
        As of ``npy_header``; also if the file is cut short, or goes on after its numbers.
    OSError
        If it cannot be read.
    """
    with path.open("rb") as stream:
        header = npy_header(stream, path.name)
        held = stream.seek(0, 2) - header.offset
        check_size(header, held, path.name)
        return header.ordered(map_file(stream, header.dtype, (prod(header.shape),), header.offset))


def check_size(header: NpyHeader, held: int, name: str) -> None:
    """Raise NpyError unless there are as many bytes as the header asks for."""
    if held != header.needed:
        raise NpyError(f"{name}: expected {header.needed:,} bytes of numbers for {header.shape}; got {held:,}.")


def _described(text: bytes, name: str) -> tuple[Shape, np.dtype[Any], bool]:
    try:
        said = ast.literal_eval(text.decode("utf-8"))
        described, fortran, shape = (said[key] for key in ("descr", "fortran_order", "shape"))
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        raise NpyError(f"{name}: expected a header that describes an array; it does not.") from None
    if not (isinstance(shape, tuple) and len(shape) <= _MOST_AXES and all(_is_size(size) for size in shape)):
        raise NpyError(f"{name}: expected a shape of whole numbers; got {str(shape)[:60]}.")
    if not isinstance(described, str):
        raise NpyError(f"{name}: expected one type of numbers; it has fields: {str(described)[:60]}.")
    try:
        dtype = np.dtype(described if _PLAIN.fullmatch(described) else None)
    except (TypeError, ValueError):
        raise NpyError(f"{name}: expected a type of numbers; got {described[:60]!r}.") from None
    if dtype.kind == "O":
        raise PickledError(f"{name}: expected numbers; it holds pickled objects, which could run any code: refused.")
    if dtype.kind not in _KINDS or not dtype.itemsize or not _PLAIN.fullmatch(described):
        raise NpyError(f"{name}: expected a type of numbers; got {described[:60]!r}.")
    return shape, dtype, bool(fortran)


def _is_size(size: object) -> bool:
    return isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 2**62
