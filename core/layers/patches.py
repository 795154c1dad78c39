"""Cut images into patches that are read as tokens, and bring tokens together again."""

from dataclasses import dataclass, replace
from typing import Annotated

from core.builder import Builder
from core.layers.base import Layer, check_count
from core.layers.convolution import check_images
from core.layers.fields import Whole
from core.ops.base import Purpose, ShapeError, show_shape
from core.ops.reduce import Mean
from core.ops.windows.patches import CutPatches
from core.values import Axis, AxisKind, Role, Value


@dataclass(frozen=True)
class Patches(Layer):
    """Cut images into square patches; each is a token, whose features are its pixels, channel after channel.

    Shapes: (N, C, H, W) gives (N, T, C p p), with T = (H / p) (W / p) patches in raster order.

    Parameters
    ----------
    size : int
        How many rows and columns of pixels a patch has, p.

    Raises
    ------
    ShapeError
        If the number is not positive; when it is built, if the input is not images, or patches do not fill them.

    References
    ----------
    Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale" (2021), section
    3.1.
    """

    called = "patches"
    group = "Images"

    size: Annotated[int, Whole(7)]

    def check(self) -> None:
        check_count("row of pixels in a patch", self.size)

    @property
    def name(self) -> str:
        return f"patches {self.size} × {self.size}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        check_images(x.shape)
        _, channels, height, width = x.shape
        size = self.size
        if height % size or width % size:
            fitting = [n for n in range(1, min(height, width) + 1) if height % n == 0 and width % n == 0]
            sizes = ", ".join(map(str, fitting))
            raise ShapeError(f"expected patches that fill images of {height} × {width}: {sizes} wide; got {size}")
        rows, columns = height // size, width // size
        names = tuple(f"{row}.{column}" for row in range(1, rows + 1) for column in range(1, columns + 1))
        axes = x.axis(0), Axis(AxisKind.TOKEN, names), Axis(AxisKind.FEATURE)
        return builder.apply(CutPatches(channels, rows, columns, size), x, key="out", role=Role.OUT, axes=axes)


@dataclass(frozen=True)
class MeanToken(Layer):
    """Go on with the mean of the tokens of every sequence: out[n] = mean over t of x[n, t].

    Raises
    ------
    ShapeError
        If the input is not sequences of tokens.

    References
    ----------
    Beyer, Zhai and Kolesnikov, "Better plain ViT baselines for ImageNet-1k" (2022): global average pooling.
    """

    called = "mean of the tokens"
    group = "Rows and sequences"

    @property
    def name(self) -> str:
        return self.called

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) != 3:
            raise ShapeError(f"expected sequences (samples × tokens × features); got {show_shape(x.shape)}")
        axes = x.axis(0), replace(x.axis(2), image=None)
        return builder.apply(Mean((1,)), x, key="out", role=Role.OUT, axes=axes, purpose=_MEAN)


_MEAN = Purpose(
    "The mean of all tokens: one row for each sample.",
    why="The answer is about the whole sample, and every token has seen the others; their mean weighs all alike.",
    look="A feature that many tokens have is large in {c}.",
)
