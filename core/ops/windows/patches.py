"""Cut images into square patches, each of which is a row; and put them together again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops.base import Example, GradientBuilder, Gradients, Indices, Purpose, Step, Terms
from core.ops.shape import Moved, only
from core.values import Array, Index, Shape, Value


@dataclass(frozen=True)
class _Pieces(Moved, abstract=True):
    """What cutting and putting together have in common: how many pieces there are, and of which size.

    Parameters
    ----------
    channels : int
        Of the images.
    rows, columns : int
        Of patches in an image.
    size : int
        The rows and columns of pixels of a patch.
    """

    channels: int = 1
    rows: int = 1
    columns: int = 1
    size: int = 1

    @property
    def image(self) -> Shape:
        """The channels, height and width of an image."""
        return self.channels, self.rows * self.size, self.columns * self.size

    @property
    def tokens(self) -> Shape:
        """How many patches an image has, and how many numbers each."""
        return self.rows * self.columns, self.channels * self.size**2

    def place_of(self, index: Index) -> Index:
        """Return the token and the number in it of a cell of an image, (n, channel, row, column)."""
        sample, channel, row, column = index
        (down, inner_row), (across, inner_column) = divmod(row, self.size), divmod(column, self.size)
        return sample, down * self.columns + across, (channel * self.size + inner_row) * self.size + inner_column

    def pixel_of(self, index: Index) -> Index:
        """Return the cell of an image of a number of a token, (n, token, number)."""
        sample, token, number = index
        down, across = divmod(token, self.columns)
        channel, inner = divmod(number, self.size**2)
        row, column = divmod(inner, self.size)
        return sample, channel, down * self.size + row, across * self.size + column


@dataclass(frozen=True)
class CutPatches(_Pieces):
    """Cut images into patches, in raster order; each becomes a row: its pixels, channel after channel.

    t[n, k] = the pixels of patch k of image n.

    Shapes: (N, C, H, W) gives (N, T, C p p), with T = H W / p² patches of p × p pixels.

    Raises
    ------
    ShapeError
        If the images are of other sizes than the patches fill.

    References
    ----------
    Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale" (2021), section
    3.1.
    """

    title = "Cutting into patches"
    says = "The image is cut into square patches, and the pixels of each are written as one row."
    why = "What follows reads rows, one a token; a patch is to it what a word is to a text."
    look = "No number changes: click a cell, and see which pixel of {a} it is."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(1, 2, 3, 2), ((2, 1, 4, 6),))
        yield Example(cls(2, 1, 2, 2), ((1, 2, 2, 4),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if shapes[0][1:] != self.image:
            raise self.fail(f"images of {' × '.join(map(str, self.image))}", *shapes)
        return (shapes[0][0], *self.tokens)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (x,) = arrays
        out = self.new(x, out)
        parts = x.reshape(-1, self.channels, self.rows, self.size, self.columns, self.size)
        np.copyto(out, parts.transpose(0, 2, 4, 1, 3, 5).reshape(out.shape))
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (x,) = step.inputs
        assert delta is not None
        back = JoinPatches(self.channels, self.rows, self.columns, self.size)
        return {x: build.gradient(x, back, delta, purpose=_BACK)} if build.wants(x) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{patches}}_{{{self.size} \times {self.size}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        parts = f"-1, {self.channels}, {self.rows}, {self.size}, {self.columns}, {self.size}"
        tokens, numbers = self.tokens
        return f"{names[0]}.reshape({parts}).transpose(0, 2, 4, 1, 3, 5).reshape(-1, {tokens}, {numbers})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        return self.moved(index, 0, self.pixel_of(index), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only(self.place_of(index))


@dataclass(frozen=True)
class JoinPatches(_Pieces):
    """Put patches together to images again: the way back of cutting.

    x[n] = the image whose patches are the rows of t[n].

    Shapes: (N, T, C p p) gives (N, C, H, W).

    Raises
    ------
    ShapeError
        If there are other patches than fill an image.
    """

    title = "Joining patches"
    says = "Each row is a patch again, and the patches stand where they were cut from."
    why = "The next step wants an image, and not rows."
    look = "No number changes: click a cell, and see in which row of {a} it stood."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(1, 2, 3, 2), ((2, 6, 4),))
        yield Example(cls(2, 1, 2, 2), ((1, 2, 8),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if shapes[0][1:] != self.tokens:
            raise self.fail(f"{self.tokens[0]} patches of {self.tokens[1]} numbers", *shapes)
        return (shapes[0][0], *self.image)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (rows,) = arrays
        out = self.new(rows, out)
        parts = rows.reshape(-1, self.rows, self.columns, self.channels, self.size, self.size)
        np.copyto(out, parts.transpose(0, 3, 1, 4, 2, 5).reshape(out.shape))
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (rows,) = step.inputs
        assert delta is not None
        back = CutPatches(self.channels, self.rows, self.columns, self.size)
        return {rows: build.gradient(rows, back, delta, purpose=_BACK)} if build.wants(rows) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{join}}_{{{self.size} \times {self.size}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        parts = f"-1, {self.rows}, {self.columns}, {self.channels}, {self.size}, {self.size}"
        image = ", ".join(map(str, self.image))
        return f"{names[0]}.reshape({parts}).transpose(0, 3, 1, 4, 2, 5).reshape(-1, {image})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        return self.moved(index, 0, self.place_of(index), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only(self.pixel_of(index))


_BACK = Purpose(
    "Each gradient goes back to the place that its number had on the way there.",
    why="Cutting moved numbers and changed none, so their gradients move back and change as little.",
    look="No number changes: click a cell, and see where the same number stood in {a}.",
)
