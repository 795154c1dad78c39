"""Change the settings of an experiment: what fits is taken, what does not is refused in one sentence. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.experiment import Experiment, Settings
from core.options import Options, check_names
from core.wording import sentence


@dataclass(frozen=True)
class Refusal:
    """A change that does not fit: what was wanted, and in one sentence why not."""

    wanted: Any
    reason: str


def change(settings: Settings, wanted: Mapping[str, Any], options: Options) -> tuple[Experiment, Mapping[str, Refusal]]:
    """Return the experiment with every change that fits, and the changes that do not.

    Parameters
    ----------
    settings : Settings
        What there is; it fits.
    wanted : mapping of str to object
        New values by field.
    options : Options
        What the experiment is opened with.

    Returns
    -------
    experiment : Experiment
        With the changes that fit together.
    refusals : mapping of str to Refusal
        By field; each fits neither alone nor with those that were taken.

    Raises
    ------
    OptionError
        If there is no such setting.
    """
    check_names("setting", settings, wanted)
    taken: dict[str, Any] = dict(wanted)
    left: dict[str, Any] = {}
    if _reason(settings, taken, options):
        taken, left = {}, taken
    found = True
    while found:
        fitting = (field for field in left if not _reason(settings, {**taken, field: left[field]}, options))
        field = next(fitting, None)
        if found := field is not None:
            taken[field] = left.pop(field)
    refusals = {
        field: Refusal(value, _reason(settings, {**taken, field: value}, options)) for field, value in left.items()
    }
    return _changed(settings, taken).open(options), refusals


def _reason(settings: Settings, changes: Mapping[str, Any], options: Options) -> str:
    """Say why changes do not fit together; nothing where they do."""
    try:
        _changed(settings, changes).open(options)
    except ValueError as error:
        return sentence(error)
    return ""


def _changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    changed: Settings = replace(settings, **changes)  # type: ignore[type-var]
    return changed
