"""Write layers that are made of layers as PyTorch modules of modules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.layers import (
    BatchNorm,
    Conv2d,
    CrossAttention,
    DecoderBlock,
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
    """Write a self-attention."""
    width = place.shape[-1]
    causal = ", causal=True" if layer.causal else ""
    return _attention(place, f"Attention({width}, {layer.width or width}, {layer.heads}{causal})", "{m}({x})")


@writes(CrossAttention)
def cross_attention(layer: CrossAttention, place: Place) -> Written:
    """Write an attention to another sequence."""
    width, memory = (value.shape[-1] for value in place.inputs)
    inner = layer.width or width
    return _attention(place, f"Attention({width}, {inner}, {layer.heads}, memory_width={memory})", "{m}({0}, {1})")


def _attention(place: Place, module: str, call: str) -> Written:
    weights = {f"{letter}.weight": Weight.of(place.key(f"w_{letter}"), transposed) for letter in "qkvo"}
    return Written(module, call, weights, ("Attention",))


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
    parts, given = _encoder(layer, place)
    return _made("TransformerBlock", parts, [*given, *_dropouts(layer, place, 2)], _pieces(layer))


@writes(DecoderBlock)
def decoder_block(layer: DecoderBlock, place: Place) -> Written:
    """Write a decoder block."""
    parts, given = _encoder(layer, place)
    cross = cross_attention(CrossAttention(layer.heads), _part(place, "cross"))
    more = {"cross": cross, "cross_norm": _norm(layer, place, "cross_norm")}
    given += [f"{name}={part.module}" for name, part in more.items()]
    pieces = (*_pieces(layer), "TransformerBlock")
    made = _made("DecoderBlock", parts, [*given, *_dropouts(layer, place, 3)], pieces)
    weights = {name: weight for path, part in more.items() for name, weight in within(part.weights, path).items()}
    return replace(made, call="{m}({0}, {1})", weights={**made.weights, **weights})


def _encoder(layer: TransformerBlock, place: Place) -> tuple[Mapping[str, Written], list[str]]:
    """Return the parts that every transformer block has, and what else it is given."""
    parts = {
        "attention": self_attention(SelfAttention(layer.heads, causal=layer.causal), _part(place, "attention")),
        "attention_norm": _norm(layer, place, "attention_norm"),
        "feed_forward": feed_forward(FeedForward(layer.hidden), _part(place, "forward")),
        "forward_norm": _norm(layer, place, "forward_norm"),
    }
    return parts, [f"norm_first={layer.norm_first}"]


def _norm(layer: TransformerBlock, place: Place, path: str) -> Written:
    part = _part(place, path)
    return layer_norm(LayerNorm(), part) if layer.norm == "layer" else rms_norm(RMSNorm(), part)


def _dropouts(layer: TransformerBlock, place: Place, count: int) -> Sequence[str]:
    """Return the dropouts of a block as an argument; nothing where it has none."""
    if not layer.dropout:
        return ()
    stream = sum(isinstance(step.op, DropoutMask) for step in place.builder.steps)
    each = ", ".join(dropping(layer.dropout, stream + number).module for number in range(count))
    return (f"dropouts=({each})",)


def _pieces(layer: TransformerBlock) -> tuple[str, ...]:
    return ("Attention", "Dropout") if layer.dropout else ("Attention",)


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
    return _made("ResidualBlock", parts, (), ())


def _convolution(layer: ResidualBlock, place: Place, path: str, shape: Shape, kernel: int, stride: int) -> Written:
    """Return a convolution of a residual block, with its normalisation."""
    convolution = Conv2d(layer.filters, kernel, stride, kernel // 2, activation=None, bias=not layer.batch_norm)
    part = _part(place, path, shape)
    net = conv2d(convolution, part)
    if not layer.batch_norm:
        return net
    return in_order([net, batch_norm(BatchNorm(), _part(place, path, (shape[0], layer.filters, 1, 1)))])


def _made(kind: str, parts: Mapping[str, Written], given: Sequence[str], pieces: tuple[str, ...]) -> Written:
    """Return a module that is given its parts, and what else is ``given``."""
    arguments = ", ".join((*(part.module for part in parts.values()), *given))
    weights = {name: weight for path, part in parts.items() for name, weight in within(part.weights, path).items()}
    return Written(f"{kind}({arguments})", weights=weights, pieces=(*pieces, kind))


def _part(place: Place, path: str, shape: Shape | None = None) -> Place:
    """Return the place of a part of a block; ``shape`` is that of what it reads, where that is another one."""
    inputs = place.inputs if shape is None else (Value(place.inputs[0].key, shape),)
    return replace(place, inputs=inputs, scope=place.scope.inside(path, ""), bare=False)
