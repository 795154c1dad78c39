"""Slide kernels over images: convolution as networks mean it, and its two gradients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.ops import longhand
from core.ops.base import Example, GradientBuilder, Gradients, Indices, Scratch, Step, Terms, crossings
from core.ops.windows.columns import (
    column_shapes,
    columns,
    empty_images,
    flipped_with_gaps,
    gap_shapes,
    name_of,
    named,
    packed,
    rows_first,
    rows_with_gaps,
    spread,
)
from core.ops.windows.convolution_base import AWKWARD_CASES, GROUPED, Convolution, by_tap, copied, products, zero_times
from core.ops.windows.geometry import Geometry, WindowTerms, cells_at
from core.values import IMAGES, KERNELS, Array, Axes, Index, Range, Shape, Value


@dataclass(frozen=True)
class Conv2d(Convolution):
    """Slide every kernel over the images: Hadamard product and sum at each position (cross-correlation).

    s[n, f, y, x] = sum over c, i, j of x[n, c, y sy + i dy - top, x sx + j dx - left] w[f, c, i, j],
    where cells outside the image are 0. With groups, c runs over the channels of the group of f alone.

    Shapes: images (N, C, H, W) and kernels (F, C, kh, kw) give (N, F, oh, ow).

    Raises
    ------
    ShapeError
        If the channels differ, the groups do not divide them, or the kernel is larger than the padded image.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.1; Dumoulin and Visin, "A guide to
    convolution arithmetic for deep learning" (2016).
    """

    title = "Convolution"
    says = "The kernel, not flipped (cross-correlation), slides over the image: window times kernel, all added up."
    why = (
        "The same few weights look for the same pattern everywhere, so it is found wherever it is, and a kernel "
        "needs few numbers."
    )
    look = (
        "Large cells of {c} are where the window and the kernel are large in the same places; step inside and watch "
        "it slide."
    )
    helpers = (longhand.convolve,)
    group_axes = (1, 0, 1)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        for settings, (samples, channels, filters), size, window in AWKWARD_CASES:
            yield Example(cls(*settings), ((samples, channels, *size), (filters, channels, *window)))
        yield Example(cls(*GROUPED, groups=2), ((1, 4, 2, 2), (2, 2, 2, 1)))

    def geometry(self, *shapes: Shape) -> Geometry:
        self.check_images(*shapes)
        return self.geometry_for(shapes[0][2:], shapes[1][2:], *shapes)

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_images(*shapes)
        x, kernel = shapes
        self.check_groups(shapes, channels=x[1], filters=kernel[0])
        if x[1] != kernel[1] * self.groups:
            of = "the image" if self.groups == 1 else "its group of the image"
            raise self.fail(f"kernels with {x[1] // self.groups} channels, one for each channel of {of}", x, kernel)
        return (x[0], kernel[0], *self.geometry(*shapes).output_size)

    def output_axes(self, *inputs: Value) -> Axes:
        return IMAGES

    def _room(self, *shapes: Shape) -> Mapping[str, Shape]:
        x, kernel = shapes
        return {**column_shapes(x, self.geometry(*shapes)), **named("kernel", by_tap(kernel))}

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        x, kernel = step.inputs
        assert delta is not None
        result = {}
        if build.wants(kernel):
            op = Conv2dKernelGradient(self.stride, self.padding, self.dilation, kernel.shape[2:], groups=self.groups)
            result[kernel] = build.gradient(kernel, op, x, delta)
        if build.wants(x):
            back = Conv2dInputGradient(self.stride, self.padding, self.dilation, x.shape[2:], groups=self.groups)
            result[x] = build.gradient(x, back, delta, kernel)
        return result

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \star {symbols[1]}"

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def source(self, *names: str) -> str:
        return self.written("convolve", *names)

    def _terms(self, index: Index, *arrays: Array) -> Terms:
        n, f, row, column = index
        x, kernel = arrays
        geometry = self.geometry(x.shape, kernel.shape)
        (i, rows), (j, columns) = geometry.rows.taps(row), geometry.columns.taps(column)
        channels = range(x.shape[1])
        cells = cells_at(0, x, n, channels, rows, columns), cells_at(1, kernel, f, channels, i, j)
        outside = geometry.padding_taps(row, column)
        on_padding = zero_times(kernel[f][:, outside[:, 0], outside[:, 1]])
        return WindowTerms(index, cells, products(cells), padding=outside, on_padding=on_padding)

    def _reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        geometry = self.geometry(*shapes)
        if i == 0:
            (rows, _), (columns, _) = geometry.rows.outputs(index[2]), geometry.columns.outputs(index[3])
            return crossings(index[0], range(shapes[1][0]), rows, columns)
        (rows, _), (columns, _) = geometry.rows.track(index[2]), geometry.columns.track(index[3])
        return crossings(range(shapes[0][0]), index[0], rows, columns)

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if Range.SIGNED in ranges else Range.NON_NEGATIVE

    def _fill(self, out: Array, first: Array, second: Array, scratch: Scratch) -> None:
        geometry = self.geometry(first.shape, second.shape)
        gathered = columns(first, geometry, scratch)
        filters = copied(second.transpose(0, 2, 3, 1), "kernel", scratch).reshape(len(second), -1)
        target = out if rows_first(out).flags.c_contiguous else empty_images(out.shape, out.dtype)
        np.matmul(filters, gathered, out=rows_first(target).reshape(len(gathered), len(second), -1))
        if target is not out:
            out[...] = target


@dataclass(frozen=True)
class Conv2dKernelGradient(Convolution):
    """Correlate the images with delta: the gradient with respect to the kernels.

    dL/dw[f, c, i, j] = sum over n, y, x of x[n, c, y sy + i dy - top, x sx + j dx - left] delta[n, f, y, x].

    Shapes: images (N, C, H, W) and delta (N, F, oh, ow) give (F, C, kh, kw).

    Parameters
    ----------
    kernel_size : tuple of int
        kh and kw, which the shapes of the images and of delta do not tell where the stride leaves a remainder.

    Raises
    ------
    ShapeError
        If delta is not what the convolution of these images gives.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.5.
    """

    kernel_size: Shape = (1, 1)

    title = "Gradient of the kernel"
    says = "For each tap: the cells that it met, times the deltas that came of them, added up."
    why = "One tap of the kernel was used at every place, so its gradient adds up what happened at all of them."
    look = "Compare it with {a}: it is {a} correlated with {b}, the deltas taking the part of a kernel."
    helpers = (longhand.kernel_gradient,)
    group_axes = (1, 1, 0)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        for settings, (samples, channels, filters), size, window in AWKWARD_CASES:
            output = Geometry(size, window, *settings).output_size
            yield Example(cls(*settings, window), ((samples, channels, *size), (samples, filters, *output)))
        yield Example(cls(*GROUPED, (2, 1), groups=2), ((1, 4, 2, 2), (1, 2, 1, 3)))

    def geometry(self, *shapes: Shape) -> Geometry:
        self.check_images(*shapes)
        return self.geometry_for(shapes[0][2:], self.kernel_size, *shapes)

    def output_shape(self, *shapes: Shape) -> Shape:
        size = self.geometry(*shapes).output_size
        x, delta = shapes
        if (x[0], *size) != (delta[0], *delta[2:]):
            raise self.fail(f"a delta of {x[0]} × filters × {size[0]} × {size[1]}", x, delta)
        self.check_groups(shapes, channels=x[1], filters=delta[1])
        return (delta[1], x[1] // self.groups, *self.kernel_size)

    def output_axes(self, *inputs: Value) -> Axes:
        return KERNELS

    def _room(self, *shapes: Shape) -> Mapping[str, Shape]:
        x, delta = shapes
        down, across = self.kernel_size
        rows, taps, filters = delta[2], (down, across, x[1]), delta[1]
        return {
            **column_shapes(x, self.geometry(*shapes)),
            **named("delta", (rows, filters, delta[3], delta[0])),
            **named("rows", (rows, *taps, filters)),
            **named("kernel", (*taps, filters)),
        }

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        x, output_delta = step.inputs
        assert delta is not None
        result = {}
        if build.wants(output_delta):
            forward = Conv2d(self.stride, self.padding, self.dilation, groups=self.groups)
            result[output_delta] = build.gradient(output_delta, forward, x, delta)
        if build.wants(x):
            back = Conv2dInputGradient(self.stride, self.padding, self.dilation, x.shape[2:], groups=self.groups)
            result[x] = build.gradient(x, back, output_delta, delta)
        return result

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \star {symbols[1]}"

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def source(self, *names: str) -> str:
        return self.written("kernel_gradient", *names, size=self.kernel_size)

    def _terms(self, index: Index, *arrays: Array) -> Terms:
        f, c, i, j = index
        x, delta = arrays
        geometry = self.geometry(x.shape, delta.shape)
        (down, rows), (across, columns) = geometry.rows.track(i), geometry.columns.track(j)
        samples = range(x.shape[0])
        cells = cells_at(0, x, samples, c, rows, columns), cells_at(1, delta, samples, f, down, across)
        outside = np.ones(delta.shape[2:], bool)
        outside[down[:, None], across] = False
        return WindowTerms(index, cells, products(cells), on_padding=zero_times(delta[:, f, outside]))

    def _reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        geometry = self.geometry(*shapes)
        if i == 0:
            (_, rows), (_, columns) = geometry.rows.outputs(index[2]), geometry.columns.outputs(index[3])
            return crossings(range(shapes[1][1]), index[1], rows, columns)
        (rows, _), (columns, _) = geometry.rows.taps(index[2]), geometry.columns.taps(index[3])
        return crossings(index[1], range(shapes[0][1]), rows, columns)

    def _empty(self, shape: Shape, dtype: "np.dtype[np.floating]") -> Array:
        return np.empty(shape, dtype)

    def _scratch_shape(self, output: Shape) -> Shape:
        return output

    def _from_scratch(self, array: Array) -> Array:
        return array

    def _fill(self, out: Array, first: Array, second: Array, scratch: Scratch) -> None:
        geometry = self.geometry(first.shape, second.shape)
        gathered = columns(first, geometry, scratch)
        delta = packed(second, name_of("delta", rows_first(second).shape), scratch)
        by_row = delta.reshape(*delta.shape[:2], -1)
        taps = (*self.kernel_size, *out.shape[1::-1])
        kernel, rows = scratch[name_of("kernel", taps)], scratch[name_of("rows", (len(delta), *taps))]
        # This order is twice as fast as delta · columnsᵀ: what is transposed is the smaller factor.
        np.matmul(gathered, by_row.swapaxes(1, 2), out=rows.reshape(len(delta), -1, len(out)))
        np.add.reduce(rows, axis=0, out=kernel)
        out[...] = kernel.transpose(3, 2, 0, 1)


@dataclass(frozen=True)
class Conv2dInputGradient(Convolution):
    """Send delta back through the flipped kernels: the gradient with respect to the images.

    dL/dx[n, c, a, b] = sum over f and over (y, i), (x, j) with y sy + i dy - top = a and x sx + j dx - left = b
    of delta[n, f, y, x] w[f, c, i, j]. With stride 1 this is delta convolved with the kernels turned by 180°.

    Shapes: delta (N, F, oh, ow) and kernels (F, C, kh, kw) give (N, C, H, W).

    Parameters
    ----------
    input_size : tuple of int
        H and W, which the shapes of delta and of the kernels do not tell where the stride leaves a remainder.

    Raises
    ------
    ShapeError
        If delta is not what the convolution of images of this size gives, or the numbers of filters differ.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.5; Dumoulin and Visin (2016), chapter 4.
    """

    input_size: Shape = (1, 1)

    title = "Gradient of the image"
    says = "For each cell: the deltas that it reached, times the taps it went by: the kernel, flipped."
    why = (
        "A cell of the image was seen by several windows, each with another tap; their deltas come back by the "
        "same taps."
    )
    look = "Where windows overlap, several deltas meet; a cell that no window saw gets 0."
    helpers = (longhand.image_gradient,)
    group_axes = (1, 0, 1)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        for settings, (samples, channels, filters), size, window in AWKWARD_CASES:
            output = Geometry(size, window, *settings).output_size
            shapes = (samples, filters, *output), (filters, channels, *window)
            yield Example(cls(*settings, size), shapes)
        yield Example(cls(*GROUPED, (2, 2), groups=2), ((1, 2, 1, 3), (2, 2, 2, 1)))

    def geometry(self, *shapes: Shape) -> Geometry:
        self.check_images(*shapes)
        return self.geometry_for(self.input_size, shapes[1][2:], *shapes)

    def output_shape(self, *shapes: Shape) -> Shape:
        size = self.geometry(*shapes).output_size
        delta, kernel = shapes
        if (kernel[0], *size) != delta[1:]:
            raise self.fail(f"a delta of samples × {kernel[0]} × {size[0]} × {size[1]}", delta, kernel)
        self.check_groups(shapes, filters=kernel[0])
        return (delta[0], kernel[1] * self.groups, *self.input_size)

    def output_axes(self, *inputs: Value) -> Axes:
        return IMAGES

    def _room(self, *shapes: Shape) -> Mapping[str, Shape]:
        delta, kernel = shapes
        geometry = self.geometry(*shapes)
        return {
            **gap_shapes(delta, kernel, geometry),
            **named("taps", self._taps(delta, kernel)),
            **named("image", (self.input_size[0], kernel[1], geometry.columns.padded, delta[0])),
        }

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        output_delta, kernel = step.inputs
        assert delta is not None
        result = {}
        if build.wants(kernel):
            op = Conv2dKernelGradient(self.stride, self.padding, self.dilation, kernel.shape[2:], groups=self.groups)
            result[kernel] = build.gradient(kernel, op, delta, output_delta)
        if build.wants(output_delta):
            forward = Conv2d(self.stride, self.padding, self.dilation, groups=self.groups)
            result[output_delta] = build.gradient(output_delta, forward, delta, kernel)
        return result

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \ast {symbols[1]}"

    def rounds(self, *shapes: Shape) -> bool:
        return True

    def source(self, *names: str) -> str:
        return self.written("image_gradient", *names, size=self.input_size)

    def _terms(self, index: Index, *arrays: Array) -> Terms:
        n, c, row, column = index
        delta, kernel = arrays
        geometry = self.geometry(delta.shape, kernel.shape)
        (rows, i), (columns, j) = geometry.rows.outputs(row), geometry.columns.outputs(column)
        filters = range(kernel.shape[0])
        cells = cells_at(0, delta, n, filters, rows, columns), cells_at(1, kernel, filters, c, i, j)
        return Terms(index, cells, products(cells))

    def _reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        geometry = self.geometry(*shapes)
        if i == 0:
            (_, rows), (_, columns) = geometry.rows.taps(index[2]), geometry.columns.taps(index[3])
            return crossings(index[0], range(shapes[1][1]), rows, columns)
        (_, rows), (_, columns) = geometry.rows.track(index[2]), geometry.columns.track(index[3])
        return crossings(range(shapes[0][0]), index[1], rows, columns)

    def _fill(self, out: Array, first: Array, second: Array, scratch: Scratch) -> None:
        geometry = self.geometry(first.shape, second.shape)
        delta = rows_with_gaps(first, geometry, scratch)
        kernel = flipped_with_gaps(second, geometry, scratch)
        taps = scratch[name_of("taps", self._taps(first.shape, second.shape))]
        np.matmul(kernel, delta, out=taps.reshape(len(delta), len(kernel), -1))
        _, _, left, right = self.padding
        if not left and not right:
            spread(taps, geometry.columns, rows_first(out))
        else:
            height, width = out.shape[2:]
            image = scratch[name_of("image", (height, out.shape[1], geometry.columns.padded, out.shape[0]))]
            spread(taps, geometry.columns, image)
            rows_first(out)[...] = image[:, :, left : left + width]
        if np.isnan(out.sum()):  # a gap that is filled with 0 has perhaps met an infinity
            self._fill_by_tap(out, first, second, geometry)

    def _fill_by_tap(self, out: Array, delta: Array, kernel: Array, geometry: Geometry) -> None:
        """Add up what really meets, tap by tap: slower, and without a product with a gap."""
        out[...] = 0
        for i, j in np.ndindex(*geometry.window):
            (down, rows), (across, columns) = geometry.rows.track(i), geometry.columns.track(j)
            met = delta[:, :, down[:, None], across]
            out[:, :, rows[:, None], columns] += np.einsum("nfyx,fc->ncyx", met, kernel[:, :, i, j])

    def _taps(self, delta: Shape, kernel: Shape) -> Shape:
        return (self.input_size[0], kernel[3], kernel[1], delta[3], delta[0])
