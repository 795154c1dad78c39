"""A network describes itself and draws its parameters; its layers check what they are given."""

import numpy as np
import pytest

from core.layers import Dense, Parameter, activation_title
from core.network import Network
from core.ops.base import ShapeError
from core.program import Builder
from core.values import Role

NETWORK = Network((64,), (Dense(32, "relu"), Dense(10, "softmax", frozen=frozenset({"bias"}))), row_image=(8, 8))


def test_parameters_in_the_order_of_the_layers() -> None:
    found = [(p.key, p.shape, p.role, p.initialiser, p.frozen) for p in NETWORK.parameters()]
    assert found == [
        ("w_1", (64, 32), Role.WEIGHT, "he", False),
        ("b_1", (1, 32), Role.BIAS, "zeros", False),
        ("w_2", (32, 10), Role.WEIGHT, "glorot", False),
        ("b_2", (1, 10), Role.BIAS, "zeros", True),
    ]
    assert NETWORK.frozen() == {"b_2"}


def test_a_column_of_the_first_weights_is_an_image() -> None:
    builder = Builder()
    out = NETWORK.build(builder, 3)
    values = builder.values
    assert values["x"].row_image == (8, 8)
    assert values["w_1"].column_image == (8, 8)
    assert values["w_2"].column_image is None
    assert (out.key, out.shape) == ("out_2", (3, 10))
    assert [layer.name for layer in builder.layers] == ["dense 32, ReLU", "dense 10, Softmax"]


def test_the_same_seed_gives_the_same_numbers_whatever_the_dtype() -> None:
    first, second, double = NETWORK.initial(7), NETWORK.initial(7), NETWORK.initial(7, "float64")
    for key, array in first.items():
        assert array.dtype == np.float32
        assert array.tobytes() == second[key].tobytes() == double[key].astype("float32").tobytes()
    assert NETWORK.initial(8)["w_1"].tobytes() != first["w_1"].tobytes()


def test_he_and_glorot_have_the_spread_of_the_papers() -> None:
    generator = np.random.default_rng(0)
    he = Parameter("w", (400, 300), Role.WEIGHT, "he", 400, 300).draw(generator)
    glorot = Parameter("w", (400, 300), Role.WEIGHT, "glorot", 400, 300).draw(generator)
    assert float(he.std()) == pytest.approx(np.sqrt(2 / 400), rel=0.01)
    assert float(np.abs(glorot).max()) == pytest.approx(np.sqrt(6 / 700), rel=0.001)
    assert float(glorot.std()) == pytest.approx(np.sqrt(2 / 700), rel=0.01)
    assert not Parameter("b", (1, 3), Role.BIAS, "zeros", 400, 300).draw(generator).any()


@pytest.mark.parametrize(
    ("activation", "initialiser"),
    [("relu", "he"), ("leaky_relu", "he"), ("gelu", "he"), ("tanh", "glorot"), ("softmax", "glorot"), (None, "glorot")],
)
def test_the_initialiser_follows_from_the_activation(activation: str | None, initialiser: str) -> None:
    assert Network((3,), (Dense(2, activation),)).parameters()[0].initialiser == initialiser
    assert Network((3,), (Dense(2, activation, initialiser="zeros"),)).parameters()[0].initialiser == "zeros"


@pytest.mark.parametrize(
    ("activation", "title"),
    [("relu", "ReLU"), ("leaky_relu", "Leaky ReLU"), ("softmax", "Softmax"), (None, "linear")],
)
def test_activation_titles(activation: str | None, title: str) -> None:
    assert activation_title(activation) == title


def test_a_layer_without_bias_or_activation_is_one_product() -> None:
    builder = Builder()
    out = Network((3,), (Dense(2, None, bias=False),)).build(builder, 4)
    assert [step.output.key for step in builder.steps] == ["net_1"]
    assert out.role is Role.NET
    assert [value.key for value in builder.inputs] == ["x", "w_1"]


def test_output_names_are_the_names_of_the_columns() -> None:
    builder = Builder()
    out = Network((3,), (Dense(2, "softmax", output_names=("cat", "dog")),)).build(builder, 4)
    assert out.axis_names == (None, ("cat", "dog"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "dense: expected at least 1 unit; got 0"),
        ({"activation": "relo"}, "expected an activation among relu, .*softmax; got 'relo'"),
        ({"initialiser": "ones"}, "expected an initialiser among he, glorot, zeros; got 'ones'"),
        ({"frozen": frozenset({"kernel"})}, "expected 'weight' or 'bias' to be frozen; got"),
    ],
    ids=lambda argument: next(iter(argument)) if isinstance(argument, dict) else "",
)
def test_wrong_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Dense(**{"units": 3, **arguments})  # type: ignore[arg-type]


def test_a_network_without_layers_is_refused() -> None:
    with pytest.raises(ShapeError, match="expected at least one layer; got none"):
        Network((3,), ())


def test_an_image_of_another_size_is_refused() -> None:
    with pytest.raises(ShapeError, match="expected an image of 3 pixels; got 2 × 2"):
        Network((3,), (Dense(2),), row_image=(2, 2))
