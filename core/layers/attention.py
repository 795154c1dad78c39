"""Let every token of a sequence look at the others: self-attention."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.layers.base import Layer, Parameter, check_count
from core.ops.base import ShapeError, show_shape
from core.ops.elementwise import Scale
from core.ops.linear import MatMul
from core.ops.mask import CausalMask
from core.ops.shape import Reshape, Transpose
from core.ops.slices import Slice
from core.ops.softmax import Softmax
from core.program import Builder
from core.values import Role, Shape, Value

AxisNames = tuple[tuple[str, ...] | None, ...]


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
    Vaswani et al., "Attention Is All You Need" (2017), section 3.2; seed 002, "Attention Mechanism".
    """

    heads: int = 1
    width: int | None = None
    causal: bool = False
    token_names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Check the arguments."""
        check_count("attention", "head", self.heads)
        if self.width is not None:
            check_count("attention", "feature of Q, K and V", self.width)

    @property
    def name(self) -> str:
        heads = "1 head" if self.heads == 1 else f"{self.heads} heads"
        return f"self-attention, {heads}" + (", causal" if self.causal else "")

    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        tokens, features = _sequence(shape)
        width = features if self.width is None else self.width
        if width % self.heads:
            fitting = ", ".join(str(heads) for heads in range(1, width + 1) if width % heads == 0)
            raise ShapeError(f"expected a number of heads that divides the width {width}: {fitting}; got {self.heads}")
        if self.token_names is not None and len(self.token_names) != tokens:
            raise ShapeError(f"expected {tokens} token names, one for each token; got {len(self.token_names)}")
        for letter in "qkv":
            yield _weight(letter, number, features, width)
        yield _weight("o", number, width, features)

    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        return _Attention(builder, x, number, parameters, self).build()


@dataclass(frozen=True)
class LastToken(Layer):
    """Go on with the last token of every sequence: the one that has seen all others.

    Raises
    ------
    ShapeError
        If the input is not sequences of tokens.
    """

    @property
    def name(self) -> str:
        return "last token"

    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        _sequence(shape)
        return iter(())

    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        tokens, features = _sequence(x.shape)
        names = x.axis_names or (None, None, None)
        about: dict[str, Any] = {"layer": number, "role": Role.OUT}
        last = (names[1] or ())[-1:] or None
        cut = builder.apply(
            Slice(1, tokens - 1, tokens),
            x,
            key=f"last_{number}",
            symbol=rf"\mathrm{{last}}_{{{number}}}",
            axis_names=(None, last, names[2]),
            **about,
        )
        symbol = rf"\mathrm{{row}}_{{{number}}}"
        shape = Reshape((-1, features))
        return builder.apply(shape, cut, key=f"row_{number}", symbol=symbol, axis_names=(None, names[2]), **about)


@dataclass(frozen=True)
class _Attention:
    """The steps of one attention layer."""

    builder: Builder
    x: Value
    number: int
    parameters: dict[str, Value]
    layer: SelfAttention

    def build(self) -> Value:
        tokens, features = _sequence(self.x.shape)
        rows = self._step("rows", Reshape((-1, features)), self.x, symbol="X", names=(self._rows, self._features))
        query, key, value = (self._project(letter, rows) for letter in "qkv")
        weights = self._weights(query, key)
        heads = self._step("heads", MatMul(), weights, value, names=(self._tokens, None))
        joined = self._join(heads)
        net = self._step(
            "net",
            MatMul(),
            joined,
            self.parameters[f"w_o_{self.number}"],
            role=Role.NET,
            names=(self._rows, self._features),
        )
        shape = Reshape((-1, tokens, features))
        return self._step("out", shape, net, role=Role.OUT, names=(self._tokens, self._features))

    def _weights(self, query: Value, key: Value) -> Value:
        """Append Q · Kᵀ, its scaling, the mask and the softmax."""
        pairs = (self._tokens, self._tokens)
        scores = self._step("scores", MatMul(transpose_b=True), query, key, names=pairs)
        width = query.shape[-1]
        factor = self.builder.constant(f"one_over_root_{width}", width**-0.5, rf"\frac{{1}}{{\sqrt{{{width}}}}}")
        scaled = self._step("scaled", Scale(), factor, scores, names=pairs)
        if self.layer.causal:
            scaled = self._step("masked", CausalMask(), scaled, names=pairs)
        return self._step("weights", Softmax(), scaled, symbol="A", names=pairs)

    def _project(self, letter: str, rows: Value) -> Value:
        """Append the projection to Q, K or V and its cut into heads, (N, h, T, d_k); one head is (N, T, d_k)."""
        weight = self.parameters[f"w_{letter}_{self.number}"]
        symbol = letter.upper()
        projected = self._step(letter, MatMul(), rows, weight, symbol=symbol, names=(self._rows, None))
        tokens, heads = self.x.shape[1], self.layer.heads
        width = weight.shape[1] // heads
        by_head = rf"{symbol}^{{\mathrm{{heads}}}}"
        names = (self._tokens, None)
        if heads == 1:
            return self._step(f"{letter}_heads", Reshape((-1, tokens, width)), projected, symbol=by_head, names=names)
        by_token = rf"{symbol}^{{\mathrm{{split}}}}"
        shape = Reshape((-1, tokens, heads, width))
        split = self._step(f"{letter}_split", shape, projected, symbol=by_token, names=(self._tokens, None, None))
        return self._step(f"{letter}_heads", Transpose((0, 2, 1, 3)), split, symbol=by_head, names=names)

    def _join(self, heads: Value) -> Value:
        """Append the concatenation of the heads, (N T, h d_k)."""
        if self.layer.heads > 1:
            heads = self._step("joined", Transpose((0, 2, 1, 3)), heads, names=(self._tokens, None, None))
        width = heads.shape[-1] * self.layer.heads
        return self._step("concat", Reshape((-1, width)), heads, names=(self._rows, None))

    def _step(
        self,
        key: str,
        op: Any,
        *inputs: Value,
        symbol: str | None = None,
        role: Role = Role.INTERMEDIATE,
        names: AxisNames = (),
    ) -> Value:
        about: dict[str, Any] = {"layer": self.number, "role": role}
        if symbol is not None:
            about["symbol"] = rf"{symbol}_{{{self.number}}}"
        axes = len(op.output_shape(*(value.shape for value in inputs)))
        if any(names):
            about["axis_names"] = (*(None,) * (axes - len(names)), *names)
        return self.builder.apply(op, *inputs, key=f"{key}_{self.number}", **about)

    @property
    def _tokens(self) -> tuple[str, ...]:
        given = self.layer.token_names or (self.x.axis_names or (None, None))[1]
        return given or tuple(str(position + 1) for position in range(self.x.shape[1]))

    @property
    def _rows(self) -> tuple[str, ...]:
        return self._tokens * self.x.shape[0]

    @property
    def _features(self) -> tuple[str, ...] | None:
        return self.x.axis_names[2] if self.x.axis_names else None


def _sequence(shape: Shape) -> tuple[int, int]:
    if len(shape) != 3:
        raise ShapeError(f"expected sequences (samples × tokens × features); got {show_shape(shape)}")
    return shape[1], shape[2]


def _weight(letter: str, number: int, inputs: int, outputs: int) -> Parameter:
    symbol = rf"W^{{{letter.upper()}}}_{{{number}}}"
    return Parameter(f"w_{letter}_{number}", (inputs, outputs), Role.WEIGHT, "glorot", inputs, outputs, symbol=symbol)
