"""The command line: its options, its commands, and what is said of each. NumPy is not needed to read it."""

import argparse
import re
import sys
from typing import Any, NoReturn

USAGE = 2
_DIGITS = 18

_DESCRIPTION = """Step through one training iteration of a neural network, one operation at a time.
Without a command a window opens."""

_KERNEL = (
    ("--kernel", "NAME", "the kernel, such as blur or sobel-x"),
    ("--image", "NAME", "the image it slides over, such as shapes or landscape"),
    ("--stride", "N", "how far it moves: a number, or rows,columns"),
    ("--padding", "P", "same, valid, a number, rows,columns or above,below,left,right"),
    ("--dilation", "N", "how far apart its numbers lie: a number, or rows,columns"),
)


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message.rstrip('.')}; see {self.prog} --help.\n")


class _Version(argparse.Action):
    """Look the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("netstep")
        except PackageNotFoundError:
            number = "(not installed)"
        sys.stdout.write(f"netstep {number}\n")
        parser.exit()


def whole_number(text: str) -> int:
    """Return a whole number as it is written on a command line.

    Raises
    ------
    ArgumentTypeError
        If the text is anything else, or longer than any number that makes sense.
    """
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise argparse.ArgumentTypeError(f"expected a whole number; got {text!r}")
    if len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(f"expected a whole number of at most {_DIGITS} digits; got {text!r}")
    return int(text)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(prog="netstep", description=_DESCRIPTION, allow_abbrev=False)
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    _add_experiment(parser)
    parser.add_argument("--theme", choices=("light", "dark", "system"), default=None, help="colours of the window")
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands without a window")
    _add_command(commands, "presets", "list the networks that open by name")
    _add_command(commands, "steps", "print the table of steps of one iteration", experiment=True)
    _add_command(commands, "check", "compare the gradients with central differences", experiment=True)
    values = _add_command(commands, "values", "write every value of iteration 0 into a file", experiment=True)
    values.add_argument("--out", required=True, metavar="FILE.npz", help="the file to write")
    _add_force(values)
    export = _add_command(commands, "export", "write the picture of each step as PNG", experiment=True)
    export.add_argument("--out", required=True, metavar="DIR", help="the folder to write into")
    _add_force(export)
    export.add_argument("--steps", default=None, metavar="A-B", help="from step A to step B, counted from 0 (all)")
    cells = "walk inside each step, K pictures spread over its cells; 0 shows it whole (64 for a single step, else 0)"
    export.add_argument("--cells", type=whole_number, default=None, metavar="K", help=cells)
    export.add_argument("--size", default="1920x1080", metavar="WxH", help="pixels of a picture (1920x1080)")
    colours = "colours of the pictures (light)"
    export.add_argument("--theme", choices=("light", "dark"), default=argparse.SUPPRESS, help=colours)
    return parser


def _add_force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="replace files that are there already")


def _add_experiment(parser: argparse.ArgumentParser, default: Any = None) -> None:
    parser.add_argument("--preset", default=default, metavar="NAME", help="the network (see netstep presets)")
    whole = {"type": whole_number, "default": default}
    parser.add_argument("--batch", metavar="N", help="samples in a batch", **whole)
    parser.add_argument("--sample", metavar="N", help="the first sample, counted from 0", **whole)
    parser.add_argument("--seed", metavar="S", help="draws the first parameters", **whole)
    parser.add_argument("--dtype", default=default, metavar="TYPE", help="float32 or float64")
    rule = "the update rule, such as momentum or adam (sgd), at the learning rate that suits the network"
    parser.add_argument("--optimizer", default=default, metavar="NAME", help=rule)
    kernel = parser.add_argument_group("where one kernel slides over one image (conv-kernel)")
    for name, metavar, text in _KERNEL:
        kernel.add_argument(name, default=default, metavar=metavar, help=text)


def _add_command(commands: Any, name: str, text: str, *, experiment: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
    )
    if experiment:
        # Suppressed defaults keep what was written before the command: netstep --preset digits steps.
        _add_experiment(parser, argparse.SUPPRESS)
    return parser
