"""Find the trained parameters that are shipped with the program."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files

from core.options import OptionError
from core.program import Program
from core.values import Array
from core.weights import Weights, WeightsError, read_weights

_ENDING = ".safetensors"


@cache
def trained_presets() -> tuple[str, ...]:
    """Return the names of the presets that trained parameters are shipped for."""
    folder = files("resources") / "weights"
    names = (entry.name for entry in folder.iterdir()) if folder.is_dir() else iter(())
    return tuple(sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)))


@cache
def trained_weights(preset: str) -> Weights:
    """Return the weights that are shipped for a preset.

    Raises
    ------
    OptionError
        If there are none.
    """
    if preset not in trained_presets():
        known = ", ".join(trained_presets()) or "none"
        raise OptionError(f"Expected a preset that trained weights are shipped for ({known}); got {preset}.")
    with as_file(files("resources") / "weights" / f"{preset}{_ENDING}") as path:
        return read_weights(path)


def trained_state(preset: str, program: Program) -> Mapping[str, Array]:
    """Return the trained parameters of a preset, for a program.

    Raises
    ------
    OptionError
        If there are none, or they are those of another network.
    """
    try:
        return trained_weights(preset).of(program)
    except WeightsError as error:
        raise OptionError(f"The trained weights do not fit {preset}: {error}") from None
