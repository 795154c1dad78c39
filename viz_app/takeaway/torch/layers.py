"""Write layers as PyTorch modules, and as functions where they have no weights."""

from core.layers import (
    Activate,
    AveragePool2d,
    BatchNorm,
    Concatenate,
    Conv2d,
    Dense,
    Dropout,
    Feature,
    Features,
    Flatten,
    GlobalPool,
    LastToken,
    LayerNorm,
    MaxPool2d,
    MeanToken,
    Patches,
    PositionEmbedding,
    RMSNorm,
    Sum,
    TokenEmbedding,
)
from core.ops.dropping import DropoutMask
from core.ops.windows.pooling_base import Pooling
from core.values import Shape
from viz_app.takeaway.torch.writing import Place, Weight, Written, flat, linear, writes

_ACTIVATIONS = {
    None: "{}",
    "relu": "F.relu({})",
    "leaky_relu": "F.leaky_relu({}, 0.01)",
    "sigmoid": "torch.sigmoid({})",
    "tanh": "torch.tanh({})",
    "gelu": 'F.gelu({}, approximate="tanh")',
    "softmax": "{}.softmax(-1)",
}
_FEATURES = {
    Feature.X1: "{x}[:, :1]",
    Feature.X2: "{x}[:, 1:]",
    Feature.X1_SQUARED: "{x}[:, :1] ** 2",
    Feature.X2_SQUARED: "{x}[:, 1:] ** 2",
    Feature.PRODUCT: "{x}[:, :1] * {x}[:, 1:]",
    Feature.SINE_X1: "torch.sin({x}[:, :1])",
    Feature.SINE_X2: "torch.sin({x}[:, 1:])",
}


def activated(call: str, activation: str | None, *, bare: bool) -> str:
    """Return a call and the activation function of its result, unless that is left to the loss."""
    return call if bare else _ACTIVATIONS[activation].format(call)


@writes(Dense)
def dense(layer: Dense, place: Place) -> Written:
    """Write a dense layer."""
    bias = place.key("b") if layer.bias else None
    module = linear(place.shape[-1], layer.units, place.key("w"), bias)
    return Written(module.module, activated("{m}({x})", layer.activation, bare=place.bare), module.weights)


@writes(Activate)
def activate(layer: Activate, place: Place) -> Written:
    """Write an activation function by itself."""
    return Written(call=activated("{x}", layer.activation, bare=place.bare))


@writes(Conv2d)
def conv2d(layer: Conv2d, place: Place) -> Written:
    """Write a convolution."""
    op = layer.operation(place.shape[2:])
    top, bottom, left, right = op.padding
    even = (top, left) == (bottom, right)
    numbers = {"stride": (op.stride, (1, 1)), "padding": ((top, left) if even else (0, 0), (0, 0)),
               "dilation": (op.dilation, (1, 1)), "groups": (layer.groups, 1), "bias": (layer.bias, True)}  # fmt: skip
    given = "".join(f", {name}={value}" for name, (value, usual) in numbers.items() if value != usual)
    window = (layer.kernel, layer.kernel) if isinstance(layer.kernel, int) else tuple(layer.kernel)
    weights = {"weight": Weight.of(place.key("w"))} | ({"bias": Weight.of(place.key("b"))} if layer.bias else {})
    x = "{x}" if even else f"F.pad({{x}}, {(left, right, top, bottom)})"
    module = f"nn.Conv2d({place.shape[1]}, {layer.filters}, {window}{given})"
    return Written(module, activated(f"{{m}}({x})", layer.activation, bare=place.bare), weights)


@writes(MaxPool2d)
def max_pool(layer: MaxPool2d, place: Place) -> Written:
    """Write max pooling; uneven padding is added before it."""
    op = layer.operation()
    (top, bottom, left, right), rest = op.padding, f"{op.window}, {op.steps}"
    if (top, left) == (bottom, right):
        return Written(call=f"F.max_pool2d({{x}}, {rest}, {(top, left)}, ceil_mode={op.ceil})")
    padded = f'F.pad({{x}}, {(left, right, top, bottom)}, value=float("-inf"))'
    return Written(call=f"F.max_pool2d({padded}, {rest}, ceil_mode={op.ceil}){_cut(op, place.shape)}")


@writes(AveragePool2d)
def average_pool(layer: AveragePool2d, place: Place) -> Written:
    """Write average pooling; uneven padding takes a function of its own."""
    op = layer.operation()
    (top, bottom, left, right), rest = op.padding, f"{op.window}, {op.steps}"
    if (top, left) == (bottom, right):
        counted = f"ceil_mode={op.ceil}, count_include_pad=False"
        return Written(call=f"F.avg_pool2d({{x}}, {rest}, {(top, left)}, {counted})")
    padding = left, right, top, bottom
    call = f"average_pool({{x}}, {rest}, {padding}, {op.ceil}){_cut(op, place.shape)}"
    return Written(call=call, pieces=("average_pool",))


def _cut(op: Pooling, shape: Shape) -> str:
    """Return what cuts off the windows that lie in the padding alone; they occur only where sizes are rounded up."""
    rows, columns = op.output_shape(shape)[2:]
    return f"[:, :, :{rows}, :{columns}]" if op.ceil else ""


@writes(GlobalPool)
def global_pool(layer: GlobalPool, place: Place) -> Written:
    """Write global pooling."""
    return Written(call="{x}.mean((2, 3))" if layer.kind == "average" else "{x}.amax((2, 3))")


@writes(Flatten)
def flatten(layer: Flatten, place: Place) -> Written:
    """Write a flattening."""
    return Written(call="{x}.flatten(1)")


@writes(LayerNorm)
def layer_norm(layer: LayerNorm, place: Place) -> Written:
    """Write a layer normalisation."""
    weights = {"weight": Weight.of(place.key("scale")), "bias": Weight.of(place.key("shift"))}
    return Written(f"nn.LayerNorm({place.shape[-1]}, eps={layer.epsilon!r})", weights=weights)


@writes(RMSNorm)
def rms_norm(layer: RMSNorm, place: Place) -> Written:
    """Write an RMS normalisation."""
    module = f"nn.RMSNorm({place.shape[-1]}, eps={layer.epsilon!r})"
    return Written(module, weights={"weight": Weight.of(place.key("scale"))})


@writes(BatchNorm)
def batch_norm(layer: BatchNorm, place: Place) -> Written:
    """Write a batch normalisation, with its running averages."""
    kind = "BatchNorm1d" if len(place.shape) == 2 else "BatchNorm2d"
    names = {"weight": "scale", "bias": "shift", "running_mean": "running_mean", "running_var": "running_variance"}
    weights = {name: Weight.of(place.key(key), flat) for name, key in names.items()}
    module = f"nn.{kind}({place.shape[1]}, eps={layer.epsilon!r}, momentum={layer.momentum!r})"
    return Written(module, weights=weights)


@writes(Dropout)
def dropout(layer: Dropout, place: Place) -> Written:
    """Write a dropout that draws the masks of NetStep."""
    return dropping(layer.rate, sum(isinstance(step.op, DropoutMask) for step in place.builder.steps))


def dropping(rate: float, stream: int) -> Written:
    """Return a dropout; ``stream`` is which of the masks of an iteration it draws."""
    return Written(f"Dropout({float(rate)!r}, {stream})", pieces=("Dropout",))


@writes(TokenEmbedding)
def token_embedding(layer: TokenEmbedding, place: Place) -> Written:
    """Write a look-up of tokens."""
    weights = {"weight": Weight.of(place.key("table"))}
    return Written(f"nn.Embedding({layer.tokens}, {layer.width})", "{m}({x}.long())", weights)


@writes(PositionEmbedding)
def position_embedding(layer: PositionEmbedding, place: Place) -> Written:
    """Write what is learnt of positions."""
    weights = {"weight": Weight.of(place.key("positions"))}
    return Written(f"Positions({layer.longest}, {place.shape[-1]})", weights=weights, pieces=("Positions",))


@writes(LastToken)
def last_token(layer: LastToken, place: Place) -> Written:
    """Write the choice of the last token."""
    return Written(call="{x}[:, -1]")


@writes(MeanToken)
def mean_token(layer: MeanToken, place: Place) -> Written:
    """Write the mean of the tokens."""
    return Written(call="{x}.mean(1)")


@writes(Patches)
def patches(layer: Patches, place: Place) -> Written:
    """Write a cut into patches."""
    return Written(call=f"F.unfold({{x}}, {layer.size}, stride={layer.size}).transpose(1, 2)")


@writes(Features)
def features(layer: Features, place: Place) -> Written:
    """Write the features of points."""
    columns = [_FEATURES[feature] for feature in Feature if feature in layer.chosen]
    return Written(call=f"torch.cat(({', '.join(columns)},), 1)")


@writes(Sum)
def total(layer: Sum, place: Place) -> Written:
    """Write a sum of branches."""
    return Written(call=" + ".join(f"{{{number}}}" for number in range(len(place.inputs))))


@writes(Concatenate)
def concatenate(layer: Concatenate, place: Place) -> Written:
    """Write branches beside each other."""
    parts = ", ".join(f"{{{number}}}" for number in range(len(place.inputs)))
    return Written(call=f"torch.cat(({parts}), {1 if len(place.shape) == 4 else -1})")
