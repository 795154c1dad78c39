"""Measure the layers of a network in an iteration: how large gradients, outputs and updates are, and what is idle."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite, sqrt

import numpy as np

from core.ops.activations import ReLU, Sigmoid, Tanh
from core.program import Program
from core.run.norm import PRECISE, norm_of
from core.values import Array, AxisKind, Phase, Role, Scope, Value

VANISHING = 1e-6
"""A gradient whose norm is less than this share of the largest one vanishes."""
EXPLODING = 1e3
"""A gradient whose norm is more than this explodes."""
TANH_LIMIT, SIGMOID_LIMIT = 0.97, 0.03
"""Tanh is saturated where its size is above the first, a sigmoid where it is nearer to 0 or to 1 than the second."""
_PART = 32_768

Share = Callable[[Array, int], Array]
"""Returns for every neuron the share of its outputs that pass no gradient back; neurons stand along an axis."""


class Idle(StrEnum):
    """Why a neuron passes no gradient back."""

    DEAD = "dead"
    """Its ReLU is 0 for every sample of the batch."""
    SATURATED = "saturated"
    """Its tanh or its sigmoid is at one of its ends for some samples of the batch: those count."""


@dataclass(frozen=True)
class LayerStats:
    """The numbers of a layer; what has not been computed yet, or does not exist, is ``None``.

    Parameters
    ----------
    number : int
        Which layer, from 1.
    name : str
        What a person is told of it.
    gradient : float or None
        The norm of the gradient of all its parameters together.
    output : float or None
        The root mean square of its output: it does not depend on the size of the batch or of the layer.
    update : float or None
        The norm of the change of its parameters over the norm of the parameters.
    idle : float or None
        The share of neurons that are dead, or of outputs that are saturated: they pass no gradient back.
    why_idle : Idle or None
        What makes them so; ``None`` where the layer has no such neurons.
    warning : str
        What is wrong with the gradient, in a word or two; empty where nothing is.
    trained : bool
        Whether it has parameters that are trained.
    """

    number: int
    name: str
    gradient: float | None = None
    output: float | None = None
    update: float | None = None
    idle: float | None = None
    why_idle: Idle | None = None
    warning: str = ""
    trained: bool = False


@dataclass(frozen=True)
class LayerKeys:
    """The values of a program from which a layer is measured, by key."""

    number: int
    name: str
    weights: tuple[str, ...]
    """Those that are trained, biases only where there is nothing else."""
    weight_gradients: tuple[str, ...]
    gradients: tuple[str, ...]
    updates: tuple[tuple[str, str], ...]
    """Each trained parameter, and what it is after its update."""
    output: str | None
    activations: tuple[tuple[Value, Idle, Share], ...]


Arrays = Mapping[str, Array]
"""The values that are known."""


def layer_keys(program: Program) -> tuple[LayerKeys, ...]:
    """Return from which values each layer of a program is measured."""
    return tuple(_keys_of(program, layer) for layer in program.layers if layer.number is not None)


def _keys_of(program: Program, layer: Scope) -> LayerKeys:
    assert layer.number is not None
    values = program.by_layer.get(layer.number, ())
    parameters = [value for value in values if value.key in program.gradients]
    weights = [value for value in parameters if value.role is Role.WEIGHT] or parameters
    outputs = [value for value in values if value.role is Role.OUT] or [v for v in values if v.role is Role.NET]
    activations = tuple(
        (step.output, *_IDLE[type(step.op)])
        for step in program.steps
        if step.layer == layer.number and step.phase is Phase.FORWARD and type(step.op) in _IDLE and step.output.shape
    )
    return LayerKeys(
        layer.number,
        layer.name,
        tuple(value.key for value in weights),
        tuple(program.gradients[value.key] for value in weights),
        tuple(program.gradients[value.key] for value in parameters),
        tuple((value.key, program.updates[value.key]) for value in parameters if value.key in program.updates),
        outputs[-1].key if outputs else None,
        activations,
    )


def measure(layers: Sequence[LayerKeys], known: Arrays) -> tuple[LayerStats, ...]:
    """Return the numbers of all layers.

    Parameters
    ----------
    layers : sequence of LayerKeys
        As of ``layer_keys`` of the program.
    known : mapping of str to ndarray
        The values of an iteration that have been computed.
    """
    with np.errstate(all="ignore"):
        found = [_measured(layer, known) for layer in layers]
    return warned(found)


def warned(layers: Iterable[LayerStats]) -> tuple[LayerStats, ...]:
    """Return the layers with what is wrong with their gradients."""
    layers = tuple(layers)
    norms = [layer.gradient for layer in layers if layer.gradient is not None and isfinite(layer.gradient)]
    largest = max(norms, default=0.0)
    return tuple(replace(layer, warning=_warning(layer.gradient, largest)) for layer in layers)


def _warning(norm: float | None, largest: float) -> str:
    if norm is None:
        return ""
    if not isfinite(norm):
        return "not finite"
    if norm > EXPLODING:
        return "exploding"
    if norm == 0:
        return "no gradient"
    return "vanishing" if norm < VANISHING * largest else ""


def _measured(layer: LayerKeys, known: Arrays) -> LayerStats:
    gradients = _all(layer.gradients, known)
    output = known.get(layer.output) if layer.output is not None else None
    shares = [share(known[v.key], unit_axis(v)) for v, _, share in layer.activations if v.key in known]
    return LayerStats(
        layer.number,
        layer.name,
        norm_of(gradients) if gradients else None,
        None if output is None or not output.size else norm_of([output]) / sqrt(output.size),
        _relative_update(layer.updates, known),
        _mean(shares),
        layer.activations[0][1] if layer.activations else None,
        trained=bool(layer.gradients),
    )


def _all(keys: Sequence[str], known: Arrays) -> list[Array]:
    """Return the arrays of all keys; nothing while one of them is not known."""
    return [known[key] for key in keys] if all(key in known for key in keys) else []


def _relative_update(updates: Sequence[tuple[str, str]], known: Arrays) -> float | None:
    if not updates or not all(after in known for _, after in updates):
        return None
    weights = norm_of([known[before] for before, _ in updates])
    change = _norm_of_changes([(known[before], known[after]) for before, after in updates])
    if weights == 0:
        return 0.0 if change == 0 else float("inf") if change > 0 else change
    return change / weights


def _norm_of_changes(updates: Sequence[tuple[Array, Array]]) -> float:
    """Return the norm of all changes together, in parts that stay in the processor's cache."""
    total = 0.0
    for before, after in ((before.ravel(), after.ravel()) for before, after in updates):
        for start in range(0, before.size, _PART):
            change = after[start : start + _PART] - before[start : start + _PART]
            total += float(np.vdot(change, change))
    if PRECISE[0] < total < PRECISE[1]:
        return sqrt(total)
    return norm_of([after - before for before, after in updates])


def _mean(shares: Sequence[Array]) -> float | None:
    """Return the mean over the neurons of several activations."""
    neurons = sum(share.size for share in shares)
    return sum(float(share.sum()) for share in shares) / neurons if neurons else None


def unit_axis(value: Value) -> int:
    """Return the axis along which the neurons of an activation stand: all places of a feature map are one neuron."""
    channel = value.along(AxisKind.CHANNEL)
    return len(value.shape) - 1 if channel is None else channel


def dead(outputs: Array, axis: int) -> Array:
    """Return for every neuron 1 where all of its outputs are 0, else 0."""
    return np.asarray((outputs == 0).all(axis=_others(outputs, axis)), np.float64)


def saturated_tanh(outputs: Array, axis: int) -> Array:
    """Return for every neuron the share of its outputs that are at an end of tanh."""
    return np.asarray((np.abs(outputs) > TANH_LIMIT).mean(axis=_others(outputs, axis)))


def saturated_sigmoid(outputs: Array, axis: int) -> Array:
    """Return for every neuron the share of its outputs that are at an end of the sigmoid."""
    at_end = (outputs < SIGMOID_LIMIT) | (outputs > 1 - SIGMOID_LIMIT)
    return np.asarray(at_end.mean(axis=_others(outputs, axis)))


def _others(outputs: Array, axis: int) -> tuple[int, ...]:
    return tuple(number for number in range(outputs.ndim) if number != axis)


_IDLE: Mapping[type, tuple[Idle, Share]] = {
    ReLU: (Idle.DEAD, dead),
    Tanh: (Idle.SATURATED, saturated_tanh),
    Sigmoid: (Idle.SATURATED, saturated_sigmoid),
}
