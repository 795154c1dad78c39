"""Make data of arrays of numbers, wherever they lie: which axis is what, how they are scaled, and what is held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt, prod
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.data.mapped import release
from core.data.progress import Progress
from core.data.rows import JoinedRows, OneHotRows, OrderedRows, Rows, ScaledRows, ShapedRows
from core.values import Shape
from viz_app.reading.answers import MOST_SAMPLES, Answers
from viz_app.reading.files import DataError, by
from viz_app.reading.offer import Channels, Choices, Layout, Option, Question, Target, check_share

PREVIEWED = 24
"""So many samples are shown before data are taken."""
_BRIGHTEST = 255.0
_SMALLEST_SIDE = 8
_NUMBERS_AT_ONCE = 2**20
_LARGEST_SAMPLE = 2**22
_SEED = 0

Stored = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Samples:
    """What enters the network, as lazy rows.

    Parameters
    ----------
    rows : Rows
        One sample a row, scaled, as it enters the network.
    layout : Layout
        How images enter.
    layouts : tuple of Layout
        How they could.
    image : tuple of int or None
        The channels, height and width of the image that a sample is.
    scale : float
        What the numbers were divided by.
    channels : Channels or None
        Where the channels of an image were found; ``None`` where that is no question.
    white : float
        The number of a white pixel.
    """

    rows: Rows
    layout: Layout
    layouts: tuple[Layout, ...]
    image: Shape | None
    scale: float
    channels: Channels | None
    white: float = 1.0


def samples(parts: Sequence[Stored], name: str, choices: Choices, *, pixels: bool = False) -> Samples:
    """Return the samples of arrays, the parts after each other.

    Parameters
    ----------
    parts : sequence of ndarray of shape (n, ...)
        Of the same shape but for n. ``(n, h, w)`` are images, and ``(n, h, w, c)`` and ``(n, c, h, w)`` in colour.
    name : str
        Whose they are: begins the sentence of an error.
    choices : Choices
        Of them ``layout``, ``channels`` and ``scale``.
    pixels : bool
        Whether rows of numbers are the pixels of a square image; rows of bytes are where they can be.

    Raises
    ------
    DataError
        If they are no numbers, too large, or of different shapes.
    """
    _check(parts, name)
    first = parts[0]
    dtype = np.float64 if first.dtype.kind in "uif" and first.dtype.itemsize > 4 else np.float32
    scale = choices.scale or (_BRIGHTEST if first.dtype == np.uint8 else 1.0)
    if not np.isfinite(scale) or scale <= 0:
        raise DataError(f"{name}: expected a positive number to divide by; got {scale:g}.")
    channels = _channels(first.shape, choices)
    image, layouts = _image(first.shape, channels, pixels or first.dtype == np.uint8)
    usual = Layout.IMAGE if image is not None and image[0] > 1 else Layout.ROW
    layout = choices.layout if choices.layout in layouts else usual
    if image is None and layout is Layout.IMAGE:
        side = isqrt(first.shape[1])
        image = 1, side, side
    rows = [_laid(part, scale, dtype, layout, image, channels) for part in parts]
    whole = rows[0] if len(rows) == 1 else JoinedRows(rows)
    white = _BRIGHTEST / scale if first.dtype == np.uint8 and image is not None else 1.0
    return Samples(whole, layout, layouts, None if layout is Layout.MATRIX else image, scale, channels, white)


def _check(parts: Sequence[Stored], name: str) -> None:
    for part in parts:
        if part.ndim == 0 or part.dtype.kind not in "uifb":
            got = f"{np.dtype(part.dtype).newbyteorder('=')} of shape {tuple(part.shape)}"
            raise DataError(f"{name}: expected an array of numbers, one sample a row; got {got}.")
        if len(part) > MOST_SAMPLES:
            raise DataError(f"{name}: expected at most {MOST_SAMPLES:,} samples; got {len(part):,}.")
        if 0 in part.shape:
            raise DataError(f"{name}: expected at least one sample of one number; got shape {tuple(part.shape)}.")
        if prod(part.shape[1:]) > _LARGEST_SAMPLE:
            raise DataError(
                f"{name}: expected samples of at most {_LARGEST_SAMPLE:,} numbers; got {prod(part.shape[1:]):,}."
            )
    if len({part.dtype for part in parts}) > 1:
        raise DataError(f"{name}: expected numbers of the same type in both parts; got {_types(parts)}.")
    if len({part.shape[1:] for part in parts}) > 1:
        shapes = " and ".join(by(part.shape[1:]) for part in parts)
        raise DataError(f"{name}: expected samples of the same shape in both parts; got {shapes}.")


def _types(parts: Sequence[Stored]) -> str:
    return " and ".join(str(np.dtype(part.dtype).newbyteorder("=")) for part in parts)


def _channels(shape: Shape, choices: Choices) -> Channels | None:
    if len(shape) != 4:
        return None
    few = range(1, 5)
    first = shape[1] in few and shape[3] not in few
    return choices.channels or (Channels.FIRST if first else Channels.LAST)


def _image(shape: Shape, channels: Channels | None, pixels: bool) -> tuple[Shape | None, tuple[Layout, ...]]:
    """Return the channels, height and width of a sample, where it is an image, and how it can enter the network."""
    if len(shape) == 4:
        image = shape[1:] if channels is Channels.FIRST else (shape[3], shape[1], shape[2])
        return image, (Layout.ROW, Layout.IMAGE)
    if len(shape) == 3:
        return (1, *shape[1:]), (Layout.ROW, Layout.IMAGE, Layout.MATRIX)
    side = isqrt(shape[1]) if len(shape) == 2 else 0
    square = side >= _SMALLEST_SIDE and side * side == shape[-1]
    return (1, side, side) if square and pixels else None, (Layout.ROW, Layout.IMAGE) if square else (Layout.ROW,)


def _laid(
    part: Stored, scale: float, dtype: Any, layout: Layout, image: Shape | None, channels: Channels | None
) -> Rows:
    if channels is Channels.LAST:
        part = part.transpose(0, 3, 1, 2)
    rows = ScaledRows(part, scale, dtype)
    if layout is Layout.MATRIX:
        return rows
    shape = image if layout is Layout.IMAGE and image is not None else (prod(part.shape[1:]),)
    return rows if shape == part.shape[1:] else ShapedRows(rows, shape)


_LAYOUTS: Mapping[Layout, str] = MappingProxyType(
    {
        Layout.ROW: "one row of numbers (dense layers)",
        Layout.IMAGE: "an image with channels (convolutions)",
        Layout.MATRIX: "a matrix (tokens and features)",
    }
)


def sample_questions(found: Samples) -> tuple[Question, ...]:
    """Ask how samples enter the network, and what they are divided by."""
    questions = []
    if len(found.layouts) > 1:
        options = tuple(Option(layout, _LAYOUTS[layout]) for layout in found.layouts)
        questions.append(Question("layout", "Enters as", found.layout, options))
    if found.channels is not None:
        ways = (
            Option(Channels.LAST, "last: height, width, channels"),
            Option(Channels.FIRST, "first: channels, height, width"),
        )
        questions.append(Question("channels", "Channels", found.channels, ways))
    return (*questions, scale_question(found.scale))


def scale_question(scale: float) -> Question:
    """Ask what numbers are divided by."""
    scales = sorted({1.0, _BRIGHTEST, scale})
    options = tuple(Option(one, "as they are" if one == 1 else f"divided by {one:g}") for one in scales)
    return Question("scale", "Numbers", scale, options, least=1e-30, most=1e30)


def check_finite(parts: Sequence[Stored], name: str, progress: Progress) -> None:
    """Check that no number is NaN, infinite or too large for float32; some are in memory at a time.

    Raises
    ------
    DataError
        If one is; it names the sample.
    """
    before = 0
    for part in parts:
        size = max(1, _NUMBERS_AT_ONCE // max(1, prod(part.shape[1:])))
        for start in range(0, len(part) if part.dtype.kind == "f" else 0, size):
            progress.tell(start, len(part), f"Checking {name}")
            _check_numbers(part[start : start + size], before + start, name)
            release(part)
        before += len(part)


def _check_numbers(numbers: Stored, first: int, name: str) -> None:
    with np.errstate(invalid="ignore"):
        right = np.abs(numbers) <= np.finfo(np.float32).max
    if not right.all():
        row = int(np.flatnonzero(~right.reshape(len(right), -1).all(axis=1))[0])
        got = numbers[row][~right[row]].ravel()[0] if numbers.ndim > 1 else numbers[row]
        raise DataError(f"{name}: expected finite numbers that float32 can hold; sample {first + row} has {got:g}.")


def dataset_of(name: str, found: Samples, asked: Answers | None, **about: Any) -> Dataset:
    """Return samples with what they ask for as a data set; without answers each asks for itself."""
    row = found.layout is Layout.ROW and found.image is not None and found.image[0] == 1
    if asked is None:
        features = prod(found.rows.shape[1:])
        asked = Answers(Target.ITSELF, ShapedRows(found.rows, (features,)))
    return Dataset(
        name,
        found.rows,
        asked.targets,
        asked.labels,
        row_image=found.image[1:] if row and found.image is not None else None,
        image_shape=found.image,
        white=found.white,
        class_names=asked.output_names,
        **about,
    )


def completed(dataset: Dataset, choices: Choices, progress: Progress) -> Dataset:
    """Return data as chosen: a share drawn and held back, the numbers normalised.

    Raises
    ------
    DataError
        If the share is none, or leaves no sample to train on.
    """
    check_share(choices.held_back)
    if choices.held_back is not None:
        dataset = _split(dataset, choices.held_back)
    return dataset if choices.normalise is None else dataset.normalised(choices.normalise, progress)


def _split(dataset: Dataset, share: float) -> Dataset:
    """Return the data with a share of the samples, drawn with a fixed seed, at the end and held back."""
    count = len(dataset)
    held_back = min(count - 1, round(share * count))
    drawn = np.random.default_rng(_SEED).permutation(count)[:held_back]
    last = np.zeros(count, bool)
    last[drawn] = True
    order = np.concatenate([np.flatnonzero(~last), np.flatnonzero(last)])
    said = f"{held_back:,} of {count:,} samples were drawn at random, put last and held back from training."
    names, labels = dataset.sample_names, None if dataset.labels is None else dataset.labels[order]
    targets: Rows = OrderedRows(dataset.targets, order)
    if labels is not None and isinstance(dataset.targets, OneHotRows):
        targets = OneHotRows(labels, dataset.targets.shape[1])
    return replace(
        dataset,
        inputs=OrderedRows(dataset.inputs, order),
        targets=targets,
        labels=labels,
        sample_names=None if names is None else [names[number] for number in order.tolist()],
        held_back=held_back,
        reading=(*dataset.reading, said),
    )
