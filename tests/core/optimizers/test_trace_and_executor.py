"""Trace and executor keep the same state to the byte, wherever it is reached from."""

import tracemalloc
from collections.abc import Mapping

import numpy as np
import pytest

from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.optimizers import OPTIMIZERS
from core.program import Program
from core.run.executor import Executor
from core.run.trace import Trace
from core.values import Array
from tests.core.optimizers.small import DTYPES, NETWORK, RATES, SEED, TREATMENTS, batch, optimizer, program

FAR, NEAR = 37, 5

everywhere = pytest.mark.parametrize("name", OPTIMIZERS)
both_dtypes = pytest.mark.parametrize("dtype", DTYPES)


def new_trace(name: str, dtype: str, treatment: str = "plain") -> Trace:
    return Trace(program(name, treatment), NETWORK.initial(SEED, dtype), batch, dtype)


def states(program: Program, dtype: str, rates: Mapping[int, float] | None = None) -> list[Mapping[str, Array]]:
    """Return the state at the start of every iteration up to ``FAR``, by the executor.

    ``rates`` is the learning rate by the iteration from which it holds.
    """
    executor = Executor(program, {**program.initial(SEED, dtype), **NETWORK.initial(SEED, dtype)}, dtype)
    given: dict[str, Array | float] = {}
    seen = [executor.state]
    for iteration in range(FAR):
        if rates and iteration in rates:
            given["eta"] = rates[iteration]
        executor.run({**batch(iteration), **given})  # type: ignore[dict-item]
        seen.append(executor.state)
    return seen


def assert_state(trace: Trace, iteration: int, expected: Mapping[str, Array]) -> None:
    assert expected.keys() == trace.program.state.keys()
    for key, array in expected.items():
        shown = trace.array(key, iteration)
        assert shown.dtype == array.dtype == trace.dtype
        assert shown.tobytes() == array.tobytes(), (key, iteration)


@both_dtypes
@pytest.mark.parametrize("treatment", TREATMENTS)
@everywhere
def test_walking_meets_the_state_of_the_executor(name: str, treatment: str, dtype: str) -> None:
    trace = new_trace(name, dtype, treatment)
    for iteration, expected in enumerate(states(trace.program, dtype)):
        assert_state(trace, iteration, expected)


@both_dtypes
@everywhere
def test_jumping_and_going_back_meet_the_state_of_the_executor(name: str, dtype: str) -> None:
    trace = new_trace(name, dtype, "everything")
    expected = states(trace.program, dtype)
    assert_state(trace, FAR, expected[FAR])
    assert_state(trace, NEAR, expected[NEAR])
    trace.array(f"new_{next(iter(trace.program.updates))}", NEAR)
    assert_state(trace, NEAR + 1, expected[NEAR + 1])
    assert_state(trace, FAR - 1, expected[FAR - 1])


@both_dtypes
@everywhere
def test_every_value_is_that_of_the_trace(name: str, dtype: str) -> None:
    trace = new_trace(name, dtype, "everything")
    values = trace.program.values
    executor = Executor(trace.program, trace.run.state(0), dtype, keep=values)
    for iteration in range(3):
        executor.run(batch(iteration))
        for key in values:
            assert executor.value(key).tobytes() == trace.array(key, iteration).tobytes(), (key, iteration)


@both_dtypes
@everywhere
def test_a_learning_rate_that_changes_leaves_what_came_before(name: str, dtype: str) -> None:
    trace, change = new_trace(name, dtype), 20
    unchanged = states(trace.program, dtype)
    assert_state(trace, FAR, unchanged[FAR])
    trace.set_hyperparameter(change, "eta", RATES[name] / 3)
    changed = states(trace.program, dtype, {change: RATES[name] / 3})
    for iteration in (FAR, NEAR, change, change + 1, change - 1, FAR - 1):
        assert_state(trace, iteration, changed[iteration])
    for iteration in range(change + 1):
        assert_state(trace, iteration, unchanged[iteration])
    assert changed[FAR]["w_1"].tobytes() != unchanged[FAR]["w_1"].tobytes()


def test_a_learning_rate_that_changes_twice_is_remembered_by_iteration() -> None:
    trace = new_trace("adam", "float32")
    rates = {10: 0.1, 25: 0.001}
    for iteration, rate in rates.items():
        trace.set_hyperparameter(iteration, "eta", rate)
    expected = states(trace.program, "float32", rates)
    for iteration in (FAR, 11, 26, 0, 25):
        assert_state(trace, iteration, expected[iteration])


@both_dtypes
@everywhere
def test_nothing_of_the_size_of_a_weight_is_allocated(name: str, dtype: str) -> None:
    units = 256  # w_1 has much more than the 8192 cells that NumPy takes at a time
    network = Network((units,), (Dense(units, "relu"), Dense(8, "softmax")))
    compiled = compile_iteration(network, "cross_entropy", optimizer(name), 4)
    generator = np.random.default_rng(0)
    data = {"x": generator.normal(size=(4, units)).astype(dtype), "y": np.eye(8, dtype=dtype)[:4]}
    executor = Executor(compiled, {**compiled.initial(0, dtype), **network.initial(0, dtype)}, dtype)
    executor.run(data)
    tracemalloc.start()
    try:
        executor.run(data)
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        executor.run(data)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < units * units * np.dtype(dtype).itemsize / 4
