"""Where an operation says that its output can be computed piece by piece, the pieces are the bytes of the whole."""

import numpy as np
import pytest

from core.values import Array
from tests.core.ops.cases import Case, every_example


def pieces(case: Case, arrays: list[Array], axis: int) -> Array | None:
    """Return the output put together from runs of one position along an axis, or ``None`` where it is not cut."""
    shape = case.output_shape
    cuts = case.op.cuts(axis, *case.shapes)
    if cuts is None:
        return None
    out = np.full(shape, np.nan, arrays[0].dtype)
    for position in range(shape[axis]):
        run = slice(position, position + 1)
        parts = [
            array if cut is None else array[(slice(None),) * cut + (run,)]
            for array, cut in zip(arrays, cuts, strict=True)
        ]
        case.op.compute(*parts, out=out[(slice(None),) * axis + (run,)])
    return out


@every_example
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pieces_are_the_bytes_of_the_whole(case: Case, dtype: str) -> None:
    arrays = case.arrays(dtype)
    whole = np.ascontiguousarray(case.op.compute(*arrays))
    for axis in range(len(case.output_shape)):
        together = pieces(case, arrays, axis)
        assert together is None or together.tobytes() == whole.tobytes()
