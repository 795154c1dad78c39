"""Remember over many tokens: long short-term memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.builder import Builder
from core.initialisers import filled
from core.layers.recurrent import purposes
from core.layers.recurrent.unrolled import Gate, Recurrent, TimeStep, Weights
from core.ops.activations import Tanh
from core.ops.elementwise import Add, Hadamard
from core.values import Role, Value

_GATES = (
    Gate("i", "input gate", "sigmoid", purposes.INPUT),
    Gate("f", "forget gate", "sigmoid", purposes.FORGET, filled(1.0)),
    Gate("g", "candidate", "tanh", purposes.CANDIDATE),
    Gate("o", "output gate", "sigmoid", purposes.OUTPUT),
)
"""In the order of PyTorch."""


@dataclass(frozen=True)
class LSTM(Recurrent):
    """Carry a state and a memory from token to token: c_t = f_t ⊙ c_(t-1) + i_t ⊙ g_t, h_t = o_t ⊙ tanh(c_t).

    The gates are i_t, f_t and o_t = sigmoid(x_t · W + h_(t-1) · U + b), and the candidate is g_t = tanh of such a sum,
    each with weights of its own. PyTorch has two biases for each, which always stand in a sum; here they are one. W and
    U begin as of Glorot, the bias of the forget gate with 1, so that it remembers at first, and the others with 0.

    Parameters
    ----------
    units : int
        How many cells the memory has.
    sequence : bool
        Whether it returns the states of all time steps, (N, T, units), or the last, (N, units).

    Raises
    ------
    ShapeError
        If there are no units; when it is built, if the input is not sequences of tokens.

    References
    ----------
    Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997); Gers, Schmidhuber and Cummins, "Learning to Forget"
    (2000); Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of Recurrent Network Architectures" (2015) for
    the bias of the forget gate.
    """

    called = "memory (LSTM)"
    remembers: ClassVar[tuple[str, ...]] = ("h", "c")

    def declare(self, builder: Builder, features: int) -> Mapping[str, Weights]:
        return {gate.letter: self.weights(builder, features, gate) for gate in _GATES}

    def step(self, now: TimeStep, parameters: Mapping[str, Weights], *memory: Value) -> tuple[Value, ...]:
        (before,) = memory
        i, f, g, o = (now.gate(gate, parameters[gate.letter]) for gate in _GATES)
        kept = now.apply(Hadamard(), f, before, key="kept", purpose=purposes.KEPT)
        written = now.apply(Hadamard(), i, g, key="written", purpose=purposes.ADDED)
        cell = now.apply(Add(), kept, written, key="c", purpose=purposes.CELL)
        squashed = now.apply(Tanh(), cell, key="squashed", purpose=purposes.SQUASHED)
        return now.apply(Hadamard(), o, squashed, key="h", role=Role.OUT, purpose=purposes.SHOWN), cell
