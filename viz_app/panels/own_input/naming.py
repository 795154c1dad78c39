"""Name the numbers of a sample, and say which of them can be typed. Without Qt."""

from math import inf, prod

from core.experiment import Experiment
from core.notation import plain, symbol
from core.values import Range, Role, Value
from core.visiting import input_of
from viz_app.widgets.fields.reading import Bounds

MOST = 64
"""So many numbers are typed by hand; more are drawn, or brought in a file."""
_LARGEST = 1e30


def untypable(experiment: Experiment) -> str:
    """Return in one sentence why the input of a network is not typed; nothing where it is."""
    entry = input_of(experiment.program)
    if entry is None:
        return "This network takes several arrays at once, so there is no one row of numbers to type."
    if experiment.dataset is not None and experiment.dataset.token_names is not None:
        return "This network takes objects that have names, not numbers to type."
    count = prod(entry.shape[1:])
    if count > MOST:
        instead = "draw it, or bring an image" if entry.row_image or len(entry.shape) == 4 else "choose a sample"
        return f"This network takes {count:,} numbers, and up to {MOST} can be typed by hand: {instead}."
    return ""


def names_of(experiment: Experiment, value: Value) -> tuple[str, ...]:
    """Return what the numbers of one sample are called.

    By the names that the network has for them, or the data for their columns; by their place in an image; or x₁, x₂, ….
    """
    axis = value.axis(len(value.shape) - 1)
    if len(value.shape) == 2 and (names := axis.names or _columns(experiment, value)):
        return names
    called, shape = symbol(experiment.program, value), value.row_image or value.shape[1:]
    if len(shape) == 1:
        return tuple(plain(f"{called}_{{{number}}}") for number in range(1, shape[0] + 1))
    high, wide = shape[-2:]
    places = [f"row {row}, column {column}" for row in range(high) for column in range(wide)]
    channels = prod(shape[:-2])
    if channels == 1:
        return tuple(places)
    return tuple(f"channel {channel}, {place}" for channel in range(channels) for place in places)


def _columns(experiment: Experiment, value: Value) -> tuple[str, ...]:
    """Return what the data call the numbers of a row; nothing where they have no names for them."""
    dataset = experiment.dataset
    if dataset is None:
        return ()
    names = dataset.class_names if value.role is Role.TARGET else dataset.column_names
    return names if names is not None and len(names) == value.shape[-1] else ()


def input_bounds(experiment: Experiment, value: Value) -> Bounds:
    """Return which numbers the input of a network holds."""
    reach = experiment.dataset.reach if experiment.dataset is not None else None
    if reach is not None:
        return Bounds(-reach, reach)
    return _bounds(value.range)


def _bounds(span: Range) -> Bounds:
    least = -inf if span is Range.SIGNED else 0.0
    most = 1.0 if span is Range.PROBABILITY else inf
    return Bounds(max(least, -_LARGEST), min(most, _LARGEST))


def target_bounds(value: Value) -> Bounds:
    """Return which numbers a target holds; what a loss asks of all of them together is checked elsewhere."""
    return _bounds(value.range)
