"""Rebuild digits.npz from scikit-learn's copy of the digits: ``python -m resources.rebuild_digits``."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).with_name("digits.npz")


def load_original() -> dict[str, NDArray[np.uint8]]:
    """Return the images, (1797, 8, 8) with grey levels 0 to 16, and the labels, (1797,).

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.
    """
    # Imported by name: scikit-learn has no type information and is no dependency.
    bunch: Any = import_module("sklearn.datasets").load_digits()
    return {"images": bunch.images.astype(np.uint8), "labels": bunch.target.astype(np.uint8)}


def rebuild(path: Path = TARGET) -> None:
    """Write the digits into a compressed file."""
    np.savez_compressed(path, **load_original())  # type: ignore[arg-type]


if __name__ == "__main__":
    rebuild()
    sys.stdout.write(f"Wrote {TARGET}\n")
