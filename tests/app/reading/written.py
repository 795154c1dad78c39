"""Write files as other programs write them."""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array: NDArray[Any]) -> bytes:
    """Return an array as an IDX file."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    numbers = array.astype(array.dtype.newbyteorder(">")).tobytes()
    return bytes([0, 0, CODES[array.dtype.str[1:]], array.ndim]) + sizes + numbers


def images(count: int, *shape: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return images of random bytes."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), dtype=np.uint8)


def labels(count: int, classes: int = 10) -> NDArray[np.uint8]:
    """Return labels that count through the classes."""
    return (np.arange(count) % classes).astype(np.uint8)
