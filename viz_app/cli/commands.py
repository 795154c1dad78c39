"""What the commands do; each imports only what it needs, and Qt not before it is needed."""

import sys
from argparse import Namespace
from collections.abc import Mapping
from importlib import import_module

from core.experiment import OptionError
from viz_app.cli.opening import open_experiment

__all__ = ["open_experiment", "run"]

MISTAKE = 2

_COMMANDS: Mapping[str | None, tuple[str, str]] = {
    None: ("opening", "open_window"),
    "presets": ("tables", "show_presets"),
    "steps": ("tables", "show_steps"),
    "check": ("tables", "show_check"),
    "values": ("files", "write_values"),
    "export": ("files", "export_pictures"),
}
"""The module and the function of every command."""


def run(arguments: Namespace) -> int:
    """Run the command that was asked for and return the exit code."""
    module, function = _COMMANDS[arguments.command]
    command = getattr(import_module(f"viz_app.cli.{module}"), function)
    try:
        return int(command(arguments))
    except OptionError as error:
        sys.stderr.write(f"netstep: {error}\n")
        return MISTAKE
