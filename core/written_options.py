"""Write options down as plain data, and read them back: saved weights and sessions tell of them."""

from collections.abc import Mapping
from dataclasses import fields
from reprlib import repr as shortened
from typing import Any, get_type_hints

from core.options import OptionError, Options


def written_options(options: Options) -> dict[str, Any]:
    """Return options as data that JSON can hold, by their names."""
    told = {field.name: getattr(options, field.name) for field in fields(options)}
    return told | {"frozen": list(options.frozen)}


def options_told(about: Mapping[str, Any], whose: str) -> dict[str, Any]:
    """Return the options that data tell of, by name, where they are of their types; the numbers are checked with them.

    Parameters
    ----------
    about : mapping of str to object
        What ``written_options`` wrote, among other things.
    whose : str
        Begins the sentence of an error: ``"The weights tell"``.

    Raises
    ------
    OptionError
        If one is of another type.
    """
    hints, told = get_type_hints(Options), {}
    for name in (field.name for field in fields(Options) if field.name in about):
        value = about[name]
        if name == "frozen" and isinstance(value, list) and all(isinstance(one, str) for one in value):
            told[name] = tuple(value)
            continue
        if isinstance(value, int) and not isinstance(value, bool) and hints[name] in (float, float | None):
            value = float(value)
        if name == "frozen" or not isinstance(value, hints[name]):
            raise OptionError(f"{whose} of an option {name.replace('_', ' ')} that cannot be: {shortened(value)}.")
        told[name] = value
    return told
