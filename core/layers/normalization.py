"""Bring numbers to mean 0 and spread 1: of a sample, or of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from core.builder import Builder
from core.initialisers import ZEROS, filled
from core.layers.base import Layer
from core.layers.fields import Real
from core.ops.base import Op, Purpose, ShapeError, show_shape
from core.ops.elementwise import Add, Divide, Hadamard, Scale, Subtract
from core.ops.limits import Shift
from core.ops.powers import Sqrt, Square
from core.ops.reduce import Mean
from core.values import Axes, Range, Role, Shape, Value, is_number

_EPSILON = Real(0.0, 1.0, open="least")
Epsilon = Annotated[float, _EPSILON]


@dataclass(frozen=True)
class _Normalisation(Layer, abstract=True):
    """What the normalisations have in common: the steps, and the scale and the shift that are learnt."""

    group = "Normalisation"

    epsilon: Epsilon = 1e-5

    def check(self) -> None:
        if not is_number(self.epsilon) or not 0 < self.epsilon <= 1:
            raise ShapeError(f"expected an epsilon above 0 to 1; got {self.epsilon!r}")

    @property
    def name(self) -> str:
        return self.called

    def centered(self, builder: Builder, x: Value, mean: Value) -> Value:
        """Append x less its mean."""
        return builder.apply(Subtract(), x, mean, key="centered", purpose=_CENTERED)

    def mean_square(self, builder: Builder, x: Value, axes: tuple[int, ...], key: str, **about: Any) -> Value:
        """Append the mean of the squares along axes."""
        squares = builder.apply(Square(), x, key="squares", purpose=_SQUARES)
        return builder.apply(Mean(axes, keepdims=True), squares, key=key, range=Range.NON_NEGATIVE, **about)

    def over_root(self, builder: Builder, x: Value, variance: Value, purpose: Purpose) -> Value:
        """Append x over the root of its variance, with a small number below the root."""
        epsilon = builder.constant(builder.scope.key("epsilon"), self.epsilon, r"\epsilon")
        above = builder.apply(Shift(), epsilon, variance, key="variance_plus", head="v", purpose=_PLUS)
        deviation = builder.apply(Sqrt(), above, key="deviation", head=r"\sigma", purpose=_DEVIATION)
        return builder.apply(Divide(), x, deviation, key="normal", head=r"\hat{x}", purpose=purpose)

    def scaled(self, builder: Builder, normal: Value, shape: Shape, axes: Axes, *, shift: bool = True) -> Value:
        """Append the scale and the shift that are learnt."""
        purposes = _OF_EACH[4 if len(normal.shape) == 4 else 2]
        gamma = builder.parameter("scale", shape, Role.WEIGHT, filled(1.0), head=r"\gamma", axes=axes)
        if not shift:
            return builder.apply(Hadamard(), normal, gamma, key="out", role=Role.OUT, purpose=purposes["scaled"])
        scaled = builder.apply(Hadamard(), normal, gamma, key="scaled", purpose=purposes["scaled"])
        beta = builder.parameter("shift", shape, Role.BIAS, ZEROS, head=r"\beta", axes=axes)
        return builder.apply(Add(), scaled, beta, key="out", role=Role.OUT, purpose=purposes["shifted"])


@dataclass(frozen=True)
class LayerNorm(_Normalisation):
    """Bring each row, or each token, to mean 0 and spread 1: out = gamma (x - mean) / sqrt(variance + epsilon) + beta.

    Parameters
    ----------
    epsilon : float
        What is added below the root.

    Raises
    ------
    ShapeError
        If epsilon is not positive; when it is built, if the input is neither rows nor sequences.

    References
    ----------
    Ba, Kiros and Hinton, "Layer Normalization" (2016); PyTorch's ``LayerNorm`` over the last axis.
    """

    called = "layer normalisation"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        axes = _last_axis(x.shape)
        mean = builder.apply(Mean(axes, keepdims=True), x, key="mean", head=r"\mu", purpose=_MEAN_OF_ROW)
        centered = self.centered(builder, x, mean)
        about = {"head": r"\sigma^{2}", "purpose": _VARIANCE_OF_ROW}
        variance = self.mean_square(builder, centered, axes, "variance", **about)
        normal = self.over_root(builder, centered, variance, _NORMAL)
        return self.scaled(builder, normal, x.shape[-1:], x.axes[-1:])


@dataclass(frozen=True)
class RMSNorm(_Normalisation):
    """Bring the mean square of each row, or each token, to 1: out = gamma x / sqrt(mean square + epsilon).

    Parameters
    ----------
    epsilon : float
        What is added below the root.

    Raises
    ------
    ShapeError
        If epsilon is not positive; when it is built, if the input is neither rows nor sequences.

    References
    ----------
    Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019); PyTorch's ``RMSNorm`` with this epsilon.
    """

    called = "RMS normalisation"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        axes = _last_axis(x.shape)
        about = {"head": "m", "purpose": _MEAN_SQUARE}
        square = self.mean_square(builder, x, axes, "mean_square", **about)
        normal = self.over_root(builder, x, square, _ROOT_MEAN_SQUARE)
        return self.scaled(builder, normal, x.shape[-1:], x.axes[-1:], shift=False)


@dataclass(frozen=True)
class BatchNorm(_Normalisation):
    """Bring each column of a batch, or each channel of its images, to mean 0 and spread 1.

    out = gamma (x - mean) / sqrt(variance + epsilon) + beta. While a network learns, mean and variance are those of
    the batch, and a running average of them is kept; when it has learnt, the running ones take their place.

    Parameters
    ----------
    epsilon : float
        What is added below the root.
    momentum : float
        The share of the way that a running average moves towards a batch, from 0 to 1. Into that of the variance goes
        the one divided by one less than the count, as in PyTorch.

    Raises
    ------
    ShapeError
        If a number is out of its range; when it is built, if the input is neither rows nor images, or the batch has
        one number for each column, which has no variance.

    References
    ----------
    Ioffe and Szegedy, "Batch Normalization" (2015); PyTorch's ``BatchNorm1d`` and ``BatchNorm2d``.
    """

    momentum: Annotated[float, Real(0.0, 1.0)] = 0.1

    called = "batch normalisation"

    def check(self) -> None:
        super().check()
        if not is_number(self.momentum) or not 0 <= self.momentum <= 1:
            raise ShapeError(f"expected a momentum from 0 to 1; got {self.momentum!r}")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) not in (2, 4):
            raise ShapeError(
                f"expected rows of numbers (samples × inputs) or images (samples × channels × height × width); "
                f"got shape {show_shape(x.shape)}"
            )
        axes = (0,) if len(x.shape) == 2 else (0, 2, 3)
        averaging, purposes = Mean(axes, keepdims=True), _OF_EACH[len(x.shape)]
        kept, of_kept = averaging.kept(x.shape), averaging.output_axes(x)
        running = [
            builder.running_state(name, kept, first, head=head, axes=of_kept, range=span)
            for name, first, head, span in _RUNNING
        ]
        if not builder.training:
            centered, variance = self.centered(builder, x, running[0]), running[1]
        else:
            mean = builder.apply(averaging, x, key="mean", head=r"\mu", purpose=purposes["mean"])
            centered = self.centered(builder, x, mean)
            about = {"head": r"\sigma^{2}", "purpose": purposes["variance"]}
            variance = self.mean_square(builder, centered, axes, "variance", **about)
            _Running(builder, self, averaging.count(x.shape), running).follow(mean, variance)
        normal = self.over_root(builder, centered, variance, purposes["normal"])
        return self.scaled(builder, normal, kept, of_kept)


class _Running:
    """The running averages of a batch normalisation, and the steps of the update that move them."""

    def __init__(self, builder: Builder, layer: BatchNorm, count: int, running: list[Value]) -> None:
        if count < 2:
            raise ShapeError(
                "expected a batch of at least 2 samples: a single number for each column has no variance; got 1"
            )
        self._builder, self._scope, self._count = builder, builder.scope, count
        self._momentum, self._running = layer.momentum, running

    def follow(self, mean: Value, variance: Value) -> None:
        """Have the running averages follow those of the batch, at the end of the iteration."""
        self._seen = mean, variance
        self._builder.later(self._append)

    def _append(self) -> None:
        builder, scope, (mean, variance) = self._builder, self._scope, self._seen
        share = builder.constant(scope.key("momentum"), self._momentum, f"{self._momentum:g}")
        factor = self._count / (self._count - 1)
        text = rf"\frac{{{self._count}}}{{{self._count - 1}}}"
        unbiased = builder.constant(scope.key("unbiased"), factor, text)
        whole = self._step("whole_variance", Scale(), unbiased, variance, head="s^{2}", purpose=_UNBIASED)
        for before, seen in zip(self._running, (mean, whole), strict=True):
            about: dict[str, Any] = {"subject": before.key}
            gap = self._step(
                f"{before.name}_gap", Subtract(), seen, before, head=r"\mathrm{gap}", purpose=_GAP, **about
            )
            about["role"] = Role.CHANGE
            change = self._step(f"change_{before.name}", Scale(), share, gap, purpose=_SHARE, **about)
            about = {"role": Role.UPDATED, "subject": before.key, "axes": before.axes, "range": before.range}
            after = self._step(f"new_{before.name}", Add(), before, change, purpose=_FOLLOWED, **about)
            builder.hand_on(before, after)

    def _step(self, key: str, op: Op, *inputs: Value, **about: Any) -> Value:
        return self._builder.apply(op, *inputs, key=key, scope=self._scope, **about)


def _last_axis(shape: Shape) -> tuple[int]:
    if len(shape) not in (2, 3):
        raise ShapeError(
            f"expected rows of numbers (samples × inputs) or sequences (samples × tokens × inputs); "
            f"got shape {show_shape(shape)}"
        )
    return (len(shape) - 1,)


_RUNNING = (
    ("running_mean", ZEROS, r"\mu^{\mathrm{run}}", Range.SIGNED),
    ("running_variance", filled(1.0), r"v^{\mathrm{run}}", Range.NON_NEGATIVE),
)
_CENTERED = Purpose(
    "What is left of each number without the mean: {a} minus {b}.",
    why="The numbers of {c} lie around 0, wherever those of {a} lay.",
    look="The sign of a cell of {c} says whether it was above or below the mean.",
)
_SQUARES = Purpose(
    "Every cell times itself: how far it is from 0, whatever its sign.",
    why="The spread of numbers is measured by the mean of their squares.",
    look="The largest cells of {c} decide most of the spread.",
)
_PLUS = Purpose(
    "A small number is added, so that nothing is divided by 0.",
    why="Where all numbers are alike the variance is 0, and 0 cannot divide.",
    look="{c} looks like {b}; only a variance that is almost 0 changes noticeably.",
)
_DEVIATION = Purpose(
    "The root of the variance: the spread, in the units of the numbers themselves.",
    why="A variance is a mean of squares; its root is how far from the middle a number usually is.",
    look="Small spreads will blow up what they divide, large ones will shrink it.",
)
_MEAN_OF_ROW = Purpose(
    "The mean of each row: one number for each sample or token.",
    why="Each sample, or each token, is brought to mean 0 by itself, whatever else is in the batch.",
    look="A row of {a} whose numbers are large has a large mean in {c}.",
)
_VARIANCE_OF_ROW = Purpose(
    "The variance of each row: the mean of the squares.",
    why="How far the numbers of a row are spread says by how much they must be divided to have spread 1.",
    look="Rows with a few extreme numbers have the largest variance.",
)
_NORMAL = Purpose(
    "Each row has mean 0 and spread 1 now.",
    why="What follows meets numbers of the same size, however large those of this layer have grown.",
    look="Compare the rows of {c}: they are all of one size, though those of {a} were not.",
)
_MEAN_SQUARE = Purpose(
    "The mean of the squares of each row: one number for each sample or token.",
    why="It says how large the numbers of a row are; no mean is taken off, which saves steps.",
    look="A row with large numbers, of whichever sign, has a large cell in {c}.",
)
_ROOT_MEAN_SQUARE = Purpose(
    "Each row over the root of its mean square: all rows are of one size now.",
    why="What follows meets numbers of the same size, however large those of this layer have grown.",
    look="Signs stay, and so do the ratios within a row.",
)
_UNBIASED = Purpose(
    "The variance as it is estimated for all samples, of which the batch is a few.",
    why="The mean of a batch lies nearer to its samples than that of all does, so its variance is a little too small.",
    look="The pattern of {c} is that of {b}; the larger the batch, the nearer the factor is to 1.",
)
_GAP = Purpose(
    "How far the batch is from the running average so far.",
    why="A running average moves towards what is new, so it must know how far away that is.",
    look="Where {c} is near 0, the batch is what the average expected.",
)
_SHARE = Purpose(
    "The running average moves by this share of the way.",
    why="Only a share of the gap is taken, so that one odd batch cannot throw the average about.",
    look="{c} has the pattern of {b}.",
)
_FOLLOWED = Purpose(
    "The running average: before, plus the change, is after. It is used when the network has learnt.",
    why="A single sample has no batch to be compared with; then the averages over many batches take its place.",
    look="Compare {a} with {c}: the average moves slowly.",
)


def _of_each(noun: str) -> Mapping[str, Purpose]:
    """Return what the steps are for that do the same to every column of rows, or to every channel of images."""
    return {
        "mean": Purpose(
            f"The mean of each {noun} over the batch.",
            why=f"Each {noun} is brought to mean 0 over the samples of the batch, so a sample's numbers depend on the "
            "others.",
            look="Take another batch, and {c} changes a little.",
        ),
        "variance": Purpose(
            f"The variance of each {noun} over the batch.",
            why=f"How far a {noun} is spread over the batch says by how much it must be divided to have spread 1.",
            look=f"A {noun} that is nearly the same in all samples has a variance near 0.",
        ),
        "normal": Purpose(
            f"Each {noun} over its spread.",
            why=f"What follows meets {noun}s of one size, whatever the weights before them have become.",
            look=f"No {noun} of {{c}} is much larger than another.",
        ),
        "scaled": Purpose(
            f"Each {noun} times its own scale, which is learnt.",
            why=f"Not every {noun} need have spread 1: the network may undo that where it helps.",
            look=f"{{b}} begins with ones; where it has moved, the network wants that {noun} larger or smaller.",
        ),
        "shifted": Purpose(
            f"Each {noun} plus its own shift, which is learnt.",
            why=f"Not every {noun} need have mean 0: the network may move it where that helps.",
            look="{b} begins with zeros, so at first {c} is {a}.",
        ),
    }


_OF_EACH = {2: _of_each("column"), 4: _of_each("channel")}
"""By how many axes what is normalised has; sequences have columns, as rows have."""
