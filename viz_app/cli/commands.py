"""Run the command that was asked for; each imports only what it needs, and Qt not before it is needed."""

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module

from viz_app.cli import streams
from viz_app.cli.parser import USAGE, parse

INTERRUPTED = 130
BROKEN_PIPE = 141

_COMMANDS: Mapping[str | None, tuple[str, str]] = {
    None: ("opening", "open_window"),
    "presets": ("tables", "show_presets"),
    "steps": ("tables", "show_steps"),
    "check": ("tables", "show_check"),
    "values": ("files", "write_values"),
    "export": ("export", "export_pictures"),
    "write": ("write", "write_text"),
    "train": ("train", "train_network"),
}
"""The module and the function of every command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; a mistake of the user's is one sentence and 2."""
    streams.prepare()
    try:
        try:
            return run(parse(sys.argv[1:] if argv is None else argv))
        finally:
            sys.stdout.flush()
    except SystemExit as stop:  # argparse has said what there is to say
        return stop.code if isinstance(stop.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError:
        streams.abandon()
        return BROKEN_PIPE
    except OSError as error:
        with suppress(OSError):
            sys.stderr.write(f"netstep: Could not finish: {error.strerror or error}.\n")
        streams.abandon()
        return USAGE


def run(arguments: Namespace) -> int:
    """Run the command that was asked for and return the exit code."""
    from core.options import OptionError  # late: neither --help nor a wrong option needs NumPy

    module, function = _COMMANDS[arguments.command]
    command = getattr(import_module(f"viz_app.cli.{module}"), function)
    try:
        return int(command(arguments))
    except OptionError as error:
        sys.stderr.write(f"netstep: {error}\n")
        return USAGE
