"""Say of weights what they were trained with, and open the experiment that weights are of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.editing import edited, reopened
from core.experiment import Edit, Experiment
from core.options import LEARNING_RATE, OptionError
from core.presets import PRESETS, find_preset
from core.trained import trained_weights
from core.values import Array, is_whole
from core.weights import Weights, WeightsError
from core.written_options import options_told, written_options
from core.written_settings import settings_told, written_settings

_MOST_ITERATIONS = 10**15
"""More than that nobody has trained."""


def weights_of(experiment: Experiment, state: Mapping[str, Array], iteration: int, **more: Any) -> Weights:
    """Return a state of an experiment with all that is known of it.

    ``iteration`` is counted from where the run began; ``trained_before`` is how many there were before that.

    Parameters
    ----------
    experiment : Experiment
        What was trained.
    state : mapping of str to ndarray
        The state at the start of an iteration.
    iteration : int
        Which; so many have been trained.
    **more
        Plain data that a reader wants to know besides: the notation that it was looked at in.
    """
    options = experiment.now
    kept = written_options(options) | {"loss": experiment.loss} | written_settings(experiment)
    del kept["start"]  # whoever opens saved weights starts from them
    if options.learning_rate is None:
        kept["learning_rate"] = experiment.program.hyperparameters.get(LEARNING_RATE)
    data = experiment.dataset.name if experiment.dataset else ""
    about = {"preset": experiment.preset, "data": data, **kept, "iteration": iteration, **more}
    if before := trained_before(experiment):
        about["trained_before"] = before
    return Weights(state, experiment.network, about)


def experiment_of(weights: Weights, current: Experiment) -> Experiment:
    """Return the experiment that weights are of, which starts from them.

    The preset is the one that the weights tell of, or the one that is open; where they tell of another network, that
    network is trained on the data of the preset.

    Parameters
    ----------
    weights : Weights
        As they were read.
    current : Experiment
        What is open.

    Raises
    ------
    OptionError
        If the weights are none of a network that is known, or tell what cannot be; in one sentence.
    ValueError
        If a network cannot be opened.
    """
    told = weights.about.get("preset")
    name = told if isinstance(told, str) and told in PRESETS else current.preset
    same = name == current.preset and current.settings is not None
    make = current.settings.open if same and current.settings else find_preset(name).make
    make = settings_told(name, weights.about, make)
    about = {key: one for key, one in weights.about.items() if key != "start"}  # they are what it starts from
    options = find_preset(name).defaults.changed(start="scratch", **options_told(about, "The weights tell"))
    own = current.own is not None and current.preset == name and weights.about.get("data") == current.own.name
    base = reopened(current, make, options) if own else make(options)
    if not base.trainable:
        raise OptionError(f"Expected weights of a network that is trained; {base.preset} is not.")
    try:
        if weights.network is not None and weights.network != base.network:
            state = weights.of_parameters(weights.network.forward)
            base = edited(base, Edit(weights.network, base.loss, state), base.options)
        return started(base, weights)
    except WeightsError as error:
        raise OptionError(f"The weights do not fit {base.preset}: {error}") from None


def started(experiment: Experiment, weights: Weights) -> Experiment:
    """Return an experiment that starts from weights, and keeps them where it is opened again with other options.

    Raises
    ------
    WeightsError
        If they are those of another network.
    """
    state = weights.of(experiment.program)
    first = {key: array.astype(experiment.options.dtype) for key, array in state.items()}
    return replace(experiment, parameters=first, opened=weights)


def trained_before(experiment: Experiment) -> int:
    """Return how many iterations the weights had been trained that an experiment starts from."""
    if experiment.now.start == "trained":
        opened = trained_weights(experiment.preset)
    elif experiment.opened is not None:
        opened = experiment.opened
    else:
        return 0
    told: list[Any] = [opened.about.get(key) for key in ("iteration", "trained_before")]
    return sum(int(number) for number in told if is_whole(number) and 0 < number < _MOST_ITERATIONS)
