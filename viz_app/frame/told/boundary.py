"""See what a network answers all over the plane, and what every neuron of it does. Pure: no Qt.

It is the network's own forward program that is run, with the parameters of the moment, on points of a grid.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from core.builder import Builder
from core.data.guest import Guest
from core.data.toy import REACH, heights_of
from core.experiment import Experiment
from core.layers import Feature, Features
from core.network import Architecture, Network
from core.ops.activations import Sigmoid, Tanh
from core.ops.slices import Concatenate
from core.program import Program, Step
from core.run.arithmetic import arithmetic
from core.values import Array, Role, Value
from viz_app.frame.levels import Levels, MapKind, round_up

SIDE = 60
"""So many points along each axis of the plane."""
_MOST_NEURONS = 32
"""The neurons of larger layers are not shown."""
ANSWERS = Levels(MapKind.DIVERGING, -1.0, 1.0)
"""What the colours of the plane stand for: of two classes, how much more one is likely than the other."""

Parameters = Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Surface:
    """A number all over the plane.

    Parameters
    ----------
    key : str
        The value of the program that it is a column of.
    column : int
        Which column.
    name : str
        What a person calls it; nothing for a neuron.
    heights : ndarray of shape (SIDE, SIDE)
        The numbers, the largest x₂ in the first row.
    levels : Levels
        What the colours stand for.
    """

    key: str
    column: int
    name: str
    heights: Array
    levels: Levels


@dataclass(frozen=True, eq=False)
class Layer:
    """The inputs of the network, or the neurons of a hidden layer: what each does.

    ``weights`` of shape (neurons before, neurons) is ``None`` for the inputs, and for a layer that does not weigh just
    the neurons of the one before it.
    """

    name: str
    surfaces: tuple[Surface, ...]
    weights: Array | None = None


@dataclass(frozen=True, eq=False)
class Plane:
    """What a network makes of the plane, with the parameters of one moment.

    Parameters
    ----------
    answer : Surface
        What it answers: of two classes from -1, surely the first, to 1, surely the second; else the height.
    layers : tuple of Layer
        The inputs and every hidden layer.
    boundary : ndarray of shape (K, 2, 2)
        Line segments, from point to point of the plane, along which the answer is 0.
    network, program, parameters
        The network, its forward pass on the grid, and its parameters in that moment.
    """

    answer: Surface
    layers: tuple[Layer, ...]
    boundary: NDArray[np.float64]
    network: Architecture
    program: Program
    parameters: Parameters


@dataclass(frozen=True, eq=False)
class Points:
    """The points of an experiment in one iteration, in the order of its samples.

    ``places`` of shape (n, 2), ``heights`` from -1 to 1, and whether each is held back, and in the batch.
    """

    places: Array
    heights: NDArray[np.float64]
    held_back: NDArray[np.bool_]
    in_batch: NDArray[np.bool_]


def points_of(experiment: Experiment, iteration: int, guest: Guest | None = None) -> Points:
    """Return the points of an experiment whose samples are places of the plane.

    A guest in the batch that is none of them has the place of the first.
    """
    dataset = experiment.dataset_at(iteration)
    assert dataset is not None
    held_back, in_batch = np.zeros(len(dataset), bool), np.zeros(len(dataset), bool)
    held_back[len(dataset) - len(experiment.held_back) :] = True
    guest = guest or experiment.guest_at(iteration)
    samples = experiment.samples_with(iteration, guest)
    in_batch[list(samples if guest is None or guest.sample is not None else samples[1:])] = True
    return Points(np.asarray(dataset.inputs), heights_of(dataset), held_back, in_batch)


def plane_of(network: Architecture, parameters: Parameters, before: Plane | None = None) -> Plane:
    """Return what a network with two inputs makes of the plane.

    Parameters
    ----------
    network : Architecture
        Its samples are places of the plane, and it answers with one number, or two classes.
    parameters : mapping of str to ndarray
        The parameters that it has.
    before : Plane or None
        Any other: it is returned where it is of the very same parameters, and saves time where it is of this network.
    """
    if before is not None and before.network is network and _same(before.parameters, parameters):
        return before
    program = before.program if before is not None and before.network is network else _grid_program(network)
    assert program.output is not None
    values = _run(program, parameters, _grid())
    answer = _answer(program.values[program.output], values[program.output])
    layers = tuple(_layers(program, values, parameters))
    return Plane(answer, layers, _zeros(answer.heights), network, program, dict(parameters))


@cache
def feature_surface(feature: Feature) -> Surface:
    """Return a feature all over the plane."""
    program = _grid_program(Network((2,), (Features(frozenset({feature})),)))
    assert program.output is not None
    output, values = program.values[program.output], _run(program, {}, _grid())
    return _input(output.key, 0, feature.label, values[output.key][:, 0])


def answer_at(network: Architecture, parameters: Parameters, place: tuple[float, float]) -> tuple[float, ...]:
    """Return the outputs of a network for one place of the plane."""
    program = network.forward
    assert program.output is not None
    values = _run(program, parameters, np.array([place]))
    return tuple(float(number) for number in values[program.output][0])


def _same(known: Parameters, parameters: Parameters) -> bool:
    """Tell whether parameters are the very same: values of a trace are written once."""
    return known.keys() == parameters.keys() and all(known[key] is array for key, array in parameters.items())


def _grid_program(network: Architecture) -> Program:
    builder = Builder()
    output = network.build(builder, SIDE * SIDE)
    return builder.build(output=output.key)


@lru_cache(maxsize=1)
def _grid() -> Array:
    """Return the points of the grid, row by row from the upper left: the middles of the cells."""
    ticks = axis_ticks()
    x2, x1 = np.meshgrid(ticks[::-1], ticks, indexing="ij")
    return np.column_stack([x1.ravel(), x2.ravel()])


def axis_ticks() -> Array:
    """Return the coordinates of the points of the grid along an axis."""
    half = REACH / SIDE
    return np.linspace(-REACH + half, REACH - half, SIDE)


def _run(program: Program, parameters: Parameters, places: Array) -> dict[str, Array]:
    """Run a forward program on places of the plane; return every value."""
    dtype = next((array.dtype for array in parameters.values()), np.dtype(np.float64))
    values = {**parameters, "x": places.astype(dtype)}
    values |= {value.key: np.asarray(number, dtype) for value, number in program.constants.items()}
    with arithmetic():
        for step in program.steps:
            values[step.output.key] = step.op.compute(*(values[value.key] for value in step.inputs))
    return values


def _answer(output: Value, numbers: Array) -> Surface:
    heights = numbers[:, 0] if output.shape[1] == 1 else numbers[:, 1] - numbers[:, 0]
    return Surface(output.key, output.shape[1] - 1, "answer", _on_grid(heights), ANSWERS)


def _on_grid(numbers: Array) -> Array:
    return np.ascontiguousarray(numbers.reshape(SIDE, SIDE))


def _layers(program: Program, values: Mapping[str, Array], parameters: Parameters) -> Iterator[Layer]:
    """Yield the inputs and the hidden layers, each with the weights into it."""
    weights = {value.layer: value for value in program.parameters if value.role is Role.WEIGHT}
    first = next((step for step in program.steps if step.layer in weights), program.steps[0])
    before = first.inputs[0] if _is_row(first.inputs[0]) else program.values["x"]
    yield Layer("inputs", tuple(_inputs(program, before, values)))
    for step in _last_steps(program):
        output = step.output
        if step.number < first.number or output.key == program.output or not _is_row(output):
            continue
        own = weights.get(step.layer)
        weighs = own is not None and own.shape == (before.shape[1], output.shape[1]) and _reads(program, own, before)
        into = parameters[own.key] if own is not None and weighs else None
        yield Layer(f"layer {step.layer}", tuple(_neurons(step, values)), into)
        before = output


def _last_steps(program: Program) -> list[Step]:
    """Return the last step of every layer, in order."""
    return list({step.layer: step for step in program.steps}.values())


def _is_row(value: Value) -> bool:
    """Tell whether a value has a row of numbers for every place, few enough to be shown."""
    return len(value.shape) == 2 and value.shape[1] <= _MOST_NEURONS


def _reads(program: Program, weights: Value, value: Value) -> bool:
    """Tell whether weights weigh a value."""
    return any(value in step.inputs for step in program.consumers[weights.key])


def _inputs(program: Program, given: Value, values: Mapping[str, Array]) -> Iterator[Surface]:
    names = given.axis(-1).all_names or ()
    for column in range(given.shape[1]):
        key, own = _origin(program, given, column)
        yield _input(key, own, names[column] if names else f"{column}", values[given.key][:, column])


def _input(key: str, column: int, name: str, numbers: Array) -> Surface:
    end = round_up(float(np.abs(numbers).max()))
    return Surface(key, column, name, _on_grid(numbers), Levels(MapKind.DIVERGING, -end, end))


def _origin(program: Program, value: Value, column: int) -> tuple[str, int]:
    """Return where a column was made that has been joined with others since."""
    producer = program.producers.get(value.key)
    if producer is None or not isinstance(producer.op, Concatenate):
        return value.key, column
    first, second = producer.inputs
    border = first.shape[1]
    return _origin(program, first, column) if column < border else _origin(program, second, column - border)


def _neurons(step: Step, values: Mapping[str, Array]) -> Iterator[Surface]:
    numbers = values[step.output.key]
    finite = numbers[np.isfinite(numbers)]
    bounded = isinstance(step.op, (Sigmoid, Tanh))
    end = 1.0 if bounded or not finite.size else round_up(float(np.abs(finite).max()))
    levels = Levels(MapKind.DIVERGING, -end, end)
    for column in range(numbers.shape[1]):
        yield Surface(step.output.key, column, "", _on_grid(numbers[:, column]), levels)


def _zeros(heights: Array) -> NDArray[np.float64]:
    """Return line segments along which a number on the grid is 0, by linear interpolation ("marching triangles").

    Each cell between four points of the grid is cut into two triangles; a triangle whose corners differ in sign is
    crossed by one segment.
    """
    ticks = axis_ticks()
    numbers = np.asarray(heights, np.float64)
    x2, x1 = np.meshgrid(ticks[::-1], ticks, indexing="ij")
    corners = np.stack([x1, x2, numbers], axis=-1)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, :-1], corners[1:, 1:]
    triangles = np.concatenate([np.stack(three, axis=-2).reshape(-1, 3, 3) for three in ((a, b, c), (d, c, b))])
    above = triangles[:, :, 2] > 0
    crossed = (above.sum(axis=1) % 3 != 0) & np.isfinite(triangles).all(axis=(1, 2))
    triangles, above = triangles[crossed], above[crossed]
    # The corner that is alone on its side: both sides that meet in it are crossed.
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), above.argmin(axis=1))
    every = np.arange(len(triangles))
    tip, left, right = (triangles[every, (alone + turn) % 3] for turn in range(3))
    return np.stack([_crossing(tip, left), _crossing(tip, right)], axis=1)


def _crossing(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where between two points a number passes 0, (K, 2)."""
    share = first[:, 2] / (first[:, 2] - second[:, 2])
    crossing: NDArray[np.float64] = first[:, :2] + share[:, None] * (second[:, :2] - first[:, :2])
    return crossing


def nearest_point(points: Points, place: tuple[float, float], within: float) -> int | None:
    """Return the sample whose point is nearest to a place of the plane; ``None`` where none is near enough."""
    distances = np.hypot(*(points.places - place).T)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= within else None
