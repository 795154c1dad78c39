"""Draw whole training problems: a network, a loss, a batch, what is frozen, numbers."""

from dataclasses import dataclass

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.ops.losses import LOSSES, AbsoluteError, parse_loss
from core.optimizers import SGD
from core.program import Program
from core.run.gradcheck import evaluate
from core.values import Array, Role

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "gelu", "softmax", None)
KINKED = ("relu", "leaky_relu")
DRAWN_LOSSES = (*LOSSES, "huber_error:0.2")


@dataclass(frozen=True, eq=False)
class Problem:
    """A compiled iteration and the numbers it starts from, float64."""

    network: Network
    loss: str
    frozen: frozenset[str]
    program: Program
    inputs: dict[str, Array]
    learning_rate: float

    @property
    def layers(self) -> tuple[Dense, ...]:
        return tuple(layer for layer in self.network.layers if isinstance(layer, Dense))

    @property
    def trained(self) -> list[str]:
        return [
            p.key for p in self.network.forward.parameters if p.key not in self.frozen | self.network.forward.frozen
        ]

    @property
    def data(self) -> dict[str, Array]:
        return {key: self.inputs[key] for key in ("x", "y")}

    @property
    def parameters(self) -> dict[str, Array]:
        return {key: array for key, array in self.inputs.items() if key not in ("x", "y")}

    def __repr__(self) -> str:
        shape = " | ".join(layer.name + ("" if layer.bias else " without bias") for layer in self.layers)
        return f"Problem({self.network.input_shape} | {shape} | {self.loss}, frozen {sorted(self.frozen)})"


@st.composite
def layers(draw: st.DrawFn, loss: str) -> tuple[Dense, ...]:
    count = draw(st.integers(1, 4))
    last = st.sampled_from(("softmax", "sigmoid") if parse_loss(loss).of_probabilities else ACTIVATIONS)
    return tuple(
        Dense(
            draw(st.integers(1, 7)),
            draw(last if number == count else st.sampled_from(ACTIVATIONS)),
            bias=draw(st.booleans()),
            frozen=frozenset(draw(st.sets(st.sampled_from(["weight", "bias"]))))
            if draw(st.booleans())
            else frozenset(),
        )
        for number in range(1, count + 1)
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    loss = draw(st.sampled_from(DRAWN_LOSSES))
    network = Network((draw(st.integers(1, 7)),), draw(layers(loss)))
    batch, rate = draw(st.integers(1, 5)), draw(st.sampled_from([0.01, 0.5]))
    keys = [p.key for p in network.forward.parameters]
    frozen = frozenset(draw(st.sets(st.sampled_from(keys)))) if draw(st.booleans()) else frozenset()
    program = compile_iteration(network, loss, SGD(rate), batch, frozen=frozen, through_jacobian=draw(st.booleans()))
    inputs = numbers(program, network, draw(st.integers(0, 2**32 - 1)))
    assume(far_from_kinks(program, network, inputs, loss))
    return Problem(network, loss, frozen, program, inputs, rate)


def numbers(program: Program, network: Network, seed: int) -> dict[str, Array]:
    """Draw the parameters, biases other than 0 too, and data; the targets are distributions."""
    generator = np.random.default_rng(seed)
    inputs = dict(network.initial(seed, "float64"))
    inputs |= {p.key: generator.normal(0, 0.5, p.shape) for p in network.forward.parameters if p.role is Role.BIAS}
    targets = generator.uniform(0.1, 1, program.values["y"].shape)
    x = generator.normal(size=program.values["x"].shape)
    return inputs | {"x": x, "y": targets / targets.sum(axis=1, keepdims=True)}


def far_from_kinks(program: Program, network: Network, inputs: dict[str, Array], loss: str) -> bool:
    """Tell whether no argument of a ReLU or an absolute value is so near 0 that a central difference steps over it."""
    values = evaluate(program, inputs, str(program.loss))
    nets = [
        values[f"net_{number}"]
        for number, layer in enumerate(network.layers, 1)
        if isinstance(layer, Dense) and layer.activation in KINKED
    ]
    if isinstance(parse_loss(loss), AbsoluteError):
        nets.append(values[str(program.output)] - values["y"])
    return all(float(np.abs(net).min()) > 1e-3 for net in nets)
