"""Graphs that each have one thing that a sequence has not, with numbers to run them on."""

from collections.abc import Mapping

import numpy as np

from core.iteration import compile_iteration
from core.layers import (
    Activate,
    Block,
    Concatenate,
    Conv2d,
    Dense,
    Feature,
    Features,
    Flatten,
    LastToken,
    Node,
    SelfAttention,
    Sum,
)
from core.network import Graph, Input
from core.optimizers import SGD, Optimizer
from core.program import Program
from core.run.trace import Batch
from core.values import Array

X = {"x": Input((4,))}
CLASSES = Dense(3, "softmax")
ATTENTION = Block(
    "attention block",
    (
        Node("attention", SelfAttention(2, 4), ("x",)),
        Node("sum", Sum(), ("x", "attention")),
        Node("act", Activate("tanh"), ("sum",)),
    ),
    "act",
)
NESTED = Block(
    "two blocks",
    (
        Node("inner", ATTENTION, ("x",)),
        Node("mlp", Dense(4, "tanh"), ("inner",)),
        Node("sum", Sum(), ("inner", "mlp")),
    ),
    "sum",
)


def graph(*nodes: Node, inputs: Mapping[str, Input] = X) -> Graph:
    """Return a graph whose output is its last node."""
    return Graph(inputs, nodes, nodes[-1].name)


GRAPHS = {
    "skip": graph(
        Node("stem", Dense(4, "tanh"), ("x",)),
        Node("hidden", Dense(4, "sigmoid"), ("stem",)),
        Node("sum", Sum(), ("stem", "hidden", "x")),
        Node("out", CLASSES, ("sum",)),
    ),
    "concatenation": graph(
        Node("a", Dense(2, "tanh"), ("x",)),
        Node("b", Dense(3, None, bias=False), ("x",)),
        Node("joined", Concatenate(), ("a", "b", "x")),
        Node("out", CLASSES, ("joined",)),
    ),
    "two inputs": graph(
        Node("a", Dense(4, "tanh"), ("x",)),
        Node("b", Dense(2, "tanh"), ("z",)),
        Node("joined", Concatenate(), ("a", "b", "z")),
        Node("out", CLASSES, ("joined",)),
        inputs={**X, "z": Input((2,))},
    ),
    "read twice": graph(
        Node("a", Dense(3, "tanh"), ("x",)),
        Node("doubled", Sum(), ("a", "a")),
        Node("joined", Concatenate(), ("doubled", "a")),
        Node("out", CLASSES, ("joined",)),
    ),
    "net read twice": graph(
        Node("a", Dense(4, None), ("x",)),
        Node("b", Dense(4, None), ("a",)),
        Node("sum", Sum(), ("a", "b", "a")),
        Node("out", CLASSES, ("sum",)),
    ),
    "images": graph(
        Node("maps", Conv2d(2, 3, padding="same", activation="tanh"), ("x",)),
        Node("sum", Sum(), ("maps", "x")),
        Node("joined", Concatenate(), ("sum", "maps")),
        Node("flat", Flatten(), ("joined",)),
        Node("out", CLASSES, ("flat",)),
        inputs={"x": Input((2, 4, 5))},
    ),
    "tokens": graph(
        Node("embedded", Dense(5, "tanh"), ("x",)),
        Node("hidden", Dense(4, None, bias=False), ("embedded",)),
        Node("last", LastToken(), ("hidden",)),
        Node("out", CLASSES, ("last",)),
        inputs={"x": Input((3, 4))},
    ),
    "block": graph(
        Node("block_1", ATTENTION, ("x",)),
        Node("last", LastToken(), ("block_1",)),
        Node("out", CLASSES, ("last",)),
        inputs={"x": Input((3, 4))},
    ),
    "nested blocks": graph(
        Node("block_1", NESTED, ("x",)),
        Node("block_2", NESTED, ("block_1",)),
        Node("last", LastToken(), ("block_2",)),
        Node("out", CLASSES, ("last",)),
        inputs={"x": Input((3, 4))},
    ),
    "features": graph(
        Node("features", Features(), ("x",)),
        Node("out", CLASSES, ("features",)),
        inputs={"x": Input((2,))},
    ),
    "features of a layer": graph(
        Node("point", Dense(2, "tanh"), ("x",)),
        Node(
            "features",
            Features(frozenset({Feature.X1, Feature.SINE_X2, Feature.PRODUCT, Feature.X1_SQUARED})),
            ("point",),
        ),
        Node("out", CLASSES, ("features",)),
    ),
}
BATCH_SIZE = 3


def compiled(network: Graph, optimizer: Optimizer | None = None, through_jacobian: bool = False) -> Program:
    return compile_iteration(
        network, "cross_entropy", optimizer or SGD(0.1), BATCH_SIZE, through_jacobian=through_jacobian
    )


def batches(network: Graph, program: Program) -> Batch:
    """Return data that differ from iteration to iteration; the targets are distributions."""

    def batch(iteration: int) -> Mapping[str, Array]:
        generator = np.random.default_rng(iteration)
        data = {name: generator.normal(size=program.values[name].shape) for name in network.inputs}
        y = generator.uniform(0.1, 1, program.values["y"].shape)
        return {**data, "y": y / y.sum(axis=1, keepdims=True)}

    return batch


def numbers(network: Graph, program: Program) -> dict[str, Array]:
    """Return the parameters, biases other than 0 too, and the data of the first iteration."""
    generator = np.random.default_rng(7)
    state = dict(program.initial(0, "float64"))
    trained = {key: state[key] + generator.normal(0, 0.1, state[key].shape) for key in program.gradients}
    return {**state, **trained, **batches(network, program)(0)}
