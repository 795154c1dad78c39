"""Write the settings of a preset down as plain data, and read them back: saved weights tell of them."""

from collections.abc import Mapping
from typing import Any

from core.description import describe_fields, fields_from
from core.experiment import Experiment
from core.options import OptionError
from core.preset import Make
from core.presets import find_preset

_NAME = "settings"


def written_settings(experiment: Experiment) -> dict[str, Any]:
    """Return the settings of an experiment under their name, as data that JSON can hold; nothing where it has none."""
    return {} if experiment.settings is None else {_NAME: describe_fields(experiment.settings)}


def settings_told(preset: str, about: Mapping[str, Any], otherwise: Make) -> Make:
    """Return what opens a preset with the settings that data tell of.

    Parameters
    ----------
    preset : str
        Its name.
    about : mapping of str to object
        What ``written_settings`` wrote, among other things.
    otherwise : callable
        What opens it where there are no settings among them.

    Raises
    ------
    OptionError
        If there are, and they are none of this preset.
    """
    if _NAME not in about:
        return otherwise
    usual = find_preset(preset)
    settings = usual.make(usual.defaults).settings
    if settings is None:
        raise OptionError(f"The weights tell of settings, and {preset} has none.")
    try:
        make: Make = fields_from(type(settings), about[_NAME]).open
    except ValueError as error:
        raise OptionError(f"The weights tell of settings that cannot be: {error}.") from None
    return make
