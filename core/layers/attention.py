"""Let every token of a sequence look at the others, or at those of another sequence: attention."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from core.builder import Builder
from core.initialisers import Initialiser
from core.layers.base import Layer, check_count
from core.layers.dense import ALL_TOKENS, SEQUENCES_AGAIN, WEIGHTED_SUM
from core.layers.fields import LARGEST, Names, Sizes, Whole
from core.ops.base import NO_PURPOSE, Op, Purpose, ShapeError, show_shape
from core.ops.elementwise import Scale
from core.ops.linear import MatMul
from core.ops.mask import CausalMask
from core.ops.shape import Reshape, Transpose
from core.ops.slices import Slice
from core.ops.softmax import Softmax
from core.values import Axes, Axis, AxisKind, Role, Shape, Value, axes_of


@dataclass(frozen=True)
class SelfAttention(Layer):
    """Mix tokens by how well their queries and keys match: A = softmax(Q · Kᵀ / sqrt(d_k)), out = A · V · W_O.

    Q = X · W_Q, K = X · W_K and V = X · W_V are cut into heads, each of which attends by itself.

    Parameters
    ----------
    heads : int
        How many heads; it divides ``width``.
    width : int or None
        The width of Q, K and V, all heads together; ``None`` is the width of a token.
    causal : bool
        Whether a token sees only itself and what came before it.
    token_names : tuple of str or None
        What the tokens are called; ``None`` numbers them from 1.

    Raises
    ------
    ShapeError
        If the input is not sequences of tokens, or the heads do not divide the width.

    References
    ----------
    Vaswani et al., "Attention Is All You Need" (2017), section 3.2.
    """

    called = "self-attention"
    group = "Rows and sequences"

    heads: Annotated[int, Whole(most=100)] = 1
    width: Annotated[int | None, Sizes(counts=(1,), most=LARGEST, none="as a token")] = None
    causal: bool = False
    token_names: Annotated[tuple[str, ...] | None, Names()] = None

    def check(self) -> None:
        check_count("head", self.heads)
        if self.width is not None:
            check_count("feature of Q, K and V", self.width)

    @property
    def name(self) -> str:
        heads = "1 head" if self.heads == 1 else f"{self.heads} heads"
        return f"self-attention, {heads}" + (", causal" if self.causal else "")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        tokens, features = _sequence(x.shape)
        width = _fitting_width(self.width, features, self.heads)
        if self.token_names is not None and len(self.token_names) != tokens:
            raise ShapeError(f"expected {tokens} token names, one for each token; got {len(self.token_names)}")
        return _Attention(builder, x, x, width, self.heads, self.causal, self.token_names).build()


@dataclass(frozen=True)
class CrossAttention(Layer):
    """Let tokens look at another sequence, the memory: A = softmax(Q · Kᵀ / sqrt(d_k)), out = A · V · W_O.

    Q = X · W_Q is made of the first input, K = M · W_K and V = M · W_V of the second.

    Parameters
    ----------
    heads : int
        How many heads; it divides ``width``.
    width : int or None
        The width of Q, K and V, all heads together; ``None`` is the width of a token of the first input.

    Raises
    ------
    ShapeError
        If an input is not sequences of tokens, or the heads do not divide the width.

    References
    ----------
    Vaswani et al., "Attention Is All You Need" (2017), section 3.2.3: encoder-decoder attention.
    """

    takes = 2
    called = "cross-attention"
    group = "Rows and sequences"

    heads: Annotated[int, Whole(most=100)] = 1
    width: Annotated[int | None, Sizes(counts=(1,), most=LARGEST, none="as a token")] = None

    def check(self) -> None:
        check_count("head", self.heads)
        if self.width is not None:
            check_count("feature of Q, K and V", self.width)

    @property
    def name(self) -> str:
        return f"cross-attention, {self.heads} head{'s' if self.heads > 1 else ''}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        x, memory = inputs
        _, features = _sequence(x.shape)
        _sequence(memory.shape, "the memory to be sequences")
        return _Attention(builder, x, memory, _fitting_width(self.width, features, self.heads), self.heads).build()


def _fitting_width(width: int | None, features: int, heads: int) -> int:
    """Return the width of Q, K and V, which the heads divide."""
    width = features if width is None else width
    if width % heads:
        fitting = ", ".join(str(count) for count in range(1, width + 1) if width % count == 0)
        raise ShapeError(f"expected a number of heads that divides the width {width}: {fitting}; got {heads}")
    return width


@dataclass(frozen=True)
class LastToken(Layer):
    """Go on with the last token of every sequence: the one that has seen all others.

    Raises
    ------
    ShapeError
        If the input is not sequences of tokens.
    """

    called = "last token"
    group = "Rows and sequences"

    @property
    def name(self) -> str:
        return "last token"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        tokens, features = _sequence(x.shape)
        samples, sequence, columns = (x.axis(number) for number in range(3))
        last = replace(sequence, names=(sequence.names or ())[-1:] or None)
        cut = builder.apply(
            Slice(1, tokens - 1, tokens), x, key="last", role=Role.OUT, axes=(samples, last, columns), purpose=_LAST
        )
        shape = Reshape((-1, features))
        return builder.apply(shape, cut, key="row", role=Role.OUT, axes=(samples, columns), purpose=_ROW)


_LAST = Purpose(
    "Only the last token goes on: the question, which has looked at all others.",
    why="The question is the last token, and the answer is read off it; the other tokens have handed on what they had.",
    look="{c} is a copy of the last token's row of {a}.",
)
_ROW = Purpose(
    "One token a sample is one row a sample.",
    why="A dense layer wants rows of numbers, and one token a sample makes one row.",
    look="No number changes.",
)


@dataclass(frozen=True)
class _Attention:
    """The steps of one attention layer, whose keys and values are made of the memory."""

    builder: Builder
    x: Value
    memory: Value
    width: int
    heads: int
    causal: bool = False
    token_names: tuple[str, ...] | None = None

    def build(self) -> Value:
        tokens, features = _sequence(self.x.shape)
        of = {"q": self.x, "k": self.memory, "v": self.memory}
        weights = {letter: self._weight(letter, source.shape[2], self.width) for letter, source in of.items()}
        last = self._weight("o", self.width, features)
        rows = {self.x: self._below_each_other("rows", "X", self.x)}
        if self.memory not in rows:
            rows[self.memory] = self._below_each_other("memory_rows", "M", self.memory)
        query, key, value = (self._project(letter, of[letter], rows, weight) for letter, weight in weights.items())
        tokens_of_x = self._tokens(self.x)
        mixed = self._step(
            "heads", MatMul(), self._weights(query, key), value, axes=(*self._heads, tokens_of_x, _FEATURE)
        )
        joined = self._join(mixed)
        rows_out = (self._rows(self.x), _features(self.x))
        net = self._step("net", MatMul(), joined, last, role=Role.NET, axes=rows_out)
        shape = Reshape((-1, tokens, features))
        return self._step("out", shape, net, role=Role.OUT, axes=(_SAMPLE, tokens_of_x, _features(self.x)))

    def _below_each_other(self, key: str, head: str, source: Value) -> Value:
        """Append all tokens of all samples of a sequence below each other; N in a formula is the number of samples."""
        shape = Reshape((source.shape[0] * source.shape[1], source.shape[2]))
        return self._step(key, shape, source, head=head, axes=(self._rows(source), _features(source)))

    def _weight(self, letter: str, inputs: int, outputs: int) -> Value:
        return self.builder.parameter(
            f"w_{letter}",
            (inputs, outputs),
            Role.WEIGHT,
            Initialiser("glorot", inputs, outputs),
            head=rf"W^{{{letter.upper()}}}",
            axes=(_FEATURE, _FEATURE),
        )

    def _weights(self, query: Value, key: Value) -> Value:
        """Append Q · Kᵀ, its scaling, the mask and the softmax."""
        pairs = (*self._heads, self._tokens(self.x), self._tokens(self.memory))
        scores = self._step("scores", MatMul(transpose_b=True), query, key, axes=pairs)
        width = query.shape[-1]
        factor = self.builder.constant(f"one_over_root_{width}", width**-0.5, rf"\frac{{1}}{{\sqrt{{{width}}}}}")
        scaled = self._step("scaled", Scale(), factor, scores, axes=pairs)
        if self.causal:
            scaled = self._step("masked", CausalMask(), scaled, axes=pairs)
        return self._step("weights", Softmax(), scaled, head="A", axes=pairs)

    def _project(self, letter: str, source: Value, rows: Mapping[Value, Value], weight: Value) -> Value:
        """Append the projection to Q, K or V and its cut into heads, (N, h, T, d_k); one head is (N, T, d_k)."""
        head = letter.upper()
        projected = self._step(letter, MatMul(), rows[source], weight, head=head, axes=(self._rows(source), _FEATURE))
        tokens, heads = source.shape[1], self.heads
        width = self.width // heads
        by_head = rf"{head}^{{\mathrm{{heads}}}}"
        axes = (*self._heads, self._tokens(source), _FEATURE)
        if heads == 1:
            return self._step(f"{letter}_heads", Reshape((-1, tokens, width)), projected, head=by_head, axes=axes)
        by_token = rf"{head}^{{\mathrm{{split}}}}"
        shape = Reshape((-1, tokens, heads, width))
        split_axes = (_SAMPLE, self._tokens(source), _HEAD, _FEATURE)
        split = self._step(
            f"{letter}_split", shape, projected, head=by_token, axes=split_axes, purpose=_PURPOSES["split"]
        )
        purpose = _PURPOSES["by_head"]
        return self._step(f"{letter}_heads", Transpose((0, 2, 1, 3)), split, head=by_head, axes=axes, purpose=purpose)

    def _join(self, heads: Value) -> Value:
        """Append the concatenation of the heads, (N T, h d_k)."""
        if self.heads > 1:
            axes = (_SAMPLE, self._tokens(self.x), _HEAD, _FEATURE)
            heads = self._step("joined", Transpose((0, 2, 1, 3)), heads, axes=axes)
        shape = Reshape((self.x.shape[0] * self.x.shape[1], self.width))
        return self._step("concat", shape, heads, axes=(self._rows(self.x), _FEATURE))

    def _step(self, key: str, op: Op, *inputs: Value, **about: Any) -> Value:
        about.setdefault("purpose", _PURPOSES.get(key, NO_PURPOSE))
        return self.builder.apply(op, *inputs, key=key, **about)

    @property
    def _heads(self) -> Axes:
        """The axes before those of a matrix: the samples, and the heads where there are several."""
        return (_SAMPLE, _HEAD) if self.heads > 1 else (_SAMPLE,)

    def _tokens(self, source: Value) -> Axis:
        given = self.token_names or source.axis(1).names
        return Axis(AxisKind.TOKEN, given or tuple(str(position + 1) for position in range(source.shape[1])))

    def _rows(self, source: Value) -> Axis:
        return replace(self._tokens(source), repeats=source.shape[0])


def _features(source: Value) -> Axis:
    return Axis(AxisKind.FEATURE, source.axis(2).names)


_SAMPLE, _HEAD, _FEATURE = axes_of(AxisKind.SAMPLE, AxisKind.HEAD, AxisKind.FEATURE)
_PURPOSES = {
    "rows": ALL_TOKENS,
    "memory_rows": replace(ALL_TOKENS, says="All tokens of the memory below each other: one product serves them all."),
    "q": Purpose(
        "The query of each token: what it looks for in the others.",
        why="What a token asks is learnt: {b} turns its features into a query that keys can be compared with.",
        look="Tokens that ask alike have rows alike in {c}.",
    ),
    "k": Purpose(
        "The key of each token: what it can be found by.",
        why="What a token offers to be found by is learnt, too, and need not be what it asks for.",
        look="Compare with the queries: a match is a large dot product.",
    ),
    "v": Purpose(
        "The value of each token: what it has to give.",
        why="What is handed on is learnt apart from how it is found.",
        look="The rows of {c} are what will be mixed by the weights.",
    ),
    "split": Purpose(
        "Cut each token's row into one piece a head.",
        why="Several heads attend to different things at a time; each gets its own piece of the width.",
        look="No number changes.",
    ),
    "by_head": Purpose(
        "The heads come first: each attends by itself.",
        why="Products work on the last two axes, so for each head those must be its tokens and its features.",
        look="No number changes.",
    ),
    "scores": Purpose(
        "Each query meets each key: their dot product says how well they match.",
        why="A dot product is large where two rows point the same way: so a query finds its keys.",
        look="A row belongs to the token that asks, a column to the one that is asked.",
    ),
    "scaled": Purpose(
        "Dot products grow with the width of a head; divided by its root they keep their size.",
        why="Without it large scores would push softmax to its flat ends, where hardly any gradient passes.",
        look="The pattern of {c} is that of {b}.",
    ),
    "weights": Purpose(
        "Each row becomes weights that add up to 1: how much a token looks at each other.",
        why="Values are mixed in shares, so the scores of a token become shares that add up to 1.",
        look="Each row is where one token looks; a row with a single large cell copies one value.",
    ),
    "heads": Purpose(
        "Each token takes from every value as much as its weight for it.",
        why="Now information moves between tokens: each row of {c} is a mean of the rows of {b}, weighted "
        "by a row of {a}.",
        look="Where a weight is near 1, the row of that value is found again in {c}.",
    ),
    "joined": Purpose(
        "The tokens come first again, with all their heads.",
        why="The heads have done their part by themselves; their results belong to one token again.",
        look="No number changes.",
    ),
    "concat": Purpose(
        "The heads of a token side by side, as one row.",
        why="One matrix is to mix what all heads of a token found, so all of it stands in one row.",
        look="No number changes.",
    ),
    "net": replace(WEIGHTED_SUM, why="It mixes what the heads found, and gives it the width that the token came with."),
    "out": SEQUENCES_AGAIN,
}
"""What the steps are for, by the names of their values."""


def _sequence(shape: Shape, what: str = "sequences") -> tuple[int, int]:
    if len(shape) != 3:
        raise ShapeError(f"expected {what} (samples × tokens × features); got {show_shape(shape)}")
    return shape[1], shape[2]
