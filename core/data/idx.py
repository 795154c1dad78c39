"""Read IDX files, the format of MNIST: arrays of numbers behind a short header, often compressed."""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset, one_hot
from core.values import Shape

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""What the third byte of a file says of its numbers."""
_GZIP = b"\x1f\x8b"
_LARGEST = 2**31
"""Bytes; larger data are not read into memory."""
_BRIGHTEST = 255
_NAMES = {"train": "train-{}-idx{}-ubyte", "test": "t10k-{}-idx{}-ubyte"}
"""What the files of MNIST and of those like it are called."""


class IdxError(ValueError):
    """A file is no IDX file, or not the one that was expected; the message is one sentence that names it."""


def read_idx(path: Path) -> NDArray[np.generic]:
    """Return the array that an IDX file holds; it may be compressed with gzip.

    Raises
    ------
    IdxError
        If it is no such file, is cut short, goes on after its data, or is too large.
    OSError
        If it cannot be read.

    References
    ----------
    Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST Database of Handwritten Digits" (1998).
    """
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    try:
        if packed:
            with gzip.open(path, "rb") as unpacked:
                return _read(unpacked, path)  # type: ignore[arg-type]
        with path.open("rb") as stream:
            return _read(stream, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise IdxError(f"{path.name}: expected a gzip file that is whole; {error}.") from None


def _read(stream: BinaryIO, path: Path) -> NDArray[np.generic]:
    start = stream.read(4)
    kind = start[2] if len(start) == 4 and start[:2] == b"\0\0" else -1
    if kind not in _TYPES or start[3] == 0:
        raise IdxError(f"{path.name}: expected an IDX file; its first bytes are {start.hex(' ') or 'none'}.")
    sizes = stream.read(4 * start[3])
    if len(sizes) < 4 * start[3]:
        raise IdxError(f"{path.name}: expected {start[3]} sizes; the file ends before.")
    shape: Shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    dtype = np.dtype(_TYPES[kind])
    needed = prod(shape) * dtype.itemsize
    if needed > _LARGEST:
        raise IdxError(f"{path.name}: expected at most {_LARGEST:,} bytes of numbers; got {needed:,}.")
    data = stream.read(needed)
    if len(data) < needed or stream.read(1):
        came = f"{len(data):,}" if len(data) < needed else "more"
        raise IdxError(f"{path.name}: expected {needed:,} bytes of numbers for {shape}; got {came}.")
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def image_dataset(images: Path, labels: Path, name: str, *, classes: int = 10, channels: bool = False) -> Dataset:
    """Return images with labels from two IDX files, with grey levels from 0 to 1.

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
    pixels, numbers = read_idx(images), read_idx(labels)
    if pixels.ndim != 3 or pixels.dtype != np.uint8 or 0 in pixels.shape:
        raise IdxError(f"{images.name}: expected images (n, height, width) of bytes; got {_about(pixels)}.")
    if numbers.ndim != 1 or numbers.dtype != np.uint8:
        raise IdxError(f"{labels.name}: expected one byte for each label; got {_about(numbers)}.")
    if len(numbers) != len(pixels):
        raise IdxError(f"{labels.name}: expected {len(pixels)} labels, one for each image; got {len(numbers)}.")
    if numbers.max() >= classes:
        raise IdxError(f"{labels.name}: expected labels from 0 to {classes - 1}; got {numbers.max()}.")
    grey = pixels.astype(np.float32) / _BRIGHTEST
    found = numbers.astype(np.intp)
    return Dataset(
        name,
        np.ascontiguousarray(grey[:, None] if channels else grey.reshape(len(grey), -1)),
        one_hot(found, classes),
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


def _about(array: NDArray[np.generic]) -> str:
    return f"{array.dtype} of shape {array.shape}"
