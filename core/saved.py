"""Say of weights what they were trained with, and open the experiment that weights are of."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, get_type_hints

from core.experiment import Experiment, network_experiment
from core.network import Architecture
from core.options import LEARNING_RATE, OptionError, Options, Rates
from core.presets import PRESETS, find_preset
from core.values import Array
from core.weights import Weights, WeightsError

_NOT_KEPT = ("start",)
"""Whoever opens saved weights starts from them."""


def weights_of(experiment: Experiment, state: Mapping[str, Array], iteration: int, **more: Any) -> Weights:
    """Return a state of an experiment with all that is known of it.

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
    kept = {field.name: getattr(options, field.name) for field in fields(options) if field.name not in _NOT_KEPT}
    kept |= {"frozen": list(options.frozen), "loss": experiment.loss}
    if options.learning_rate is None:
        kept["learning_rate"] = experiment.program.hyperparameters.get(LEARNING_RATE)
    data = experiment.dataset.name if experiment.dataset else ""
    about = {"preset": experiment.preset, "data": data, **kept, "iteration": iteration, **more}
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
    base = make(find_preset(name).defaults.changed(**_options(weights.about)))
    if not base.trainable:
        raise OptionError(f"Expected weights of a network that is trained; {base.preset} is not.")
    try:
        if weights.network is not None and weights.network != base.network:
            return _with_network(base, weights.network, weights)
        state = weights.of(base.program)
    except WeightsError as error:
        raise OptionError(f"The weights do not fit {base.preset}: {error}") from None
    return replace(base, parameters={key: array.astype(base.options.dtype) for key, array in state.items()})


def _with_network(base: Experiment, network: Architecture, weights: Weights) -> Experiment:
    """Return the experiment of another network on the data of a preset."""
    forward = network.forward
    first = Weights({key: weights.state[key] for key in forward.state if key in weights.state}, network).of(forward)
    dataset, output = base.dataset, forward.values[str(forward.output)]
    wanted = {value.key: value.shape[1:] for value in forward.data}
    if dataset is None or wanted != {"x": dataset.sample_shape} or output.shape[1:] != dataset.targets.shape[1:]:
        raise OptionError(f"The network of the weights takes or gives other data than those of {base.preset}.")
    eta = base.program.hyperparameters[LEARNING_RATE]
    made = network_experiment(
        base.preset, network, dataset, base.options, loss=base.loss, rates=Rates(eta, eta), parameters=first
    )
    state = {key: array.astype(base.options.dtype) for key, array in weights.of(made.program).items()}
    return replace(made, parameters=state)


def _options(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that weights tell of, where they are of their types; the numbers are checked with them."""
    hints, told = get_type_hints(Options), {}
    for name in (field.name for field in fields(Options) if field.name in about and field.name not in _NOT_KEPT):
        value = about[name]
        if name == "frozen" and isinstance(value, list) and all(isinstance(one, str) for one in value):
            told[name] = tuple(value)
            continue
        if isinstance(value, int) and not isinstance(value, bool) and hints[name] in (float, float | None):
            value = float(value)
        if name == "frozen" or not isinstance(value, hints[name]):
            raise OptionError(f"The weights tell of an option {name.replace('_', ' ')} that cannot be: {value!r}.")
        told[name] = value
    return told
