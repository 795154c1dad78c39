"""Let a guest take the place of a batch's first sample: whether it fits, and what the network takes it for."""

from collections.abc import Mapping

import numpy as np

from core.data.dataset import Dataset
from core.data.guest import Guest
from core.ops.base import show_shape
from core.options import OptionError
from core.program import Program
from core.run.targets import Targets
from core.values import Array, AxisKind, Range, Role, Value, is_whole


def input_of(program: Program) -> Value | None:
    """Return the value that the samples enter as; ``None`` where there is none, or more than one."""
    given = [value for value in program.data if value.role is Role.INPUT]
    one = given[0] if len(given) == 1 else None
    return one if one is not None and one.shape and one.axis(0).kind is AxisKind.SAMPLE else None


def target_of(program: Program) -> Value | None:
    """Return the value that the targets enter as; ``None`` where the network is asked for nothing."""
    return next((value for value in program.data if value.role is Role.TARGET), None)


def tells_classes(program: Program, dataset: Dataset | None) -> bool:
    """Tell whether each output of a network stands for a class, so that the largest one is its guess."""
    target = target_of(program)
    return target is not None and len(target.shape) == 2 and dataset is not None and dataset.labels is not None


def guess_of(outputs: Array) -> Array:
    """Return the target that the outputs for one sample, (k,), would be right for: 1 for the largest, 0 for the others.

    A single output stands for the second of two classes.
    """
    if len(outputs) == 1:
        return (outputs >= np.asarray(0.5, outputs.dtype)).astype(outputs.dtype)
    guess = np.zeros_like(outputs)
    guess[int(np.argmax(outputs))] = 1
    return guess


def sample_of(dataset: Dataset | None, sample: int) -> Guest:
    """Return a sample of the data as a guest.

    Raises
    ------
    OptionError
        If the data have no such sample.
    """
    if dataset is None:
        raise OptionError("Expected a network with data to look at a sample; this one has none.")
    if not (is_whole(sample) and 0 <= sample < len(dataset)):
        raise OptionError(f"Expected a sample from 0 to {len(dataset) - 1} to look at; got {sample!r}.")
    taken = dataset.take([sample])
    return Guest(taken["x"][0], taken["y"][0], f"Sample {sample:,}", sample)


def check_guest(guest: Guest, preset: str, program: Program, dataset: Dataset | None, dtype: str) -> None:
    """Check that a guest can take the place of a sample.

    Raises
    ------
    OptionError
        If the network takes no such inputs, or has no such targets; or if a guest has no target, and the network tells
        no classes that it could guess.
    """
    entry = input_of(program)
    if entry is None or (dataset is not None and dataset.token_names is not None and guest.sample is None):
        raise OptionError(
            f"Expected a network that takes one image, one point or one row of numbers; {preset} takes "
            f"{_taken(entry, dataset)}, so there is no place for an input of your own."
        )
    _check_numbers(guest.title, "an input", guest.inputs, entry, dtype)
    _check_range(guest, entry, dataset)
    target = target_of(program)
    if target is None:
        return
    if guest.target is None:
        if not tells_classes(program, dataset):
            raise OptionError(f"The outputs of {preset} are numbers, not classes, so it cannot guess a target for "
                              f"{guest.title}: type one.")  # fmt: skip
        return
    _check_numbers(guest.title, "a target", guest.target, target, dtype)
    try:
        Targets(program).check({target.key: guest.target[None]})
    except ValueError as error:
        raise OptionError(f"{guest.title}: {error}.") from None


def put_first(guest: Guest, program: Program, batch: Mapping[str, Array]) -> None:
    """Write a guest that fits into the first row of a batch; where it has no target, the one that is there stays."""
    entry, target = input_of(program), target_of(program)
    assert entry is not None
    batch[entry.key][0] = guest.inputs
    if target is not None and guest.target is not None:
        batch[target.key][0] = guest.target


def _taken(entry: Value | None, dataset: Dataset | None) -> str:
    named = dataset is not None and dataset.token_names is not None
    return "a sequence of objects that have names" if entry is not None and named else "several arrays at once"


def _check_numbers(title: str, what: str, array: Array, value: Value, dtype: str) -> None:
    """Check the shape, and that the dtype can hold the numbers."""
    if array.shape != value.shape[1:]:
        expected, got = show_shape(value.shape[1:]), show_shape(array.shape)
        raise OptionError(f"{title}: expected {what} of {expected} numbers; got {got}.")
    with np.errstate(over="ignore"):
        held = array.astype(dtype)
    if not np.isfinite(held).all():
        raise OptionError(f"{title}: expected numbers that {dtype} can hold; got larger ones.")


def _check_range(guest: Guest, entry: Value, dataset: Dataset | None) -> None:
    """Check that the numbers are some that the network's input can hold."""
    low, high = float(guest.inputs.min()), float(guest.inputs.max())
    least = -np.inf if entry.range is Range.SIGNED else 0.0
    most = 1.0 if entry.range is Range.PROBABILITY else np.inf
    if dataset is not None and dataset.reach is not None:
        least, most = -dataset.reach, dataset.reach
    if low < least or high > most:
        wanted = f"from {least:g} to {most:g}" if np.isfinite(most) else f"from {least:g}"
        wrong = low if low < least else high
        raise OptionError(f"{guest.title}: expected inputs {wanted}; got {wrong:g}.")
