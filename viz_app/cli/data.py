"""Put the data that the command line names into the place of a preset's."""

from argparse import Namespace
from dataclasses import replace

from core.data import Dataset
from core.editing import adaptation, laid_out, on_own_data, reopened
from core.experiment import Experiment
from core.options import OptionError
from core.presets import find_preset

OPTIONS = ("target", "normalise", "adapt")
"""Options that mean nothing without ``--data``."""


def read_data(arguments: Namespace) -> Dataset | None:
    """Return the data that a command line names; nothing where it names none.

    Parameters
    ----------
    arguments : Namespace
        With ``data``, ``target`` and ``normalise``, and ``adapt``; ``None`` where nothing was said.

    Raises
    ------
    OptionError
        If they cannot be read, or something is said of data and none are named.
    """
    if arguments.data is None:
        strange = next((name for name in OPTIONS if getattr(arguments, name, None)), None)
        if strange is not None:
            raise OptionError(f"Expected --data with --{strange}: it says what to do with data of your own.")
        return None
    from core.data.normalising import By
    from viz_app.reading.data import Choices, DataError, look_into

    normalise = None if arguments.normalise is None else By(arguments.normalise)
    try:
        offer = look_into(arguments.data, Choices(label=arguments.target, normalise=normalise))
        if offer.missing and arguments.target is None:
            raise OptionError(f"{offer.missing} Say which with --target NAME.")
        return offer.open()
    except DataError as error:
        raise OptionError(str(error)) from None


def with_data(experiment: Experiment, dataset: Dataset, arguments: Namespace) -> Experiment:
    """Return an experiment on a person's own data, with the batch and the sample of the command line.

    Parameters
    ----------
    experiment : Experiment
        What was opened without them.
    dataset : Dataset
        The data.
    arguments : Namespace
        With ``adapt``, ``batch``, ``sample`` and ``start``.

    Raises
    ------
    OptionError
        If the network does not take the data as it is and may not be adapted, or the options do not fit.
    """
    dataset = laid_out(experiment, dataset)
    found = adaptation(experiment, dataset)
    if not found.keeps_weights:
        told = " ".join(found.changes)
        if not arguments.adapt:
            raise OptionError(f"{dataset.name} does not fit {experiment.preset}. With --adapt: {told}")
        if arguments.start == "trained":
            raise OptionError(f"Expected no trained weights with --adapt; the network becomes another. {told}")
    experiment = on_own_data(experiment, dataset, found)
    said = {"batch_size": arguments.batch, "sample": arguments.sample}
    options = replace(experiment.now, **{name: number for name, number in said.items() if number is not None})
    return (
        experiment if options == experiment.now else reopened(experiment, find_preset(experiment.preset).make, options)
    )
