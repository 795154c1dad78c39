"""Add one bias to every channel of an image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops.base import (
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    Step,
    Terms,
    crossings,
    indices_of,
    one_cell,
)
from core.ops.sums import Sum
from core.values import Array, Index, Range, Shape, Value


@dataclass(frozen=True)
class AddChannelBias(Op):
    """Add one bias to every cell of a feature map.

    net[n, f, y, x] = s[n, f, y, x] + b[f].

    Shapes: (N, F, H, W) and (F,) give (N, F, H, W).

    Raises
    ------
    ShapeError
        If there is not one bias for each feature map.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.
    """

    title = "Add bias per channel"
    says = "One bias for each filter, added to every cell of its map."
    why = "A filter responds to its pattern from some threshold on, and {b} moves that threshold for its whole map."
    look = "Every cell of a map moves by the same number; the pattern stays."
    arity = 2
    inplace = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((2, 3, 4, 5), (3,)))
        yield Example(cls(), ((1, 1, 2, 2), (1,)))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        images, bias = shapes
        if len(images) != 4 or bias != images[1:2]:
            channels = images[1] if len(images) == 4 else "F"
            raise self.fail(f"feature maps (N, F, H, W) and {channels} biases, one for each", images, bias)
        return images

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        images, bias = arrays
        return np.add(images, bias[:, None, None], out=out)

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        return axis, 0 if axis == 1 else None

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        images, bias = step.inputs
        assert delta is not None
        result = {images: delta} if build.wants(images) else {}
        if build.wants(bias):
            result[bias] = build.gradient(bias, Sum((0, 2, 3)), delta, purpose=_EVERY_CELL)
        return result

    def equation(self, *symbols: str) -> str:
        return f"{symbols[0]} + {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"{names[0]} + {names[1]}[:, None, None]"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = one_cell(0, index, arrays[0]), one_cell(1, (index[1],), arrays[1])
        return Terms(index, cells, np.array([part.values[0] for part in cells], dtype=np.float64))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        if i == 0:
            return indices_of(*index)
        samples, _, height, width = shapes[0]
        return crossings(range(samples), index[0], range(height), range(width))

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if Range.SIGNED in ranges else Range.NON_NEGATIVE


_EVERY_CELL = Purpose(
    "A bias reaches every cell of its map, so its gradient adds up over all of them.",
    why="One number reached every cell of its map in every image, so all those cells answer for it.",
    look="Where the cells of a map disagree in sign they cancel, and little is left in {c}.",
)
