"""Softmax differentiated by its Jacobian and cross-entropy give output minus target, whatever the scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.backward import differentiate
from core.builder import Builder
from core.ops.losses import CrossEntropy
from core.ops.reduce import Mean
from core.ops.softmax import Softmax
from core.presets import PRESETS, open_preset
from core.run.executor import Executor
from core.run.trace import Cursor, Trace
from core.values import Array, Range, Role

scores = st.one_of(st.floats(-5, 5), st.floats(-120, 120), st.sampled_from([-1e30, -1000.0, -88.0, 0.0, 1000.0, 1e30]))
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def deltas(z: Array, y: Array, dtype: str) -> tuple[Array, Array]:
    """Return delta through the Jacobian, and output minus target over the batch."""
    builder = Builder(through_jacobian=True)
    net = builder.input("z", z.shape, Role.NET)
    out = builder.apply(Softmax(), net, key="out")
    target = builder.input("y", y.shape, Role.TARGET, range=Range.PROBABILITY)
    losses = builder.apply(CrossEntropy(), out, target, key="losses")
    loss = builder.apply(Mean(), losses, key="loss", role=Role.LOSS)
    delta = differentiate(builder, loss, [net])[net]
    program = builder.build(output="out", loss="loss")
    data = {"z": z.astype(dtype), "y": y.astype(dtype)}
    trace = Trace(program, {}, lambda _: data, dtype)
    executor = Executor(program, {}, dtype, keep=[delta.key])
    executor.run(data)
    assert executor.value(delta.key).tobytes() == trace.array(delta.key).tobytes()
    assert trace.broken_step(Cursor(0, len(program.steps) - 1)) is None
    return trace.array(delta.key), (trace.array("out").astype(np.float64) - y) / len(z)


@given(st.lists(st.tuples(scores, scores, scores, st.integers(0, 2)), min_size=1, max_size=4))
@settings(max_examples=200)
@both_dtypes
def test_both_ways_agree(dtype: str, rows: list[tuple[float, float, float, int]]) -> None:
    z = np.array([row[:3] for row in rows])
    through, short = deltas(z, np.eye(3)[[row[3] for row in rows]], dtype)
    np.testing.assert_allclose(through, short, rtol=0, atol=4 * float(np.finfo(dtype).eps))


@both_dtypes
def test_a_perfect_prediction_has_no_delta(dtype: str) -> None:
    through, _ = deltas(np.array([[1000.0, -1000, 0]]), np.eye(3)[:1], dtype)
    assert through.tolist() == [[0, 0, 0]]


@both_dtypes
def test_a_hopeless_prediction_has_the_largest_delta(dtype: str) -> None:
    through, _ = deltas(np.array([[1000.0, -1000, 0]]), np.eye(3)[1:2], dtype)
    assert through.tolist() == [[1, -1, 0]]


@both_dtypes
def test_targets_may_be_spread(dtype: str) -> None:
    through, short = deltas(np.array([[90.0, -90, 0], [0, 1, 2]]), np.array([[0.5, 0.25, 0.25], [0.1, 0, 0.9]]), dtype)
    np.testing.assert_allclose(through, short, rtol=0, atol=4 * float(np.finfo(dtype).eps))


def test_training_goes_on_where_a_probability_is_0() -> None:
    long, short = (
        open_preset("digits", learning_rate=10.0, through_jacobian=through).trace() for through in (True, False)
    )
    last = len(long.program.steps) - 1
    assert long.broken_step(Cursor(1, last)) is None
    assert (long.array("out_2", 1) == 0).any()
    np.testing.assert_allclose(long.array("delta_2", 1), short.array("delta_2", 1), atol=1e-6)


@pytest.mark.parametrize("name", PRESETS)
def test_the_jacobian_is_offered_where_it_changes_something(name: str) -> None:
    experiment = open_preset(name)
    plain, through = (open_preset(name, through_jacobian=chosen).program for chosen in (False, True))
    changes = [step.op for step in plain.steps] != [step.op for step in through.steps]
    assert experiment.differentiates_softmax == changes
