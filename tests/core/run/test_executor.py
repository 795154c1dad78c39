"""The executor trains as the trace does, to the last bit, and allocates nothing of the size of an array."""

import tracemalloc
from collections.abc import Mapping
from dataclasses import replace
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.iteration import LOSSES, compile_iteration
from core.layers import AveragePool2d, Conv2d, Dense, Flatten, Layer, MaxPool2d
from core.network import Network
from core.ops.base import ShapeError
from core.ops.windows.geometry import Padding
from core.optimizers import SGD
from core.presets import PRESETS, open_preset
from core.program import Program
from core.run.executor import Executor
from core.run.trace import Batch, Trace
from core.values import Array
from tests.core.drawing import Problem, problems

DTYPES = ("float32", "float64")
ITERATIONS = 3
EVERY_ACTIVATION = ("relu", "leaky_relu", "sigmoid", "tanh", "gelu", None, "softmax")


def random_batches(program: Program) -> Batch:
    """Return data that differ from iteration to iteration, targets that are distributions."""

    def batch(iteration: int) -> Mapping[str, Array]:
        generator = np.random.default_rng(iteration)
        y = generator.uniform(0.1, 1, program.values["y"].shape)
        return {"x": generator.normal(size=program.values["x"].shape), "y": y / y.sum(axis=1, keepdims=True)}

    return batch


def assert_same_training(trace: Trace, executor: Executor) -> None:
    for iteration in range(ITERATIONS):
        loss = executor.run(trace.batch(iteration))
        expected = trace.array(str(trace.program.loss), iteration)
        assert np.asarray(loss, trace.dtype).tobytes() == expected.tobytes()
    for key, array in executor.state.items():
        assert array.dtype == trace.dtype
        assert array.tobytes() == trace.array(key, ITERATIONS).tobytes(), key


def train_both_ways(program: Program, parameters: Mapping[str, Array], dtype: str, block_bytes: int = 512) -> None:
    trace = Trace(program, parameters, random_batches(program), dtype)
    assert_same_training(trace, Executor(program, parameters, dtype, block_bytes=block_bytes))


@given(problems(), st.sampled_from(DTYPES), st.sampled_from([8, 64, 1 << 20]))
@settings(max_examples=60)
def test_trains_any_dense_network_as_the_trace_does(problem: Problem, dtype: str, block_bytes: int) -> None:
    train_both_ways(problem.program, problem.parameters, dtype, block_bytes=block_bytes)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch_size", [1, 16])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("through_jacobian", [False, True])
def test_trains_a_deep_network_as_the_trace_does(
    loss: str, batch_size: int, dtype: str, through_jacobian: bool
) -> None:
    network = Network((37,), tuple(Dense(19 + 8 * i, name) for i, name in enumerate(EVERY_ACTIVATION)))
    program = compile_iteration(
        network, loss, SGD(0.1), batch_size, frozen={"w_2", "b_3"}, through_jacobian=through_jacobian
    )
    train_both_ways(program, network.initial(3), dtype, block_bytes=1024)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch_size", [1, 16])
@pytest.mark.parametrize("preset", ["mlp-784-800-10", "conv-digits", "attention"])
@pytest.mark.parametrize("block_bytes", [1 << 18, 1 << 20])
def test_trains_a_preset_as_the_trace_does(preset: str, batch_size: int, dtype: str, block_bytes: int) -> None:
    experiment = open_preset(preset, batch_size=batch_size, dtype=dtype)
    executor = Executor(experiment.program, experiment.parameters, dtype, block_bytes=block_bytes)
    assert_same_training(experiment.trace(), executor)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_runs_every_preset_as_the_trace_does(preset: str) -> None:
    experiment = open_preset(preset)
    program, trace = experiment.program, experiment.trace()
    executor = Executor(program, experiment.parameters, experiment.options.dtype, keep=program.values)
    for iteration in range(ITERATIONS):
        executor.run(experiment.batch(iteration))
        for key in program.values if program.updates or iteration == 0 else ():
            assert executor.value(key).tobytes() == trace.array(key, iteration).tobytes(), key


@given(
    st.integers(1, 3),
    st.tuples(st.integers(1, 3), st.integers(4, 7), st.integers(4, 7)),
    st.sampled_from([1, 2, (1, 2)]),
    st.sampled_from(["same", "valid", (1, 0, 2, 1)]),
    st.integers(1, 2),
    st.sampled_from([MaxPool2d(2), AveragePool2d((1, 2)), MaxPool2d(2, 1)]),
    st.sampled_from(DTYPES),
    st.sampled_from([16, 256, 1 << 20]),
)
def test_trains_any_convolutional_network_as_the_trace_does(
    filters: int,
    sample: tuple[int, int, int],
    stride: int | tuple[int, int],
    padding: str | Padding,
    dilation: int,
    pooling: Layer,
    dtype: str,
    block_bytes: int,
) -> None:
    first = Conv2d(filters, 2, stride, padding, dilation, "relu")
    second = Conv2d(filters, (1, 2), padding="same", activation="tanh")
    layers = (first, second, pooling, Flatten(), Dense(3, "softmax"))
    try:
        network = Network(sample, layers)
    except ShapeError:
        assume(False)
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 3)
    train_both_ways(program, network.initial(1), dtype, block_bytes)


def test_the_memory_order_of_the_data_changes_no_bit() -> None:
    experiment = open_preset("mlp-784-800-10", batch_size=16)

    def batch(iteration: int) -> Mapping[str, Array]:
        return {key: np.asfortranarray(array) for key, array in experiment.batch(iteration).items()}

    trace = replace(experiment.trace(), batch=batch)
    assert_same_training(trace, Executor(experiment.program, experiment.parameters))


def test_data_that_are_copied_and_data_that_are_not_give_the_same() -> None:
    experiment = open_preset("digits", batch_size=8)

    def batch(iteration: int) -> Mapping[str, Array]:
        dtype = "float64" if iteration % 2 else "float32"
        return {key: array.astype(dtype) for key, array in experiment.batch(iteration).items()}

    executor = Executor(experiment.program, experiment.parameters, keep=["x"])
    assert_same_training(replace(experiment.trace(), batch=batch), executor)
    assert executor.value("x").tobytes() == experiment.batch(ITERATIONS - 1)["x"].tobytes()


def test_a_value_that_is_kept_is_that_of_the_trace() -> None:
    experiment = open_preset("digits", batch_size=4)
    keep = set(experiment.program.values)
    trace, executor = experiment.trace(), Executor(experiment.program, experiment.parameters, keep=keep, block_bytes=64)
    assert_same_training(trace, executor)
    executor.state["w_1"][...] = 0
    for key in keep:
        assert executor.value(key).tobytes() == trace.array(key, ITERATIONS - 1).tobytes(), key
        assert not executor.value(key).flags.writeable


def test_only_values_that_are_kept_can_be_looked_at() -> None:
    experiment = open_preset("digits")
    executor = Executor(experiment.program, experiment.parameters, keep=["out_2"])
    executor.run(experiment.batch(0))
    assert executor.value("out_2").sum() == pytest.approx(1)
    with pytest.raises(KeyError, match=r"values kept \(out_2\); got 'net_1'"):
        executor.value("net_1")


def test_the_loss_need_not_be_computed() -> None:
    experiment = open_preset("digits", batch_size=4)
    silent, telling = (Executor(experiment.program, experiment.parameters) for _ in range(2))
    for iteration in range(ITERATIONS):
        assert silent.run(experiment.batch(iteration), loss=False) is None
        assert telling.run(experiment.batch(iteration)) is not None
    assert all(silent.state[key].tobytes() == array.tobytes() for key, array in telling.state.items())


def test_the_parameters_given_and_returned_are_the_callers_own() -> None:
    experiment = open_preset("digits")
    before = {key: array.copy() for key, array in experiment.parameters.items()}
    executor = Executor(experiment.program, experiment.parameters)
    assert all(executor.state[key].tobytes() == array.tobytes() for key, array in before.items())
    executor.run(experiment.batch(0))
    after = executor.state["b_2"].copy()
    executor.state["b_2"][...] = 7
    assert executor.state["b_2"].tobytes() == after.tobytes() != before["b_2"].tobytes()
    assert all(experiment.parameters[key].tobytes() == array.tobytes() for key, array in before.items())


def test_a_program_without_updates_keeps_its_parameters() -> None:
    network = Network((3,), (Dense(2, "softmax"),))
    program = compile_iteration(network, "cross_entropy", SGD(), 2, frozen={"w_1", "b_1"})
    train_both_ways(program, network.initial(0), "float32")


@pytest.mark.parametrize("key", ["x", "y"])
def test_an_input_of_another_shape_is_named(key: str) -> None:
    experiment = open_preset("digits", batch_size=2)
    executor = Executor(experiment.program, experiment.parameters)
    data = dict(experiment.batch(0))
    with pytest.raises(ValueError, match=rf"{key}: expected shape \(2, .*got \(1,"):
        executor.run({**data, key: data[key][:1]})


@pytest.mark.parametrize("data", [{}, {"x": np.zeros((1, 64))}, {"x": 0, "y": 0, "z": 0}])
def test_inputs_that_are_missing_or_unknown_are_named(data: Mapping[str, Array]) -> None:
    experiment = open_preset("digits")
    executor = Executor(experiment.program, experiment.parameters)
    with pytest.raises(ValueError, match="expected the inputs x, y; got"):
        executor.run(data)


def test_parameters_and_values_to_keep_must_be_there() -> None:
    experiment = open_preset("digits")
    rest = {key: array for key, array in experiment.parameters.items() if key != "b_1"}
    with pytest.raises(ValueError, match="expected a parameter b_1"):
        Executor(experiment.program, rest)
    with pytest.raises(ValueError, match=r"b_1: expected shape \(1, 32\); got \(32,\)"):
        Executor(experiment.program, {**rest, "b_1": np.zeros(32)})
    with pytest.raises(ValueError, match="values of the program to keep; got net_9"):
        Executor(experiment.program, experiment.parameters, keep=["net_9"])


def peak_of_an_iteration(program: Program, parameters: Mapping[str, Array], dtype: str) -> int:
    """Return how many bytes more than before are allocated at most during an iteration, once it is warm."""
    executor = Executor(program, parameters, dtype)
    data = {key: array.astype(dtype) for key, array in random_batches(program)(0).items()}
    executor.run(data)
    tracemalloc.start()
    try:
        executor.run(data)
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        executor.run(data)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("through_jacobian", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", EVERY_ACTIVATION)
def test_nothing_of_the_size_of_an_array_is_allocated(
    activation: str | None, loss: str, through_jacobian: bool, dtype: str
) -> None:
    batch_size, units = 4096, 32  # much more than the 8192 cells that NumPy takes at a time
    network = Network((8,), (Dense(units, activation), Dense(units, "softmax")))
    program = compile_iteration(network, loss, SGD(), batch_size, through_jacobian=through_jacobian)
    activation_bytes = batch_size * units * np.dtype(dtype).itemsize
    assert peak_of_an_iteration(program, network.initial(0), dtype) < activation_bytes / 4


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pooling", [MaxPool2d(2), MaxPool2d(3, 1), AveragePool2d(2)])
def test_nothing_of_the_size_of_a_feature_map_is_allocated(pooling: Layer, dtype: str) -> None:
    layers = (Conv2d(8, 3, padding=1), pooling, Conv2d(8, 3, 2, dilation=2), Flatten(), Dense(10, "softmax"))
    network = Network((2, 24, 24), layers)
    program = compile_iteration(network, "cross_entropy", SGD(), 32)
    maps_bytes = prod(program.values["out_1"].shape) * np.dtype(dtype).itemsize
    assert peak_of_an_iteration(program, network.initial(0), dtype) < maps_bytes / 4
