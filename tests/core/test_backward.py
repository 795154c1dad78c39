"""The gradient of any program is right, however its values are read."""

from collections.abc import Callable

import numpy as np
import pytest

from core.backward import differentiate, gradient_key
from core.builder import Builder
from core.ops.activations import Tanh
from core.ops.base import Op, all_indices
from core.ops.elementwise import Add, Divide, Hadamard, Scale, Subtract
from core.ops.linear import MatMul
from core.ops.losses import CrossEntropy
from core.ops.reduce import Mean
from core.ops.softmax import Softmax
from core.run.gradcheck import central_difference, evaluate
from core.values import Axis, AxisKind, Phase, Role, Scope, Shape, Value

Graph = Callable[[Builder, Value], Value]
TARGETS = np.eye(3)[[1, 2, 0]]


def check(graph: Graph, *, role: Role = Role.INPUT, through_jacobian: bool = False) -> Builder:
    """Build a scalar from x and y, and compare its gradient for x with central differences."""
    builder = Builder(through_jacobian=through_jacobian)
    x = builder.input("x", (3, 3), role, scope=Scope(number=1, numbered=True))
    builder.input("y", (3, 3), Role.TARGET)
    loss = graph(builder, x)
    gradient = differentiate(builder, loss, [x])[x]
    program = builder.build(loss=loss.key)
    given = {"x": np.random.default_rng(5).uniform(0.3, 1.5, (3, 3)), "y": TARGETS}
    computed = evaluate(program, given, gradient.key)[gradient.key]
    assert computed.shape == gradient.shape == (3, 3)
    for cell in all_indices((3, 3)):
        expected = central_difference(program, given, "x", tuple(cell))
        assert computed[tuple(cell)] == pytest.approx(expected, rel=1e-7, abs=1e-9)
    return builder


@pytest.mark.parametrize("op", [Add(), Subtract(), Hadamard(), Divide(), MatMul(), MatMul(transpose_b=True)], ids=repr)
def test_a_step_that_reads_a_value_twice_adds_up(op: Op) -> None:
    def graph(builder: Builder, x: Value) -> Value:
        squares = builder.apply(Hadamard(), builder.apply(op, x, x, key="pair"), x, key="squares")
        return builder.apply(Mean(), squares, key="loss")

    builder = check(graph)
    assert not [key for key in builder.values if "again" in key]


def residual(builder: Builder, x: Value) -> Value:
    out = builder.apply(Add(), x, builder.apply(Tanh(), x, key="tanh"), key="sum")
    return builder.apply(Mean(), out, key="loss")


def three_readers(builder: Builder, x: Value) -> Value:
    tanh = builder.apply(Tanh(), x, key="tanh")
    first = builder.apply(Hadamard(), x, tanh, key="first")
    second = builder.apply(MatMul(), first, x, key="second")
    return builder.apply(Mean(), builder.apply(Add(), first, second, key="sum"), key="loss")


def mean_beside_array(builder: Builder, x: Value) -> Value:
    """Give tanh two readers, one of which gives all its cells the same gradient."""
    tanh = builder.apply(Tanh(), x, key="tanh")
    mean = builder.apply(Mean(), tanh, key="mean")
    other = builder.apply(Mean(), builder.apply(Hadamard(), tanh, x, key="product"), key="other")
    return builder.apply(Hadamard(), mean, other, key="loss")


def mean_of_the_input(builder: Builder, x: Value) -> Value:
    return builder.apply(Mean(), x, key="loss")


def scaled_by_its_mean(builder: Builder, x: Value) -> Value:
    mean = builder.apply(Mean(), x, key="mean")
    return builder.apply(Mean(), builder.apply(Scale(), mean, x, key="scaled"), key="loss")


def cross_entropy(builder: Builder, x: Value) -> Value:
    out = builder.apply(Softmax(), x, key="out", role=Role.OUT)
    losses = builder.apply(CrossEntropy(), out, builder.values["y"], key="losses")
    return builder.apply(Mean(), losses, key="loss")


def cross_entropy_beside_another_reader(builder: Builder, x: Value) -> Value:
    entropy = cross_entropy(builder, x)
    out = builder.values["out"]
    other = builder.apply(Mean(), builder.apply(Hadamard(), out, out, key="squares"), key="other")
    return builder.apply(Add(), entropy, other, key="total")


GRAPHS = [
    residual,
    three_readers,
    mean_beside_array,
    mean_of_the_input,
    scaled_by_its_mean,
    cross_entropy,
    cross_entropy_beside_another_reader,
]


@pytest.mark.parametrize("through_jacobian", [False, True], ids=["at once", "through the Jacobian"])
@pytest.mark.parametrize("role", [Role.INPUT, Role.NET], ids=["input", "net"])
@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.__name__)
def test_gradients_that_meet_add_up(graph: Graph, role: Role, through_jacobian: bool) -> None:
    builder = check(graph, role=role, through_jacobian=through_jacobian)
    total = builder.values["delta_1" if role is Role.NET else "grad_x"]
    assert total.role is (Role.DELTA if role is Role.NET else Role.GRADIENT)
    assert total.subject == "x"


def test_the_gradient_key_follows_from_the_value() -> None:
    assert gradient_key(Value("net_3", (1, 2), Role.NET, Scope(number=3, numbered=True))) == "delta_3"
    assert gradient_key(Value("w_3", (2, 2), Role.WEIGHT)) == "grad_w_3"


def test_only_what_is_wanted_is_differentiated() -> None:
    builder = Builder()
    a, b = (builder.input(key, (2, 2), Role.WEIGHT) for key in "ab")
    loss = builder.apply(Mean(), builder.apply(MatMul(), a, b, key="c"), key="loss")
    gradients = differentiate(builder, loss, [b])
    assert list(gradients) == [b]
    assert "grad_a" not in builder.values
    assert {s.phase for s in builder.steps if s.number > 1} == {Phase.BACKWARD}


def test_a_value_in_the_middle_may_be_wanted() -> None:
    builder = Builder()
    x = builder.input("x", (2, 2), Role.INPUT)
    tanh = builder.apply(Tanh(), x, key="tanh")
    loss = builder.apply(Mean(), builder.apply(Hadamard(), tanh, x, key="product"), key="loss")
    gradient = differentiate(builder, loss, [tanh])[tanh]
    given = np.random.default_rng(0).normal(size=(2, 2))
    values = evaluate(builder.build(loss="loss"), {"x": given}, gradient.key)
    np.testing.assert_allclose(values[gradient.key], given / 4, rtol=1e-14)


def test_what_the_loss_does_not_depend_on_has_no_gradient() -> None:
    builder = Builder()
    a, b = (builder.input(key, (2, 2), Role.WEIGHT) for key in "ab")
    loss = builder.apply(Mean(), a, key="loss")
    builder.apply(Tanh(), b, key="aside")
    assert differentiate(builder, loss, [b]) == {}
    assert len(builder.steps) == 2


def test_a_seed_of_the_shape_of_the_value_is_the_gradient_it_starts_from() -> None:
    builder = Builder()
    a, b = builder.input("a", (2, 3), Role.INPUT), builder.input("b", (3, 4), Role.INPUT)
    c = builder.apply(MatMul(), a, b, key="c")
    seed = builder.input("seed", (2, 4), Role.GRADIENT)
    gradient = differentiate(builder, c, [a], seed=seed)[a]
    generator = np.random.default_rng(0)
    given = {key: generator.normal(size=shape) for key, shape in (("a", (2, 3)), ("b", (3, 4)), ("seed", (2, 4)))}
    values = evaluate(builder.build(), given, gradient.key)
    np.testing.assert_allclose(values[gradient.key], given["seed"] @ given["b"].T, rtol=1e-14)


def test_an_array_without_a_seed_is_refused() -> None:
    builder = Builder()
    a = builder.input("a", (2, 3), Role.INPUT)
    with pytest.raises(ValueError, match=r"expected a scalar to differentiate; b has shape \(2, 3\)"):
        differentiate(builder, builder.apply(Tanh(), a, key="b"), [a])


def test_a_target_that_is_wanted_is_refused() -> None:
    def graph(builder: Builder, x: Value) -> Value:
        losses = builder.apply(CrossEntropy(), builder.values["y"], x, key="losses")
        return builder.apply(Mean(), losses, key="loss")

    with pytest.raises(NotImplementedError, match="Cross-entropy has no derivative with respect to x"):
        check(graph)


def test_a_gradient_has_the_pictures_of_its_value() -> None:
    builder = Builder()
    axes = Axis(AxisKind.FEATURE, image=(2, 2)), Axis(AxisKind.NEURON)
    w = builder.input("w_1", (4, 2), Role.WEIGHT, scope=Scope(number=1, numbered=True), axes=axes)
    x = builder.input("x", (3, 4), Role.INPUT, axes=(Axis(AxisKind.SAMPLE), Axis(AxisKind.FEATURE, image=(2, 2))))
    loss = builder.apply(Mean(), builder.apply(MatMul(), x, w, key="net_1"), key="loss")
    gradients = differentiate(builder, loss, [w, x])
    assert (gradients[w].column_image, gradients[w].layer, gradients[w].subject) == ((2, 2), 1, "w_1")
    assert (gradients[x].row_image, gradients[x].subject) == ((2, 2), "x")
    assert not [value for value in gradients.values() if value.shape == ()]


def test_a_gradient_has_the_shape_of_its_value() -> None:
    shapes: tuple[Shape, ...] = ((), (2,), (2, 3), (2, 3, 4))
    for shape in shapes:
        builder = Builder()
        x = builder.input("x", shape, Role.INPUT)
        loss = builder.apply(Mean(), builder.apply(Tanh(), x, key="tanh"), key="loss")
        assert differentiate(builder, loss, [x])[x].shape == shape
