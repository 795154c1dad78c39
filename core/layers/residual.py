"""Add to a stream instead of replacing it: blocks with a way around them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.builder import Builder
from core.layers.attention import CrossAttention, SelfAttention
from core.layers.base import Layer, activate, activation_title, check_activation, check_count
from core.layers.convolution import Conv2d, check_images
from core.layers.dense import Dense
from core.layers.dropout import Dropout
from core.layers.fields import CELLWISE, LARGEST, Choice, Real, Sizes, Whole
from core.layers.normalization import BatchNorm, LayerNorm, RMSNorm
from core.ops.base import Purpose, ShapeError, show_shape
from core.ops.elementwise import Add
from core.values import Role, Value


@dataclass(frozen=True)
class ResidualBlock(Layer):
    """Two convolutions, and a way around them: out = f(x + norm(conv(f(norm(conv(x)))))).

    Where the filters or the stride change the shape, a convolution of 1 × 1 projects what goes around.

    Parameters
    ----------
    filters : int
        How many feature maps each convolution has.
    stride : int
        That of the first convolution, and of the projection.
    batch_norm : bool
        Whether each convolution is followed by a batch normalisation.

    Raises
    ------
    ShapeError
        If a number is not positive; when it is built, if the input is not images.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), section 3.
    """

    called = "residual block"
    group = "Images"

    filters: Annotated[int, Whole(8)]
    stride: Annotated[int, Whole(1)] = 1
    batch_norm: bool = True

    def check(self) -> None:
        check_count("filter", self.filters)
        check_count("row between neighbouring windows", self.stride)

    @property
    def name(self) -> str:
        return f"residual block {self.filters}" + (f", stride {self.stride}" if self.stride > 1 else "")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        check_images(x.shape)
        hidden = self._convolution(builder, "first", "1st", x, 3, self.stride)
        hidden = self._convolution(builder, "second", "2nd", activate(builder, hidden, "relu", "hidden"), 3, 1)
        around = x
        if x.shape != hidden.shape:
            around = self._convolution(builder, "around", "skip", x, 1, self.stride)
        total = builder.apply(Add(), hidden, around, key="sum", role=Role.SUM, purpose=MEET)
        return activate(builder, total, "relu")

    def _convolution(self, builder: Builder, path: str, mark: str, x: Value, kernel: int, stride: int) -> Value:
        padding, bias = kernel // 2, not self.batch_norm
        layer = Conv2d(self.filters, kernel, stride, padding, activation=None, bias=bias, initialiser="he")
        with builder.part(path, layer.name, mark):
            net = layer.build(builder, x)
            return BatchNorm().build(builder, net) if self.batch_norm else net


@dataclass(frozen=True)
class FeedForward(Layer):
    """Two dense layers on each token, or row, by itself: wide and bent, then as wide as before.

    Parameters
    ----------
    hidden : int or None
        The width in the middle; ``None`` is four times that of the input.
    activation : str or None
        That in the middle.

    Raises
    ------
    ShapeError
        If the width is not positive; when it is built, if the input is neither rows nor sequences.

    References
    ----------
    Vaswani et al., "Attention Is All You Need" (2017), section 3.3.
    """

    called = "feed-forward"
    group = "Rows and sequences"

    hidden: Annotated[int | None, Sizes(counts=(1,), most=LARGEST, none="four times the input")] = None
    activation: Annotated[str | None, CELLWISE] = "gelu"

    def check(self) -> None:
        if self.hidden is not None:
            check_count("neuron", self.hidden)
        check_activation(self.activation)
        if self.activation == "softmax":
            raise ValueError("expected an activation that works cell by cell; got 'softmax'")

    @property
    def name(self) -> str:
        width = f" {self.hidden}" if self.hidden else ""
        return f"feed-forward{width}, {activation_title(self.activation)}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        width = x.shape[-1]
        wide, back = Dense(self.hidden or 4 * width, self.activation), Dense(width, None)
        with builder.part("wide", wide.name):
            middle = wide.build(builder, x)
        with builder.part("back", back.name):
            return back.build(builder, middle)


@dataclass(frozen=True)
class TransformerBlock(Layer):
    """Self-attention and a feed-forward network, each with a way around it.

    With the normalisation before: x = x + attention(norm(x)), out = x + feed_forward(norm(x)); with it after:
    x = norm(x + attention(x)), out = norm(x + feed_forward(x)).

    Parameters
    ----------
    heads : int
        How many heads the attention has.
    hidden : int or None
        The width in the middle of the feed-forward network; ``None`` is four times that of a token.
    causal : bool
        Whether a token sees only itself and what came before it.
    norm_first : bool
        Whether the normalisations come before (pre-norm), or after the sums (post-norm).
    norm : str
        ``layer`` or ``rms``.
    dropout : float
        The rate of dropout after the attention and after the feed-forward network; 0 for none.

    Raises
    ------
    ShapeError
        If a number is out of its range; when it is built, if the input is not sequences, or the heads do not divide
        the width of a token.
    ValueError
        If there is no such normalisation.

    References
    ----------
    Vaswani et al., "Attention Is All You Need" (2017); Xiong et al., "On Layer Normalization in the Transformer
    Architecture" (2020).
    """

    called = "transformer block"
    group = "Rows and sequences"
    parts: ClassVar[tuple[str, ...]] = ("attention", "forward")

    heads: Annotated[int, Whole(most=100)] = 1
    hidden: Annotated[int | None, Sizes(counts=(1,), most=LARGEST, none="four times the input")] = None
    causal: bool = True
    norm_first: bool = True
    norm: Annotated[str, Choice((("layer", "layer"), ("rms", "RMS")))] = "layer"
    dropout: Annotated[float, Real(0.0, 1.0, open="most")] = 0.0

    def check(self) -> None:
        check_count("head", self.heads)
        if self.norm not in ("layer", "rms"):
            raise ValueError(f"expected a normalisation 'layer' or 'rms'; got {self.norm!r}")
        Dropout(self.dropout)
        FeedForward(self.hidden)

    @property
    def name(self) -> str:
        heads = "1 head" if self.heads == 1 else f"{self.heads} heads"
        return f"{self.called}, {heads}" + (", causal" if self.causal else "")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) != 3:
            raise ShapeError(f"expected sequences (samples × tokens × features); got {show_shape(x.shape)}")
        x = self._around(builder, x, "attention", SelfAttention(self.heads, causal=self.causal), "sum", Role.SUM)
        return self._around(builder, x, "forward", FeedForward(self.hidden), "out", Role.OUT)

    def _around(
        self, builder: Builder, x: Value, path: str, layer: Layer, key: str, role: Role, *others: Value
    ) -> Value:
        """Append a layer, the way around it, and its normalisation; what it reads besides is not normalised."""
        inner = self._normal(builder, path, x) if self.norm_first else x
        with builder.part(path, layer.name, _MARKS[path]):
            inner = layer.build(builder, inner, *others)
        if self.dropout:
            dropout = Dropout(self.dropout)
            with builder.part(f"{path}_dropout", dropout.name, f"d{self._number(path)}"):
                inner = dropout.build(builder, inner)
        total = builder.apply(Add(), inner, x, key=key, role=role, axes=x.axes, purpose=MEET)
        return total if self.norm_first else self._normal(builder, path, total)

    def _number(self, path: str) -> int:
        """Return the number of a part that has a way around it."""
        return 1 + self.parts.index(path)

    def _normal(self, builder: Builder, path: str, x: Value) -> Value:
        norm: Layer = LayerNorm() if self.norm == "layer" else RMSNorm()
        number = self._number(path)
        with builder.part(f"{path}_norm", f"{norm.name} {number}", f"n{number}"):
            return norm.build(builder, x)


@dataclass(frozen=True)
class DecoderBlock(TransformerBlock):
    """Self-attention, cross-attention to a memory and a feed-forward network, each with a way around it.

    The memory is its second input, and reaches the cross-attention as it is. With the normalisation before:
    x = x + attention(norm(x)), x = x + cross(norm(x), memory), out = x + feed_forward(norm(x)); with it after:
    x = norm(x + attention(x)), x = norm(x + cross(x, memory)), out = norm(x + feed_forward(x)). Its fields are those of
    a transformer block.

    Raises
    ------
    ShapeError
        If a number is out of its range; when it is built, if an input is not sequences, or the heads do not divide the
        width of a token.
    ValueError
        If there is no such normalisation.

    References
    ----------
    Vaswani et al., "Attention Is All You Need" (2017), section 3.1: the decoder.
    """

    takes = 2
    called = "decoder block"
    parts = ("attention", "cross", "forward")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        x, memory = inputs
        for value, what in ((x, "sequences"), (memory, "the memory to be sequences")):
            if len(value.shape) != 3:
                raise ShapeError(f"expected {what} (samples × tokens × features); got {show_shape(value.shape)}")
        x = self._around(builder, x, "attention", SelfAttention(self.heads, causal=self.causal), "sum", Role.SUM)
        x = self._around(builder, x, "cross", CrossAttention(self.heads), "sum", Role.SUM, memory)
        return self._around(builder, x, "forward", FeedForward(self.hidden), "out", Role.OUT)


_MARKS = {"attention": "att", "cross": "cross", "forward": ""}
"""What formulas write for the parts of a block; what is in the feed-forward network has marks of its own."""

MEET = Purpose(
    "What the layers add, plus what went around them.",
    why="The layers only learn what is to be added; what went around reaches the next block, and its gradient comes "
    "back, whatever they do.",
    look="A sum hands its gradient to both sides unchanged.",
)
