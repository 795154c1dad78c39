"""Every step of every kind of layer has a picture in which nothing overlaps, a sentence and a paragraph."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from core.iteration import compile_iteration
from core.layers import (
    GRU,
    LAYERS,
    LSTM,
    RNN,
    AveragePool2d,
    BatchNorm,
    Conv2d,
    CrossAttention,
    DecoderBlock,
    Dense,
    Dropout,
    GlobalPool,
    LastToken,
    Layer,
    LayerNorm,
    MaxPool2d,
    Node,
    PositionEmbedding,
    ResidualBlock,
    RMSNorm,
    TokenEmbedding,
    TransformerBlock,
)
from core.network import Architecture, Graph, Input, Network
from core.ops.mask import CausalMask
from core.ops.shape import Reshape, Transpose
from core.ops.slices import Concatenate
from core.optimizers import SGD
from core.reasons import MOST_WORDS, reason
from core.run.trace import Cursor, Trace
from core.values import Shape
from tests.app.picture.stages.test_layout import check
from tests.steps import telling
from viz_app.frame.frame import Focus, Frame, resolve
from viz_app.picture.network import arrange_network
from viz_app.picture.stages import STAGES, arrange, generic

NETWORKS: dict[str, tuple[Shape, tuple[Layer, ...]]] = {
    "rows of images": ((4,), (BatchNorm(), LayerNorm(), Dense(4), RMSNorm())),
    "rows": ((5,), (Dense(4), BatchNorm(), Dropout(0.3))),
    "images": ((2, 5, 5), (Conv2d(4, 3, groups=2), BatchNorm(), MaxPool2d(2, 2, 1), AveragePool2d(2, ceil=True))),
    "residual": ((2, 4, 4), (ResidualBlock(3, 2), GlobalPool("max"))),
    "tokens": ((3,), (TokenEmbedding(5, 4), PositionEmbedding(4), RMSNorm(), TransformerBlock(2, 5), LastToken())),
    "recurrent": ((2, 3), (LSTM(2, sequence=True), GRU(2, sequence=True), RNN(2))),
}
MEMORY = Graph(
    {"x": Input((2, 4)), "memory": Input((3, 2))},
    (
        Node("cross", CrossAttention(2), ("x", "memory")),
        Node("block", DecoderBlock(1, 3, norm="rms"), ("x", "cross")),
        Node("last", LastToken(), ("block",)),
        Node("end", Dense(3, "softmax"), ("last",)),
    ),
    "end",
)

ONLY_MOVED = {Reshape, Transpose, Concatenate, CausalMask}
"""What the generic picture says all of: where the same numbers stand before and after."""


def network_of(name: str) -> Architecture:
    if name == "memory":
        return MEMORY
    shape, layers = NETWORKS[name]
    end = (GlobalPool(),) if name == "images" else ()
    image = (2, 2) if name == "rows of images" else None
    return Network(shape, (*layers, *end, Dense(3, "softmax")), row_image=image)


def trace_of(name: str) -> Trace:
    network = network_of(name)
    program = compile_iteration(network, "cross_entropy", SGD(0.1), 2)
    generator = np.random.default_rng(0)
    data = {value.key: generator.normal(size=value.shape) for value in program.data}
    if name == "tokens":
        data["x"] = generator.integers(0, 5, data["x"].shape).astype(float)
    return Trace(program, network.initial(1), lambda _: {**data, "y": np.eye(3)[[0, 2]]})


def frames(trace: Trace, number: int) -> Iterator[Frame]:
    step = trace.program.steps[number]
    yield resolve(trace, Cursor(0, number))
    last = tuple(size - 1 for size in step.output.shape)
    yield resolve(trace, Cursor(0, number), focus=Focus(step.output.key, last))


@pytest.mark.parametrize("name", [*NETWORKS, "memory"])
def test_every_step_has_its_picture_and_its_words(name: str, qapp: QApplication) -> None:
    trace = trace_of(name)
    for step in trace.program.steps:
        assert 8 <= len(reason(trace.program, step).split()) <= MOST_WORDS, reason(trace.program, step)
    for step in telling(trace.program):
        kind = type(step.op)
        assert STAGES.get(kind, generic.arrange) is not generic.arrange or kind in ONLY_MOVED, kind
        for frame in frames(trace, step.number):
            check(arrange(frame, 1040.0, 700.0, 14.0), f"{name} step {step.number} {frame.title}")
            assert "axis" not in frame.title
            assert frame.caption.endswith(".")
            arrange_network(frame, 300.0, 14.0)


def test_every_new_layer_is_among_them() -> None:
    shown = {type(layer).__name__ for _, layers in NETWORKS.values() for layer in layers}
    elsewhere = {"Activate", "Block", "Concatenate", "Dense", "Features", "Flatten", "SelfAttention", "Sum"}
    presets = {"MeanToken", "Patches"}
    inside = {"FeedForward", *(type(node.layer).__name__ for node in MEMORY.nodes)}
    assert set(LAYERS) == shown | elsewhere | presets | inside
