"""Write arrays as an npz file; the same arrays give the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from core.values import Array

_DATE = (1980, 1, 1, 0, 0, 0)


def archive(arrays: Mapping[str, Array]) -> bytes:
    """Return arrays by name as the content of an npz file."""
    stream = io.BytesIO()
    write_archive(stream, arrays)
    return stream.getvalue()


def write_archive(stream: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write arrays by name as an npz file; ``np.savez`` takes no array that is called ``file``."""
    with zipfile.ZipFile(stream, "w") as whole:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            with whole.open(entry, "w", force_zip64=True) as part:
                np.lib.format.write_array(part, np.asanyarray(array), allow_pickle=False)
