"""Say what of a network has to change so that it takes other data, and change it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from core.data.dataset import Dataset
from core.data.rows import extremes
from core.editing.draft import MOST_PARTS, Draft, Part
from core.editing.mending import loss_title, mends
from core.editing.opening import refusal, setting_of
from core.editing.report import Setting, misfit, misfit_of_output, network_of, report
from core.experiment import Experiment
from core.layers import Activate, Dense, Layer, Node
from core.network import Architecture, AxisNames, Graph, Input, Network, sample_axes
from core.ops.base import show_shape
from core.options import OptionError, Options
from core.program import Program
from core.values import Range
from core.wording import counted, sentence

_MOST_NAMES = 4
"""More names than that are not told one by one."""
_REACHED = {None: (-inf, inf), "sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, inf)}
"""Which numbers an activation can answer, where any can be asked for."""
Told = tuple[str, ...]
_Fitting = tuple[Architecture, str, Told]
"""A network that fits, its loss, and which layers came and went."""


@dataclass(frozen=True, eq=False)
class Adaptation:
    """A network that takes other data than before.

    Parameters
    ----------
    network : Architecture
        The network: the one that there was, where nothing has to change.
    loss : str
        As of ``compile_iteration``.
    changes : tuple of str
        What is other than before, a sentence each; nothing where a run can go on with the data.
    keeps_weights : bool
        Whether every parameter has the shape that it had.
    """

    network: Architecture
    loss: str
    changes: Told
    keeps_weights: bool


def adaptation(experiment: Experiment, dataset: Dataset) -> Adaptation:
    """Return what of an experiment's network has to change, so that it takes other data.

    Raises
    ------
    OptionError
        If no change would do, in one sentence.
    """
    if problem := own_data_refusal(experiment):
        raise OptionError(problem)
    network = experiment.network
    assert network is not None
    setting = replace(setting_of(experiment), dataset=dataset, options=options_for(experiment, dataset))
    try:
        fitting, loss, layers = _fitting(network, experiment.loss, setting)
    except ValueError as error:
        raise OptionError(f"{experiment.preset} cannot be made to fit {dataset.name}: {sentence(error)}") from None
    keeps = _parameter_shapes(network.forward) == _parameter_shapes(fitting.forward)
    options = setting.options if keeps else setting.options.changed(frozen=(), loss=None, start="scratch")
    if problem := misfit(fitting, loss, replace(setting, options=options)):
        raise OptionError(f"{experiment.preset} cannot be made to fit {dataset.name}: {problem}")
    told = tuple(_changes(network, fitting, experiment.loss, loss, layers))
    return Adaptation(fitting, loss, told, keeps)


def laid_out(experiment: Experiment, dataset: Dataset) -> Dataset:
    """Return images as a network takes them: as rows of pixels, or as images of channels."""
    if experiment.network is None:
        return dataset
    wanted = len(experiment.network.forward.values["x"].shape) - 1
    shape = dataset.sample_shape
    if wanted == 3 and len(shape) == 1 and dataset.row_image is not None:
        return dataset.reshaped((1, *dataset.row_image))
    if wanted == 1 and len(shape) == 3 and shape[0] == 1:
        return dataset.reshaped((shape[1] * shape[2],))
    return dataset


def own_data_refusal(experiment: Experiment) -> str:
    """Say in one sentence why an experiment cannot be trained on other data; nothing where it can."""
    if refusal(experiment) or experiment.data is not None:
        return f"{experiment.preset} takes no data of your own: it is not trained on samples."
    if experiment.dataset is not None and experiment.dataset.token_labels is not None:
        return f"{experiment.preset} takes no data of your own: it learns from sequences, one answer a token."
    return ""


def options_for(experiment: Experiment, dataset: Dataset) -> Options:
    """Return options that other data allow; what these hold back themselves is, else the same share as before."""
    options, count, before = experiment.now, len(dataset), len(experiment.dataset or (None,))
    share = round(options.held_back * count / before)
    held_back = min(dataset.held_back or share, count - 1)
    rest = count - held_back
    sample = options.sample if options.sample < rest else 0
    return replace(options, held_back=held_back, batch_size=min(options.batch_size, rest), sample=sample)


def _fitting(network: Architecture, loss: str, setting: Setting) -> _Fitting:
    if isinstance(network, Graph):
        return _fitting_graph(network, loss, setting)
    assert isinstance(network, Network)
    return _fitting_layers(network, loss, setting)


def _fitting_layers(network: Network, loss: str, setting: Setting) -> _Fitting:
    """Return layers in order that take the data: the input, what does not fit after it, and the last layer change."""
    dataset = setting.dataset
    given = _input(network.input, dataset, network.axis_names)
    names: AxisNames = tuple(axis.names or None for axis in given.axes)
    carrier = Network(
        given.shape,
        (Activate("relu"),),
        dataset.row_image if len(given.shape) == 1 else None,
        given.range,
        names if any(names) else None,
    )
    draft, told = _mended(Draft(carrier, tuple(map(Part.of, network.layers)), loss), setting)
    fitting = network_of(draft, dataset)
    named = _named(fitting.layers[-1], dataset)
    return replace(fitting, layers=(*fitting.layers[:-1], named)), draft.loss, told


def _mended(draft: Draft, setting: Setting) -> tuple[Draft, Told]:
    """Return a draft whose layers fit, and what came and went: before what does not fit another layer, or it goes."""
    told: list[str] = []
    for _ in range(2 * MOST_PARTS):
        found = report(draft, setting)
        if found.broken is None:
            break
        place, broken = found.broken, draft.parts[found.broken]
        suggested = mends(draft, found, setting)
        if suggested:
            draft = suggested[0].draft
            title = draft.parts[place].title
            told.append(f"{title[:1].upper()}{title[1:]} is put before layer {place + 1}.")
        elif len(draft.parts) == 1:
            raise OptionError(found.error)
        else:
            draft = draft.remove(place)
            told.append(f"Layer {place + 1}, {broken.title}, is left out.")
    return _with_end(draft, setting), tuple(told)


def _with_end(draft: Draft, setting: Setting) -> Draft:
    last = draft.parts[-1].layer()
    if isinstance(last, Dense):
        ended, loss = _ended(last, draft.loss, setting)
        return replace(draft, parts=(*draft.parts[:-1], Part.of(ended)), loss=loss)
    found = report(draft, setting)
    suggested = mends(draft, found, setting) if found.error else ()
    return suggested[0].draft if suggested else draft


def _ended(last: Dense, loss: str, setting: Setting) -> tuple[Dense, str]:
    """Return a last layer and a loss that suit the targets; they stay as they are where they do."""
    layer = last if last.units == setting.outputs else replace(last, units=setting.outputs, output_names=None)
    classes = not setting.dataset.regression
    if _suits(layer, loss, setting, classes):
        return layer, loss
    if classes:
        return replace(layer, activation="softmax"), "cross_entropy"
    return replace(layer, activation=None), "squared_error"


def _suits(layer: Dense, loss: str, setting: Setting, classes: bool) -> bool:
    if not classes:
        (lowest, highest), (least, most) = extremes(setting.dataset.targets), _REACHED.get(layer.activation, (1, 0))
        if not (least <= lowest and highest <= most):
            return False
    if layer.activation == "softmax" and layer.units == 1:
        return False
    return not misfit_of_output(Network((1,), (layer,)), loss, setting)


def _fitting_graph(network: Graph, loss: str, setting: Setting) -> _Fitting:
    """Return a graph that takes the data: its input and its last layer change."""
    if list(network.inputs) != ["x"]:
        raise OptionError(f"Expected a graph with one input, x; got {', '.join(network.inputs)}.")
    given = _input(network.inputs["x"], setting.dataset, None)
    nodes = {node.name: node for node in network.nodes}
    last = nodes[network.output]
    if isinstance(last.layer, Dense):
        ended, loss = _ended(last.layer, loss, setting)
        nodes[last.name] = Node(last.name, _named(ended, setting.dataset), last.inputs)
    return Graph({"x": given}, tuple(nodes.values()), network.output), loss, ()


def _input(before: Input, dataset: Dataset, names: AxisNames | None) -> Input:
    """Return what a network is given of data; it stays what it was where that is true of them."""
    shape, spread = dataset.sample_shape, dataset.range
    columns = (dataset.column_names,) if dataset.column_names and len(shape) == 1 else None
    wanted = columns or (names if shape == before.shape else None)
    image = dataset.row_image if len(shape) == 1 else None
    narrower = before.range is not Range.SIGNED and spread is Range.SIGNED
    range_ = spread if narrower or shape != before.shape else before.range
    return Input(shape, range_, sample_axes(shape, wanted, image))


def _named(layer: Layer, dataset: Dataset) -> Layer:
    """Return a last layer whose outputs are called after the classes."""
    if isinstance(layer, Dense) and (dataset.class_names is None or len(dataset.class_names) == layer.units):
        return replace(layer, output_names=dataset.class_names)
    return layer


def _parameter_shapes(program: Program) -> dict[str, tuple[int, ...]]:
    return {value.key: value.shape for value in program.learnt}


def _changes(before: Architecture, after: Architecture, loss: str, other_loss: str, layers: Told) -> Iterator[str]:
    """Yield what is other than before, a sentence each."""
    if before == after and loss == other_loss:
        return
    old, new = before.forward, after.forward
    was, given = old.values["x"], new.values["x"]
    if was.shape != given.shape:
        yield f"A sample has {show_shape(given.shape[1:])} numbers instead of {show_shape(was.shape[1:])}."
    elif was.range is not given.range:
        yield "The inputs can be negative."
    elif was.axes != given.axes:
        yield "The inputs are called after the columns."
    inner = _parameter_shapes(old), _parameter_shapes(new)
    yield from layers
    yield from _changes_of_output(old, new)
    if loss != other_loss:
        yield f"The loss is {loss_title(other_loss).lower()} instead of {loss_title(loss).lower()}."
    if inner[0] != inner[1]:
        yield "The weights are drawn anew."


def _changes_of_output(old: Program, new: Program) -> Iterator[str]:
    assert old.output is not None
    assert new.output is not None
    end, ended = old.values[old.output], new.values[new.output]
    if end.shape != ended.shape:
        yield f"The last layer has {counted(ended.shape[-1], 'output')} instead of {end.shape[-1]}."
    if ended.axes != end.axes and ended.axes[-1].names:
        yield f"The outputs are called {_listed(ended.axes[-1].names)}."
    if type(old.producers[old.output].op) is not type(new.producers[new.output].op):
        yield "The last layer has another activation."


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} others"
