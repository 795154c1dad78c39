"""Make an experiment of an edited network: the same data and options, and the weights that were kept."""

from dataclasses import replace

from core.data.dataset import Dataset
from core.editing.report import Setting, misfit
from core.experiment import Edit, Experiment
from core.options import OptionError, Options
from core.preset import network_experiment


def refusal(experiment: Experiment) -> str:
    """Say in one sentence why another network cannot take the place of an experiment's; nothing where one can."""
    if experiment.dataset is None or experiment.rates is None or experiment.network is None:
        return f"The network of {experiment.preset} cannot be edited: it is not trained on samples."
    return ""


def setting_of(experiment: Experiment) -> Setting:
    """Return what a network has to fit in place of an experiment's, for which there is no ``refusal``."""
    assert experiment.dataset is not None
    assert experiment.rates is not None
    return Setting(experiment.dataset, experiment.rates, experiment.now)


def edited(
    experiment: Experiment, edit: Edit, options: Options | None = None, dataset: Dataset | None = None
) -> Experiment:
    """Return an experiment with an edited network in place of its own.

    Parameters
    ----------
    experiment : Experiment
        Whose data, rates and settings are taken.
    edit : Edit
        The network, its loss and the weights that it begins with; the others are drawn.
    options : Options or None
        What it is opened with; ``None`` takes those that hold.
    dataset : Dataset or None
        Data in place of the experiment's.

    Raises
    ------
    OptionError
        If the experiment is not trained on samples, or the network does not fit its data.
    """
    options = experiment.now if options is None else options
    if problem := refusal(experiment):
        raise OptionError(problem)
    dataset = experiment.dataset if dataset is None else dataset
    assert dataset is not None
    assert experiment.rates is not None
    setting = Setting(dataset, experiment.rates, options)
    if problem := misfit(edit.network, options.loss or edit.loss, setting):
        raise OptionError(problem)
    first = {**edit.network.initial(options.seed, options.dtype), **edit.kept}
    made = network_experiment(
        experiment.preset,
        edit.network,
        dataset,
        options,
        loss=edit.loss,
        rates=experiment.rates,
        parameters=first,
        settings=experiment.settings,
    )
    return replace(made, edit=edit, own=experiment.own)
