"""Experiments with kernels: a convolutional network on digits, one kernel on one image, one number from a patch."""

from dataclasses import dataclass, field

import numpy as np

from core.builder import Builder
from core.data.digits import digits
from core.data.kernels import KERNELS, Weights
from core.data.pictures import PICTURES, picture
from core.experiment import Experiment
from core.layers import Conv2d, Dense, Flatten, MaxPool2d
from core.layers.convolution import PaddingRule
from core.network import Network
from core.ops.base import show_shape
from core.ops.windows.geometry import Geometry
from core.options import OptionError, Options, Rates
from core.preset import Preset, network_experiment
from core.program import Program
from core.values import Array, Range, Shape
from core.wording import suggestion

_LARGEST = float(np.finfo(np.float32).max)
"""A kernel may hold no larger number: an image has no more room for one."""


def conv_digits(options: Options) -> Experiment:
    """Classify digits with two convolutions, each with max pooling, and a dense layer."""
    dataset = digits((28, 28), channels=True)
    layers = (
        Conv2d(8, 5),
        MaxPool2d(2),
        Conv2d(16, 5),
        MaxPool2d(2),
        Flatten(),
        Dense(10, "softmax", output_names=dataset.class_names),
    )
    network = Network(dataset.sample_shape, layers, input_range=Range.NON_NEGATIVE)
    return network_experiment("conv-digits", network, dataset, options, loss="cross_entropy", rates=Rates(0.1, 0.001))


@dataclass(frozen=True)
class KernelSettings:
    """What can be changed about one kernel on one image.

    Parameters
    ----------
    image : str
        A name of ``PICTURES``.
    kernel : str
        A name of ``KERNELS``.
    weights : tuple of tuples of float or None
        The rows of a kernel of the user's own, taken before ``kernel``. For an image of several channels every
        channel gets the kernel, divided by their number.
    padding : int, tuple of int, or str
        As of a convolutional layer.
    stride, dilation : int or tuple of int
        Along rows and columns.
    own_image : ndarray of shape (C, H, W) or None
        An image of the user's own, taken before ``image``.
    own_title : str
        What it is called.
    """

    image: str = "shapes"
    kernel: str = "sobel-x"
    weights: Weights | None = None
    padding: PaddingRule = "same"
    stride: int | Shape = 1
    dilation: int | Shape = 1
    own_image: Array | None = field(default=None, compare=False, repr=False)
    own_title: str = ""

    def open(self, options: Options) -> Experiment:
        """Return the experiment.

        Raises
        ------
        OptionError
            If there is no such image or kernel, the image is none, or the weights are no rectangle of finite numbers.
        ShapeError
            If the kernel does not fit the padded image; the message says which numbers would.
        """
        pixels, rows = self._pixels(), self._rows()
        layer = Conv2d(1, rows.shape, self.stride, self.padding, self.dilation, activation=None, bias=False)
        # Checked before it is built, where the message would name a layer that there is only one of.
        op = layer.operation(pixels.shape[1:])
        Geometry(pixels.shape[1:], rows.shape, op.stride, op.padding, op.dilation)
        network = Network(pixels.shape, (layer,), input_range=Range.NON_NEGATIVE)
        kernel = np.broadcast_to(rows / len(pixels), (1, len(pixels), *rows.shape))
        return _forward_only("conv-kernel", network, pixels, kernel, options, self)

    def _pixels(self) -> Array:
        own = self.own_image
        if own is not None:
            if own.ndim != 3 or len(own) not in (1, 3) or not own.size:
                raise OptionError(f"Expected an image of 1 or 3 channels and some pixels; got {show_shape(own.shape)}.")
            if not np.isfinite(own).all():
                raise OptionError("Expected an image of finite numbers; got NaN or infinity.")
            return own
        if self.image not in PICTURES:
            meant = suggestion(self.image, PICTURES)
            raise OptionError(f"Expected an image among {', '.join(PICTURES)}; got {self.image!r}{meant}.")
        return picture(self.image)

    def _rows(self) -> Array:
        if self.weights is None and self.kernel not in KERNELS:
            meant = suggestion(self.kernel, KERNELS)
            raise OptionError(f"Expected a kernel among {', '.join(KERNELS)}; got {self.kernel!r}{meant}.")
        rows = KERNELS[self.kernel].weights if self.weights is None else self.weights
        if not rows or len({len(row) for row in rows}) != 1 or not rows[0]:
            raise OptionError("Expected a kernel with rows of equal length; got other rows.")
        if not all(abs(weight) <= _LARGEST for row in rows for weight in row):
            raise OptionError(f"Expected a kernel of finite numbers up to {_LARGEST:.3g}; got one that is not.")
        return np.array(rows, np.float64)


def rgb_kernel(options: Options) -> Experiment:
    """Make one number from an image of 2 × 2 pixels with three channels, and a kernel of the same size."""
    pixels = np.array([[[1, 2], [0, 1]], [[3, 0], [1, 2]], [[2, 1], [1, 0]]], np.float64)
    kernel = np.array([[[[1, 0], [2, -1]], [[0, 1], [1, 1]], [[-1, 2], [0, 1]]]], np.float64)
    network = Network(pixels.shape, (Conv2d(1, 2, activation=None, bias=False),), input_range=Range.NON_NEGATIVE)
    return _forward_only("rgb-kernel-2x2x3", network, pixels, kernel, options)


def _forward_only(
    preset: str,
    network: Network,
    pixels: Array,
    kernel: Array,
    options: Options,
    settings: KernelSettings | None = None,
) -> Experiment:
    batch = pixels[None]
    return Experiment(
        preset,
        _program(network),
        {"w_1": kernel.astype(options.dtype)},
        options,
        network,
        data=lambda samples: {"x": batch},
        settings=settings,
    )


def _program(network: Network) -> Program:
    builder = Builder()
    output = network.build(builder, 1)
    return builder.build(output=output.key)


CONVOLUTION_PRESETS = (
    Preset(
        "conv-digits",
        "Digits, convolutional",
        "Real handwritten digits of 28 × 28 pixels: convolution 8 @ 5 × 5, max pooling, convolution 16 @ 5 × 5, max "
        "pooling, dense 10.",
        conv_digits,
    ),
    Preset(
        "conv-kernel",
        "One kernel on one image",
        "A kernel slides over an image; choose the kernel or write it, change padding, stride and dilation.",
        KernelSettings().open,
    ),
    Preset(
        "rgb-kernel-2x2x3",
        "One number from 2 × 2 × 3",
        "A patch of 2 × 2 pixels with three channels and a kernel of the same size: twelve products, one feature.",
        rgb_kernel,
    ),
)
