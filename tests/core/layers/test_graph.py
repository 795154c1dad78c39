"""Networks that branch and meet: they differentiate, train and are named as sequences are."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from core.layers import Activate, Concatenate, Conv2d, Dense, Layer, Node, Sum
from core.network import Graph, Input
from core.notation import Notation, symbol
from core.ops.base import ShapeError
from core.optimizers import OPTIMIZERS, Adam
from core.run.executor import Executor
from core.run.gradcheck import check_gradients, evaluate
from core.run.trace import Trace
from core.values import DuplicateNameError
from tests.core.layers.graphs import GRAPHS, X, batches, compiled, graph, numbers

WAYS = pytest.mark.parametrize("through_jacobian", [False, True], ids=["at once", "through the Jacobian"])
EVERY = pytest.mark.parametrize("name", GRAPHS)
Tensors = Mapping[str, Any]


@EVERY
@WAYS
def test_gradients_agree_with_central_differences(name: str, through_jacobian: bool) -> None:
    program = compiled(GRAPHS[name], through_jacobian=through_jacobian)
    checks = check_gradients(program, numbers(GRAPHS[name], program), cells=5)
    assert {check.key for check in checks} == set(program.state)
    assert max(check.error for check in checks) < 1e-6


def _dense(values: Tensors, node: str, x: Any) -> Any:
    net = x @ values[f"{node}_w"]
    return net + values[f"{node}_b"] if f"{node}_b" in values else net


def _skip(torch: ModuleType, v: Tensors) -> Any:
    stem = _dense(v, "stem", v["x"]).tanh()
    return stem + _dense(v, "hidden", stem).sigmoid() + v["x"]


def _concatenation(torch: ModuleType, v: Tensors) -> Any:
    return torch.cat([_dense(v, "a", v["x"]).tanh(), _dense(v, "b", v["x"]), v["x"]], 1)


def _two_inputs(torch: ModuleType, v: Tensors) -> Any:
    return torch.cat([_dense(v, "a", v["x"]).tanh(), _dense(v, "b", v["z"]).tanh(), v["z"]], 1)


def _read_twice(torch: ModuleType, v: Tensors) -> Any:
    a = _dense(v, "a", v["x"]).tanh()
    return torch.cat([2 * a, a], 1)


def _net_read_twice(torch: ModuleType, v: Tensors) -> Any:
    a = _dense(v, "a", v["x"])
    return 2 * a + _dense(v, "b", a)


def _images(torch: ModuleType, v: Tensors) -> Any:
    maps = torch.nn.functional.conv2d(v["x"], v["maps_w"], v["maps_b"], padding=1).tanh()
    return torch.cat([maps + v["x"], maps], 1).flatten(1)


def _tokens(torch: ModuleType, v: Tensors) -> Any:
    return _dense(v, "hidden", _dense(v, "embedded", v["x"]).tanh())[:, -1]


def _attention(torch: ModuleType, v: Tensors, scope: str, x: Any) -> Any:
    samples, tokens, width = x.shape
    heads = [(x @ v[f"{scope}_w_{one}"]).view(samples, tokens, 2, width // 2).transpose(1, 2) for one in "qkv"]
    mixed = torch.nn.functional.scaled_dot_product_attention(*heads)
    joined = mixed.transpose(1, 2).reshape(samples, tokens, width)
    return (x + joined @ v[f"{scope}_w_o"]).tanh()


def _block(torch: ModuleType, v: Tensors) -> Any:
    return _attention(torch, v, "block_1_attention", v["x"])[:, -1]


def _nested_blocks(torch: ModuleType, v: Tensors) -> Any:
    x = v["x"]
    for block in ("block_1", "block_2"):
        inner = _attention(torch, v, f"{block}_inner_attention", x)
        x = inner + _dense(v, f"{block}_mlp", inner).tanh()
    return x[:, -1]


def _features(torch: ModuleType, v: Tensors) -> Any:
    a, b = v["x"].T
    return torch.stack([a, b, a**2, b**2, a * b, a.sin(), b.sin()], 1)


def _features_of_a_layer(torch: ModuleType, v: Tensors) -> Any:
    a, b = _dense(v, "point", v["x"]).tanh().T
    return torch.stack([a, a**2, a * b, b.sin()], 1)


BEFORE_THE_CLASSES: Mapping[str, Callable[[ModuleType, Tensors], Any]] = {
    "skip": _skip,
    "concatenation": _concatenation,
    "two inputs": _two_inputs,
    "read twice": _read_twice,
    "net read twice": _net_read_twice,
    "images": _images,
    "tokens": _tokens,
    "block": _block,
    "nested blocks": _nested_blocks,
    "features": _features,
    "features of a layer": _features_of_a_layer,
}


@EVERY
@WAYS
def test_gradients_agree_with_pytorch(name: str, through_jacobian: bool) -> None:
    torch = pytest.importorskip("torch")
    program = compiled(GRAPHS[name], through_jacobian=through_jacobian)
    given = numbers(GRAPHS[name], program)
    ours = evaluate(program, given, program.steps[-1].output.key)
    tensors = {key: torch.tensor(array, requires_grad=True) for key, array in given.items()}
    out = torch.softmax(_dense(tensors, "out", BEFORE_THE_CLASSES[name](torch, tensors)), 1)
    loss = -(tensors["y"] * out.log()).sum(1).mean()
    loss.backward()
    np.testing.assert_allclose(ours["loss"], loss.detach().numpy(), rtol=1e-10)
    for key, gradient in program.gradients.items():
        np.testing.assert_allclose(ours[gradient], tensors[key].grad.numpy(), rtol=1e-10, atol=1e-12, err_msg=key)


@EVERY
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("block_bytes", [8, 1 << 20])
def test_the_executor_trains_as_the_trace_does(name: str, dtype: str, block_bytes: int) -> None:
    program = compiled(GRAPHS[name], Adam(0.05))
    state, batch = program.initial(0, dtype), batches(GRAPHS[name], program)
    trace, executor = Trace(program, state, batch, dtype), Executor(program, state, dtype, block_bytes=block_bytes)
    for iteration in range(3):
        loss = np.asarray(executor.run(trace.batch(iteration)), dtype)
        assert loss.tobytes() == trace.array("loss", iteration).tobytes()
    for key, array in executor.state.items():
        assert array.tobytes() == trace.array(key, 3).tobytes(), key
    assert all(trace.array(key, 3).tobytes() != state[key].tobytes() for key in program.gradients)


@pytest.mark.parametrize("notation", Notation)
@WAYS
@EVERY
def test_no_two_values_are_written_alike(name: str, through_jacobian: bool, notation: Notation) -> None:
    program = compiled(GRAPHS[name], Adam(0.1), through_jacobian)
    symbols = [symbol(program, value, notation) for value in program.values.values()]
    assert len(symbols) == len(set(symbols))


def test_values_are_called_after_their_nodes() -> None:
    program = compiled(GRAPHS["skip"])
    assert list(program.state) == ["stem_w", "stem_b", "hidden_w", "hidden_b", "out_w", "out_b"]
    assert symbol(program, program.values["hidden_w"]) == r"w_{\mathrm{hidden}}"
    forward = [step.output.key for step in program.steps][:9]
    assert forward == [
        *("stem_sum", "stem_net", "stem_out", "hidden_sum", "hidden_net", "hidden_out"),
        *("sum_sum", "sum_out", "out_sum"),
    ]


def test_nodes_are_layers_by_number_in_the_order_in_which_they_are_built() -> None:
    shown = graph(
        Node("sum", Sum(), ("x", "hidden")),
        Node("hidden", Dense(4), ("x",)),
        Node("out", Dense(2, "softmax"), ("sum",)),
    )
    found = [(scope.number, scope.name) for scope in compiled(shown).layers]
    assert found == [(1, "hidden: dense 4, ReLU"), (2, "sum: sum"), (3, "out: dense 2, Softmax")]


def test_a_node_that_nobody_reads_is_not_trained() -> None:
    shown = graph(Node("aside", Dense(2), ("x",)), Node("out", Dense(2, "softmax"), ("x",)))
    program = compiled(shown)
    assert list(program.gradients) == ["out_w", "out_b"]
    assert program.state["aside_w"] == "aside_w"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["new_a", "change_a", "mean_a", "grad_a", "squared_a", "velocity_a", "delta", "a_b"])
def test_a_node_may_be_called_as_an_update_is(optimizer: str, name: str) -> None:
    nodes = Node("a", Dense(4, "tanh"), ("x",)), Node(name, Dense(4, "tanh"), ("a",))
    shown = graph(*nodes, Node("out", Dense(2, "softmax"), (name,)))
    program = compiled(shown, OPTIMIZERS[optimizer](learning_rate=0.1))  # type: ignore[call-arg]
    symbols = [symbol(program, value) for value in program.values.values()]
    assert len(symbols) == len(set(symbols))
    checks = check_gradients(program, numbers(shown, program), cells=2)
    assert max(check.error for check in checks) < 1e-6


A = Node("a", Dense(4), ("x",))


@pytest.mark.parametrize(
    ("nodes", "output", "message"),
    [
        ((), "a", "network: expected at least one node; got none"),
        ([A], "a", r"network: expected nodes, such as \(Node\("),
        ((A,), "b", "network: expected an output among a; got 'b'"),
        ((A,), "x", "network: expected an output among a; got 'x'"),
        ((A, Node("b", Sum(), ("a", "c"))), "b", "b: expected inputs among x, a, b; got 'c', which nobody makes"),
        ((Node("a", Sum(), ("x",)),), "a", r"a \(sum\): expected two or more inputs; got 1"),
        ((Node("a", Dense(2), ("x", "x")),), "a", r"a \(dense 2, ReLU\): expected 1 input; got 2"),
        ((Node("a", Dense(2), "x"),), "a", r"a: expected the names of its inputs, such as \('x',\); got 'x'"),
        ((Node("a", Sum, ("x", "x")),), "a", r"a: expected a layer, such as Dense\(10\); got <class"),
        ((Node("a", Dense(4), ("a",)),), "a", "expected nodes without a circle; got a reads a$"),
        (
            (Node("c", Dense(4), ("b",)), Node("a", Dense(4), ("b",)), Node("b", Dense(4), ("a",))),
            "b",
            "expected nodes without a circle; got b reads a, a reads b$",
        ),
        ((A, Node("b", Dense(3), ("x",)), Node("sum", Sum(), ("a", "b"))), "sum", r"Layer 3 \(sum: sum\): .* 1 × 4"),
        ((A, Node("b", Conv2d(3, 2), ("a",))), "b", r"Layer 2 \(b: conv 3 @ 2 × 2, ReLU\): expected images"),
    ],
)
def test_nodes_that_do_not_fit_are_named(nodes: Any, output: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Graph(X, nodes, output)


@pytest.mark.parametrize("name", ["", "1a", "a b", "a-b", "_a", "class", "größe", 3, None, ("a",)])
def test_what_is_no_name_is_refused(name: Any) -> None:
    with pytest.raises(ShapeError, match="network: expected a name of letters, digits and underscores"):
        Graph(X, (Node(name, Dense(2), ("x",)),), name)


@pytest.mark.parametrize("name", ["a", "x"])
def test_one_name_for_two_is_refused(name: str) -> None:
    with pytest.raises(DuplicateNameError, match=f"{name}: expected a new name; two nodes are called so"):
        graph(A, Node(name, Dense(2), ("a",)))


def test_an_input_that_is_called_as_the_target_is_refused() -> None:
    with pytest.raises(DuplicateNameError, match="expected another name for the input y; training uses it"):
        graph(Node("out", Dense(2), ("y",)), inputs={"y": Input((4,))})


@pytest.mark.parametrize("layer", [Sum(), Concatenate()], ids=["sum", "concatenate"])
def test_branches_with_another_number_of_axes_do_not_meet(layer: Layer) -> None:
    inputs = {"x": Input((4,)), "z": Input((3, 4))}
    with pytest.raises(ShapeError, match=r"Layer 1 \(m: "):
        graph(Node("m", layer, ("x", "z")), inputs=inputs)
    with pytest.raises(ShapeError, match=r"Layer 1 \(m: "):
        graph(Node("m", layer, ("z", "x")), inputs=inputs)


def test_an_activation_without_a_function_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an activation such as 'relu'; got None"):
        Activate(None)  # type: ignore[arg-type]
