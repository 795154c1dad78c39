"""Recurrent layers are those of PyTorch, forward and back through time; gradients add up over the time steps."""

from typing import Any

import numpy as np
import pytest

from core.description import describe, network_from
from core.iteration import compile_iteration
from core.layers import GRU, LSTM, RNN, Dense, Flatten, Layer
from core.layers.recurrent.unrolled import Recurrent
from core.network import Network
from core.notation import Notation, equation, plain, symbol
from core.ops.base import ShapeError
from core.optimizers import SGD
from core.program import Program
from core.reasons import reason
from core.run.gradcheck import check_gradients
from core.run.trace import Trace
from core.values import Array, Phase, Role
from tests.core.layers.against_torch import assert_trains_as

CLASSES = 2
LETTERS = {RNN: ("",), LSTM: ("_i", "_f", "_g", "_o"), GRU: ("_r", "_u", "_n")}
"""The endings of the parameters of each gate, in the order of PyTorch."""
KINDS = (RNN, LSTM, GRU)


def network_of(tokens: int, features: int, *layers: Layer) -> Network:
    flat = (Flatten(),) if getattr(layers[-1], "sequence", False) else ()
    return Network((tokens, features), (*layers, *flat, Dense(CLASSES, None)))


def problem(network: Network, samples: int, seed: int = 1) -> tuple[Program, dict[str, Array], dict[str, Array]]:
    """Return a program with a state that is nowhere 0, and a batch."""
    program = compile_iteration(network, "squared_error", SGD(0.1), samples)
    generator = np.random.default_rng(seed)
    start = network.initial(seed, "float64")
    state = {key: array + 0.1 * generator.normal(size=array.shape) for key, array in start.items()}
    x = generator.normal(size=(samples, *network.input_shape))
    return program, state, {"x": x, "y": generator.normal(size=(samples, CLASSES))}


def layer_in_torch(torch: Any, layer: Recurrent, x: Any, leaves: dict[str, Any], number: int) -> Any:
    """Return the states of PyTorch's own layer; its second bias is 0 where ours is one."""
    peer = getattr(torch.nn, type(layer).__name__)(x.shape[-1], layer.units, batch_first=True).double()

    def stacked(letter: str) -> Any:
        return torch.cat([leaves[f"{letter}{ending}_{number}"] for ending in LETTERS[type(layer)]], dim=1)

    second = torch.zeros_like(stacked("b")[0])
    if isinstance(layer, GRU):
        second = torch.cat([second[: 2 * layer.units], leaves[f"b_h_{number}"][0]])
    given = {
        "weight_ih_l0": stacked("w").T,
        "weight_hh_l0": stacked("u").T,
        "bias_ih_l0": stacked("b")[0],
        "bias_hh_l0": second,
    }
    states, _ = torch.func.functional_call(peer, given, (x,))
    return states if layer.sequence else states[:, -1]


@pytest.mark.parametrize("kind", KINDS)
def test_forward_and_backward_are_those_of_pytorch_and_the_executor_agrees(kind: type[Recurrent]) -> None:
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(3)
    for sequence in (False, True):
        samples, tokens, features, units, more = generator.integers(1, 6, 5).tolist()
        layers = kind(units, sequence=True), kind(more, sequence=sequence)
        program, state, data = problem(network_of(tokens, features, *layers), samples)
        leaves = {key: torch.tensor(array, requires_grad=True) for key, array in state.items()}
        out = torch.tensor(data["x"])
        for number, layer in enumerate(layers, 1):
            out = layer_in_torch(torch, layer, out, leaves, number)
        last = 4 if sequence else 3
        out = out.flatten(1) @ leaves[f"w_{last}"] + leaves[f"b_{last}"][0]
        assert_trains_as(program, state, data, out, leaves)


def test_the_relu_of_a_simple_layer_is_that_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    program, state, data = problem(network_of(3, 2, RNN(4, activation="relu")), 2)
    peer = torch.nn.RNN(2, 4, nonlinearity="relu", batch_first=True).double()
    given = {"weight_ih_l0": state["w_1"].T, "weight_hh_l0": state["u_1"].T, "bias_ih_l0": state["b_1"][0]}
    tensors = {key: torch.tensor(np.ascontiguousarray(array)) for key, array in given.items()}
    tensors["bias_hh_l0"] = torch.zeros(4, dtype=torch.float64)
    states, _ = torch.func.functional_call(peer, tensors, (torch.tensor(data["x"]),))
    trace = Trace(program, state, lambda _: data, "float64")
    np.testing.assert_allclose(trace.array("t3_h_1"), states[:, -1].detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_central_differences(kind: type[Recurrent]) -> None:
    program, state, data = problem(network_of(3, 2, kind(2)), 2)
    for check in check_gradients(program, {**state, **data}):
        assert check.error < 1e-6, check


def test_every_time_step_is_a_scope_and_each_gate_one_within_it() -> None:
    program, *_ = problem(network_of(2, 3, LSTM(2)), 1)
    own = [scope for scope in program.scopes if scope.number == 1 and scope.path]
    assert [scope.path for scope in own if len(scope.path) == 1] == [("t0",), ("t1",), ("t2",)]
    for step in ("t1", "t2"):
        assert [scope.path[1] for scope in own if scope.path[:1] == (step,) and len(scope.path) == 2] == list("ifgo")
    assert [scope.name for scope in own if scope.path == ("t2", "f")] == ["forget gate"]


def test_what_comes_back_through_time_says_when_and_through_which_gate() -> None:
    program, *_ = problem(network_of(2, 3, LSTM(2)), 1)

    def written(key: str, notation: Notation = Notation.NET_OUT) -> str:
        return plain(symbol(program, program.values[key], notation))

    assert written("t2_f_delta_1") == written("t2_f_delta_1", Notation.Z_A) == "δ[t2, f, 1]"
    assert written("grad_w_f_1_t2") == "(∂L/∂W(f)₁)⁽ᵗ²⁾"
    assert written("grad_t1_h_1_o") == "(∂L/∂h[t1, 1])(o)"
    step = program.producers["t1_f_net_1"]
    assert plain(equation(program, step, Notation.Z_A)) == "z[t1, f, 1] = s[t1, f, 1] + b(f)₁"
    back = [step.output for step in program.steps if step.phase is Phase.BACKWARD and step.layer == 1]
    for notation in Notation:
        assert len({written(value.key, notation) for value in back}) == len(back), "two values look alike"
    timed = [value for value in back if value.role is not Role.GRADIENT or value.subject not in program.gradients]
    assert all("t1" in written(value.key) or "t2" in written(value.key) for value in timed)


def test_gradients_of_a_shared_parameter_add_up_over_time() -> None:
    program, state, data = problem(network_of(3, 2, RNN(2)), 2)
    trace = Trace(program, state, lambda _: data, "float64")
    parts = [trace.array(f"grad_u_1_t{t}") for t in (3, 2, 1)]
    np.testing.assert_allclose(trace.array("grad_u_1"), sum(parts), rtol=1e-14)
    assert not parts[-1].any(), "nothing is remembered before the first token"


@pytest.mark.parametrize("kind", KINDS)
def test_a_description_is_read_as_the_same_network(kind: type[Recurrent]) -> None:
    network = network_of(3, 2, kind(4, sequence=True))
    assert network_from(describe(network)) == network


def test_gates_begin_as_documented() -> None:
    state = network_of(3, 2, LSTM(4)).initial(0)
    assert (state["b_f_1"] == 1).all()
    assert not any(state[f"b_{letter}_1"].any() for letter in "igo")
    limit = np.sqrt(6 / (2 + 4))
    assert np.abs(state["w_i_1"]).max() < limit
    assert len(np.unique(state["w_i_1"])) == 8


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(4,), (1, 4, 4)])
def test_what_is_no_sequence_is_refused_by_the_layer(kind: type[Recurrent], shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=rf"^Layer 1 \({kind.__name__} 3\): expected sequences"):
        Network(shape, (kind(3),))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_to_be_0_is_0_and_nothing_else(kind: type[Recurrent]) -> None:
    program, state, data = problem(network_of(3, 2, kind(2)), 2)
    trace = Trace(program, state, lambda _: data)
    forward = [step for step in program.steps if step.phase is Phase.FORWARD]
    of_state = [step for step in forward if step.output.key.endswith("sum_h_1")]
    assert len(of_state) == 3 * len(LETTERS[kind])
    for step in of_state:
        said = f"and so is {plain(symbol(program, step.output))}" in reason(program, step)
        assert said == (not trace.array(step.output.key).any()), step.output.key
    said_of = {step.output.key for step in forward if "is 0, and so is" in reason(program, step)}
    assert said_of <= {step.output.key for step in of_state}
