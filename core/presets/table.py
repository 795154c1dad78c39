"""The table of experiments that open by name."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from core.data.digits import digits
from core.data.fixed import colours, worked_example
from core.experiment import Experiment
from core.layers import Dense
from core.network import Network
from core.options import OptionError, Options, Rates
from core.preset import Preset, network_experiment
from core.presets.attention import ATTENTION_PRESETS
from core.presets.blocks import BLOCK_PRESETS
from core.presets.convolution import CONVOLUTION_PRESETS
from core.presets.playground import PLAYGROUND_PRESETS
from core.presets.products import PRODUCT_PRESETS
from core.presets.recurrent import RECURRENT_PRESETS
from core.values import Range, Shape
from core.wording import suggestion

DEFAULT_PRESET = "digits"


def open_preset(name: str = DEFAULT_PRESET, **chosen: Any) -> Experiment:
    """Return a preset's experiment with its default options, changed where the user chose.

    Parameters
    ----------
    name : str
        A name of ``PRESETS``.
    **chosen
        Fields of ``Options``.

    Raises
    ------
    OptionError
        If there is no such preset or option, or its data have not what the options ask for.
    """
    preset = find_preset(name)
    return preset.make(preset.defaults.changed(**chosen))


def find_preset(name: str) -> Preset:
    """Return a preset by name.

    Raises
    ------
    OptionError
        If there is none of that name.
    """
    if name not in PRESETS:
        raise OptionError(f"Expected a preset among {', '.join(PRESETS)}; got {name!r}{suggestion(name, PRESETS)}.")
    return PRESETS[name]


def _digits(name: str, size: Shape, hidden: int, rates: Rates, options: Options) -> Experiment:
    """Classify digits with one hidden layer: ReLU, softmax, cross-entropy."""
    dataset = digits(size)
    layers = Dense(hidden, "relu"), Dense(10, "softmax", output_names=dataset.class_names)
    network = Network(dataset.sample_shape, layers, dataset.row_image, Range.NON_NEGATIVE)
    return network_experiment(name, network, dataset, options, loss="cross_entropy", rates=rates)


def _sigmoid(options: Options) -> Experiment:
    """Build a network without biases, small enough to read every number."""
    dataset = colours()
    layers = (
        Dense(4, "sigmoid", bias=False, output_names=("h1", "h2", "h3", "h4")),
        Dense(2, "sigmoid", bias=False, output_names=dataset.class_names),
    )
    network = Network(dataset.sample_shape, layers, input_range=Range.NON_NEGATIVE)
    return network_experiment("sigmoid-3-4-2", network, dataset, options, loss="squared_error", rates=Rates(0.5, 0.05))


def _worked(options: Options) -> Experiment:
    """Build Mazur's network with his numbers: w1 and w2 feed h1, so they are the first column of w_1."""
    dataset = worked_example()
    fixed = frozenset({"bias"})
    layers = (
        Dense(2, "sigmoid", frozen=fixed, output_names=("h1", "h2")),
        Dense(2, "sigmoid", frozen=fixed, output_names=dataset.class_names),
    )
    parameters = {
        "w_1": np.array([[0.15, 0.25], [0.20, 0.30]]),
        "b_1": np.full((1, 2), 0.35),
        "w_2": np.array([[0.40, 0.50], [0.45, 0.55]]),
        "b_2": np.full((1, 2), 0.60),
    }
    network = Network(dataset.sample_shape, layers, input_range=Range.NON_NEGATIVE)
    return network_experiment(
        "worked-2-2-2", network, dataset, options, loss="squared_error", rates=Rates(0.5, 0.05), parameters=parameters
    )


_TABLE = (
    Preset(
        "digits",
        "Digits, 64-32-10",
        "Real handwritten digits of 8 × 8 pixels through ReLU, softmax and cross-entropy; the data are from UCI.",
        partial(_digits, "digits", (8, 8), 32, Rates(0.1, 0.005)),
    ),
    Preset(
        "mlp-784-800-10",
        "Digits, 784-800-10",
        'J. Zhang, "On a simple matrix based neural network model": his network on the digits, enlarged to 28 × 28.',
        partial(_digits, "mlp-784-800-10", (28, 28), 800, Rates(0.01, 0.0003)),
    ),
    Preset(
        "mlp-768-800-10",
        "Digits, 768-800-10",
        'J. Zhang, "On a simple matrix based neural network model": his 768 inputs as printed, as images of 24 × 32.',
        partial(_digits, "mlp-768-800-10", (24, 32), 800, Rates(0.01, 0.0003)),
    ),
    Preset(
        "sigmoid-3-4-2",
        "Sigmoid twice, 3-4-2",
        "The network without biases of an answer on Hadamard products (Data Science Stack Exchange 75863): sigmoid "
        "twice, squared error. Here it tells warm colours from cool ones.",
        _sigmoid,
    ),
    Preset(
        "worked-2-2-2",
        "Worked example, 2-2-2",
        'The numbers of M. Mazur, "A Step by Step Backpropagation Example", to check by hand; the seed plays no part.',
        _worked,
        Options(dtype="float64"),
    ),
    *CONVOLUTION_PRESETS,
    *PRODUCT_PRESETS,
    *ATTENTION_PRESETS,
    *BLOCK_PRESETS,
    *RECURRENT_PRESETS,
    *PLAYGROUND_PRESETS,
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _TABLE})
