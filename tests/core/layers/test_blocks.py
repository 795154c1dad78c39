"""A block is a graph that is used as one layer, and may hold blocks."""

from typing import Any

import numpy as np
import pytest

from core.layers import Activate, Block, Dense, Node, Sum
from core.network import Graph, Network
from core.notation import plain, symbol
from core.ops.base import ShapeError
from core.run.gradcheck import evaluate
from core.values import DuplicateNameError
from tests.core.layers.graphs import GRAPHS, X, compiled, graph, numbers

RESIDUAL = Block(
    "residual",
    (Node("hidden", Dense(4, "tanh"), ("x",)), Node("sum", Sum(), ("hidden", "x"))),
    "sum",
)


def test_keys_follow_the_scopes() -> None:
    program = compiled(GRAPHS["block"])
    weights = [f"block_1_attention_w_{one}" for one in "qkvo"]
    assert list(program.state) == [*weights, "out_w", "out_b"]
    assert plain(symbol(program, program.values["block_1_attention_w_q"])) == "W(Q)[block 1, attention]"


def test_keys_follow_the_scopes_of_blocks_inside_blocks() -> None:
    state = compiled(GRAPHS["nested blocks"]).state
    assert {"block_1_inner_attention_w_q", "block_2_inner_attention_w_q", "block_2_mlp_b"} <= state.keys()


def test_a_block_is_one_layer_with_parts() -> None:
    program = compiled(GRAPHS["nested blocks"])
    assert [scope.name for scope in program.layers][:2] == ["block_1: two blocks", "block_2: two blocks"]
    parts = [(".".join(scope.path), scope.number) for scope in program.scopes if scope.number == 1]
    names = ["block_1", "block_1.inner", *(f"block_1.inner.{one}" for one in ("attention", "sum", "act"))]
    assert parts == [(name, 1) for name in [*names, "block_1.mlp", "block_1.sum"]]


def test_a_block_computes_what_its_nodes_compute() -> None:
    whole = graph(Node("block", RESIDUAL, ("x",)), Node("out", Dense(3, "softmax"), ("block",)))
    flat = graph(
        Node("block_hidden", Dense(4, "tanh"), ("x",)),
        Node("block_sum", Sum(), ("block_hidden", "x")),
        Node("out", Dense(3, "softmax"), ("block_sum",)),
    )
    first, second = compiled(whole), compiled(flat)
    assert list(first.state) == list(second.state)
    given = numbers(whole, first)
    values, others = (evaluate(program, given, program.steps[-1].output.key) for program in (first, second))
    for key in first.state:
        np.testing.assert_array_equal(values[f"new_{key}"], others[f"new_{key}"])


def test_a_block_stands_in_a_sequence_too() -> None:
    network = Network((4,), (RESIDUAL, RESIDUAL, Dense(2, "softmax")))
    assert list(network.initial(0)) == ["hidden_w_1", "hidden_b_1", "hidden_w_2", "hidden_b_2", "w_3", "b_3"]


@pytest.mark.parametrize(
    ("nodes", "output", "message"),
    [
        ((), "a", "expected at least one node; got none"),
        ((Node("a", Dense(2), ("z",)),), "a", "a: expected inputs among x, a; got 'z', which nobody makes"),
        ((Node("a", Dense(2), ("x",)),), "b", "expected an output among a; got 'b'"),
        ((Node("a", Dense(2), ("a",)),), "a", "expected nodes without a circle; got a reads a"),
    ],
)
def test_nodes_that_do_not_fit_are_named(nodes: tuple[Node, ...], output: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Block("block", nodes, output)


@pytest.mark.parametrize("title", ["", None, 3])
def test_a_block_without_a_title_is_refused(title: Any) -> None:
    with pytest.raises(ShapeError, match="expected a title, such as 'residual block'; got"):
        Block(title, (Node("a", Dense(2), ("x",)),), "a")


def test_the_input_of_a_block_is_the_only_x() -> None:
    with pytest.raises(DuplicateNameError, match="x: expected a new name; two nodes are called so"):
        Block("block", (Node("x", Dense(2), ("x",)),), "x")


def test_an_error_names_the_node_and_what_it_is_inside_of() -> None:
    wrong = Block("wrong", (Node("a", Dense(3), ("x",)), Node("sum", Sum(), ("a", "x"))), "sum")
    outer = Block("outer", (Node("first", Activate(), ("x",)), Node("second", wrong, ("first",))), "second")
    with pytest.raises(ShapeError) as raised:
        graph(Node("block", outer, ("x",)))
    places = "Layer 1 (block: outer): second (wrong): sum (sum): "
    assert str(raised.value).startswith(f"{places}expected branches of one shape; got 1 × 3 from ")


def test_a_node_that_is_called_as_a_part_of_a_block_is_refused() -> None:
    nodes = Node("block", RESIDUAL, ("x",)), Node("block_hidden", Dense(4), ("block",))
    with pytest.raises(DuplicateNameError, match=r"Layer 2 \(block_hidden: dense 4, ReLU\): block_hidden_w: expected"):
        Graph(X, nodes, "block_hidden")
