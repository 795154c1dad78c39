"""Embeddings, residual and transformer blocks are those of PyTorch, forward and backward; what cannot be is refused."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from core.iteration import compile_iteration
from core.layers import (
    Dense,
    FeedForward,
    GlobalPool,
    LastToken,
    Layer,
    PositionEmbedding,
    ResidualBlock,
    TokenEmbedding,
    TransformerBlock,
)
from core.network import Network
from core.ops.base import ShapeError
from core.optimizers import SGD
from core.run.run import Run
from core.values import Array, Shape
from tests.core.layers.against_torch import assert_trains_as

Leaves = Mapping[str, Any]
N, CLASSES = 3, 2


def normal(t: Any, x: Any, leaves: Leaves, key: str, number: int) -> Any:
    """Return the layer normalisation, or without a shift the RMS normalisation, of a part of layer ``number``."""
    scale, shift = leaves[f"{key}_scale_{number}"], leaves.get(f"{key}_shift_{number}")
    if shift is None:
        return t.nn.functional.rms_norm(x, x.shape[-1:], scale, 1e-5)
    return t.nn.functional.layer_norm(x, x.shape[-1:], scale, shift)


def attention(t: Any, x: Any, leaves: Leaves, heads: int, causal: bool, number: int) -> Any:
    samples, tokens, width = x.shape
    q, k, v = ((x @ leaves[f"attention_w_{one}_{number}"]).reshape(samples, tokens, heads, -1) for one in "qkv")
    q, k, v = (one.transpose(1, 2) for one in (q, k, v))
    mixed = t.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return mixed.transpose(1, 2).reshape(samples, tokens, width) @ leaves[f"attention_w_o_{number}"]


def forward(t: Any, x: Any, leaves: Leaves, path: str, number: int) -> Any:
    wide, back = (
        (leaves[f"{path}{part}_w_{number}"], leaves[f"{path}{part}_b_{number}"][0]) for part in ("wide", "back")
    )
    return t.nn.functional.gelu(x @ wide[0] + wide[1], approximate="tanh") @ back[0] + back[1]


def transformer(layer: TransformerBlock) -> Callable[[Any, Any, Leaves], Any]:
    def run(t: Any, x: Any, leaves: Leaves) -> Any:
        for key, inner in (
            ("attention", lambda h: attention(t, h, leaves, layer.heads, layer.causal, 1)),
            ("forward", lambda h: forward(t, h, leaves, "forward_", 1)),
        ):
            if layer.norm_first:
                x = x + inner(normal(t, x, leaves, f"{key}_norm", 1))
            else:
                x = normal(t, x + inner(x), leaves, f"{key}_norm", 1)
        return x[:, -1]

    return run


def residual(batch_norm: bool, stride: int) -> Callable[[Any, Any, Leaves], Any]:
    def run(t: Any, x: Any, leaves: Leaves) -> Any:
        def convolution(x: Any, path: str, step: int, padding: int) -> Any:
            bias = leaves.get(f"{path}_b_1")
            net = t.nn.functional.conv2d(x, leaves[f"{path}_w_1"], bias, step, padding)
            if not batch_norm:
                return net
            scale, shift = (leaves[f"{path}_{key}_1"].flatten() for key in ("scale", "shift"))
            return t.nn.functional.batch_norm(net, None, None, scale, shift, training=True)

        hidden = convolution(t.relu(convolution(x, "first", stride, 1)), "second", 1, 1)
        around = convolution(x, "around", stride, 0) if "around_w_1" in leaves else x
        return t.relu(hidden + around).mean(dim=(2, 3))

    return run


def embedded(t: Any, x: Any, leaves: Leaves) -> Any:
    table = t.nn.functional.embedding(x.long(), leaves["table_1"])
    return (table + leaves["positions_2"][: x.shape[1]])[:, -1]


PRE, POST = TransformerBlock(2, 7), TransformerBlock(1, causal=False, norm_first=False, norm="rms")
CASES: dict[str, tuple[tuple[Layer, ...], Shape, Callable[[Any, Any, Leaves], Any]]] = {
    "transformer, pre-norm": ((PRE, LastToken()), (4, 6), transformer(PRE)),
    "transformer, post-norm": ((POST, LastToken()), (3, 4), transformer(POST)),
    "feed-forward": ((FeedForward(),), (5,), lambda t, x, leaves: forward(t, x, leaves, "", 1)),
    "residual": ((ResidualBlock(3), GlobalPool()), (3, 5, 4), residual(True, 1)),
    "residual, projected": ((ResidualBlock(4, 2), GlobalPool()), (3, 5, 4), residual(True, 2)),
    "residual, plain": ((ResidualBlock(4, 1, False), GlobalPool()), (3, 4, 4), residual(False, 1)),
    "embedding": ((TokenEmbedding(5, 4), PositionEmbedding(6), LastToken()), (4,), embedded),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_pytorch_and_the_executor_agrees(name: str) -> None:
    torch = pytest.importorskip("torch")
    layers, shape, run = CASES[name]
    network = Network(shape, (*layers, Dense(CLASSES, None)))
    program = compile_iteration(network, "squared_error", SGD(0.1), N)
    generator = np.random.default_rng(1)
    start = network.initial(2, "float64")
    state: dict[str, Array] = {key: array + 0.1 * generator.normal(size=array.shape) for key, array in start.items()}
    x = (
        generator.integers(0, 5, (N, *shape)).astype(float)
        if name == "embedding"
        else generator.normal(size=(N, *shape))
    )
    data = {"x": x, "y": generator.normal(size=(N, CLASSES))}
    leaves = {key: torch.tensor(array, requires_grad=True) for key, array in state.items()}
    last = len(layers) + 1
    out = run(torch, torch.tensor(x), leaves) @ leaves[f"w_{last}"] + leaves[f"b_{last}"][0]
    assert_trains_as(program, state, data, out, leaves)


@pytest.mark.parametrize("wrong", [5, -1, 0.5, np.nan])
def test_a_token_that_no_table_has_is_refused_by_the_layer(wrong: float) -> None:
    network = Network((4,), (TokenEmbedding(5, 4), LastToken(), Dense(CLASSES, None)))
    program = compile_iteration(network, "squared_error", SGD(0.1), 1)
    data = {"x": np.array([[0, 1, wrong, 2]]), "y": np.zeros((1, CLASSES))}
    run = Run(program, network.initial(0), lambda _: data)
    message = (
        r"^Layer 1 \(embedding 5 × 4\): expected tokens that are whole numbers from 0 to 4 in x; "
        rf"got {wrong:g}$"
    )
    with pytest.raises(ValueError, match=message):
        run.inputs(0)


@pytest.mark.parametrize(
    ("layers", "shape", "said"),
    [
        (
            (TokenEmbedding(5, 4), PositionEmbedding(3)),
            (4,),
            r"Layer 2 .*: expected sequences of at most 3 tokens.*4",
        ),
        ((TokenEmbedding(5, 4),), (4, 2), r"Layer 1 .*: expected a number for each token"),
        ((PositionEmbedding(3),), (4,), r"Layer 1 .*: expected sequences"),
        (
            (TransformerBlock(4),),
            (3, 6),
            r"Layer 1 .*: attention .*: expected a number of heads",
        ),
        ((TransformerBlock(),), (6,), r"Layer 1 .*: expected sequences"),
        ((ResidualBlock(4),), (6,), r"Layer 1 .*: expected images"),
        ((GlobalPool("max"),), (6,), r"Layer 1 .*: expected images"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_layer(layers: tuple[Layer, ...], shape: Shape, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        Network(shape, layers)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TransformerBlock(0),
        lambda: TransformerBlock(dropout=1.0),
        lambda: TransformerBlock(norm="batch"),
        lambda: FeedForward(0),
        lambda: FeedForward(activation="softmax"),
        lambda: ResidualBlock(0),
        lambda: GlobalPool("mean"),
        lambda: TokenEmbedding(0, 4),
        lambda: PositionEmbedding(0),
    ],
)
def test_numbers_and_names_that_cannot_be_are_refused(make: Callable[[], Layer]) -> None:
    with pytest.raises(ValueError, match=r"expected .*; got"):
        make()
