"""A network becomes plain data and back, and what describes none is refused in one sentence."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.description import DescriptionError, describe, network_from
from core.layers import (
    LAYERS,
    Activate,
    AveragePool2d,
    Block,
    Concatenate,
    Conv2d,
    Dense,
    Flatten,
    Layer,
    MaxPool2d,
    Node,
    SelfAttention,
    Sum,
)
from core.network import Architecture, Graph, Input, Network
from core.ops.base import ShapeError
from core.presets import PRESETS, open_preset
from core.values import Axis, AxisKind, DuplicateNameError, Range
from tests.core.layers.graphs import GRAPHS

NETWORKS = {name: network for name in PRESETS if (network := open_preset(name).network) is not None}


def there_and_back(network: Architecture) -> Architecture:
    return network_from(json.loads(json.dumps(describe(network), allow_nan=False)))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_network_of_every_preset_comes_back(name: str) -> None:
    assert there_and_back(NETWORKS[name]) == NETWORKS[name]


@pytest.mark.parametrize("name", GRAPHS)
def test_every_graph_comes_back(name: str) -> None:
    again = there_and_back(GRAPHS[name])
    assert again == GRAPHS[name]
    assert list(again.initial(3)) == list(GRAPHS[name].initial(3))


def test_a_sequence_as_data() -> None:
    network = Network((4,), (Dense(3), Dense(2, "softmax", output_names=("a", "b"))), (2, 2), Range.NON_NEGATIVE)
    assert describe(network) == {
        "kind": "sequential",
        "input": {"shape": [4], "range": "non-negative", "image": [2, 2]},
        "layers": [
            {"layer": "Dense", "units": 3},
            {"layer": "Dense", "units": 2, "activation": "softmax", "output_names": ["a", "b"]},
        ],
    }


def test_a_graph_as_data() -> None:
    block = Block("residual", (Node("sum", Sum(), ("x", "x")),), "sum")
    axes = (Axis(AxisKind.FEATURE, ("l", "r")),)
    network = Graph({"x": Input((2,), axes=axes)}, (Node("b", block, ("x",)),), "b")
    assert describe(network) == {
        "kind": "graph",
        "inputs": {"x": {"shape": [2], "axes": [{"kind": "feature", "names": ["l", "r"]}]}},
        "nodes": [
            {
                "name": "b",
                "layer": {
                    "layer": "Block",
                    "title": "residual",
                    "nodes": [{"name": "sum", "layer": {"layer": "Sum"}, "inputs": ["x", "x"]}],
                    "output": "sum",
                },
                "inputs": ["x"],
            }
        ],
        "output": "b",
    }


# Random networks

SIZES = st.integers(1, 4)
ACTIVATIONS = st.sampled_from(["relu", "leaky_relu", "sigmoid", "tanh", "gelu", None])
DENSE = st.builds(
    Dense,
    SIZES,
    ACTIVATIONS | st.just("softmax"),
    st.booleans(),
    st.sampled_from(["he", "glorot", "zeros", None]),
    st.frozensets(st.sampled_from(["weight", "bias"])),
)
PAIRS = SIZES | st.tuples(SIZES, SIZES)
PADDING = st.sampled_from(["same", "valid", 4, (4, 5), (4, 5, 6, 7)])
CONVOLUTION = st.builds(Conv2d, SIZES, PAIRS, PAIRS, PADDING, SIZES, ACTIVATIONS, st.booleans())
ONE_TO_ONE = {1: DENSE, 2: DENSE | st.builds(SelfAttention, st.just(1), SIZES | st.none(), st.booleans())}


@st.composite
def chains(draw: st.DrawFn, axes: int, least: int = 1) -> tuple[Layer, ...]:
    """Draw layers that keep the number of axes of a sample."""
    return tuple(draw(st.lists(ONE_TO_ONE[axes], min_size=least, max_size=4)))


@st.composite
def sequences(draw: st.DrawFn) -> Network:
    axes = draw(st.integers(1, 3))
    shape = tuple(draw(st.lists(SIZES, min_size=axes, max_size=axes)))
    ranges = draw(st.sampled_from(Range))
    if axes < 3:
        names = tuple(draw(st.none() | st.just(tuple("abcd"[:size]))) for size in shape)
        return Network(shape, draw(chains(axes)), None, ranges, draw(st.sampled_from([None, names])))
    pools = draw(st.sampled_from([(), (MaxPool2d(1),), (AveragePool2d((1, 1), 2),)]))
    return Network((shape[0], 9, 9), (draw(CONVOLUTION.map(_fitting)), *pools, Flatten(), draw(DENSE)), None, ranges)


def _fitting(layer: Conv2d) -> Conv2d:
    return Conv2d(layer.filters, layer.kernel, layer.stride, layer.padding, 1, layer.activation, layer.bias)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw nodes that read any of those before them; branches are joined, or added to themselves."""
    axes = draw(st.integers(1, 2))
    inputs = {name: Input((2, 4)[-axes:]) for name in ("x", "z")[: draw(st.integers(1, 2))]}
    return Graph(inputs, *draw(wired(tuple(inputs), axes, depth=2)))


@st.composite
def wired(draw: st.DrawFn, inputs: tuple[str, ...], axes: int, depth: int) -> tuple[tuple[Node, ...], str]:
    made, nodes = list(inputs), []
    for number in range(draw(st.integers(1, 4))):
        read = st.sampled_from(made)
        kind = draw(st.sampled_from(["layer", "sum", "joined", "activated", "block"]))
        name = f"{kind}_{number}"
        one = draw(read)
        if kind == "block" and depth:
            nodes.append(Node(name, Block(kind, *draw(wired(("x",), axes, depth=depth - 1))), (one,)))
        elif kind == "sum":
            nodes.append(Node(name, Sum(), (one,) * draw(st.integers(2, 3))))
        elif kind == "joined":
            nodes.append(Node(name, Concatenate(), (one, *draw(st.lists(read, min_size=1, max_size=2)))))
        else:
            layer = Activate("tanh") if kind == "activated" else draw(ONE_TO_ONE[axes])
            nodes.append(Node(name, layer, (one,)))
        made.append(name)
    return tuple(draw(st.permutations(nodes))), made[-1]


@given(sequences() | graphs())
@settings(max_examples=150)
def test_any_network_comes_back(network: Architecture) -> None:
    again = there_and_back(network)
    assert again == network
    assert [value.key for value in again.forward.values.values()] == [
        value.key for value in network.forward.values.values()
    ]


# What is refused

DENSE_4 = {"layer": "Dense", "units": 4}


def sequence(*layers: Any, **given: Any) -> dict[str, Any]:
    return {"kind": "sequential", "input": {"shape": [4]}, "layers": list(layers), **given}


def node(name: Any, layer: Any, *inputs: Any) -> dict[str, Any]:
    return {"name": name, "layer": layer, "inputs": list(inputs)}


def wiring(*nodes: Any, output: Any = "out", **given: Any) -> dict[str, Any]:
    return {"kind": "graph", "inputs": {"x": {"shape": [4]}}, "nodes": list(nodes), "output": output, **given}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, r"^expected an object with named fields; got None$"),
        ([], r"^expected an object with named fields; got \[\]$"),
        ({}, "^expected a kind of 'sequential' or 'graph'; got None$"),
        ({"kind": "eval"}, "expected a kind of 'sequential' or 'graph'; got 'eval'"),
        ({"kind": ["graph"]}, r"expected a kind of .*; got \['graph'\]"),
        ({"kind": "sequential", "input": {"shape": [4]}}, "^expected a field layers; it is missing$"),
        ({"kind": "graph", "nodes": [], "output": "a"}, "^expected a field inputs; it is missing$"),
        (sequence(DENSE_4, more=1), "^expected fields among input, layers; got 'more'$"),
        (sequence(DENSE_4, input={}), "^input: expected a field shape; it is missing$"),
        (sequence(DENSE_4, input={"shape": 4}), "^input.shape: expected a list; got 4$"),
        (sequence(DENSE_4, input={"shape": [4.0]}), r"^input.shape.1: expected a whole number; got 4\.0$"),
        (sequence(DENSE_4, input={"shape": [True]}), "^input.shape.1: expected a whole number; got True$"),
        (sequence(DENSE_4, input={"shape": [10**9]}), "^input.shape.1: expected a whole number up to 1000000; got"),
        (
            sequence(DENSE_4, input={"shape": [4], "range": "all"}),
            "^input.range: expected one of signed, .* got 'all'",
        ),
        (sequence(DENSE_4, input={"shape": [4], "names": [["a"]]}), "expected 4 names along an axis; got 1"),
        (sequence(DENSE_4, input={"shape": [4], "names": [["a"], None]}), "names, or None, for each of 1 axes; got 2"),
        (sequence(DENSE_4, input={"shape": [4], "image": [-2, -2]}), "expected an image of 4 pixels; got -2 × -2"),
        (sequence(DENSE_4, input={"shape": []}), r"expected the shape of a sample, such as \(64,\); got \(\)"),
        (sequence(DENSE_4, input={"shape": [0]}), "expected sizes of at least 1"),
        (sequence(), "network: expected at least one layer; got none"),
        (sequence(3), "^layers.1: expected an object with named fields; got 3$"),
        (sequence({"units": 3}), "^layers.1: expected a layer among .*Dense.*; got None$"),
        (sequence({"layer": "Layer"}), "^layers.1: expected a layer among .*; got 'Layer'$"),
        (sequence({"layer": "__class__"}), "^layers.1: expected a layer among .*; got '__class__'$"),
        (sequence({"layer": ["Dense"]}), r"^layers.1: expected a layer among .*; got \['Dense'\]$"),
        (sequence({"layer": "Dense"}), "^layers.1: expected a field units; it is missing$"),
        (sequence({"layer": "Flatten", "units": 3}), "^layers.1: expected no more fields; got 'units'$"),
        (sequence(DENSE_4, {**DENSE_4, "unit": 3}), "^layers.2: expected fields among units, .*; got 'unit'$"),
        (sequence({**DENSE_4, "name": 3}), "^layers.1: expected fields among units, .*; got 'name'$"),
        (sequence({**DENSE_4, "units": "4"}), "^layers.1.units: expected a whole number; got '4'$"),
        (sequence({**DENSE_4, "units": 0}), "^layers.1: dense: expected at least 1 unit; got 0$"),
        (sequence({**DENSE_4, "bias": 1}), "^layers.1.bias: expected true or false; got 1$"),
        (sequence({**DENSE_4, "activation": 1}), "^layers.1.activation: expected a string or null; got 1$"),
        (sequence({**DENSE_4, "activation": "relo"}), "^layers.1: dense: expected an activation among .*; got 'relo'$"),
        (sequence({**DENSE_4, "activation": "r" * 9999}), "^layers.1: dense: expected an activation .{20,400}…$"),
        (sequence({**DENSE_4, "frozen": "bias"}), "^layers.1.frozen: expected a list; got 'bias'$"),
        (sequence({**DENSE_4, "frozen": ["bias"] * 2}), "^layers.1.frozen: expected a list without doubles; got"),
        (sequence({**DENSE_4, "frozen": [{}]}), "^layers.1.frozen.1: expected a string; got {}$"),
        (
            sequence({"layer": "Conv2d", "filters": 1, "kernel": "a"}),
            "^layers.1.kernel: expected a whole number or a list; got 'a'$",
        ),
        (
            sequence({"layer": "Conv2d", "filters": 1, "kernel": 1, "padding": [1, 2, 3]}),
            r"^layers.1.padding: expected a whole number or a list of 2 or a list of 4 or a string; got \[1, 2, 3\]$",
        ),
        (
            sequence({"layer": "Conv2d", "filters": 1, "kernel": 1, "padding": [1, "b"]}),
            "^layers.1.padding.2: expected a whole number; got 'b'$",  # what is like a list is told as one
        ),
        (sequence(DENSE_4, {"layer": "Sum"}), "Layer 2 .* expected a layer with one input in a sequence"),
        (sequence({"layer": "Flatten"}, {"layer": "LastToken"}), r"^Layer 2 \(last token\): expected sequences"),
        (wiring(node("out", DENSE_4, "x"), inputs={1: {}}), "^inputs: expected an object with named fields; got"),
        (wiring(node("out", DENSE_4, "x"), inputs=[]), r"^inputs: expected an object with named fields; got \[\]$"),
        (wiring(), "network: expected at least one node; got none"),
        (wiring({"name": "out"}), "^nodes.out: expected a field layer; it is missing$"),
        (wiring(node("out", {"layer": "Dens"}, "x")), "^nodes.out.layer: expected a layer among .*; got 'Dens'$"),
        (wiring(node(3, DENSE_4, "x")), "^nodes.1.name: expected a string; got 3$"),
        (wiring(node("1 a", DENSE_4, "x")), "expected a name of letters, digits and underscores"),
        (wiring(node("out", DENSE_4, "z")), "out: expected inputs among x, out; got 'z', which nobody makes"),
        (wiring(node("out", DENSE_4, "x"), output="in"), "expected an output among out; got 'in'"),
        (wiring(node("out", DENSE_4, "out")), "expected nodes without a circle; got out reads out"),
        (
            wiring(node("a", DENSE_4, "out"), node("out", DENSE_4, "a")),
            "expected nodes without a circle; got a reads out, out reads a",
        ),
        (wiring(node("out", DENSE_4, "x"), node("out", DENSE_4, "x")), "^out: expected a new name; two nodes"),
        (wiring(node("x", DENSE_4, "x")), "^x: expected a new name; two nodes are called so$"),
        (
            wiring(node("a", {"layer": "Dense", "units": 3}, "x"), node("out", {"layer": "Sum"}, "x", "a")),
            r"^Layer 2 \(out: sum\): expected branches of one shape; got 1 × 4 from x and 1 × 3 from a_out$",
        ),
        (
            wiring(node("out", {"layer": "Block", "title": "b", "nodes": [], "output": "a"}, "x")),
            "^nodes.out.layer: block: expected at least one node; got none$",
        ),
    ],
)
def test_what_describes_no_network_is_refused(data: Any, message: str) -> None:
    with pytest.raises((DescriptionError, ShapeError, DuplicateNameError), match=message) as raised:
        network_from(data)
    assert "\n" not in str(raised.value)


def nested(depth: int) -> dict[str, Any]:
    layer: dict[str, Any] = DENSE_4
    for _ in range(depth):
        layer = {"layer": "Block", "title": "b", "nodes": [node("a", layer, "x")], "output": "a"}
    return wiring(node("out", layer, "x"))


@pytest.mark.parametrize("depth", [30, 300, 100_000])
def test_blocks_that_are_nested_too_deeply_are_refused(depth: int) -> None:
    with pytest.raises(DescriptionError, match="expected blocks that are not nested so deeply"):
        network_from(nested(depth))


def test_blocks_may_be_nested() -> None:
    assert list(network_from(nested(8)).initial(0)) == [f"out{8 * '_a'}_w", f"out{8 * '_a'}_b"]


@pytest.mark.parametrize("network", [None, 3, Dense(3), {"kind": "sequential"}], ids=repr)
def test_what_is_no_network_has_no_description(network: Any) -> None:
    with pytest.raises(DescriptionError, match="expected a Network or a Graph; got"):
        describe(network)


WORDS = st.sampled_from(
    [
        *("kind", "sequential", "graph", "input", "inputs", "layers", "nodes", "output", "layer", "name", "x", "y"),
        *("shape", "range", "image", "names", "axes", "repeats", "title", "units", "a", "out", "relu", "same", "loss"),
        *LAYERS,
    ]
)
SIMPLE = st.none() | st.booleans() | st.integers() | st.integers(-1, 9) | st.floats() | st.text(max_size=5) | WORDS
JSON = st.recursive(
    SIMPLE,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inside, max_size=5),
    max_leaves=20,
)


def refused_or_read(data: object) -> None:
    try:
        network = network_from(data)
    except (DescriptionError, ShapeError, DuplicateNameError):
        return
    assert there_and_back(network) == network


@given(JSON)
@settings(max_examples=300)
def test_arbitrary_data_are_read_or_refused(data: object) -> None:
    refused_or_read(data)


@st.composite
def spoilt(draw: st.DrawFn) -> object:
    """Draw the description of a network in which one place holds something else."""
    data = describe(draw(sequences() | graphs()))
    place: Any = data
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return data
        key = draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    if draw(st.booleans()):
        place[key] = draw(JSON)
    elif isinstance(place, dict):
        place[draw(WORDS)] = place.pop(key)
    else:
        place.append(place[key])
    return data


@given(spoilt())
@settings(max_examples=400)
def test_a_description_with_a_mistake_is_read_or_refused(data: object) -> None:
    refused_or_read(data)
