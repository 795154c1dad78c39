"""Every operation is pure, keeps the dtype, and writes the same bytes into ``out``."""

import numpy as np
import pytest

from core.ops.base import Op, Scratch
from core.values import Array
from tests.core.ops.cases import CASES, Case, every_example, every_op

both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


@every_example
@both_dtypes
def test_is_pure_and_keeps_the_dtype(case: Case, dtype: str) -> None:
    arrays = case.arrays(dtype)
    before = [array.tobytes() for array in arrays]
    first, second = case.op.compute(*arrays), case.op.compute(*arrays)
    assert first.dtype == dtype
    assert first.tobytes() == second.tobytes()
    assert [array.tobytes() for array in arrays] == before


@every_example
def test_float32_is_close_to_float64(case: Case) -> None:
    single, double = case.op.compute(*case.arrays("float32")), case.op.compute(*case.arrays("float64"))
    np.testing.assert_allclose(single, double, rtol=2e-4, atol=2e-5)


@every_example
@both_dtypes
def test_out_gets_the_same_bytes(case: Case, dtype: str) -> None:
    arrays = case.arrays(dtype)
    expected = case.op.compute(*arrays)
    out = np.full_like(expected, np.nan)
    result = case.op.compute(*arrays, out=out)
    assert np.shares_memory(result, out)
    assert result.shape == expected.shape
    assert out.tobytes() == expected.tobytes() == result.tobytes()


@every_example
@both_dtypes
def test_out_may_be_an_input_where_the_operation_says_so(case: Case, dtype: str) -> None:
    expected = case.op.compute(*case.arrays(dtype))
    for i, shape in enumerate(case.shapes if case.op.inplace else ()):
        if shape == case.output_shape:
            arrays = writeable(case.arrays(dtype))
            others = [array.tobytes() for j, array in enumerate(arrays) if j != i]
            case.op.compute(*arrays, out=arrays[i])
            assert arrays[i].tobytes() == expected.tobytes()
            assert [array.tobytes() for j, array in enumerate(arrays) if j != i] == others


@every_op
def test_an_operation_in_place_has_an_example_for_it(op: type[Op]) -> None:
    fits = [example for example in op.examples() if example.op.output_shape(*example.shapes) in example.shapes]
    assert fits or not op.inplace


WITH_SCRATCH = [case for case in CASES if case.op.scratch_shapes(*case.shapes)]


@pytest.mark.parametrize("case", WITH_SCRATCH, ids=lambda case: case.label)
@both_dtypes
def test_work_arrays_change_no_byte(case: Case, dtype: str) -> None:
    arrays = case.arrays(dtype)
    expected = case.op.compute(*arrays)
    scratch = Scratch.allocate(case.op.scratch_shapes(*case.shapes), np.dtype(dtype))
    for array in scratch.values():
        array[...] = np.nan
    for _ in ("empty", "filled"):
        result = case.op.compute(*arrays, out=np.full_like(expected, np.nan), scratch=scratch)  # type: ignore[call-arg]
        assert result.tobytes() == expected.tobytes()
    assert not [name for name, array in scratch.items() if np.shares_memory(array, result)]
    changed = [case.redraw(i).astype(dtype) for i in range(len(arrays))]
    scratch.filled.clear()
    result = case.op.compute(*changed, scratch=scratch)  # type: ignore[call-arg]
    assert result.tobytes() == case.op.compute(*changed).tobytes()


@every_example
def test_memory_order_changes_no_number(case: Case) -> None:
    arrays = case.arrays()
    result = case.op.compute(*(np.asfortranarray(array) for array in arrays))
    np.testing.assert_allclose(result, case.op.compute(*arrays), rtol=1e-13, atol=1e-13)


@every_example
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_number_that_is_not_finite_raises_nothing(case: Case, number: float) -> None:
    arrays = writeable(case.arrays())
    arrays[0][(0,) * arrays[0].ndim] = number
    with np.errstate(all="ignore"):
        assert case.op.compute(*arrays).shape == case.output_shape


def writeable(arrays: list[Array]) -> list[Array]:
    return [array.copy() for array in arrays]
