"""A network describes itself and draws its parameters; its layers check what they are given."""

from typing import Any

import numpy as np
import pytest

from core.builder import Builder
from core.initialisers import ZEROS, Initialiser, filled
from core.layers import Conv2d, Dense, Flatten, Layer, MaxPool2d, SelfAttention, activation_title
from core.network import Network
from core.ops.base import ShapeError
from core.values import Role

NETWORK = Network((64,), (Dense(32, "relu"), Dense(10, "softmax", frozen=frozenset({"bias"}))), row_image=(8, 8))


def test_parameters_in_the_order_of_the_layers() -> None:
    forward = NETWORK.forward
    found = [
        (p.key, p.shape, p.role, forward.initialisers[p.key].kind, p.key in forward.frozen) for p in forward.parameters
    ]
    assert found == [
        ("w_1", (64, 32), Role.WEIGHT, "he", False),
        ("b_1", (1, 32), Role.BIAS, "zeros", False),
        ("w_2", (32, 10), Role.WEIGHT, "glorot", False),
        ("b_2", (1, 10), Role.BIAS, "zeros", True),
    ]
    assert forward.frozen == {"b_2"}


def test_a_column_of_the_first_weights_is_an_image() -> None:
    builder = Builder()
    out = NETWORK.build(builder, 3)
    values = builder.values
    assert values["x"].row_image == (8, 8)
    assert values["w_1"].column_image == (8, 8)
    assert values["w_2"].column_image is None
    assert (out.key, out.shape) == ("out_2", (3, 10))
    assert [layer.name for layer in builder.scopes] == ["dense 32, ReLU", "dense 10, Softmax"]


def test_the_same_seed_gives_the_same_numbers_whatever_the_dtype() -> None:
    first, second, double = NETWORK.initial(7), NETWORK.initial(7), NETWORK.initial(7, "float64")
    for key, array in first.items():
        assert array.dtype == np.float32
        assert array.tobytes() == second[key].tobytes() == double[key].astype("float32").tobytes()
    assert NETWORK.initial(8)["w_1"].tobytes() != first["w_1"].tobytes()


def test_he_and_glorot_have_the_spread_of_the_papers() -> None:
    generator = np.random.default_rng(0)
    he = Initialiser("he", 400, 300).draw((400, 300), generator)
    glorot = Initialiser("glorot", 400, 300).draw((400, 300), generator)
    assert float(he.std()) == pytest.approx(np.sqrt(2 / 400), rel=0.01)
    assert float(np.abs(glorot).max()) == pytest.approx(np.sqrt(6 / 700), rel=0.001)
    assert float(glorot.std()) == pytest.approx(np.sqrt(2 / 700), rel=0.01)
    assert not ZEROS.draw((1, 3), generator).any()
    assert (filled(0.1).draw((1, 3), generator) == 0.1).all()


def test_an_unknown_initialiser_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected an initialiser among he, .*; got 'ones'"):
        Initialiser("ones")


@pytest.mark.parametrize(
    ("activation", "initialiser"),
    [("relu", "he"), ("leaky_relu", "he"), ("gelu", "he"), ("tanh", "glorot"), ("softmax", "glorot"), (None, "glorot")],
)
def test_the_initialiser_follows_from_the_activation(activation: str | None, initialiser: str) -> None:
    assert Network((3,), (Dense(2, activation),)).forward.initialisers["w_1"].kind == initialiser
    assert Network((3,), (Dense(2, activation, initialiser="zeros"),)).forward.initialisers["w_1"] == Initialiser(
        "zeros", 3, 2
    )


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
        ({"units": 2.5}, "dense: expected at least 1 unit; got 2.5"),
        ({"units": "3"}, "dense: expected at least 1 unit; got '3'"),
        ({"output_names": ("cat", "dog")}, "dense: expected 3 output names; got 2"),
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


@pytest.mark.parametrize("shape", [64, "64", [64], (6.4,), (None,), (True,)], ids=repr)
def test_a_shape_that_is_none_is_refused(shape: Any) -> None:
    with pytest.raises(ShapeError, match=r"expected the shape of a sample, such as \(64,\); got"):
        Network(shape, (Dense(2),))


@pytest.mark.parametrize("layers", [Dense(2), [Dense(2)], (Dense,), (2,), None], ids=repr)
def test_what_are_no_layers_is_refused(layers: Any) -> None:
    with pytest.raises(ShapeError, match=r"expected layers, such as \(Dense\(10\),\); got"):
        Network((3,), layers)


@pytest.mark.parametrize(
    ("shape", "layers", "message"),
    [
        ((1, 8, 8), (Dense(10),), r"Layer 1 \(dense 10, ReLU\): .*rows of numbers.*; got shape \(1, 1, 8, 8\)"),
        ((64,), (Dense(10), Conv2d(4, 3)), r"Layer 2 \(conv 4 @ 3 × 3, ReLU\): expected images .*; got 1 × 10"),
        ((1, 8, 8), (Conv2d(4, 5), MaxPool2d(5)), r"Layer 2 \(max pool 5 × 5\): .* image of 4 × 4.* got .* 5 × 5"),
        ((4, 6), (SelfAttention(4),), r"Layer 1 \(self-attention, 4 heads\): .* the width 6: 1, 2, 3, 6; got 4"),
    ],
    ids=["dense", "convolution", "pooling", "attention"],
)
def test_layers_that_do_not_fit_are_named(shape: tuple[int, ...], layers: tuple[Layer, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Network(shape, layers)


@pytest.mark.parametrize(
    ("layer", "numbers", "message"),
    [
        (Conv2d, (2.5, 3), "convolution: expected at least 1 filter; got 2.5"),
        (Conv2d, (4, 2.5), "expected a kernel size in whole numbers; got 2.5 × 2.5"),
        (Conv2d, (4, 3, 1.5), "expected a stride in whole numbers; got 1.5 × 1.5"),
        (Conv2d, (4, 3, 1, 0, None), "expected a dilation in whole numbers; got None × None"),
        (Conv2d, (4, (3, 3, 3)), "expected a kernel size of at least 1 along rows and columns; got 3 × 3 × 3"),
        (MaxPool2d, ("2",), "expected a pooling window size in whole numbers; got 2 × 2"),
        (SelfAttention, (1.5,), "attention: expected at least 1 head; got 1.5"),
        (SelfAttention, (2, 4.0), "attention: expected at least 1 feature of Q, K and V; got 4.0"),
    ],
)
def test_sizes_are_whole_numbers(layer: Any, numbers: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        layer(*numbers)


def test_numbers_of_numpy_and_lists_are_sizes() -> None:
    size = np.int64(3)
    network = Network((1, 8, 8), (Conv2d(2, size, [2, 2]), Flatten(), Dense(size)))
    assert [p.shape for p in network.forward.parameters] == [(2, 1, 3, 3), (2,), (18, 3), (1, 3)]


def test_an_image_of_another_size_is_refused() -> None:
    with pytest.raises(ShapeError, match="expected an image of 3 pixels; got 2 × 2"):
        Network((3,), (Dense(2),), row_image=(2, 2))


def test_no_value_is_called_as_a_word_of_python() -> None:
    builder = Builder()
    with pytest.raises(ValueError, match="lambda: expected a name that can stand in code"):
        builder.input("lambda", (1,), Role.INPUT)
