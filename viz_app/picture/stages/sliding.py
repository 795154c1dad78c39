"""Draw a kernel that slides over an image, forward and backward.

All three convolutions read alike: on the left what the window lies on, in the middle what meets under the window and
its products, on the right the result with the cell that they make.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.ops.base import Terms
from core.ops.windows.convolution import Conv2d, Conv2dInputGradient, Conv2dKernelGradient
from core.ops.windows.convolution_base import Convolution
from core.values import Index, Range, Role, Shape
from viz_app.frame.frame import Explained, Frame, MapView, Mark
from viz_app.frame.words.numbers import place
from viz_app.picture.elements import ColorImage, Element, Heatmap, Legend, Panel, Rect, Stroke, Text, Tone
from viz_app.picture.grid import Grid, tile_layout
from viz_app.picture.legible import cell_wanted
from viz_app.picture.stages.figures import (
    CLICK,
    LABEL,
    LEGEND,
    chooser,
    legend_below,
    made_up,
    marks_of_kind,
    name_of,
    square_in,
    told,
)
from viz_app.picture.stages.labels import outline, shown_part
from viz_app.picture.typeset import fitting

OPS = (Conv2d, Conv2dKernelGradient, Conv2dInputGradient)

_LARGEST = 7.0
"""The largest cell, in em."""
_PAIR = Mark.SELECTED, Mark.PARTNER


@dataclass(frozen=True)
class _Meeting:
    """What meets under the window, for the one group (channel, sample or filter) that is drawn.

    ``within`` are the groups that the output cell is made of: all, but where a convolution has groups of channels.
    ``first`` and ``second`` are the factors as matrices, ``real`` the cells that lie on the image and not on padding
    or a gap, ``sums`` the sum of the products of every group, ``pair`` where the focused cell meets another one. Where
    the cell is ``covered``, products and sums are, too.
    """

    noun: str
    group: int
    within: range
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    products: NDArray[np.float64]
    real: NDArray[np.bool_]
    sums: NDArray[np.float64]
    touched: NDArray[np.intp]
    pair: NDArray[np.intp]
    covered: bool

    @property
    def total(self) -> float:
        """The output cell."""
        return float(self.sums.sum())


def arrange(frame: Frame, box: Rect, em: float) -> Iterator[Element]:
    """Yield the image with its window, what meets under it, and the result that fills in."""
    assert frame.explained is not None
    cell = frame.explained.index
    meeting = _meet(frame, frame.explained)
    wanted = meeting.first.shape[1] * cell_wanted(em)[0] + 4.2 * em
    side = max(min(0.36 * box.width, (box.width - wanted) / 2 - em), 0.27 * box.width)
    left = Rect(box.x, box.y, side, box.height)
    middle = Rect(left.right + em, box.y, box.width - 2 * side - 2 * em, box.height)
    right = Rect(middle.right + em, box.y, side, box.height)
    yield from _source(frame, cell, meeting, left, em)
    yield from _middle(frame, cell, meeting, middle, em)
    yield from _result(frame, cell, right, em)


def _meet(frame: Frame, explained: Explained) -> _Meeting:
    op, terms = frame.step.op, explained.terms
    a, b = (view.array for view in frame.operands)
    assert a is not None
    assert b is not None
    first, second = terms.cells
    position = second.indices[:, 2:]
    shape: Shape = b.shape[2:]
    axis, noun, chosen = 1, "channel", frame.options.channel
    if isinstance(op, Conv2dKernelGradient):
        axis, noun, chosen = 0, "sample", frame.options.sample
    elif isinstance(op, Conv2dInputGradient):
        noun, position = "filter", np.array(shape) - 1 - position
    within = _within(op, terms, axis, a.shape, frame.result.shape)
    group = _focused_group(frame, within, (axis, 1 if noun == "channel" else 0), chosen)
    group = min(max(group, within.start), within.stop - 1)
    here = first.indices[:, axis] == group
    where = tuple(position[here].T)
    left, right, products = np.zeros((3, *shape))
    real = np.zeros(shape, dtype=bool)
    left[where], right[where] = first.values[here], second.values[here]
    products[where] = terms.contributions[here]
    real[where] = True
    if not isinstance(op, Conv2dKernelGradient):
        right = np.asarray(b[_kernel_lead(op, b, terms.index, group)], dtype=np.float64)
        right = right[::-1, ::-1] if isinstance(op, Conv2dInputGradient) else right
    places = first.indices[:, axis] - within.start
    sums = np.bincount(places, terms.contributions, minlength=len(within)).astype(np.float64)
    focused = [cells for _, cells in marks_of_kind(frame.operands[0], *_PAIR)]
    paired = [(first.indices[here] == cells[0]).all(axis=1) for cells in focused]
    pair = position[here][np.logical_or.reduce(paired)] if paired else np.empty((0, 2), np.intp)
    return _Meeting(
        noun, group, within, left, right, products, real, sums, first.indices[here], pair, explained.covered
    )


def _within(op: object, terms: Terms, axis: int, shape: Shape, output: Shape) -> range:
    """Return the channels, samples or filters that an output cell is made of."""
    assert isinstance(op, Convolution)
    count = shape[axis]
    if op.groups == 1 or isinstance(op, Conv2dKernelGradient):
        return range(count)
    size = count // op.groups
    start = terms.index[1] // (output[1] // op.groups) * size
    return range(start, start + size)


def _focused_group(frame: Frame, within: range, axes: tuple[int, int], chosen: int) -> int:
    """Return the group of the focused cell of an operand, else the one that is chosen."""
    for view, axis in zip(frame.operands, axes, strict=True):
        for _, cells in marks_of_kind(view, Mark.SELECTED):
            of_kernel = axis == 1 and view is frame.operands[1]
            return int(cells[0, axis]) + (within.start if of_kernel else 0)
    return chosen


def _kernel_lead(op: object, kernel: NDArray[np.floating], cell: Index, group: int) -> tuple[int, int]:
    """Return the filter and the channel of the kernel that meets a group."""
    channels = kernel.shape[1]
    return (group, cell[1] % channels) if isinstance(op, Conv2dInputGradient) else (cell[1], group % channels)


def _source(frame: Frame, cell: Index, meeting: _Meeting, box: Rect, em: float) -> Iterator[Element]:
    view = frame.operands[0]
    lead = _source_lead(frame, cell, meeting)
    op = frame.step.op
    spread = op.stride if isinstance(op, Conv2dInputGradient) else (1, 1)
    grid = Grid(view.shape, (*lead, None, None), spread=(spread[0], spread[1]))
    is_kernel = isinstance(op, Conv2dKernelGradient)
    count = view.shape[0] if is_kernel else view.shape[1]
    colored = view.value.role is Role.INPUT and view.shape[1] == 3 and count > 1
    colors = view.array[lead[0]] if colored and view.array is not None else None
    strip = (7.4 if colors is not None else 3.6 if count > 1 else 0.0) * em
    room = Rect(box.x, box.y + (LABEL + 0.3) * em, box.width, box.height - (LABEL + LEGEND + 0.6) * em - strip)
    text = f"{meeting.noun} {meeting.group} of {count}{CLICK}" if count > 1 else ""
    padding = _ring(frame)
    rows, columns = grid.size
    across, down = columns + padding[2] + padding[3], rows + padding[0] + padding[1]
    unit = min(room.width / across, room.height / down, _LARGEST * em)
    whole = room.centered(unit * across, unit * down)
    rect = Rect(whole.x + padding[2] * unit, whole.y + padding[0] * unit, columns * unit, rows * unit)
    label = Rect(box.x, whole.y - (LABEL + 0.3) * em, box.width, LABEL * em)
    yield from name_of(view, label, em, part=shown_part(view, grid))
    if any(padding):
        yield Panel(whole, Tone.FAINT, 0.35, outline=Tone.MUTED, radius=0)
    marks = ((Mark.FIRST, meeting.touched), *marks_of_kind(view, *_PAIR))
    yield Heatmap(rect, replace(view, marks=marks), grid)
    if not is_kernel:
        yield _window(frame, cell, whole, unit)
    legend = legend_below(whole, em)
    yield Legend(legend, view.levels)
    if count > 1:
        pick = [(k, lead[1]) if is_kernel else (lead[0], k) for k in range(count)]
        grids = [Grid(view.shape, (*one, None, None)) for one in pick]
        top = legend.bottom + 0.3 * em
        field = "sample" if is_kernel else "channel"
        choices = Rect(box.x, top, box.width, strip - 1.4 * em)
        if colors is not None:
            image = square_in(grid, Rect(box.x, top, 0.3 * box.width, choices.height - 0.2 * em))
            yield ColorImage(image, colors)
            yield Text(Rect(box.x, choices.bottom, 0.3 * box.width, 1.1 * em), "in colour", 0.8, Tone.MUTED)
            choices = Rect(box.x + 0.32 * box.width, top, 0.68 * box.width, choices.height)
        yield from chooser(view, grids, meeting.group, field, choices, em)
        yield Text(Rect(choices.x, choices.bottom, choices.width, 1.1 * em), text, 0.8, Tone.MUTED, aside=CLICK)


def _source_lead(frame: Frame, cell: Index, meeting: _Meeting) -> Index:
    op = frame.step.op
    if isinstance(op, Conv2dKernelGradient):
        sizes = frame.operands[0].shape[1] // op.groups, frame.result.shape[0] // op.groups
        return (meeting.group, cell[0] // sizes[1] * sizes[0] + cell[1])
    return (cell[0], meeting.group)


def _ring(frame: Frame) -> tuple[int, int, int, int]:
    """Return how many rows and columns the window reaches beyond the image: above, below, left and right of it.

    For the gradient of an image the flipped kernel slides over delta, whose cells lie a stride apart.
    """
    op, (source, second) = frame.step.op, frame.operands
    assert isinstance(op, Convolution)
    if not isinstance(op, Conv2dInputGradient):
        return op.padding
    ring: list[int] = []
    for axis in (0, 1):
        reach = (second.shape[2 + axis] - 1) * op.dilation[axis]
        before = op.padding[2 * axis]
        last = (source.shape[2 + axis] - 1) * op.stride[axis]
        ring += [max(reach - before, 0), max(frame.result.shape[2 + axis] - 1 + before - last, 0)]
    return ring[0], ring[1], ring[2], ring[3]


def _window(frame: Frame, cell: Index, whole: Rect, unit: float) -> Stroke:
    """Return the outline of the window on the image with its ring."""
    first, last = _corners(frame, cell)
    top, left = whole.y + first[0] * unit, whole.x + first[1] * unit
    height, width = (last[0] + 1 - first[0]) * unit, (last[1] + 1 - first[1]) * unit
    return outline(Rect(left, top, width, height), Tone.SELECTED)


def _corners(frame: Frame, cell: Index) -> tuple[Index, Index]:
    """Return the first and the last row and column of the window, counted from the ring's edge."""
    op = frame.step.op
    if isinstance(op, Conv2d):
        rows, columns = op.geometry(*(view.shape for view in frame.operands)).positions(cell[2], cell[3])
        return (int(rows[0]), int(columns[0])), (int(rows[-1]), int(columns[-1]))
    assert isinstance(op, Conv2dInputGradient)
    ring, kernel = _ring(frame), frame.operands[1].shape[2:]
    last = tuple(cell[2 + axis] + op.padding[2 * axis] + ring[2 * axis] for axis in (0, 1))
    return tuple(end - (kernel[axis] - 1) * op.dilation[axis] for axis, end in enumerate(last)), last


def _middle(frame: Frame, cell: Index, meeting: _Meeting, box: Rect, em: float) -> Iterator[Element]:
    many = len(meeting.sums) > 1
    below = (2.2 + (4.2 if many else 0)) * em
    height = (box.height - below - 3 * 1.5 * em - 1.2 * em) / 3
    names = _names(frame, cell, meeting)
    marks = (Mark.REACHED, np.argwhere(~meeting.real))
    y = box.y
    views = _factors(frame, cell, meeting, names, marks)
    for position, (view, grid) in enumerate(views):
        room = Rect(box.x + 2 * em, y + 1.4 * em, box.width - 4 * em, min(height, 13 * em))
        rect = _legible(grid, room, em)
        yield Text(Rect(box.x, rect.y - 1.4 * em, box.width, 1.2 * em), names[position], 0.85, Tone.MUTED)
        if position:
            yield Text(Rect(box.x, rect.y, 1.8 * em, rect.height), "⊙="[position - 1], 1.5)
        yield Heatmap(rect, view, grid, terms=True)
        y = room.bottom + 0.5 * em
    if many:
        yield from _sums(meeting, Rect(box.x, y, box.width, 3.8 * em), em)
        y += 4.2 * em
    assert frame.explained is not None
    text = f"Σ = {told(meeting.total, frame.explained)}"
    yield Text(Rect(box.x, y, box.width, 1.8 * em), text, 1.2, Tone.SELECTED, bold=True, result=True)


def _legible(grid: Grid, room: Rect, em: float) -> Rect:
    """Return where a map stands: with square cells, or wider ones where their numbers would have no room in squares."""
    rect = square_in(grid, room)
    width = grid.size[1] * cell_wanted(em)[0]
    return room.centered(width, rect.height) if rect.width < width <= room.width else rect


def _factors(
    frame: Frame, cell: Index, meeting: _Meeting, names: tuple[str, str, str], outside: tuple[Mark, NDArray[np.intp]]
) -> list[tuple[MapView, Grid]]:
    """Return what meets and its products; the second factor is the value itself, unless it is drawn flipped."""
    a, b = frame.operands
    whole = Grid(meeting.first.shape, (None, None))
    pair = ((Mark.SELECTED, meeting.pair),)
    first = replace(made_up("meeting 0", names[0], meeting.first, marks=(outside, *pair)), levels=a.levels)
    second = replace(made_up("meeting 1", names[1], meeting.second, marks=pair), levels=b.levels), whole
    if not isinstance(frame.step.op, Conv2dInputGradient):
        is_kernel = isinstance(frame.step.op, Conv2dKernelGradient)
        assert b.array is not None
        lead = (meeting.group, cell[0]) if is_kernel else _kernel_lead(frame.step.op, b.array, cell, meeting.group)
        second = replace(b, marks=marks_of_kind(b, *_PAIR)), Grid(b.shape, (*lead, None, None))
    products = made_up("meeting 2", names[2], meeting.products, marks=pair, covered=meeting.covered)
    return [(first, whole), second, (products, whole)]


def _names(frame: Frame, cell: Index, meeting: _Meeting) -> tuple[str, str, str]:
    a, b = (view.name for view in frame.operands)
    kernel = frame.operands[1].array
    assert kernel is not None
    lead = _kernel_lead(frame.step.op, kernel, cell, meeting.group)
    if isinstance(frame.step.op, Conv2d):
        return f"window of {a}, channel {meeting.group}", f"{b}{place(lead)}", "products"
    if isinstance(frame.step.op, Conv2dKernelGradient):
        return f"cells of {a} that tap {place(cell[2:])} met", f"{b}{place((meeting.group, cell[0]))}", "products"
    return f"{a} that cell {place(cell[2:])} reached", f"{b}{place(lead)}, flipped", "products"


def _sums(meeting: _Meeting, box: Rect, em: float) -> Iterator[Element]:
    """Yield the sum of every group; the one that is drawn is highlighted."""
    here = ((Mark.SELECTED, np.array([[0, meeting.group - meeting.within.start]], dtype=np.intp)),)
    view = made_up("sums", "sums", meeting.sums.reshape(1, -1), Range.SIGNED, here, covered=meeting.covered)
    texts = f"sum of the products, for each {meeting.noun}", f"sum for each {meeting.noun}", f"{meeting.noun}s"
    text = fitting(texts, box.width, 0.85 * em)
    yield Text(Rect(box.x, box.y, box.width, 1.2 * em), text, 0.85, Tone.MUTED)
    width = min(box.width, len(meeting.sums) * 4 * em)
    yield Heatmap(
        Rect(box.center[0] - width / 2, box.y + 1.4 * em, width, 2 * em), view, Grid(view.shape, (None, None))
    )


def _result(frame: Frame, cell: Index, box: Rect, em: float) -> Iterator[Element]:
    view = frame.result
    grid = Grid(view.shape, (*cell[:2], None, None))
    is_kernel = isinstance(frame.step.op, Conv2dKernelGradient)
    count = view.shape[0] if is_kernel else view.shape[1]
    strip = min(0.28 * box.height, 11 * em) if count > 1 else 0.0
    room = Rect(box.x, box.y + (LABEL + 0.3) * em, box.width, box.height - (LABEL + LEGEND + 0.6) * em - strip)
    rect = square_in(grid, room, _LARGEST * em)
    here = np.array([cell], dtype=np.intp)
    label = Rect(box.x, rect.y - (LABEL + 0.3) * em, box.width, LABEL * em)
    yield from name_of(view, label, em, part=shown_part(view, grid))
    view = replace(view, marks=(*marks_of_kind(view, Mark.REACHED), (Mark.SELECTED, here)))
    yield Heatmap(rect, view, grid)
    legend = legend_below(rect, em)
    yield Legend(legend, view.levels)
    if count > 1:
        every = Grid(
            view.shape,
            (None, cell[1], None, None) if is_kernel else (cell[0], None, None, None),
            tiles=tile_layout(count),
        )
        noun = f"all {count} channels" if isinstance(frame.step.op, Conv2dInputGradient) else f"all {count} filters"
        top = legend.bottom + 1.5 * em
        yield Text(Rect(box.x, top - 1.2 * em, box.width, 1.1 * em), noun, 0.8, Tone.MUTED)
        yield Heatmap(square_in(every, Rect(box.x, top, box.width, box.bottom - top)), view, every)
