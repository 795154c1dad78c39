"""A training iteration of any network is right, labelled, and written once."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.ops.base import ShapeError
from core.optimizers import SGD
from core.run.gradcheck import check_gradients
from core.run.trace import Trace
from core.values import Phase, Role
from tests.core.drawing import Problem, problems

SMALL = Network((3,), (Dense(4, "relu"), Dense(2, "softmax")))


@given(problems())
@settings(max_examples=60)
def test_gradients_agree_with_central_differences(problem: Problem) -> None:
    checks = check_gradients(problem.program, problem.inputs, cells=1000)
    assert [check.key for check in checks] == problem.trained
    for check in checks:
        assert check.cells == problem.inputs[check.key].size
        assert check.error < 1e-5 or abs(check.gradient - check.difference) < 1e-9, check


@given(problems())
@settings(max_examples=40)
def test_every_value_is_read_only_and_written_once(problem: Problem) -> None:
    program = problem.program
    keys = [value.key for value in (*program.inputs, *program.constants)] + [s.output.key for s in program.steps]
    assert len(keys) == len(set(keys)) == len(program.values)
    trace = Trace(program, problem.parameters, lambda _: problem.data, "float64")
    for key, value in program.values.items():
        array = trace.array(key)
        assert array.shape == value.shape
        assert array.dtype == np.float64
        assert not array.flags.writeable


@given(problems())
@settings(max_examples=40)
def test_steps_read_only_what_is_there_and_belong_to_a_layer(problem: Problem) -> None:
    program = problem.program
    written = {value.key for value in (*program.inputs, *program.constants)}
    phases = list(Phase)
    for number, step in enumerate(program.steps):
        assert step.number == number
        assert {value.key for value in step.inputs} <= written
        written.add(step.output.key)
        assert step.output.shape == step.op.output_shape(*(value.shape for value in step.inputs))
        assert step.layer in range(1, len(problem.layers) + 1) or step.output.role is Role.LOSS
    order = [phases.index(step.phase) for step in program.steps]
    assert order == sorted(order)


@given(problems())
@settings(max_examples=40)
def test_what_is_frozen_gets_no_gradient_and_no_update(problem: Problem) -> None:
    program = problem.program
    assert list(program.updates) == problem.trained
    for parameter in program.parameters:
        trained = parameter.key in problem.trained
        assert (f"grad_{parameter.key}" in program.values) == trained
        assert (f"new_{parameter.key}" in program.values) == trained
    needed = {value.key for step in program.steps for value in step.inputs}
    needed |= set(program.updates.values()) | {str(program.loss), str(program.output)}
    assert {step.output.key for step in program.steps} <= needed, "a step that nobody asked for"


def test_the_steps_of_a_small_network() -> None:
    program = compile_iteration(SMALL, "cross_entropy", SGD(0.1), 5)
    forward = ["sum_1", "net_1", "out_1", "sum_2", "net_2", "out_2"]
    backward = ["delta_2", "grad_b_2", "grad_w_2", "grad_out_1", "derivative_1", "delta_1", "grad_b_1", "grad_w_1"]
    keys = {phase: [s.output.key for s in program.steps if s.phase is phase] for phase in Phase}
    assert keys[Phase.FORWARD] == forward
    assert keys[Phase.LOSS] == ["losses", "loss"]
    assert [key for key in keys[Phase.BACKWARD] if key != "error_2"] == backward
    assert program.updates == {key: f"new_{key}" for key in ("w_1", "b_1", "w_2", "b_2")}
    assert (program.output, program.loss) == ("out_2", "loss")
    assert [layer.name for layer in program.layers] == ["dense 4, ReLU", "dense 2, Softmax"]


def test_delta_of_softmax_and_cross_entropy_is_out_minus_y_over_n() -> None:
    program = compile_iteration(SMALL, "cross_entropy", SGD(0.1), 5)
    x = np.random.default_rng(0).normal(size=(5, 3))
    y = np.eye(2)[[0, 1, 1, 0, 1]]
    trace = Trace(program, SMALL.initial(3, "float64"), lambda _: {"x": x, "y": y}, "float64")
    np.testing.assert_allclose(trace.array("delta_2"), (trace.array("out_2") - y) / 5, rtol=1e-14)


def test_through_the_jacobian_takes_more_steps_to_the_same_gradients() -> None:
    short, long = (
        compile_iteration(SMALL, "cross_entropy", SGD(0.1), 5, through_jacobian=flag) for flag in (False, True)
    )
    assert "jacobian_2" in long.values
    assert "jacobian_2" not in short.values
    data = {"x": np.random.default_rng(0).normal(size=(5, 3)), "y": np.eye(2)[[0, 1, 1, 0, 1]]}
    first, second = (Trace(p, SMALL.initial(3, "float64"), lambda _: data, "float64") for p in (short, long))
    for key in short.updates:
        np.testing.assert_allclose(first.array(f"grad_{key}"), second.array(f"grad_{key}"), rtol=1e-10, atol=1e-14)


def test_a_network_frozen_altogether_has_no_backward_pass() -> None:
    program = compile_iteration(SMALL, "cross_entropy", SGD(0.1), 5, frozen=("w_1", "b_1", "w_2", "b_2"))
    assert {step.phase for step in program.steps} == {Phase.FORWARD, Phase.LOSS}
    assert program.updates == {}


@pytest.mark.parametrize(
    ("loss", "batch", "frozen", "message"),
    [
        ("hinge", 1, (), "expected a loss among cross_entropy, binary_cross_entropy, .*huber_error; got 'hinge'"),
        ("cross_entropy:2", 1, (), "expected cross_entropy without a number after it; got 'cross_entropy:2'"),
        (
            "huber_error:much",
            1,
            (),
            "expected a number after the colon, such as huber_error:0.5; got 'huber_error:much'",
        ),
        ("huber_error:0", 1, (), "expected a positive, finite limit of the Huber error; got 0.0"),
        ("huber_error:nan", 1, (), "expected a positive, finite limit of the Huber error; got nan"),
        ("huber_error:inf", 1, (), "expected a positive, finite limit of the Huber error; got inf"),
        ("cross_entropy", 0, (), "expected a batch of at least 1 sample; got 0"),
        ("cross_entropy", 1, ("w_3",), "expected frozen parameters of the network; got w_3"),
    ],
    ids=str,
)
def test_what_cannot_be_compiled_is_refused(loss: str, batch: int, frozen: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compile_iteration(SMALL, loss, SGD(0.1), batch, frozen=frozen)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_learning_rate_that_is_not_positive_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="expected a positive learning rate"):
        SGD(rate)


def test_targets_are_refused_where_a_layer_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="Layer 1"):
        Network((2, 2, 2), (Dense(3),))
