"""Experiments with blocks: a transformer that learns which character comes next, one that reads images, residuals."""

from core.data.digits import digits
from core.data.words import ALPHABET, CONTEXT, words
from core.experiment import Experiment
from core.layers import (
    Activate,
    BatchNorm,
    Conv2d,
    Dense,
    GlobalPool,
    LayerNorm,
    MeanToken,
    Patches,
    PositionEmbedding,
    ResidualBlock,
    TokenEmbedding,
    TransformerBlock,
)
from core.network import Network
from core.options import Options, Rates
from core.preset import Preset, network_experiment
from core.values import Range

_WIDTH, _HEADS = 16, 2
_PATCH = 7


def transformer(options: Options) -> Experiment:
    """Guess the next character of a text: embeddings, one block with two causal heads, and a dense layer."""
    dataset = words()
    layers = (
        TokenEmbedding(len(ALPHABET), _WIDTH, dataset.class_names),
        PositionEmbedding(CONTEXT),
        TransformerBlock(_HEADS),
        LayerNorm(),
        Dense(len(ALPHABET), "softmax", output_names=dataset.class_names),
    )
    places = tuple(str(place) for place in range(1, CONTEXT + 1))
    network = Network(dataset.sample_shape, layers, input_range=Range.NON_NEGATIVE, axis_names=(places,))
    return network_experiment("transformer", network, dataset, options, loss="cross_entropy", rates=Rates(0.5, 0.005))


def vision_transformer(options: Options) -> Experiment:
    """Classify digits that are cut into patches: each patch is a token, and one block lets them see each other."""
    dataset = digits((28, 28), channels=True)
    tokens = (28 // _PATCH) ** 2
    layers = (
        Patches(_PATCH),
        Dense(_WIDTH, None),
        PositionEmbedding(tokens),
        TransformerBlock(_HEADS, causal=False),
        LayerNorm(),
        MeanToken(),
        Dense(10, "softmax", output_names=dataset.class_names),
    )
    network = Network(dataset.sample_shape, layers, input_range=Range.NON_NEGATIVE)
    rates = Rates(0.2, 0.003)
    return network_experiment("vision-transformer", network, dataset, options, loss="cross_entropy", rates=rates)


def residual_digits(options: Options) -> Experiment:
    """Classify digits with two residual blocks with batch normalisation; the second one projects what goes around."""
    dataset = digits((28, 28), channels=True)
    layers = (
        Conv2d(4, 3, stride=2, padding=1, activation=None, bias=False, initialiser="he"),
        BatchNorm(),
        Activate("relu"),
        ResidualBlock(4),
        ResidualBlock(8, stride=2),
        GlobalPool("average"),
        Dense(10, "softmax", output_names=dataset.class_names),
    )
    network = Network(dataset.sample_shape, layers, input_range=Range.NON_NEGATIVE)
    rates = Rates(0.2, 0.005)
    return network_experiment("residual-digits", network, dataset, options, loss="cross_entropy", rates=rates)


BLOCK_PRESETS = (
    Preset(
        "residual-digits",
        "Digits, residual",
        "A small residual network on digits of 28 × 28 pixels: a convolution and two blocks with batch normalisation, "
        "each with a way around it; where the second makes the maps smaller, a projection goes around.",
        residual_digits,
        Options(batch_size=4),
    ),
    Preset(
        "transformer",
        "Transformer that writes words",
        "A GPT of one block with two heads: it learns which character comes next in a list of short words, and "
        "continues a text.",
        transformer,
    ),
    Preset(
        "vision-transformer",
        "Digits, cut into patches",
        "A vision transformer of one block with two heads: digits of 28 × 28 pixels are cut into 16 patches, and each "
        "is read as a token.",
        vision_transformer,
    ),
)
