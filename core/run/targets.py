"""Refuse targets that a cross-entropy does not hold for, and tokens that no table has, where data enter a run."""

from collections.abc import Mapping

import numpy as np

from core.data.rows import OneHotRows, Rows, release_rows
from core.ops.lookup import Gather
from core.ops.losses import CrossEntropy, Loss
from core.ops.softmax import Softmax
from core.program import Program
from core.values import Array

_TOLERANCE = 1e-3
"""How far from 1 targets that were rounded may add up."""
_NUMBERS_AT_ONCE = 2**20


class Targets:
    """The targets of a program's cross-entropies, and what they have to be.

    After softmax they add up to 1 in every row: only then is its gradient the difference of output and target. After a
    sigmoid, and for the binary cross-entropy, each is a probability by itself.

    Parameters
    ----------
    program : Program
        What is run.
    """

    def __init__(self, program: Program) -> None:
        self._whole: dict[str, bool] = {}
        self._tokens: dict[str, tuple[int, str]] = {}
        given = {value.key for value in program.data}
        for step in program.steps:
            if isinstance(step.op, Loss) and step.op.of_probabilities and step.inputs[1].key in given:
                out, y = step.inputs
                producer = program.producers.get(out.key)
                whole = isinstance(step.op, CrossEntropy)
                softmax = whole and producer is not None and isinstance(producer.op, Softmax)
                self._whole[y.key] = softmax or self._whole.get(y.key, False)
            if isinstance(step.op, Gather) and step.inputs[1].key in given:
                table, numbers = step.inputs
                scope = step.output.scope
                named = f"Layer {scope.number} ({scope.name})" if scope.number else step.op.title
                known = self._tokens.get(numbers.key, (table.shape[0], named))
                self._tokens[numbers.key] = min(known, (table.shape[0], named))

    def check_rows(self, key: str, rows: Array | Rows) -> None:
        """Raise ValueError unless all targets of a data set are what they have to be; those of labels always are."""
        if key not in self._whole or isinstance(rows, OneHotRows):
            return
        size = len(rows) if isinstance(rows, np.ndarray) else max(1, _NUMBERS_AT_ONCE // max(1, rows.shape[1]))
        for start in range(0, len(rows), size):
            self.check({key: rows[start : start + size]}, start)
            release_rows(rows)

    def check(self, data: Mapping[str, Array], first: int = 0) -> None:
        """Raise ValueError unless targets and tokens among the data are what they must be; rows begin at ``first``."""
        self._check_tokens(data)
        for key, whole in self._whole.items():
            if key not in data:
                continue
            y = np.asarray(data[key])
            if not (y.min() >= 0 and y.max() <= 1 + _TOLERANCE):
                raise ValueError(f"{key}: expected targets from 0 to 1 for the cross-entropy; got {_wrong(y):g}")
            if whole and np.abs(np.add.reduce(y, axis=-1) - 1).max() > _TOLERANCE:
                sums = y.sum(axis=-1)
                row = int(np.abs(sums - 1).argmax())
                raise ValueError(
                    f"{key}: expected targets that add up to 1 in every row, for the cross-entropy after softmax; "
                    f"row {first + row} adds up to {sums[row]:g}"
                )

    def _check_tokens(self, data: Mapping[str, Array]) -> None:
        for key, (count, layer) in self._tokens.items():
            if key in data:
                numbers = np.asarray(data[key], np.float64)
                wrong = numbers[~((numbers >= 0) & (numbers < count) & (numbers == np.floor(numbers)))]
                if wrong.size:
                    raise ValueError(
                        f"{layer}: expected tokens that are whole numbers from 0 to {count - 1} in {key}; "
                        f"got {wrong[0]:g}"
                    )


def _wrong(y: Array) -> float:
    """Return the first target that is no probability."""
    return float(y[~((y >= 0) & (y <= 1 + _TOLERANCE))][0])
