"""Experiments of many steps, and small ones with blocks: for tests and benchmarks."""

from collections.abc import Sequence

import numpy as np

from core.data.dataset import Dataset, one_hot
from core.data.digits import digits
from core.experiment import Experiment
from core.layers import (
    BatchNorm,
    Conv2d,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    MaxPool2d,
    PositionEmbedding,
    ResidualBlock,
    TransformerBlock,
)
from core.network import Network
from core.options import Options, Rates
from core.preset import network_experiment
from core.values import Range


def deep(count: int = 200) -> Experiment:
    """Return dense layers: 12 steps each."""
    hidden = tuple(Dense(32, "relu") for _ in range(count - 1))
    return _on(digits((8, 8)), hidden)


def transformer(blocks: int, width: int = 8, heads: int = 2) -> Experiment:
    """Return transformer blocks on digits whose rows are tokens: 155 steps each."""
    first = () if width == 8 else (Dense(width, None),)
    layers = (*first, PositionEmbedding(8), *(TransformerBlock(heads, causal=False) for _ in range(blocks)), Flatten())
    return _on(digits((8, 8)).reshaped((8, 8)), layers)


def resnet(sizes: Sequence[int] = (64, 128, 256, 512), side: int = 64) -> Experiment:
    """Return a network of the shape of ResNet-18 on random images with three channels.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), table 1.
    """
    stem = Conv2d(sizes[0], 7, 2, 3, activation=None, bias=False), BatchNorm(), MaxPool2d(3, 2, 1)
    stages = [(ResidualBlock(size, 1 if size == sizes[0] else 2), ResidualBlock(size)) for size in sizes]
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 10, 40)
    inputs = generator.random((40, 3, side, side), np.float32)
    dataset = Dataset("Random images", inputs, one_hot(labels, 10), labels, class_names=tuple("0123456789"))
    return _on(dataset, (*stem, *(block for stage in stages for block in stage), GlobalPool(), Flatten()), batch=2)


def _on(dataset: Dataset, layers: Sequence[Layer], batch: int = 1) -> Experiment:
    end = Dense(10, "softmax", output_names=dataset.class_names)
    network = Network(dataset.sample_shape, (*layers, end), dataset.row_image, Range.NON_NEGATIVE)
    options, rates = Options(batch_size=batch), Rates(0.01)
    return network_experiment("digits", network, dataset, options, loss="cross_entropy", rates=rates)
