"""Say of a draft what fits and what does not: shapes after every layer, parameters, and the reason where it ends."""

from dataclasses import dataclass, replace
from math import prod

from core.builder import Builder
from core.data.dataset import Dataset
from core.editing.draft import Draft, Part
from core.experiment import LARGEST_SHOWN
from core.iteration import compile_forward
from core.layers import Dense, Layer
from core.network import Architecture, Graph, Network
from core.ops.base import show_shape
from core.options import Options, Rates
from core.preset import compiled
from core.program import Program
from core.run.targets import Targets
from core.values import Axes, Range, Shape, Value
from core.wording import counted, sentence


@dataclass(frozen=True, eq=False)
class Setting:
    """What a network has to fit: the data, and the options with which an iteration is shown."""

    dataset: Dataset
    rates: Rates
    options: Options = Options()

    @property
    def outputs(self) -> int:
        """How many outputs the data have targets for."""
        return self.dataset.outputs

    @property
    def wants(self) -> str:
        """What the data have, in words: ``10 classes``."""
        noun = "class" if not self.dataset.regression else "target"
        ending = "" if self.outputs == 1 else "es" if noun == "class" else "s"
        return f"{self.outputs} {noun}{ending}"


@dataclass(frozen=True)
class PartReport:
    """What is known of one layer.

    Parameters
    ----------
    name : str
        What a person calls it: ``dense 32, ReLU``; while its fields do not fit each other, ``dense``.
    shape : tuple of int or None
        The shape of a sample after it; ``None`` where that is not known.
    axes : tuple of Axis
        What the axes of that are.
    range : Range
        Which numbers it holds.
    count : int or None
        How many parameters it has; ``None`` where that is not known.
    error : str
        Why it does not fit, in one sentence; empty where it does, or where nobody can tell yet.
    """

    name: str
    shape: Shape | None = None
    axes: Axes = ()
    range: Range = Range.SIGNED
    count: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Report:
    """What is known of a draft.

    Parameters
    ----------
    parts : tuple of PartReport
        The layers, in order.
    network : Network or None
        What it comes to, where the layers fit each other.
    program : Program or None
        The forward pass of a sample, up to the first layer that does not fit; ``None`` where that is the first.
    error : str
        Why it cannot be trained as it is, in one sentence; empty where it can.
    """

    parts: tuple[PartReport, ...]
    network: Network | None
    program: Program | None
    error: str

    @property
    def fits(self) -> bool:
        """Whether it can be trained."""
        return not self.error

    @property
    def count(self) -> int | None:
        """How many parameters there are; ``None`` while that is not known."""
        counts = [part.count for part in self.parts]
        return None if None in counts else sum(count for count in counts if count is not None)

    @property
    def broken(self) -> int | None:
        """The place of the layer that does not fit; ``None`` where all do."""
        return next((place for place, part in enumerate(self.parts) if part.error), None)


def report(draft: Draft, setting: Setting) -> Report:
    """Return what is known of a draft on some data."""
    parts = tuple(_walk(draft))
    broken = next((place for place, part in enumerate(parts) if part.error), None)
    if broken is not None:
        reason = parts[broken].error
        whole = f"Layer {broken + 1} ({parts[broken].name}) does not fit: {reason[:1].lower()}{reason[1:]}"
        fitting = tuple(part.layer() for part in draft.parts[:broken])
        program = replace(draft.network, layers=fitting).forward if fitting else None
        return Report(parts, None, program, whole)
    network = network_of(draft, setting.dataset)
    return Report(parts, network, network.forward, misfit(network, draft.loss, setting))


def network_of(draft: Draft, dataset: Dataset) -> Network:
    """Return the network of a draft whose layers fit; the outputs of the last are called after the classes."""
    layers = [part.layer() for part in draft.parts]
    last, names = layers[-1], dataset.class_names
    if isinstance(last, Dense) and last.output_names is None and names and len(names) == last.units:
        layers[-1] = replace(last, output_names=names)
    return replace(draft.network, layers=tuple(layers))


def misfit(network: Architecture, loss: str, setting: Setting) -> str:
    """Say in one sentence why a network cannot be trained on data with a loss; nothing where it can."""
    return (
        _misfit_of_input(network, setting.dataset)
        or misfit_of_output(network, loss, setting)
        or _misfit_of_options(network, loss, setting)
    )


def misfit_of_output(network: Architecture, loss: str, setting: Setting) -> str:
    """Say in one sentence why the output of a network does not fit data and a loss; nothing where it does."""
    program = network.forward
    assert program.output is not None
    shape = program.values[program.output].shape[1:]
    if shape != setting.dataset.targets.shape[1:]:
        number = counted(shape[0], "output") if len(shape) == 1 else f"{show_shape(shape)} outputs"
        return f"The last layer has {number}; the data have {setting.wants}."
    try:
        Targets(compile_forward(network, loss, 1)).check_rows("y", setting.dataset.targets)
    except ValueError as error:
        return sentence(error)
    return ""


def _misfit_of_input(network: Architecture, dataset: Dataset) -> str:
    if isinstance(network, Graph):
        if list(network.inputs) != ["x"]:
            return f"Expected a graph with one input, x; got {', '.join(network.inputs)}."
        shape = network.inputs["x"].shape
    else:
        assert isinstance(network, Network)
        shape = network.input_shape
    if shape == dataset.sample_shape:
        return ""
    return f"The network takes {show_shape(shape)} numbers a sample; the data have {show_shape(dataset.sample_shape)}."


def _misfit_of_options(network: Architecture, loss: str, setting: Setting) -> str:
    """Say what the options ask for and the network has not, or why an iteration with them is too large to be shown."""
    options = setting.options
    try:
        needed = compiled(network, loss, setting.rates, options).nbytes(options.dtype)
    except ValueError as error:
        return sentence(error)
    if needed <= LARGEST_SHOWN:
        return ""
    smaller = " or the batch" if options.batch_size > 1 else ""
    return (
        f"One iteration takes {needed / 1e6:,.0f} MB; at most {LARGEST_SHOWN / 1e6:.0f} can be shown. "
        f"Make the layers{smaller} smaller."
    )


def _walk(draft: Draft) -> list[PartReport]:
    """Build layer by layer, up to the first that does not fit."""
    builder = Builder()
    value = draft.network.input.declare(builder, "x", 1)
    found: list[PartReport] = []
    for part in draft.parts:
        if found and found[-1].shape is None:
            found.append(PartReport(_name(part)))
            continue
        known = len(builder.inputs)
        try:
            layer = part.layer()
            value = _build(builder, layer, value)
        except ValueError as error:
            found.append(PartReport(_name(part), error=sentence(error)))
            continue
        count = sum(prod(one.shape) for one in builder.inputs[known:])
        found.append(PartReport(layer.name, value.shape[1:], value.axes[1:], value.range, count))
    return found


def _build(builder: Builder, layer: Layer, value: Value) -> Value:
    """Append a layer; an error inside does not name it, as it stands beside it."""
    failed: ValueError | None = None
    with builder.layer(layer.name):
        if layer.takes != 1:
            raise ValueError(f"expected a layer with one input; {layer.name} takes more and comes by file")
        try:
            return layer.build(builder, value)
        except ValueError as error:
            failed = error
    raise failed


def _name(part: Part) -> str:
    try:
        return part.layer().name
    except ValueError:
        return part.title
