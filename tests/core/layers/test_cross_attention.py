"""Cross-attention and the decoder block are those of PyTorch, forward and backward; what cannot be is refused."""

from typing import Any

import numpy as np
import pytest

from core.description import describe, network_from
from core.iteration import compile_iteration
from core.layers import CrossAttention, DecoderBlock, Dense, LastToken, Layer, Node
from core.network import Graph, Input
from core.ops.base import ShapeError
from core.optimizers import SGD
from core.run.gradcheck import check_gradients
from core.run.trace import Trace
from core.values import Array, Shape
from tests.core.layers.against_torch import assert_trains_as

SAMPLES, CLASSES = 2, 3


def network_of(layer: Layer, x: Shape, memory: Shape) -> Graph:
    nodes = (
        Node("seen", Dense(memory[-1], "tanh"), ("memory",)),
        Node("mixed", layer, ("x", "seen")),
        Node("last", LastToken(), ("mixed",)),
        Node("end", Dense(CLASSES, None), ("last",)),
    )
    return Graph({"x": Input(x), "memory": Input(memory)}, nodes, "end")


def numbers(network: Graph) -> tuple[Any, dict[str, Array], dict[str, Array]]:
    program = compile_iteration(network, "squared_error", SGD(0.1), SAMPLES)
    generator = np.random.default_rng(4)
    start = network.initial(5, "float64")
    state = {key: array + 0.1 * generator.normal(size=array.shape) for key, array in start.items()}
    data = {value.key: generator.normal(size=value.shape) for value in program.data}
    return program, state, data


def attended(torch: Any, x: Any, memory: Any, leaves: Any, path: str, heads: int, causal: bool = False) -> Any:
    """Return what nn.MultiheadAttention makes of our weights."""
    width, given = x.shape[-1], memory.shape[-1]
    peer = torch.nn.MultiheadAttention(width, heads, bias=False, batch_first=True, kdim=given, vdim=given).double()
    names = {"q": "q_proj_weight", "k": "k_proj_weight", "v": "v_proj_weight", "o": "out_proj.weight"}
    weights = {name: leaves[f"{path}_w_{letter}"].T for letter, name in names.items()}
    if width == given:  # then PyTorch has one matrix for all three
        weights["in_proj_weight"] = torch.cat([weights.pop(names[letter]) for letter in "qkv"])
    mask = torch.nn.Transformer.generate_square_subsequent_mask(x.shape[1]).double() if causal else None
    given = {"attn_mask": mask, "need_weights": False}
    out, _ = torch.func.functional_call(peer, weights, (x, memory, memory), given)
    return out


def decoded(torch: Any, x: Any, memory: Any, leaves: Any, layer: DecoderBlock) -> Any:
    """Return what nn.TransformerDecoderLayer makes of our weights; its biases of the attention are 0."""
    width, hidden = x.shape[-1], leaves["mixed_forward_wide_b"].shape[-1]
    peer = torch.nn.TransformerDecoderLayer(
        width,
        layer.heads,
        hidden,
        dropout=0.0,
        activation=lambda net: torch.nn.functional.gelu(net, approximate="tanh"),
        batch_first=True,
        norm_first=layer.norm_first,
    ).double()
    zero = torch.zeros(width, dtype=torch.float64)
    weights: dict[str, Any] = {}
    for path, name in (("attention", "self_attn"), ("cross", "multihead_attn")):
        stacked = torch.cat([leaves[f"mixed_{path}_w_{letter}"].T for letter in "qkv"])
        weights |= {f"{name}.in_proj_weight": stacked, f"{name}.in_proj_bias": zero.repeat(3)}
        weights |= {f"{name}.out_proj.weight": leaves[f"mixed_{path}_w_o"].T, f"{name}.out_proj.bias": zero}
    for number, path in enumerate(("attention", "cross", "forward"), 1):
        weights[f"norm{number}.weight"] = leaves[f"mixed_{path}_norm_scale"].reshape(-1)
        weights[f"norm{number}.bias"] = leaves[f"mixed_{path}_norm_shift"].reshape(-1)
    for number, path in enumerate(("wide", "back"), 1):
        weights[f"linear{number}.weight"] = leaves[f"mixed_forward_{path}_w"].T
        weights[f"linear{number}.bias"] = leaves[f"mixed_forward_{path}_b"][0]
    mask = torch.nn.Transformer.generate_square_subsequent_mask(x.shape[1]).double() if layer.causal else None
    return torch.func.functional_call(peer, weights, (x, memory), {"tgt_mask": mask})


CASES: dict[str, tuple[Layer, Shape, Shape]] = {
    "another width": (CrossAttention(2), (3, 4), (5, 3)),
    "one width": (CrossAttention(), (2, 3), (3, 3)),
    "pre-norm": (DecoderBlock(2, 5), (3, 4), (2, 4)),
    "post-norm": (DecoderBlock(1, 5, causal=False, norm_first=False), (2, 4), (3, 4)),
}


@pytest.mark.parametrize("name", CASES)
def test_forward_and_backward_are_those_of_pytorch_and_the_executor_agrees(name: str) -> None:
    torch = pytest.importorskip("torch")
    layer, *shapes = CASES[name]
    program, state, data = numbers(network_of(layer, *shapes))
    leaves = {key: torch.tensor(array, requires_grad=True) for key, array in state.items()}
    x, memory = torch.tensor(data["x"]), torch.tensor(data["memory"])
    seen = (memory @ leaves["seen_w"] + leaves["seen_b"][0]).tanh()
    if isinstance(layer, DecoderBlock):
        mixed = decoded(torch, x, seen, leaves, layer)
    else:
        mixed = attended(torch, x, seen, leaves, "mixed", layer.heads)
    out = mixed[:, -1] @ leaves["end_w"] + leaves["end_b"][0]
    assert_trains_as(program, state, data, out, leaves)


def test_gradients_are_those_of_central_differences() -> None:
    program, state, data = numbers(network_of(DecoderBlock(2, 3), (2, 4), (3, 4)))
    for check in check_gradients(program, {**state, **data}, cells=4):
        assert check.error < 1e-6, check


def test_a_token_can_ask_the_sequence_that_it_is_from() -> None:
    """The same sequence as both inputs is self-attention, with the same numbers."""
    nodes = Node("mixed", CrossAttention(2), ("x", "x")), Node("last", LastToken(), ("mixed",))
    network = Graph({"x": Input((3, 4))}, (*nodes, Node("end", Dense(CLASSES, None), ("last",))), "end")
    program, state, data = numbers(network)
    assert {value.key for value in program.parameters} >= {"mixed_w_q", "mixed_w_k", "mixed_w_v", "mixed_w_o"}
    assert np.isfinite(Trace(program, state, lambda _: data, "float64").array("loss"))
    assert "mixed_memory_rows" not in program.values


@pytest.mark.parametrize("name", CASES)
def test_a_description_is_read_as_the_same_network(name: str) -> None:
    network = network_of(*CASES[name])
    assert network_from(describe(network)) == network


@pytest.mark.parametrize(
    ("layer", "x", "memory", "said"),
    [
        (CrossAttention(3), (2, 4), (2, 4), r"heads that divides the width 4: 1, 2, 4; got 3"),
        (CrossAttention(), (4,), (2, 4), r"expected sequences .*; got 1 × 4"),
        (CrossAttention(), (2, 4), (4,), r"expected the memory to be sequences .*; got 1 × 4"),
        (DecoderBlock(), (2, 4), (4,), r"expected the memory to be sequences .*; got 1 × 4"),
        (DecoderBlock(3), (2, 4), (2, 4), r"heads that divides the width 4: 1, 2, 4; got 3"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_layer(layer: Layer, x: Shape, memory: Shape, said: str) -> None:
    with pytest.raises(ShapeError, match=rf"^Layer 2 \(mixed: [^)]*\): .*{said}"):
        network_of(layer, x, memory)
