"""A trace computes when it is asked, keeps what it computed, and goes anywhere at once."""

import weakref
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.builder import Builder
from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.ops.activations import Tanh
from core.optimizers import SGD
from core.presets import open_preset
from core.program import Program
from core.run.trace import Cursor, Trace
from core.values import Array, Role

NETWORK = Network((3,), (Dense(4, "tanh"), Dense(2, "softmax")))
PROGRAM = compile_iteration(NETWORK, "cross_entropy", SGD(0.5), 5)
LAST = len(PROGRAM.steps) - 1
KEYS = sorted(PROGRAM.values)


@dataclass
class Data:
    """A batch for every iteration, and how often each was asked for."""

    calls: Counter[int] = field(default_factory=Counter)

    def __call__(self, iteration: int) -> Mapping[str, Array]:
        self.calls[iteration] += 1
        generator = np.random.default_rng(iteration)
        return {"x": generator.normal(size=(5, 3)), "y": np.eye(2)[generator.integers(0, 2, 5)]}


def make_trace(memory_limit: int = 400_000_000, dtype: str = "float32") -> Trace:
    return Trace(PROGRAM, NETWORK.initial(1, "float64"), Data(), dtype, memory_limit)


def walk(iterations: int) -> dict[tuple[int, str], bytes]:
    """Train step by step with no trace, and return the bytes of every value of every iteration."""
    result: dict[tuple[int, str], bytes] = {}
    parameters = {key: array.astype("float32") for key, array in NETWORK.initial(1, "float64").items()}
    numbers = {value.key: number for value, number in PROGRAM.constants.items()} | dict(PROGRAM.hyperparameters)
    constants = {key: np.asarray(number, "float32") for key, number in numbers.items()}
    for iteration in range(iterations):
        data = {key: array.astype("float32") for key, array in Data()(iteration).items()}
        values: dict[str, Array] = {**data, **constants, **parameters}
        for step in PROGRAM.steps:
            values[step.output.key] = step.op.compute(*(values[value.key] for value in step.inputs))
        result |= {(iteration, key): array.tobytes() for key, array in values.items()}
        parameters = {key: values[new] for key, new in PROGRAM.updates.items()}
    return result


EXPECTED = walk(12)


@dataclass(frozen=True)
class CountedTanh(Tanh, abstract=True):
    """A tanh that counts how often it is computed."""

    counts: list[int] = field(default_factory=list, compare=False)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        self.counts.append(1)
        return super().compute(*arrays, out=out)


def counted(length: int) -> tuple[Program, list[CountedTanh]]:
    builder = Builder()
    value = builder.input("x", (2, 2), Role.INPUT)
    ops = [CountedTanh() for _ in range(length)]
    for number, op in enumerate(ops):
        value = builder.apply(op, value, key=f"t_{number}")
    return builder.build(), ops


def test_nothing_is_computed_before_it_is_asked_for_and_nothing_twice() -> None:
    program, ops = counted(4)
    data = Counter[int]()

    def batch(iteration: int) -> Mapping[str, Array]:
        data[iteration] += 1
        return {"x": np.ones((2, 2))}

    trace = Trace(program, {}, batch)
    assert [len(op.counts) for op in ops] == [0, 0, 0, 0]
    assert not data
    trace.array("x")
    assert [len(op.counts) for op in ops] == [0, 0, 0, 0]
    trace.array("t_1")
    assert [len(op.counts) for op in ops] == [1, 1, 0, 0]
    trace.run_to(Cursor(0, 0))
    trace.run_to(Cursor(0, 2))
    trace.array("t_0")
    assert [len(op.counts) for op in ops] == [1, 1, 1, 0]
    assert data == {0: 1}


@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from(KEYS)), min_size=1, max_size=30))
def test_any_order_of_asking_gives_the_same_bytes(asked: list[tuple[int, str]]) -> None:
    for memory_limit in (400_000_000, 1):
        trace = make_trace(memory_limit)
        for iteration, key in asked:
            assert trace.array(key, iteration).tobytes() == EXPECTED[iteration, key]


def test_values_are_read_only() -> None:
    trace = make_trace()
    for iteration in (0, 1):
        for key, value in PROGRAM.values.items():
            array = trace.array(key, iteration)
            assert array.dtype == np.float32
            assert array.shape == value.shape
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_arrays_of_the_caller_are_left_alone(dtype: str) -> None:
    parameters = dict(NETWORK.initial(1, dtype))
    whole = np.random.default_rng(0).normal(size=(10, 3)).astype(dtype)
    data = {"x": whole[:5], "y": np.eye(2, dtype=dtype)[[0, 1, 0, 1, 1]]}
    trace = Trace(PROGRAM, parameters, lambda _: data, dtype)
    before = trace.array("loss").tobytes()
    for array in (*parameters.values(), *data.values(), whole):
        assert array.flags.writeable
        array[...] = 7
    assert not np.any(trace.array("x") == 7)
    assert not np.any(trace.array("w_1") == 7)
    data["y"][...] = np.eye(2, dtype=dtype)[0]  # others are no targets of a cross-entropy
    again = Trace(PROGRAM, NETWORK.initial(1, dtype), lambda _: data, dtype)
    assert again.array("loss").tobytes() != before
    assert trace.array("loss").tobytes() == before


def test_what_the_caller_cannot_write_to_is_not_copied() -> None:
    parameters = dict(NETWORK.initial(1))
    parameters["w_1"].flags.writeable = False
    hidden = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    view = hidden[:]
    view.flags.writeable = False
    trace = Trace(PROGRAM, parameters, lambda i: {"x": view, "y": Data()(i)["y"]})
    assert trace.array("w_1") is parameters["w_1"]
    assert not np.shares_memory(trace.array("x"), hidden), "a read-only view can still change under the trace"


def test_what_the_trace_computed_is_not_copied() -> None:
    made = []

    @dataclass(frozen=True)
    class Kept(Tanh, abstract=True):
        def compute(self, *arrays: Array, out: Array | None = None) -> Array:
            made.append(super().compute(*arrays, out=out))
            return made[-1]

    builder = Builder()
    builder.apply(Kept(), builder.input("x", (2, 2), Role.INPUT), key="t")
    trace = Trace(builder.build(), {}, lambda _: {"x": np.ones((2, 2))})
    assert trace.array("t") is made[0]


def test_the_next_iteration_starts_from_the_updated_parameters() -> None:
    trace = make_trace()
    for iteration in (1, 2, 3):
        for key, new in PROGRAM.updates.items():
            assert trace.array(key, iteration).tobytes() == trace.array(new, iteration - 1).tobytes()


def test_a_frozen_parameter_stays() -> None:
    program = compile_iteration(NETWORK, "cross_entropy", SGD(0.5), 5, frozen=("b_1", "w_2"))
    trace = Trace(program, NETWORK.initial(1), Data())
    for key in ("b_1", "w_2"):
        assert trace.array(key, 4).tobytes() == trace.array(key, 0).tobytes()
    assert trace.array("w_1", 4).tobytes() != trace.array("w_1", 0).tobytes()


def test_a_long_way_back_gives_the_same_bytes() -> None:
    roomy, tight = make_trace(), make_trace(memory_limit=1)
    for trace in (roomy, tight):
        trace.run_to(Cursor(30, LAST))
    for iteration in (30, 3, 29, 4, 0, 30):
        for key in KEYS:
            assert tight.array(key, iteration).tobytes() == roomy.array(key, iteration).tobytes()


def test_a_tight_trace_forgets_and_a_roomy_one_does_not() -> None:
    roomy, tight = make_trace(), make_trace(memory_limit=1)
    for trace in (roomy, tight):
        for iteration in range(20):
            trace.run_to(Cursor(iteration, LAST))
        trace.array("loss", 3)
    assert isinstance(roomy.batch, Data)
    assert isinstance(tight.batch, Data)
    assert set(roomy.batch.calls.values()) == {1}
    assert tight.batch.calls[3] == 2


def test_memory_is_bounded() -> None:
    trace = make_trace(memory_limit=1)
    seen = [
        (weakref.ref(trace.array("net_1", iteration)), weakref.ref(trace.array("w_1", iteration)))
        for iteration in range(40)
    ]
    assert len([values for values, _ in seen if values() is not None]) == 1
    assert len([start for _, start in seen if start() is not None]) < 10


def test_a_long_jump_does_not_recurse() -> None:
    far = 1500
    trace = make_trace(memory_limit=1)
    there = trace.array("loss", far).tobytes()
    trace.array("loss", far // 2)
    assert trace.array("loss", far).tobytes() == there


def test_losses_are_those_known_and_done_at_the_cursor() -> None:
    trace = make_trace()
    loss_step = PROGRAM.producers["loss"].number
    assert trace.losses(Cursor(0, loss_step - 1)) == ()
    assert trace.losses(Cursor(0, loss_step)) == ((0, float(trace.array("loss", 0))),)
    known = tuple((i, float(trace.array("loss", i))) for i in range(4))
    assert trace.losses(Cursor(3, LAST)) == known
    assert trace.losses(Cursor(3, loss_step - 1)) == known[:3]
    assert trace.losses(Cursor(1, LAST)) == known[:2]


def test_a_program_without_loss_has_no_losses() -> None:
    program, _ = counted(2)
    assert Trace(program, {}, lambda _: {"x": np.ones((2, 2))}).losses(Cursor(0, 1)) == ()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_the_step_that_breaks_is_found(number: float) -> None:
    parameters = dict(NETWORK.initial(1))
    parameters["w_2"][1, 1] = number
    trace = Trace(PROGRAM, parameters, Data())
    step = PROGRAM.producers["sum_2"]
    assert trace.broken_step(Cursor(0, step.number - 1)) is None
    assert trace.broken_step(Cursor(0, step.number)) is step
    assert trace.broken_step(Cursor(0, LAST)) is step
    assert trace.broken_step(Cursor(0, step.number - 1)) is None


def test_a_healthy_iteration_has_no_broken_step() -> None:
    trace = make_trace()
    assert trace.broken_step(Cursor(0, LAST)) is None
    assert trace.broken_step(Cursor(7, LAST)) is None


def test_a_learning_rate_that_explodes_breaks_a_later_iteration() -> None:
    network = Network((3,), (Dense(4, "relu"), Dense(2, None)))
    program = compile_iteration(network, "squared_error", SGD(1e30), 5)
    trace = Trace(program, network.initial(1), Data())
    last = len(program.steps) - 1
    broken = [trace.broken_step(Cursor(iteration, last)) for iteration in range(4)]
    first = next(i for i, step in enumerate(broken) if step)
    step = broken[first]
    assert step is not None
    assert np.isfinite(trace.array("w_1", first)).all()
    assert not np.isfinite(trace.array(step.output.key, first)).all()


def test_bounds_are_those_of_the_finite_numbers() -> None:
    builder = Builder()
    builder.apply(Tanh(), builder.input("x", (2, 2), Role.INPUT), key="t")
    data = {0: [[1, -2], [3, np.nan]], 1: [[np.inf, -np.inf], [np.nan, np.nan]], 2: [[1, 2], [3, 4]]}
    trace = Trace(builder.build(), {}, lambda i: {"x": np.array(data[i])})
    assert [trace.bounds("x", i) for i in data] == [(-2, 3), (0, 0), (1, 4)]


@pytest.mark.parametrize(("shape", "number", "cell"), [((2, 3), 4, (1, 1)), ((2, 3), None, None), ((), 0, ())], ids=str)
def test_the_cell_of_a_cursor(shape: tuple[int, ...], number: int | None, cell: tuple[int, ...] | None) -> None:
    builder = Builder()
    builder.apply(Tanh(), builder.input("x", shape, Role.INPUT), key="t")
    trace = Trace(builder.build(), {}, lambda _: {"x": np.ones(shape)})
    assert trace.cell(Cursor(0, 0, number)) == cell


def batch_of(**arrays: Array) -> Mapping[str, Array]:
    return {"x": np.ones((5, 3)), "y": np.ones((5, 2))} | arrays


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="expected a parameter b_1, w_2; it was not given"):
        Trace(PROGRAM, {key: array for key, array in NETWORK.initial(1).items() if key not in ("b_1", "w_2")}, Data())
    trace = Trace(PROGRAM, NETWORK.initial(1), lambda _: {"x": np.ones((5, 3))})
    with pytest.raises(ValueError, match="expected an input y; it was not given"):
        trace.array("x")


@pytest.mark.parametrize("key", ["label", "net_1", "w_1"])
def test_what_is_no_input_is_named(key: str) -> None:
    trace = Trace(PROGRAM, NETWORK.initial(1), lambda _: batch_of(**{key: np.ones((5, 3))}))
    with pytest.raises(ValueError, match=f"expected only the inputs x, y; got {key}"):
        trace.array("loss")


def test_wrong_shapes_are_named() -> None:
    trace = Trace(PROGRAM, NETWORK.initial(1), lambda _: batch_of(x=np.ones((4, 3))))
    with pytest.raises(ValueError, match=r"x: expected shape \(5, 3\); got \(4, 3\)"):
        trace.array("loss")
    with pytest.raises(ValueError, match=r"w_1: expected shape \(3, 4\); got \(4, 3\)"):
        Trace(PROGRAM, {**NETWORK.initial(1), "w_1": np.ones((4, 3))}, Data())


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyError, match="expected a value of the program; got 'net_9'"):
        make_trace().array("net_9")


def test_an_iteration_before_the_first_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an iteration from 0; got -1"):
        make_trace().array("loss", -1)


def test_another_dtype_is_refused() -> None:
    experiment = open_preset("worked-2-2-2")
    with pytest.raises(ValueError, match="expected a dtype among float32, float64; got 'float16'"):
        Trace(experiment.program, experiment.parameters, experiment.batch, "float16")
