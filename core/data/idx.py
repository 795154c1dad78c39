"""Read IDX files, the format of MNIST: arrays of numbers behind a short header, often compressed."""

import gzip
import os
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.data.mapped import Spool, map_file
from core.data.progress import Progress
from core.data.rows import OneHotRows, ScaledRows
from core.values import Shape

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""What the third byte of a file says of its numbers."""
_GZIP = b"\x1f\x8b"
_LARGEST = 2**30
"""Bytes; a compressed file that holds more is not unpacked."""
_BEST_RATIO = 1032
"""How many bytes deflate can make of one (zlib's technical details, "Maximum Compression Factor")."""
_AT_ONCE = 2**20
_BRIGHTEST = 255
_NAMES = {"train": "train-{}-idx{}-ubyte", "test": "t10k-{}-idx{}-ubyte"}
"""What the files of MNIST and of those like it are called."""


class IdxError(ValueError):
    """A file is no IDX file, or not the one that was expected; the message is one sentence that names it."""


@dataclass(frozen=True)
class IdxHeader:
    """What an IDX file says of itself: the shape and the type of its numbers, and whether it is compressed."""

    shape: Shape
    dtype: np.dtype[Any]
    packed: bool

    @property
    def needed(self) -> int:
        """How many bytes of numbers there are to be."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def offset(self) -> int:
        """Where the numbers begin."""
        return 4 + 4 * len(self.shape)


def is_idx(start: bytes) -> bool:
    """Tell whether the first four bytes of a file, unpacked, are those of an IDX file."""
    return len(start) >= 4 and start[:2] == b"\0\0" and start[2] in _TYPES and start[3] > 0


def idx_header(path: Path) -> IdxHeader:
    """Return what an IDX file says of itself; its numbers are not read, and only a plain file's size is checked.

    Raises
    ------
    IdxError
        If it is no such file, or its size cannot be that of its numbers.
    OSError
        If it cannot be read.
    """
    with path.open("rb") as stream:
        header = _header_of(stream, path)
        _check_size(header, os.fstat(stream.fileno()).st_size, path)
    return header


def open_idx(path: Path, progress: Progress | None = None) -> NDArray[Any]:
    """Return the numbers of an IDX file as a read-only array, in the byte order of the file.

    A plain file is mapped: only what is looked at gets into memory. A compressed one is unpacked once, up to 64 MiB
    into memory, and more into a temporary file that is mapped and is gone with the array.

    Raises
    ------
    IdxError
        If it is no such file, is cut short, or goes on after its data; if it is compressed and holds more than 1 GiB.
    OSError
        If it cannot be read.
    Cancelled
        If somebody stops it.

    References
    ----------
    Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST Database of Handwritten Digits" (1998).
    """
    with path.open("rb") as stream:
        header = _header_of(stream, path)
        _check_size(header, os.fstat(stream.fileno()).st_size, path)
        if not header.packed:
            return map_file(stream, header.dtype, header.shape, header.offset)
        stream.seek(0)
        return _unpacked(stream, header, path, progress or Progress())


def read_idx(path: Path) -> NDArray[Any]:
    """Return a copy of the array that an IDX file holds, in this machine's byte order; errors as of ``open_idx``."""
    stored = open_idx(path)
    return stored.astype(stored.dtype.newbyteorder("="))


def _header_of(stream: IO[bytes], path: Path) -> IdxHeader:
    packed = stream.read(2) == _GZIP
    stream.seek(0)
    if not packed:
        return _header(stream, packed, path)
    try:
        with gzip.open(stream, "rb") as unpacked:
            return _header(unpacked, packed, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _broken(path, error) from None


def _header(stream: Any, packed: bool, path: Path) -> IdxHeader:
    start = stream.read(4)
    if not is_idx(start):
        raise IdxError(f"{path.name}: expected an IDX file; its first bytes are {start.hex(' ') or 'none'}.")
    sizes = stream.read(4 * start[3])
    if len(sizes) < 4 * start[3]:
        raise IdxError(f"{path.name}: expected {start[3]} sizes; the file ends before.")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    if len(shape) > 32:
        raise IdxError(f"{path.name}: expected at most 32 axes; got {len(shape)}.")
    return IdxHeader(shape, np.dtype(_TYPES[start[2]]), packed)


def _check_size(header: IdxHeader, size: int, path: Path) -> None:
    """Compare what the header asks for with the size of the file, before anything is made of it."""
    needed, held = header.needed, size - header.offset
    if not header.packed and held != needed:
        raise IdxError(f"{path.name}: expected {needed:,} bytes of numbers for {header.shape}; got {held:,}.")
    if header.packed and needed > _BEST_RATIO * size:
        raise IdxError(
            f"{path.name}: expected {needed:,} bytes of numbers for {header.shape}; {size:,} bytes of gzip cannot hold "
            "as many."
        )
    if header.packed and needed > _LARGEST:
        raise IdxError(
            f"{path.name}: expected at most {_LARGEST:,} bytes of numbers in a compressed file; got {needed:,}. "
            "Unpack it first: plain files may be larger."
        )


def _unpacked(stream: IO[bytes], header: IdxHeader, path: Path, progress: Progress) -> NDArray[Any]:
    spool = Spool()
    try:
        with gzip.open(stream, "rb") as unpacked:
            unpacked.read(header.offset)
            while spool.size < header.needed:
                progress.tell(spool.size, header.needed, f"Unpacking {path.name}")
                data = unpacked.read(min(_AT_ONCE, header.needed - spool.size))
                if not data:
                    break
                spool.write(data)
            came = f"{spool.size:,}" if spool.size < header.needed else "more" if unpacked.read(1) else ""
        if came:
            raise IdxError(f"{path.name}: expected {header.needed:,} bytes of numbers for {header.shape}; got {came}.")
        return spool.array(header.dtype, header.shape)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        spool.close()
        raise _broken(path, error) from None
    except BaseException:
        spool.close()
        raise


def _broken(path: Path, error: Exception) -> IdxError:
    told = str(error).rstrip(".")
    return IdxError(f"{path.name}: expected a gzip file that is whole; {told[:1].lower()}{told[1:]}.")


def image_dataset(images: Path, labels: Path, name: str, *, classes: int = 10, channels: bool = False) -> Dataset:
    """Return images with labels from two IDX files, with grey levels from 0 to 1 that are worked out when taken.

    Parameters
    ----------
    images, labels : Path
        Files of bytes, (n, h, w) and (n,).
    name : str
        What a person calls the data.
    classes : int
        How many classes there are.
    channels : bool
        Whether a sample is an image of one channel, (1, h, w), rather than a row of pixels, (h w,).

    Raises
    ------
    IdxError
        If a file is not as expected, or the two do not fit each other.
    OSError
        If a file cannot be read.
    """
    pixels, numbers = open_idx(images), open_idx(labels)
    if pixels.ndim != 3 or pixels.dtype != np.uint8 or 0 in pixels.shape:
        raise IdxError(f"{images.name}: expected images (n, height, width) of bytes; got {_about(pixels)}.")
    if numbers.ndim != 1 or numbers.dtype != np.uint8:
        raise IdxError(f"{labels.name}: expected one byte for each label; got {_about(numbers)}.")
    if len(numbers) != len(pixels):
        raise IdxError(f"{labels.name}: expected {len(pixels)} labels, one for each image; got {len(numbers)}.")
    if numbers.max() >= classes:
        raise IdxError(f"{labels.name}: expected labels from 0 to {classes - 1}; got {numbers.max()}.")
    found = numbers.astype(np.intp)
    return Dataset(
        name,
        ScaledRows(pixels[:, None] if channels else pixels.reshape(len(pixels), -1), _BRIGHTEST),
        OneHotRows(found, classes),
        found,
        row_image=(int(pixels.shape[1]), int(pixels.shape[2])),
        class_names=tuple(str(number) for number in range(classes)),
    )


def find_pair(folder: Path, part: str = "test") -> tuple[Path, Path]:
    """Return the files of images and of labels in a folder, as MNIST calls them; ``part`` is ``train`` or ``test``.

    Raises
    ------
    FileNotFoundError
        If they are not there.
    """
    names = [_NAMES[part].format(what, axes) for what, axes in (("images", 3), ("labels", 1))]
    found = [next((p for p in (folder / f"{name}.gz", folder / name) if p.is_file()), None) for name in names]
    images, labels = found
    if images is None or labels is None:
        raise FileNotFoundError(f"expected {names[0]} and {names[1]}, with or without .gz, in {folder}; they are not")
    return images, labels


def _about(array: NDArray[Any]) -> str:
    return f"{np.dtype(array.dtype).newbyteorder('=')} of shape {array.shape}"
