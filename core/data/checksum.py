"""Tell data apart by a checksum of their numbers."""

import hashlib
from weakref import WeakKeyDictionary

import numpy as np

from core.data.dataset import Dataset
from core.data.progress import Progress
from core.data.rows import Rows, release_rows
from core.values import Array

_NUMBERS_AT_ONCE = 2**20
_known: WeakKeyDictionary[Dataset, str] = WeakKeyDictionary()


def checksum(dataset: Dataset, progress: Progress | None = None) -> str:
    """Return the SHA-256 sum of the samples and the targets of a data set, as they enter a network; known ones at once.

    Where the samples lie, and in which shape, makes no difference. Some rows are in memory at a time.
    """
    if dataset not in _known:
        total, progress = hashlib.sha256(), progress or Progress()
        for rows in (dataset.inputs, dataset.targets):
            _add(total, rows, progress)
        _known[dataset] = total.hexdigest()
    return _known[dataset]


def _add(total: "hashlib._Hash", rows: Array | Rows, progress: Progress) -> None:
    count = len(rows)
    size = max(1, _NUMBERS_AT_ONCE // max(1, int(np.prod(rows.shape[1:]))))
    total.update(f"{count} {np.dtype(rows.dtype).name} ".encode())
    for start in range(0, count, size):
        progress.tell(start, count, "Comparing the data")
        part = np.ascontiguousarray(rows[start : start + size], np.dtype(rows.dtype))
        total.update(part.data if part.size else b"")
        release_rows(rows)
