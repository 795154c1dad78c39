"""Open what the command line asks for."""

from argparse import Namespace
from functools import partial

from core.experiment import Experiment
from core.presets import DEFAULT_PRESET, open_preset
from viz_app.cli.kernel import with_kernel

_FIELDS = {"batch": "batch_size", "sample": "sample", "seed": "seed", "dtype": "dtype", "optimizer": "optimizer"}


def open_experiment(arguments: Namespace, preset: str = DEFAULT_PRESET) -> Experiment:
    """Return the experiment that the command line describes.

    Parameters
    ----------
    arguments : Namespace
        With ``preset``, ``batch``, ``sample``, ``seed``, ``dtype``, ``optimizer`` and the fields of ``with_kernel``;
        ``None`` where nothing was said.
    preset : str
        What opens when no preset was named.

    Raises
    ------
    OptionError
        If there is no such preset, or it has not what was asked for.
    """
    chosen = {field: getattr(arguments, name) for name, field in _FIELDS.items()}
    given = {field: value for field, value in chosen.items() if value is not None}
    return with_kernel(open_preset(preset if arguments.preset is None else arguments.preset, **given), arguments)


def open_window(arguments: Namespace) -> int:
    """Open the window and return its exit code; a wrong option is found before Qt is loaded."""
    if arguments.preset is not None:
        open_experiment(arguments)
    from viz_app.window.application import run

    return run(partial(open_experiment, arguments), arguments.theme)
