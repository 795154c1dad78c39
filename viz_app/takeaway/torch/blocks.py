"""Write layers that are made of layers as PyTorch modules of modules."""

from collections.abc import Mapping
from dataclasses import replace

from core.layers import (
    BatchNorm,
    Conv2d,
    FeedForward,
    LayerNorm,
    ResidualBlock,
    RMSNorm,
    SelfAttention,
    TransformerBlock,
)
from core.ops.dropping import DropoutMask
from core.values import Shape, Value
from viz_app.takeaway.torch.layers import batch_norm, conv2d, dropping, layer_norm, rms_norm
from viz_app.takeaway.torch.writing import Place, Weight, Written, in_order, linear, transposed, within, writes

_MODULES = {
    None: "nn.Identity()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "gelu": 'nn.GELU(approximate="tanh")',
}


@writes(SelfAttention)
def self_attention(layer: SelfAttention, place: Place) -> Written:
    """Write self-attention."""
    width = place.shape[-1]
    inner = width if layer.width is None else layer.width
    weights = {f"{letter}.weight": Weight.of(place.key(f"w_{letter}"), transposed) for letter in "qkvo"}
    causal = ", causal=True" if layer.causal else ""
    module = f"SelfAttention({width}, {inner}, heads={layer.heads}{causal})"
    return Written(module, weights=weights, pieces=("SelfAttention",))


@writes(FeedForward)
def feed_forward(layer: FeedForward, place: Place) -> Written:
    """Write a feed-forward network."""
    width = place.shape[-1]
    hidden = layer.hidden or 4 * width
    wide = linear(width, hidden, place.key("w", "wide"), place.key("b", "wide"))
    back = linear(hidden, width, place.key("w", "back"), place.key("b", "back"))
    return in_order([wide, Written(_MODULES[layer.activation]), back])


@writes(TransformerBlock)
def transformer_block(layer: TransformerBlock, place: Place) -> Written:
    """Write a transformer block."""
    kind, write = (LayerNorm(), layer_norm) if layer.norm == "layer" else (RMSNorm(), rms_norm)
    parts = {
        "attention": self_attention(SelfAttention(layer.heads, causal=layer.causal), _part(place, "attention")),
        "attention_norm": write(kind, _part(place, "attention_norm")),  # type: ignore[arg-type]
        "feed_forward": feed_forward(FeedForward(layer.hidden), _part(place, "forward")),
        "forward_norm": write(kind, _part(place, "forward_norm")),  # type: ignore[arg-type]
    }
    last = f"norm_first={layer.norm_first}"
    pieces: tuple[str, ...] = ("SelfAttention",)
    if layer.dropout:
        stream = sum(isinstance(step.op, DropoutMask) for step in place.builder.steps)
        dropouts = [dropping(layer.dropout, stream + number) for number in range(2)]
        last += f", dropouts=({', '.join(one.module for one in dropouts)})"
        pieces += ("Dropout",)
    return _made("TransformerBlock", parts, last, pieces)


@writes(ResidualBlock)
def residual_block(layer: ResidualBlock, place: Place) -> Written:
    """Write a residual block."""
    rows, columns = (-(-length // layer.stride) for length in place.shape[2:])
    smaller = (place.shape[0], layer.filters, rows, columns)
    parts = {
        "first": _convolution(layer, place, "first", place.shape, 3, layer.stride),
        "second": _convolution(layer, place, "second", smaller, 3, 1),
        "around": Written("nn.Identity()"),
    }
    if place.shape != smaller:
        parts["around"] = _convolution(layer, place, "around", place.shape, 1, layer.stride)
    return _made("ResidualBlock", parts, "", ())


def _convolution(layer: ResidualBlock, place: Place, path: str, shape: Shape, kernel: int, stride: int) -> Written:
    """Return a convolution of a residual block, with its normalisation."""
    convolution = Conv2d(layer.filters, kernel, stride, kernel // 2, activation=None, bias=not layer.batch_norm)
    part = _part(place, path, shape)
    net = conv2d(convolution, part)
    if not layer.batch_norm:
        return net
    return in_order([net, batch_norm(BatchNorm(), _part(place, path, (shape[0], layer.filters, 1, 1)))])


def _made(kind: str, parts: Mapping[str, Written], last: str, pieces: tuple[str, ...]) -> Written:
    """Return a module that is given its parts."""
    lines = [part.module for part in parts.values()] + ([last] if last else [])
    weights = {name: weight for path, part in parts.items() for name, weight in within(part.weights, path).items()}
    return Written(f"{kind}({', '.join(lines)})", weights=weights, pieces=(*pieces, kind))


def _part(place: Place, path: str, shape: Shape | None = None) -> Place:
    """Return the place of a part of a block; ``shape`` is that of what it reads, where that is another one."""
    inputs = place.inputs if shape is None else (Value(place.inputs[0].key, shape),)
    return replace(place, inputs=inputs, scope=place.scope.inside(path, ""), bare=False)
