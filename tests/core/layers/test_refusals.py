"""Whatever a layer cannot be, or cannot take, it refuses in one sentence that names it, and says what would fit."""

from collections.abc import Iterator
from dataclasses import MISSING, replace

import numpy as np
import pytest

from core import builder
from core.description import DescriptionError, network_from
from core.editing.kinds import fields_of
from core.iteration import compile_iteration
from core.layers import (
    GRU,
    LAYERS,
    LSTM,
    RNN,
    BatchNorm,
    Block,
    Conv2d,
    CrossAttention,
    DecoderBlock,
    Dense,
    Dropout,
    Layer,
    MaxPool2d,
    Node,
    PositionEmbedding,
    ResidualBlock,
    SelfAttention,
    TokenEmbedding,
    TransformerBlock,
)
from core.layers.fields import Choice, Real, Sizes, Whole
from core.layers.recurrent.unrolled import LONGEST
from core.network import Architecture, Graph, Input, Network
from core.optimizers import SGD
from core.run.run import Run
from core.values import DuplicateNameError, Shape

SHAPES: tuple[Shape, ...] = ((1,), (4,), (3, 4), (2, 4, 4), (2, 2, 2, 2))
"""A single number, a row, a sequence, an image, and what no layer but a few can take."""
ANYTHING = {"Activate", "Dropout", "Flatten"}
"""What takes any shape."""
NUMBERS = (0, -1, 1.5, True, None, "three", float("nan"), float("inf"), (2, 3, 4), ())
"""What is no size, no rate and no choice."""


def layer_of(kind: type[Layer]) -> Layer:
    """Return a layer as the editor adds it; what comes by file alone gets a layer inside."""
    if kind is Block:
        return Block("block", (Node("inner", Dense(2), ("x",)),), "inner")
    first = {field.name: field.first for field in fields_of(kind)}
    assert MISSING not in first.values(), kind
    return kind(**first)


def network_with(layer: Layer, shape: Shape) -> Architecture:
    """Return a network whose second layer this is; the first one takes any shape, and drops nothing."""
    if layer.takes == 1:
        return Network(shape, (Dropout(0.0), layer))
    nodes = Node("first", Dropout(0.0), ("x",)), Node("second", layer, ("first", "other"))
    return Graph({"x": Input(shape), "other": Input((3, 5))}, nodes, "second")


def refused(layer: Layer, shape: Shape) -> str:
    """Return what is said where a layer does not take a shape; nothing where it does."""
    try:
        network_with(layer, shape)
    except ValueError as error:
        return str(error)
    return ""


def impossible(kind: type[Layer]) -> Iterator[tuple[str, object]]:
    """Yield a field and what cannot stand in it, by what the editor is told of the field."""
    for field in fields_of(kind):
        if isinstance(field.entry, Choice):
            known = [value for value, _ in field.entry.entries]
            yield from ((field.name, value) for value in NUMBERS if value not in known)
        elif isinstance(field.entry, Whole | Sizes | Real):
            for value in NUMBERS:
                within = value in (0, 1) and isinstance(field.entry, Real | Sizes)
                nothing = value is None and getattr(field.entry, "none", "")
                if not (within or nothing):
                    yield field.name, value


@pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
def test_fields_that_cannot_be_are_refused_by_the_layer(kind: type[Layer]) -> None:
    if kind is Block:
        return
    layer = layer_of(kind)
    for name, value in impossible(kind):
        with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
            replace(layer, **{name: value})
        said = str(caught.value)
        assert said.startswith(f"{kind.called}: "), said
        assert ": expected " in said, said
        assert "; got " in said, said


@pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
def test_shapes_that_do_not_fit_are_refused_by_the_layer_with_its_number(kind: type[Layer]) -> None:
    layer = layer_of(kind)
    said = [text for text in (refused(layer, shape) for shape in SHAPES) if text]
    assert bool(said) == (kind.__name__ not in ANYTHING)
    begins = f"Layer 2 ({layer.name}): " if layer.takes == 1 else f"Layer 2 (second: {layer.name}): "
    for text in said:
        assert text.startswith(begins), text
        assert "expected " in text, text
        assert "\n" not in text
        assert "; got " in text or "put " in text, text
        assert "axis" not in text, text


@pytest.mark.parametrize(
    ("layer", "shape", "said"),
    [
        (PositionEmbedding(3), (4, 2), "sequences of at most 3 tokens, one a position; got 4"),
        (
            Conv2d(4, 1, groups=2),
            (3, 2, 2),
            "groups that divides the 3 channels of the image and the 4 filters: 1; got 2",
        ),
        (
            Conv2d(3, 1, groups=2),
            (4, 2, 2),
            "groups that divides the 4 channels of the image and the 3 filters: 1; got 2",
        ),
        (Conv2d(2, 5), (1, 3, 4), "a kernel of at most 3 × 4; got a kernel of 5 × 5"),
        (MaxPool2d(5), (1, 3, 4), "a pooling window of at most 3 × 4; got a pooling window of 5 × 5"),
        (SelfAttention(4), (3, 6), "heads that divides the width 6: 1, 2, 3, 6; got 4"),
        (CrossAttention(2, 5), (3, 6), "heads that divides the width 5: 1, 5; got 2"),
        (TransformerBlock(4), (3, 6), "heads that divides the width 6: 1, 2, 3, 6; got 4"),
        (DecoderBlock(4), (3, 6), "heads that divides the width 6: 1, 2, 3, 6; got 4"),
        (SelfAttention(token_names=("one",)), (3, 6), "3 token names, one for each token; got 1"),
        (RNN(2), (LONGEST + 1, 1), f"at most {LONGEST} tokens, a time step each; got {LONGEST + 1}"),
        (LSTM(2), (LONGEST + 1, 1), f"at most {LONGEST} tokens, a time step each; got {LONGEST + 1}"),
        (GRU(2), (4,), "expected sequences (samples × tokens × features); got 1 × 4"),
    ],
)
def test_numbers_that_do_not_fit_the_input_say_what_would(layer: Layer, shape: Shape, said: str) -> None:
    found = refused(layer, shape)
    assert found.startswith("Layer 2 ("), found
    assert said in found


@pytest.mark.parametrize(
    ("shape", "layer"), [((4,), BatchNorm()), ((2, 1, 1), BatchNorm()), ((2, 2, 2), ResidualBlock(2, 2))]
)
def test_a_batch_of_one_has_no_variance_where_it_learns(shape: Shape, layer: Layer) -> None:
    network = Network(shape, (layer, *((Dense(2, None),) if len(shape) == 1 else (Conv2d(1, 1),))))
    with pytest.raises(ValueError, match=r"^Layer 1 \(.*at least 2 samples: .* no variance; got 1$"):
        compile_iteration(network, "squared_error", SGD(0.1), 1)


def test_more_steps_than_anybody_goes_through_are_refused_where_they_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the way forward the layer is named; a network that is long enough on the way back is refused there."""
    monkeypatch.setattr(builder, "MOST_STEPS", 12)
    with pytest.raises(ValueError, match=r"^Layer 5 \(dense 2, ReLU\): expected an iteration of at most 12 steps; got"):
        Network((2,), (Dense(2),) * 9)
    few = Network((2,), (Dense(2),) * 3)
    with pytest.raises(ValueError, match=r"^expected an iteration of at most 12 steps; got more: take fewer layers"):
        compile_iteration(few, "squared_error", SGD(0.1), 1)


@pytest.mark.parametrize("wrong", [5, -1, 0.5, np.nan, np.inf])
def test_token_numbers_out_of_range_are_refused_where_they_enter(wrong: float) -> None:
    network = Network((3,), (TokenEmbedding(5, 2), LSTM(2), Dense(2, None)))
    program = compile_iteration(network, "squared_error", SGD(0.1), 1)
    data = {"x": np.array([[0, wrong, 4]]), "y": np.zeros((1, 2))}
    with pytest.raises(ValueError, match=r"^Layer 1 \(embedding 5 × 2\): expected tokens .* from 0 to 4 in x; got "):
        Run(program, network.initial(0), lambda _: data).inputs(0)


@pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
def test_a_file_with_a_layer_that_cannot_be_says_which_and_where(kind: type[Layer]) -> None:
    """Whatever stands in a field of a description, it is read, or refused with the number of the layer."""
    for field in fields_of(kind):
        for value in (0, -1, 1.5, True, None, "three", [2, 3, 4], [], {}):
            layer = {"layer": kind.__name__, field.name: value}
            data = {
                "kind": "sequential",
                "input": {"shape": [3, 4]},
                "layers": [{"layer": "Dropout", "rate": 0.0}, layer],
            }
            try:
                network_from(data)
            except (DescriptionError, ValueError, DuplicateNameError) as error:
                said = str(error)
                assert said.startswith(("layers.2", "Layer 2 (")), said
                assert "expected " in said, said
                assert "\n" not in said
