"""Features: each column is a visible step, and together they are what PyTorch makes of the same points."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.builder import Builder
from core.description import describe, network_from
from core.iteration import compile_iteration
from core.layers import Dense, Feature, Features
from core.network import Network
from core.ops.base import ShapeError
from core.ops.elementwise import Hadamard
from core.ops.periodic import Sine
from core.ops.powers import Square
from core.ops.slices import Concatenate, Slice
from core.optimizers import SGD
from core.run.gradcheck import check_gradients
from core.run.trace import Trace
from core.values import Array, Role

ALL = tuple(Feature)
POINTS = np.random.default_rng(3).uniform(-6, 6, (5, 2))
some = st.sets(st.sampled_from(ALL), min_size=1).map(lambda found: tuple(one for one in ALL if one in found))

MADE = {
    Feature.X1: lambda x: x[:, 0],
    Feature.X2: lambda x: x[:, 1],
    Feature.X1_SQUARED: lambda x: x[:, 0] ** 2,
    Feature.X2_SQUARED: lambda x: x[:, 1] ** 2,
    Feature.PRODUCT: lambda x: x[:, 0] * x[:, 1],
    Feature.SINE_X1: lambda x: np.sin(x[:, 0]),
    Feature.SINE_X2: lambda x: np.sin(x[:, 1]),
}


def network(chosen: tuple[Feature, ...]) -> Network:
    return Network((2,), (Features(frozenset(chosen)), Dense(3, "tanh"), Dense(2, "softmax")))


def computed(chosen: tuple[Feature, ...]) -> Array:
    """Return what a layer of features makes of the points."""
    builder = Builder()
    x = builder.input("x", POINTS.shape, Role.INPUT)
    with builder.layer("features"):
        output = Features(frozenset(chosen)).build(builder, x)
    values = {"x": POINTS}
    for step in builder.steps:
        values[step.output.key] = step.op.compute(*(values[value.key] for value in step.inputs))
    return values[output.key]


@given(some)
def test_each_column_is_its_feature_in_the_order_that_was_chosen(chosen: tuple[Feature, ...]) -> None:
    expected = np.column_stack([MADE[feature](POINTS) for feature in chosen])
    np.testing.assert_array_equal(computed(chosen), expected)


@given(some)
def test_every_column_is_named(chosen: tuple[Feature, ...]) -> None:
    program = network(chosen).forward
    (product, *_) = (step for step in program.steps if step.layer == 2)
    given = product.inputs[0]
    if given.key != "x":
        assert given.axis(1).names == tuple(feature.label for feature in chosen)
        assert given.role is Role.OUT


def test_every_feature_is_a_step_of_its_own() -> None:
    steps = [step for step in network(ALL).forward.steps if step.layer == 1]
    kinds = [type(step.op) for step in steps]
    assert kinds == [Slice, Square, Slice, Square, Hadamard, Sine, Sine, *[Concatenate] * 5]
    assert all(step.purpose.says and step.purpose.why and step.purpose.look for step in steps)
    assert len({step.output.symbol for step in steps[:-1]}) == len(steps) - 1


def test_a_column_is_made_once_and_only_where_it_is_needed() -> None:
    steps = network((Feature.SINE_X2, Feature.X2_SQUARED)).forward.steps
    slices = [step.op for step in steps if isinstance(step.op, Slice)]
    assert slices == [Slice(1, 1, 2)]


def test_the_coordinates_alone_take_no_step() -> None:
    assert all(step.layer == 2 for step in network((Feature.X1, Feature.X2)).forward.steps[:2])


@given(some, st.sampled_from(["cross_entropy", "squared_error"]))
@settings(max_examples=20)
def test_gradients_agree_with_central_differences(chosen: tuple[Feature, ...], loss: str) -> None:
    net = network(chosen)
    program = compile_iteration(net, loss, SGD(0.1), 5)
    data = {"x": POINTS / 4, "y": np.eye(2)[[0, 1, 1, 0, 1]], "eta": np.asarray(0.1)}
    checks = check_gradients(program, {**net.initial(1, "float64"), **data}, cells=4)
    assert {check.key for check in checks} == set(program.updates)
    assert max(check.error for check in checks) < 1e-6


def test_the_points_get_no_gradient() -> None:
    program = compile_iteration(network(ALL), "cross_entropy", SGD(0.1), 5)
    assert set(program.gradients) == {"w_2", "b_2", "w_3", "b_3"}
    assert not [step for step in program.steps if step.layer == 1 and step.link is not None]


def test_training_with_features_agrees_with_pytorch() -> None:
    torch = pytest.importorskip("torch")
    net, y = network(ALL), np.eye(2)[[0, 1, 1, 0, 1]]
    parameters = net.initial(2, "float64")
    trace = Trace(
        compile_iteration(net, "cross_entropy", SGD(0.1), 5), parameters, lambda _: {"x": POINTS, "y": y}, "float64"
    )
    x = torch.tensor(POINTS)
    own = {key: torch.tensor(np.array(array), requires_grad=True) for key, array in parameters.items()}
    a, b = x[:, 0], x[:, 1]
    columns = torch.stack([a, b, a**2, b**2, a * b, torch.sin(a), torch.sin(b)], dim=1)
    for iteration in range(20):
        hidden = torch.tanh(columns @ own["w_2"] + own["b_2"])
        loss = -(torch.tensor(y) * torch.log_softmax(hidden @ own["w_3"] + own["b_3"], dim=1)).sum(dim=1).mean()
        assert float(trace.array("loss", iteration)) == pytest.approx(float(loss.detach()), rel=1e-10)
        loss.backward()
        with torch.no_grad():
            for value in own.values():
                value -= 0.1 * value.grad
                value.grad = None


@given(some)
def test_a_description_is_read_back(chosen: tuple[Feature, ...]) -> None:
    net = network(chosen)
    described = describe(net)
    assert described["layers"][0] == {"layer": "Features"} | (
        {} if set(chosen) == set(ALL) else {"chosen": sorted(str(feature) for feature in chosen)}
    )
    assert network_from(described) == net


@pytest.mark.parametrize("chosen", [(Feature.X1,), frozenset({"x3"}), frozenset({1}), "x1", None])
def test_features_that_are_none_are_refused(chosen: Any) -> None:
    with pytest.raises(ShapeError, match=r"features: expected a set of some of x1, .*; got "):
        Features(chosen)


def test_without_a_feature_there_is_nothing_to_go_on_with() -> None:
    with pytest.raises(ShapeError, match="at least one feature; got none"):
        Network((2,), (Features(frozenset()), Dense(2)))


def test_features_may_be_named_by_plain_strings() -> None:
    assert Features(frozenset({"x1", "sin_x2"})) == Features(frozenset({Feature.X1, Feature.SINE_X2}))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(3,), (2, 2), (1,)])
def test_only_points_with_two_coordinates_have_features(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="expected points with two coordinates"):
        Network(shape, (Features(), Dense(2)))
