"""Open what the command line asks for."""

from argparse import Namespace
from collections.abc import Container, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from core.data import Dataset
from core.data.guest import Guest
from core.experiment import Experiment
from core.images.wanted import wanted_of
from core.ops.losses import LOSSES, loss_name
from core.optimizers import OPTIMIZERS
from core.options import OptionError
from core.presets import DEFAULT_PRESET, PRESETS, open_preset
from core.saved import started
from core.weights import Weights, WeightsError, read_weights
from viz_app.cli.data import read_data, with_data
from viz_app.cli.image import guest_of
from viz_app.cli.kernel import with_kernel

_FIELDS = {
    "batch": "batch_size",
    "sample": "sample",
    "seed": "seed",
    "dtype": "dtype",
    "loss": "loss",
    "optimizer": "optimizer",
    "optimizer_parameters": "optimizer_parameters",
    "rate": "learning_rate",
    "l1": "l1",
    "l2": "l2",
    "clip_value": "clip_value",
    "clip_norm": "clip_norm",
    "freeze": "frozen",
    "start": "start",
}


def open_experiment(
    arguments: Namespace, preset: str = DEFAULT_PRESET, own: Dataset | None = None, **more: Any
) -> Experiment:
    """Return the experiment that the command line describes.

    Parameters
    ----------
    arguments : Namespace
        With ``preset``, ``weights``, what stands for a field of ``Options`` (``batch``, ``loss``, ``rate``), and the
        fields of ``with_kernel`` and of ``read_data``; ``None`` where nothing was said.
    preset : str
        What opens when no preset was named.
    own : Dataset or None
        The data that the command line names, where they have been read already.
    **more
        Options that no argument says.

    Raises
    ------
    OptionError
        If there is no such preset, or it has not what was asked for; if the weights cannot be read, or are another
        network's; if the data cannot be read, or do not fit.
    """
    if arguments.weights is not None and arguments.start == "trained":
        raise OptionError("Expected either --weights or --start trained; got both.")
    weights = None if arguments.weights is None else read(Path(arguments.weights))
    about = {} if weights is None else known(weights)
    chosen = {field: getattr(arguments, name) for name, field in _FIELDS.items()}
    given = {field: value for field, value in chosen.items() if value is not None}
    name = about.get("preset", preset) if arguments.preset is None else arguments.preset
    if "loss" in about and name == about.get("preset"):
        given.setdefault("loss", about["loss"])
    if "optimizer" not in given:
        given |= {key: about[key] for key in ("optimizer", "optimizer_parameters") if key in about}
    own = read_data(arguments) if own is None else own
    if own is not None:  # the preset may have fewer samples
        given = {field: value for field, value in given.items() if field not in ("batch_size", "sample")}
    experiment = with_kernel(open_preset(name, **given, **more), arguments)
    if own is not None:
        experiment = with_data(experiment, own, arguments)
    experiment = experiment if weights is None else with_weights(experiment, weights, arguments.weights)
    inferred = getattr(arguments, "inference", None) and arguments.command is not None  # a window has a switch
    return experiment.inferred() if inferred else experiment


def read(path: Path) -> Weights:
    """Return the weights that a file holds.

    Raises
    ------
    OptionError
        If there is no such file, or it holds none.
    """
    try:
        return read_weights(path)
    except WeightsError as error:
        raise OptionError(str(error)) from None
    except OSError as error:
        raise OptionError(f"Could not read {path}: {error.strerror or error}.") from None


def known(weights: Weights) -> Mapping[str, str]:
    """Return the preset, the loss and the optimizer of weights, where they are known here, and its numbers."""
    tables: Mapping[str, Container[str]] = {"preset": PRESETS, "optimizer": OPTIMIZERS}
    told = {key: weights.about.get(key) for key in tables}
    found = {key: name for key, name in told.items() if isinstance(name, str) and name in tables[key]}
    loss, numbers = (weights.about.get(key) for key in ("loss", "optimizer_parameters"))
    if isinstance(loss, str) and loss_name(loss) in LOSSES:
        found["loss"] = loss
    return found | ({"optimizer_parameters": numbers} if "optimizer" in found and isinstance(numbers, str) else {})


def with_weights(experiment: Experiment, weights: Weights, name: str) -> Experiment:
    """Return an experiment that starts from weights.

    Raises
    ------
    OptionError
        If they are those of another network, or it is not trained.
    """
    if not experiment.trainable:
        raise OptionError(f"Expected a network that is trained, for --weights; {experiment.preset} is not.")
    try:
        return started(experiment, weights)
    except WeightsError as error:
        raise OptionError(f"{name} does not fit {experiment.preset}: {error}") from None


def open_window(arguments: Namespace) -> int:
    """Open the window and return its exit code; a wrong option is found before Qt is loaded."""
    if arguments.preset is not None:
        experiment = open_experiment(arguments)
        guest_of(experiment, arguments)
        if arguments.inference:
            experiment.inferred()
    from viz_app.cli.saved import read_saved  # late: the start of the window does not wait for it
    from viz_app.window.starting.application import run

    saved = read_saved(arguments)
    return run(
        partial(_open_first, arguments),
        arguments.theme,
        None if saved is None else (saved, arguments.session),
        inference=bool(arguments.inference),
    )


def _open_first(arguments: Namespace, preset: str) -> tuple[Experiment, Guest | None]:
    """Return what a window opens first, and who visits it: an image comes to a network that takes images."""
    experiment = open_experiment(arguments, preset)
    if arguments.image is not None and wanted_of(experiment) is None:
        experiment = open_experiment(arguments)
    return experiment, guest_of(experiment, arguments)
