"""Matrix products are right whichever way they are computed."""

import numpy as np
import pytest

from core.ops.linear import MatMul
from core.values import Shape


@pytest.mark.parametrize("shapes", [((1, 784), (784, 800)), ((1, 1), (1, 9)), ((2, 784), (784, 800)), ((1, 9), (9, 7))])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_product_is_that_of_its_cells(shapes: tuple[Shape, Shape], dtype: str) -> None:
    generator = np.random.default_rng(0)
    a, b = (generator.normal(size=shape).astype(dtype) for shape in shapes)
    expected = (a.astype(np.float64)[:, :, None] * b.astype(np.float64)[None]).sum(axis=1)
    tolerance = 1e-4 if dtype == "float32" else 1e-12
    out = np.full(expected.shape, np.nan, dtype)
    transposed = MatMul(transpose_a=True).compute(np.ascontiguousarray(a.T), b)
    for result in (MatMul().compute(a, b), MatMul().compute(a, b, out=out), out, transposed):
        np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("transpose_a", [False, True])
@pytest.mark.parametrize("transpose_b", [False, True])
def test_the_sentence_says_rows_and_columns_of_the_factors_as_they_are_drawn(
    transpose_a: bool, transpose_b: bool
) -> None:
    op = MatMul(transpose_a, transpose_b)
    a, b = np.zeros((4, 3) if transpose_a else (3, 4)), np.zeros((2, 4) if transpose_b else (4, 2))
    runs = ["row" if np.ptp(cells.indices[:, 0]) == 0 else "column" for cells in op.terms((2, 1), a, b).cells]
    assert op.sentence("w_5", "x") == (
        f"Each {runs[0]} of w_5 meets each {runs[1]} of x: their dot product is one cell."
    )
