"""Name the experiments that open by name, and compile an experiment from a network, data and options."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.data.dataset import Dataset
from core.experiment import Experiment, Settings
from core.freezing import frozen_keys
from core.iteration import compile_iteration
from core.network import Architecture
from core.ops.base import ShapeError
from core.optimizers import OPTIMIZERS, make_optimizer
from core.options import OptionError, Options, Rates
from core.program import Program
from core.trained import trained_state
from core.values import Array
from core.wording import sentence

Make = Callable[[Options], Experiment]
"""Returns an experiment for the chosen options."""


@dataclass(frozen=True)
class Preset:
    """An experiment that opens by name.

    Parameters
    ----------
    name : str
        What the user types.
    title : str
        What the user reads in a list.
    description : str
        One or two sentences: what it is and where it comes from.
    make : callable
        Returns the experiment for the chosen options.
    defaults : Options
        The options that it opens with.
    """

    name: str
    title: str
    description: str
    make: Make
    defaults: Options = Options()


def shown_title(preset: Preset, experiment: Experiment) -> str:
    """Return what a person reads of an experiment: the title of its preset, how it was edited, and its own data."""
    how = "" if experiment.edit is None else experiment.edit.how
    title = f"{preset.title} ({how})" if how else preset.title
    return title if experiment.own is None else f"{title}, on {experiment.own.name}"


def network_experiment(
    preset: str,
    network: Architecture,
    dataset: Dataset,
    options: Options,
    *,
    loss: str,
    rates: Rates,
    parameters: Mapping[str, Array] | None = None,
    settings: Settings | None = None,
) -> Experiment:
    """Compile a network with a loss and an optimizer into an experiment.

    Parameters
    ----------
    preset : str
        The name that it opens by.
    network, dataset
        What is trained, and on which data.
    options : Options
        What the user chose; their learning rate is taken before that of ``rates``.
    loss : str
        As of ``compile_iteration``; that of the options is taken before it.
    rates : Rates
        The preset's own learning rates.
    parameters : mapping of str to ndarray or None
        The first parameters; ``None`` draws them with the seed.
    settings : Settings or None
        What can be changed about the experiment.

    Raises
    ------
    OptionError
        If the data have not the batch or the sample that the options ask for, the outputs do not suit the loss, what
        is frozen is not there, or no trained parameters are shipped.
    ShapeError
        If the layers do not fit each other or the data.
    """
    options.check_data(preset, dataset)
    if options.loss == loss:  # so that other settings, with another loss of their own, can be chosen after it
        options = replace(options, loss=None)
    loss = options.loss or loss
    program = compiled(network, loss, rates, options)
    if options.start == "trained":
        first = trained_state(preset, program)
    else:
        first = network.initial(options.seed, options.dtype) if parameters is None else parameters
    first = {key: array.astype(options.dtype) for key, array in first.items()}
    return Experiment(preset, program, first, options, network, dataset, settings=settings, loss=loss, rates=rates)


def compiled(network: Architecture, loss: str, rates: Rates, options: Options) -> Program:
    """Compile a network as the options ask; what they ask for and cannot be is told in a sentence.

    Raises
    ------
    OptionError
        If the outputs do not suit the loss, or what is frozen is not there.
    ShapeError
        If the layers do not fit each other.
    """
    rate = rates.of(options.optimizer) if options.learning_rate is None else options.learning_rate
    optimizer = make_optimizer(OPTIMIZERS[options.optimizer], rate, options.optimizer_parameters)
    try:
        return compile_iteration(
            network,
            loss,
            optimizer,
            options.batch_size,
            frozen=frozen_keys(network, options.frozen),
            through_jacobian=options.through_jacobian,
            penalties=options.penalties,
            clipping=options.clipping,
        )
    except ShapeError:
        raise
    except ValueError as error:
        raise OptionError(sentence(error)) from None
