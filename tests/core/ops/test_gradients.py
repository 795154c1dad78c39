"""Every derivative agrees with central differences, and a wrong one is caught."""

from dataclasses import dataclass

import numpy as np
import pytest

from core.backward import differentiate
from core.builder import Builder
from core.ops.activations import Sigmoid, SigmoidDerivative, Tanh, TanhDerivative
from core.ops.base import REGISTRY, GradientBuilder, Gradients, Op
from core.ops.elementwise import Hadamard, Scale
from core.ops.linear import MatMul
from core.ops.losses import LOSSES, parse_loss
from core.ops.reduce import Mean
from core.ops.softmax import Softmax
from core.program import Step
from core.values import Role, Scope, Value
from tests.core.ops.cases import EXAMPLES, Case, case, every_op, label
from tests.core.ops.differences import gradient_error, run

TOLERANCE = 1e-6
EVERY_INPUT = [
    pytest.param(case(example), i, id=f"{label(example)}-input{i}")
    for example in EXAMPLES
    if example.op.differentiable
    for i in range(example.op.arity)
    if i not in example.op.constant_inputs
]


@pytest.mark.parametrize(("case", "i"), EVERY_INPUT)
def test_gradient_agrees_with_central_differences(case: Case, i: int) -> None:
    assert gradient_error(case.op, case.arrays(), i) < TOLERANCE


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4)], ids=str)
def test_softmax_through_its_jacobian_agrees_too(shape: tuple[int, ...]) -> None:
    arrays = [np.random.default_rng(0).normal(size=shape)]
    assert gradient_error(Softmax(), arrays, 0, through_jacobian=True) < TOLERANCE


@every_op
def test_an_operation_without_derivative_says_so(op: type[Op]) -> None:
    example = next(iter(op.examples()))
    builder = Builder()
    inputs = [builder.input(f"in_{i}", shape, Role.INPUT) for i, shape in enumerate(example.shapes)]
    result = builder.apply(example.op, *inputs, key="result")
    seed = builder.input("seed", result.shape, Role.GRADIENT)
    refused = inputs if not op.differentiable else [inputs[i] for i in op.constant_inputs]
    for value in refused:
        with pytest.raises(NotImplementedError, match="has no derivative"):
            differentiate(builder, result, [value], seed=seed)
    assert op.differentiable or refused


@pytest.mark.parametrize("through_jacobian", [False, True], ids=["at once", "through the Jacobian"])
@pytest.mark.parametrize("scaled", [False, True], ids=["mean", "scaled mean"])
@pytest.mark.parametrize("last", [Softmax(), Sigmoid(), Tanh()], ids=["softmax", "sigmoid", "tanh"])
@pytest.mark.parametrize("name", [*LOSSES, "huber_error:0.3"])
def test_a_loss_on_an_activation(name: str, last: Op, scaled: bool, through_jacobian: bool) -> None:
    loss = parse_loss(name)
    if loss.of_probabilities and isinstance(last, Tanh):
        pytest.skip("a cross-entropy takes probabilities")
    builder = Builder(through_jacobian=through_jacobian)
    net = builder.input("net", (3, 4), Role.NET, scope=Scope(number=1, numbered=True))
    y = builder.input("y", (3, 4), Role.TARGET)
    out = builder.apply(last, net, key="out", role=Role.OUT)
    total = builder.apply(Mean(), builder.apply(loss, out, y, key="losses"), key="loss")
    if scaled:
        total = builder.apply(Scale(), builder.constant("factor", 3.0, "3"), total, key="scaled")
    gradient = differentiate(builder, total, [net])[net]
    assert gradient.key == "delta_1"
    generator = np.random.default_rng(3)
    given = {"net": generator.normal(size=(3, 4)), "y": np.eye(4)[[2, 0, 1]]}
    program = builder.build()
    computed = run(program, given)[gradient.key]
    for index in np.ndindex(3, 4):
        sides = []
        for step in (1e-5, -1e-5):
            moved = given["net"].copy()
            moved[index] += step
            sides.append(float(run(program, {**given, "net": moved})[total.key]))
        assert computed[index] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-6, abs=1e-9)


@dataclass(frozen=True)
class WrongSigmoid(Sigmoid, abstract=True):
    """A sigmoid with the derivative of tanh."""

    def derivative(self) -> Op:
        return TanhDerivative()


@dataclass(frozen=True)
class SlightlyWrongProduct(MatMul, abstract=True):
    """A product whose right gradient is one part in a hundred thousand too large."""

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        result = dict(super().gradients(step, delta, build))
        right = step.inputs[1]
        if right in result:
            factor = build.constant("factor", 1.00001, "f")
            result[right] = build.gradient(right, Scale(), factor, result[right])
        return result


@dataclass(frozen=True)
class HalfHadamard(Hadamard, abstract=True):
    """A Hadamard product that forgets its right gradient."""

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        result = super().gradients(step, delta, build)
        return {value: gradient for value, gradient in result.items() if value == step.inputs[0]}


def test_planted_operations_are_not_registered() -> None:
    assert REGISTRY["Sigmoid"] is Sigmoid
    assert not {"WrongSigmoid", "SlightlyWrongProduct", "HalfHadamard"} & set(REGISTRY)
    assert isinstance(Sigmoid().derivative(), SigmoidDerivative)


def test_a_planted_wrong_derivative_is_caught() -> None:
    arrays = [np.random.default_rng(0).normal(size=(3, 4))]
    assert gradient_error(Sigmoid(), arrays, 0) < TOLERANCE
    assert gradient_error(WrongSigmoid(), arrays, 0) > 0.1


def test_a_planted_small_error_is_caught() -> None:
    arrays = [np.random.default_rng(0).normal(size=shape) for shape in ((3, 4), (4, 2))]
    assert gradient_error(SlightlyWrongProduct(), arrays, 0) < TOLERANCE
    assert gradient_error(SlightlyWrongProduct(), arrays, 1) > TOLERANCE


def test_a_forgotten_gradient_is_caught() -> None:
    arrays = [np.random.default_rng(0).normal(size=(3, 4)) for _ in range(2)]
    assert gradient_error(HalfHadamard(), arrays, 0) < TOLERANCE
    with pytest.raises(KeyError):
        gradient_error(HalfHadamard(), arrays, 1)
