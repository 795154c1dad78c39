"""Look up what is known of a token, and of its position."""

from dataclasses import dataclass
from typing import Annotated

from core.builder import Builder
from core.initialisers import Initialiser
from core.layers.base import Layer, check_count
from core.layers.fields import Names, Whole
from core.ops.base import Purpose, ShapeError, show_shape
from core.ops.elementwise import Add
from core.ops.lookup import Gather
from core.ops.slices import Slice
from core.values import Axis, AxisKind, Role, Value

_SPREAD = Initialiser("normal", number=0.1)
"""Small enough that positions and tokens of equal size add up without drowning each other."""


@dataclass(frozen=True)
class TokenEmbedding(Layer):
    """Look up a learnt row for each token: out[n, t] = table[x[n, t]].

    Tokens are whole numbers from 0. A token that is none of the table is refused where it enters a run.

    Parameters
    ----------
    tokens : int
        How many there are.
    width : int
        How many numbers stand for each.
    token_names : tuple of str or None
        What the tokens of the table are called.

    Raises
    ------
    ShapeError
        If a number is not positive, or there are not as many names; when it is built, if the input is not one number
        for each token of a sample, or was computed: a place in the table has no derivative.

    References
    ----------
    Bengio, Ducharme, Vincent and Jauvin, "A Neural Probabilistic Language Model" (2003), section 2.
    """

    called = "token embedding"
    group = "Rows and sequences"
    of_tokens = True

    tokens: Annotated[int, Whole(27)]
    width: Annotated[int, Whole(16)]
    token_names: Annotated[tuple[str, ...] | None, Names(per="tokens")] = None

    def check(self) -> None:
        check_count("token", self.tokens)
        check_count("feature of a token", self.width)
        if self.token_names is not None and len(self.token_names) != self.tokens:
            raise ShapeError(f"expected {self.tokens} token names; got {len(self.token_names)}")

    @property
    def name(self) -> str:
        return f"embedding {self.tokens} × {self.width}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if x.role is not Role.INPUT:
            raise ShapeError("expected the tokens of the data, whole numbers that nothing has computed: put it first")
        if len(x.shape) != 2:
            raise ShapeError(f"expected a number for each token (samples × tokens); got shape {show_shape(x.shape)}")
        axes = Axis(AxisKind.POSITION, self.token_names), Axis(AxisKind.FEATURE)
        table = builder.parameter("table", (self.tokens, self.width), Role.WEIGHT, _SPREAD, head="E", axes=axes)
        sequence = x.axis(0), Axis(AxisKind.TOKEN, x.axis(1).names), Axis(AxisKind.FEATURE)
        return builder.apply(Gather(), table, x, key="out", role=Role.OUT, axes=sequence, purpose=_LOOKED_UP)


@dataclass(frozen=True)
class PositionEmbedding(Layer):
    """Add a learnt row for each position: out[n, t] = x[n, t] + positions[t].

    Parameters
    ----------
    longest : int
        The most tokens that a sequence can have.

    Raises
    ------
    ShapeError
        If the number is not positive; when it is built, if the input is not sequences, or they are longer.

    References
    ----------
    Gehring et al., "Convolutional Sequence to Sequence Learning" (2017), section 3.1.
    """

    called = "position embedding"
    group = "Rows and sequences"

    longest: Annotated[int, Whole(32)]

    def check(self) -> None:
        check_count("position", self.longest)

    @property
    def name(self) -> str:
        return f"positions {self.longest}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) != 3:
            raise ShapeError(f"expected sequences (samples × tokens × features); got {show_shape(x.shape)}")
        _, tokens, width = x.shape
        if tokens > self.longest:
            raise ShapeError(f"expected sequences of at most {self.longest} tokens, one a position; got {tokens}")
        axes = Axis(AxisKind.POSITION), Axis(AxisKind.FEATURE)
        table = builder.parameter("positions", (self.longest, width), Role.WEIGHT, _SPREAD, head="P", axes=axes)
        used = builder.apply(Slice(0, 0, tokens), table, key="used", purpose=_USED) if tokens < self.longest else table
        return builder.apply(Add(), x, used, key="out", role=Role.OUT, axes=x.axes, purpose=_PLACED)


_LOOKED_UP = Purpose(
    "Each token's number picks its row of the table: what the network knows of it.",
    why="Numbers of tokens have no order that means anything; a row of its own lets the network learn what each is.",
    look="The same token gives the same row of {c}, wherever it stands.",
)
_USED = Purpose(
    "Only so many positions as a sequence has tokens.",
    why="The table has room for longer sequences; what lies behind the last token is not needed now.",
    look="No number changes.",
)
_PLACED = Purpose(
    "Each token plus what is learnt of its position: the same for every sample.",
    why="Attention sees a set of tokens; only what is added here tells it which came first.",
    look="Equal tokens differ in {c} by the rows of {b} for their places.",
)
