"""What the commands do; nothing here imports Qt before it is needed."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping

from core.experiment import OptionError
from viz_app.commands.files import export_pictures, write_values
from viz_app.commands.opening import open_experiment, open_window
from viz_app.commands.tables import show_check, show_presets, show_steps

__all__ = ["open_experiment", "run"]

MISTAKE = 2

_COMMANDS: Mapping[str | None, Callable[[Namespace], int]] = {
    None: open_window,
    "presets": show_presets,
    "steps": show_steps,
    "check": show_check,
    "values": write_values,
    "export": export_pictures,
}


def run(arguments: Namespace) -> int:
    """Run the command that was asked for and return the exit code."""
    try:
        return _COMMANDS[arguments.command](arguments)
    except OptionError as error:
        sys.stderr.write(f"netstep: {error}\n")
        return MISTAKE
