"""Connect every input with every output."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from core.builder import Builder
from core.initialisers import ZEROS, check_initialiser
from core.layers.base import (
    Layer,
    activate,
    activation_title,
    check_activation,
    check_count,
    initialiser_for,
)
from core.layers.fields import ANY_ACTIVATION, Initialisation, Names, Subset, Units
from core.ops.base import NO_PURPOSE, Purpose, ShapeError
from core.ops.linear import AddBias, MatMul
from core.ops.shape import Reshape
from core.values import Axis, AxisKind, Role, Value, axes_of


@dataclass(frozen=True)
class Dense(Layer):
    """Connect every input with every output: net = input · weights + bias, out = f(net).

    In sequences it works on each token by itself.

    Parameters
    ----------
    units : int
        How many outputs.
    activation : str or None
        ``relu``, ``leaky_relu``, ``sigmoid``, ``tanh``, ``gelu``, ``softmax``, or ``None`` for out = net.
    bias : bool
        Whether there is a bias.
    initialiser : str or None
        ``he``, ``glorot`` or ``zeros``; ``None`` takes He for the ReLU family and Glorot for the others.
    frozen : frozenset of str
        Which of ``weight`` and ``bias`` are not trained.
    output_names : tuple of str or None
        The names of the outputs (classes).

    Raises
    ------
    ShapeError
        If there are no units, or not as many names; when it is built, if the input is neither rows of numbers nor
        sequences of them.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), chapter 6; rows are samples here.
    """

    called = "dense"
    group = "Rows and sequences"

    units: Units
    activation: Annotated[str | None, ANY_ACTIVATION] = "relu"
    bias: bool = True
    initialiser: Initialisation = None
    frozen: Annotated[frozenset[str], Subset(("weight", "bias"))] = frozenset()
    output_names: Annotated[tuple[str, ...] | None, Names(per="units")] = None

    def check(self) -> None:
        check_count("unit", self.units)
        if self.output_names is not None and len(self.output_names) != self.units:
            raise ShapeError(f"expected {self.units} output names; got {len(self.output_names)}")
        check_activation(self.activation)
        check_initialiser(self.initialiser)
        if not frozenset(self.frozen) <= {"weight", "bias"}:
            raise ValueError(f"expected 'weight' or 'bias' to be frozen; got {sorted(self.frozen)}")

    @property
    def name(self) -> str:
        return f"dense {self.units}" + (f", {activation_title(self.activation)}" if self.activation else "")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) < 2:
            raise ShapeError(f"expected rows of numbers (samples × inputs); got shape {x.shape}")
        if len(x.shape) > 3:
            raise ShapeError(
                f"expected rows of numbers (samples × inputs) or sequences (samples × tokens × inputs); "
                f"got shape {x.shape}; put a Flatten before it"
            )
        outputs = Axis(AxisKind.CLASS if self.output_names else AxisKind.NEURON, self.output_names)
        if len(x.shape) == 2:
            return activate(builder, self._net(builder, x, outputs), self.activation)
        return self._token_by_token(builder, x, outputs)

    def _net(self, builder: Builder, rows: Value, outputs: Axis, key: str = "net", role: Role = Role.NET) -> Value:
        """Append net = rows · w + b."""
        features = rows.shape[-1]
        initialiser = initialiser_for(self.initialiser, self.activation, features, self.units)
        weights = builder.parameter(
            "w",
            (features, self.units),
            Role.WEIGHT,
            initialiser,
            frozen="weight" in self.frozen,
            axes=(replace(rows.axis(-1), names=None), Axis(AxisKind.NEURON)),
        )
        axes = (rows.axis(0), outputs)
        about: dict[str, Any] = {"axes": axes, "purpose": WEIGHTED_SUM}
        if not self.bias:
            return builder.apply(MatMul(), rows, weights, key=key, role=role, **about)
        frozen = "bias" in self.frozen
        axes_of_bias = axes_of(AxisKind.ROW, AxisKind.NEURON)
        bias = builder.parameter("b", (1, self.units), Role.BIAS, ZEROS, frozen=frozen, axes=axes_of_bias)
        total = builder.apply(MatMul(), rows, weights, key="sum", role=Role.SUM, **about)
        purpose = EACH_NEURON if rows.axis(0).kind is AxisKind.SAMPLE else NO_PURPOSE
        return builder.apply(AddBias(), total, bias, key=key, role=role, axes=axes, purpose=purpose)

    def _token_by_token(self, builder: Builder, x: Value, outputs: Axis) -> Value:
        """Append the layer for sequences: all tokens below each other, and back."""
        samples, tokens, features = x.shape
        shape = Reshape((samples * tokens, features))  # N in a formula is the number of samples, not of rows
        rows = builder.apply(shape, x, key="rows", axes=below_each_other(x), purpose=ALL_TOKENS)
        again: dict[str, Any] = {"axes": (x.axis(0), x.axis(1), outputs), "purpose": SEQUENCES_AGAIN}
        shape = Reshape((-1, tokens, self.units))
        if self.activation == "softmax":  # last, so that a loss meets it
            net = self._net(builder, rows, outputs, "net_rows", Role.INTERMEDIATE)
            scores = builder.apply(shape, net, key="net", role=Role.NET, **again)
            return activate(builder, scores, "softmax")
        net = self._net(builder, rows, outputs)
        row = activate(builder, net, self.activation, "out_rows", role=Role.INTERMEDIATE)
        return builder.apply(shape, row, key="out", role=Role.OUT, **again)


WEIGHTED_SUM = Purpose(
    "Each row of {a} meets each column of {b}: their dot product is one weighted sum.",
    why="Each neuron weighs all of its inputs: a column of {b} is what one neuron looks for.",
    look="A cell of {c} is large where a row of {a} and a column of {b} are large in the same places.",
)
EACH_NEURON = Purpose(
    "One bias for each neuron, added to every sample's row.",
    why="Without it every neuron would answer zeros with 0; a bias moves the threshold from which on it responds.",
    look="Every row of {c} differs from its row in {a} by the same numbers.",
)
ALL_TOKENS = Purpose(
    "All tokens of all samples below each other: one product serves them all.",
    why="The same weights serve every token, so all tokens are written below each other as rows of one matrix.",
    look="No number changes.",
)
SEQUENCES_AGAIN = Purpose(
    "Back to sequences: for each sample its tokens, below each other.",
    why="What follows wants to know again which tokens belong to one sample.",
    look="No number changes.",
)


def below_each_other(x: Value) -> tuple[Axis, Axis]:
    """Return the axes of sequences whose tokens stand below each other, sample after sample."""
    tokens = x.axis(1)
    return replace(tokens, repeats=x.shape[0] * tokens.repeats), x.axis(2)
