"""Remember over many tokens with two gates: the gated recurrent unit."""

from dataclasses import dataclass

from core.builder import Builder
from core.initialisers import ZEROS
from core.layers.recurrent import purposes
from core.layers.recurrent.unrolled import Gate, Recurrent, TimeStep, Weights
from core.notation import in_scope
from core.ops.activations import Tanh
from core.ops.elementwise import Add, Hadamard, Subtract
from core.ops.linear import AddBias, MatMul
from core.values import Range, Role, Value

_RESET = Gate("r", "reset gate", "sigmoid", purposes.RESET)
_UPDATE = Gate("u", "update gate", "sigmoid", purposes.UPDATE)
_CANDIDATE = Gate("n", "candidate", "tanh", purposes.CANDIDATE)


@dataclass(frozen=True)
class _Parameters:
    """The parameters of both gates and of the candidate, whose memory has a bias of its own."""

    reset: Weights
    update: Weights
    candidate: Weights
    bias_of_state: Value


@dataclass(frozen=True)
class GRU(Recurrent):
    """Carry a state from token to token, and replace some of it: h_t = (1 - u_t) ⊙ n_t + u_t ⊙ h_(t-1).

    The gates are r_t and u_t = sigmoid(x_t · W + h_(t-1) · U + b), each with weights of its own, and the candidate is
    n_t = tanh(x_t · W + b + r_t ⊙ (h_(t-1) · U + b_h)): the reset gate acts behind the product, as in PyTorch, which
    calls the update gate z. W and U begin as of Glorot, the biases with zeros.

    Parameters
    ----------
    units : int
        How many numbers the state has.
    sequence : bool
        Whether it returns the states of all time steps, (N, T, units), or the last, (N, units).

    Raises
    ------
    ShapeError
        If there are no units; when it is built, if the input is not sequences of tokens.

    References
    ----------
    Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation" (2014).
    """

    called = "gated memory (GRU)"

    def declare(self, builder: Builder, features: int) -> _Parameters:
        reset, update, candidate = (self.weights(builder, features, gate) for gate in (_RESET, _UPDATE, _CANDIDATE))
        return _Parameters(reset, update, candidate, self.bias(builder, "b_h", ZEROS, "b^{h}"))

    def step(self, now: TimeStep, parameters: _Parameters, *memory: Value) -> tuple[Value, ...]:
        reset = now.gate(_RESET, parameters.reset)
        update = now.gate(_UPDATE, parameters.update)
        candidate = self._candidate(now, parameters, reset)
        one = now.builder.constant("one", 1.0, "1")
        rest = now.apply(Subtract(), one, update, key="rest", range=Range.PROBABILITY, purpose=purposes.REST)
        written = now.apply(Hadamard(), rest, candidate, key="written", purpose=purposes.REPLACED)
        kept = now.apply(Hadamard(), update, now.h, key="kept", purpose=purposes.STAYS)
        return (now.apply(Add(), written, kept, key="h", role=Role.OUT, purpose=purposes.MIXED),)

    def _candidate(self, now: TimeStep, parameters: _Parameters, reset: Value) -> Value:
        """Append n = tanh(x · W + b + r ⊙ (h · U + b_h))."""
        own, bias_of_state = parameters.candidate, parameters.bias_of_state
        with now.builder.part(_CANDIDATE.letter, _CANDIDATE.title):
            from_x = now.apply(MatMul(), now.x, own.w, key="sum_x", role=Role.SUM, purpose=purposes.OF_INPUT)
            net_x = now.apply(AddBias(), from_x, own.b, key="net_x", role=Role.SUM, purpose=purposes.BIAS)
            from_h = now.of_state(own)
            says = now.apply(
                AddBias(), from_h, bias_of_state, key="says", role=Role.SUM, purpose=purposes.BIAS_OF_STATE
            )
            seen = now.apply(Hadamard(), reset, says, key="seen", role=Role.SUM, purpose=purposes.SEEN)
            net = now.apply(Add(), net_x, seen, key="net", role=Role.NET, purpose=purposes.NET_OF_BOTH)
            symbol = in_scope(_CANDIDATE.letter, now.scope)
            return now.apply(Tanh(), net, key="out", symbol=symbol, purpose=purposes.CANDIDATE)
