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
