"""The command line: its options, its commands, and what is said of each. NumPy is not needed to read it."""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from os.path import isfile
from typing import Any, NoReturn

from core.wording import suggestion
from viz_app.export.formats import FORMATS
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.words.writing import DIGITS
from viz_app.takeaway.kinds import KINDS

USAGE = 2
_SESSION = ".netstep"
_DIGITS = 18

_DESCRIPTION = """Step through one training iteration of a neural network, one operation at a time.
Without a command a window opens: netstep, or netstep SESSION with what the window has saved."""

_KERNEL = (
    ("--kernel", "NAME", "the kernel, such as blur or sobel-x"),
    ("--stride", "N", "how far it moves: a number, or rows,columns"),
    ("--padding", "P", "same, valid, a number, rows,columns or above,below,left,right"),
    ("--dilation", "N", "how far apart its numbers lie: a number, or rows,columns"),
)
_DATA = (
    ("--data", "PATH", "data of your own: a file, a folder or a name, such as mnist, in place of the network's"),
    ("--target", "NAME", "the column or the array of the data that the network is asked for"),
    ("--normalise", "BY", "bring the data to mean 0 and standard deviation 1: whole, or each feature"),
)
_IMAGE = (
    ("--image", "FILE", "an image to step the network on; for conv-kernel a built-in one, too, such as landscape"),
    ("--label", "CLASS", "what the image shows, by name or number (the network's own guess)"),
)
_TRAINING = (
    ("--start", "WHERE", "start from scratch, or from trained weights that are shipped"),
    (
        "--optimizer",
        "NAME",
        "the update rule, such as momentum or adam (sgd), at the rate that suits the network",
    ),
    ("--optimizer-parameters", "NAME=N", "its numbers, such as momentum=0.8 or beta_1=0.95,epsilon=1e-6"),
    ("--loss", "NAME", "the loss, such as binary_cross_entropy or huber_error:0.5, where the outputs suit it"),
    ("--freeze", "NAMES", "layers or parameters that are not trained, such as 1 or w_1,b_1"),
)
_TREATMENTS = (
    ("--l1", "LAMBDA", "the L1 penalty on the weights: its gradient is LAMBDA times their sign"),
    ("--l2", "LAMBDA", "the L2 penalty on the weights, or weight decay: its gradient is LAMBDA times the weight"),
    ("--clip-value", "LIMIT", "no number of a gradient is further from 0"),
    ("--clip-norm", "LIMIT", "all gradients together are no longer"),
)
_DURATIONS = (
    ("--duration", "seconds of each step (1.5)"),
    ("--cell-duration", "seconds of each cell inside a step (0.2)"),
    ("--hold", "seconds that the last picture stays longer (2)"),
)
_EXPERIMENT = frozenset(
    {"preset", "batch", "sample", "seed", "dtype", "rate", "weights", "adapt"}.union(
        name.lstrip("-") for name, _, _ in (*_DATA, *_TRAINING, *_TREATMENTS, *_KERNEL, *_IMAGE)
    )
)
_PLACES = frozenset({"steps", "phase", "step", "iterations", "cells"})
_LOOK = frozenset({"colors", "digits", "decimal-comma", "notation", "with", "without", "text"})
_TIMES = frozenset({"duration", "cell-duration", "hold", "fps"})
_OPTIONS: Mapping[str | None, frozenset[str]] = {
    None: _EXPERIMENT | {"session", "theme", "version", "help", "inference"},
    "presets": frozenset({"help"}),
    "steps": _EXPERIMENT | {"session", "help", "inference"},
    "check": _EXPERIMENT | {"help"},
    "values": _EXPERIMENT | {"session", "help", "out", "force", "inference"},
    "export": _EXPERIMENT
    | {"session", "help", "out", "force", "format", "theme", "size", "scale", "transparent", "value", "inference"}
    | _LOOK
    | _PLACES
    | _TIMES,
    "write": _EXPERIMENT | {"help", "text", "tokens", "temperature", "top-k"},
    "train": _EXPERIMENT
    | {"help", "out", "force", "csv", "curves", "epochs", "held-back", "in-order", "schedule", "patience"},
}
"""The options of every command; those of an experiment may stand before it, too."""
_ALL = frozenset().union(*_OPTIONS.values())
_OPTION = re.compile(r"--?[^\d\s.-][^\s=]*(=.*)?", re.DOTALL)
"""What is an option, and no value: a negative number is one, and so is what has a space in it."""


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        line = message if message.isprintable() else repr(message)[1:-1]
        self.exit(USAGE, f"{self.prog}: {line.rstrip('.')}; see {self.prog} --help.\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            names = [str(name) for name in action.choices]
            expected = f"{', '.join(names[:-1])} or {names[-1]}"
            whose = None if action.dest == "command" else action
            raise argparse.ArgumentError(whose, f"expected {expected}; got {value!r}{_hint(value, names)}")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return what a command line asks for; where it is wrong, say so and exit.

    Raises
    ------
    SystemExit
        With the code ``USAGE`` where the command line is wrong.
    """
    parser = build_parser()
    argv, session = split_session(parser, argv)
    _check_names(parser, argv)
    arguments, left = parser.parse_known_args(argv)
    arguments.session = session
    command = arguments.command
    told = (name for name, value in vars(arguments).items() if name != "command" and value is not None)
    given = [name.replace("_", "-") for name in told]
    given += [name for arg in left if arg.startswith("--") and (name := _name(arg).removeprefix("--")) in _ALL]
    strange = next((name for name in given if name not in _OPTIONS[command]), None)
    if strange == "session":
        parser.error(f"the command {command} takes no session; got {session!r}")
    if strange is not None:
        parser.error(f"the command {command} takes no --{strange}" if command else _misplaced(strange))
    if left:
        parser.error(f"expected nothing but options; got {left[0]!r}{_hint(left[0], ())}")
    other = next((name for name in given if name in _EXPERIMENT), None)
    if session is not None and other is not None:
        parser.error(f"expected either a session or --{other}: the session says what is run")
    return arguments


def split_session(parser: argparse.ArgumentParser, argv: Sequence[str]) -> tuple[list[str], str | None]:
    """Return a command line without the session that it names, and that: a file that is no command and no value."""
    flags, expects_value = _flags(parser), False
    for place, arg in enumerate(argv):
        if arg == "--":
            break
        if expects_value:
            expects_value = False
        elif _OPTION.fullmatch(arg):
            expects_value = "=" not in arg and arg not in flags
        elif arg not in _OPTIONS and (arg.lower().endswith(_SESSION) or isfile(arg)):
            return [*argv[:place], *argv[place + 1 :]], arg
    return list(argv), None


def _flags(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a parser, and of those of its commands, that take no value."""
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found = found.union(*(_flags(one) for one in action.choices.values()))
        elif action.nargs == 0:
            found.update(action.option_strings)
    return found


def _check_names(parser: _Parser, argv: Sequence[str]) -> None:
    """Check that every option is one, and stands where it counts: else its value would be taken for a command."""
    known = sorted(f"--{option}" for option in _ALL)
    own = {f"--{option}" for option in _OPTIONS[None]}
    command = next((place for place, arg in enumerate(argv) if arg in _OPTIONS), len(argv))
    for place, arg in enumerate(argv[: argv.index("--")] if "--" in argv else argv):
        name = _name(arg)
        if not _OPTION.fullmatch(arg) or name == "-h":
            continue
        if name not in known:
            parser.error(f"there is no option {name}{suggestion(name, known)}")
        if name not in own and place < command:
            parser.error(_misplaced(name.removeprefix("--")))


def _misplaced(option: str) -> str:
    users = [user for user in _OPTIONS if user and option in _OPTIONS[user]]
    return f"--{option} stands after its command, as in netstep {users[-1]} --{option}"


def _name(arg: str) -> str:
    return arg.partition("=")[0]


def _hint(got: str, names: Iterable[str]) -> str:
    """Return what may have been meant: a preset by its name alone, or one of some names."""
    from core.presets import PRESETS  # late: it loads NumPy

    if got in PRESETS:
        return f" (for the preset write --preset {got})"
    near = suggestion(got, (*names, *PRESETS))
    return next((f" (for the preset write --preset {name})" for name in PRESETS if f"mean {name}?" in near), near)


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


def real_number(text: str) -> float:
    """Return a number as it is written on a command line, with a point or a comma.

    Raises
    ------
    ArgumentTypeError
        If the text is anything else.
    """
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number; got {text!r}") from None
    if not isfinite(number):
        raise argparse.ArgumentTypeError(f"expected a finite number; got {text!r}")
    return number


def names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def build_parser() -> _Parser:
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
    _add_export(_add_command(commands, "export", "write pictures of steps, or a video of them", experiment=True))
    _add_writing(_add_command(commands, "write", "let a network continue a text", experiment=True))
    _add_training(_add_command(commands, "train", "train a network, and tell how good it gets", experiment=True))
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    out = "a file, whose ending says the format, or a folder for a numbered picture of each step"
    parser.add_argument("--out", required=True, metavar="PATH", help=out)
    form = "the format (as --out ends, else png); npz, csv, numpy and pytorch write numbers and code"
    parser.add_argument("--format", choices=(*FORMATS, *KINDS), default=None, help=form)
    _add_force(parser)
    parser.add_argument("--steps", default=None, metavar="A-B", help="from step A to step B, counted from 0 (all)")
    phase = "the steps of a phase alone: forward, loss, backward or update"
    parser.add_argument("--phase", default=None, metavar="NAME", help=phase)
    parser.add_argument("--step", default=None, metavar="NAMES", help="the steps that make values, such as delta_1,w_1")
    parser.add_argument("--iterations", default=None, metavar="A-B", help="from iteration A to iteration B (0)")
    value = "the value that a table holds, such as w_1 or delta_1 (csv)"
    parser.add_argument("--value", default=None, metavar="NAME", help=value)
    cells = "walk inside each step, K pictures spread over its cells; 0 shows it whole (64 for a single step, else 0)"
    parser.add_argument("--cells", type=whole_number, default=None, metavar="K", help=cells)
    size = "the size that pictures are arranged for, in pixels, or hd, 4k, 720p, 4:3, a4, a4-column, upright (hd)"
    parser.add_argument("--size", default=None, metavar="WxH", help=size)
    parser.add_argument("--scale", type=real_number, default=None, metavar="F", help="how much larger they are (1)")
    ground = "leave out the ground, where the format can"
    parser.add_argument("--transparent", action="store_true", default=None, help=ground)
    colours = "colours of the pictures (light)"
    parser.add_argument("--theme", choices=("light", "dark", "print"), default=argparse.SUPPRESS, help=colours)
    _add_look(parser.add_argument_group("how pictures look"))
    moving = parser.add_argument_group("where pictures follow each other (mp4, webm, gif, apng, webp)")
    for name, text in _DURATIONS:
        moving.add_argument(name, type=real_number, default=None, metavar="S", help=text)
    moving.add_argument("--fps", type=whole_number, default=None, metavar="N", help="pictures a second (30)")


def _add_writing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text", required=True, metavar="TEXT", help="what is continued")
    parser.add_argument("--tokens", type=whole_number, default=20, metavar="N", help="so many tokens are written (20)")
    warmth = "0 takes the likeliest token; the higher, the likelier are others (0.8)"
    parser.add_argument("--temperature", type=real_number, default=0.8, metavar="T", help=warmth)
    few = "draw from the K likeliest tokens alone"
    parser.add_argument("--top-k", type=whole_number, default=None, metavar="K", help=few)


def _add_look(parser: "argparse._ArgumentGroup") -> None:
    colors = "colours of numbers, each for all who see colours otherwise (blue-orange)"
    parser.add_argument("--colors", choices=tuple(map(str, ColorMap)), default=None, help=colors)
    digits = f"significant digits at most, {DIGITS[0]} to {DIGITS[-1]} (4; in cells as many as there is room for)"
    parser.add_argument("--digits", type=whole_number, default=None, metavar="N", help=digits)
    comma = "write a decimal comma"
    parser.add_argument("--decimal-comma", action="store_true", default=None, help=comma)
    sums = "how sums and activations are called (net/out)"
    parser.add_argument("--notation", choices=("net/out", "z/a"), default=None, help=sums)
    usual = ", ".join(part for part in Part if part in USUAL_PARTS)
    more = ", ".join(part for part in Part if part not in USUAL_PARTS)
    parser.add_argument("--with", type=names, default=None, metavar="PARTS", help=f"what a picture has, too: {more}")
    parser.add_argument("--without", type=names, default=None, metavar="PARTS", help=f"what it does not have: {usual}")
    text = "how much larger the text is than usual, for the back row (1)"
    parser.add_argument("--text", type=real_number, default=None, metavar="F", help=text)


def _add_training(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--epochs", type=real_number, default=10.0, metavar="N", help="times all the data (10)")
    held = "samples, the last of the data, that are not trained on (a tenth of 100 and more)"
    parser.add_argument("--held-back", type=whole_number, default=None, metavar="N", help=held)
    parser.add_argument(
        "--in-order", action="store_true", help="take the samples in order, not shuffled anew each epoch"
    )
    schedule = "how the learning rate goes on, such as cosine:1000 or warm-up:50 (constant)"
    parser.add_argument("--schedule", default="constant", metavar="NAME:N", help=schedule)
    patience = "stop after so many epochs without a smaller loss"
    parser.add_argument("--patience", type=whole_number, default=None, metavar="N", help=patience)
    parser.add_argument("--out", default=None, metavar="FILE.safetensors", help="write the trained network")
    parser.add_argument("--csv", default=None, metavar="FILE.csv", help="write the loss of every mini-batch as a table")
    curves = "draw loss and accuracy: a name that ends with .png, .svg or .pdf"
    parser.add_argument("--curves", default=None, metavar="FILE", help=curves)
    _add_force(parser)


def _add_force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="replace files that are there already")


def _add_experiment(parser: argparse.ArgumentParser, default: Any = None) -> None:
    parser.add_argument("--preset", default=default, metavar="NAME", help="the network (see netstep presets)")
    whole = {"type": whole_number, "default": default}
    parser.add_argument("--batch", metavar="N", help="samples in a batch", **whole)
    parser.add_argument("--sample", metavar="N", help="the first sample, counted from 0", **whole)
    parser.add_argument("--seed", metavar="S", help="draws the first parameters", **whole)
    parser.add_argument("--dtype", default=default, metavar="TYPE", help="float32 or float64")
    parser.add_argument("--rate", type=real_number, default=default, metavar="ETA", help="the learning rate")
    alone = "the forward pass alone, as of a network that has learnt (window, steps, values, export)"
    parser.add_argument("--inference", action="store_true", default=default, help=alone)
    parser.add_argument("--weights", default=default, metavar="FILE", help="start from a trained network (safetensors)")
    for name, metavar, text in _DATA:
        choices = ("whole", "feature") if name == "--normalise" else None
        parser.add_argument(name, default=default, metavar=metavar, choices=choices, help=text)
    fits = "let the network have the shape and the classes of the data; its weights are drawn anew"
    parser.add_argument("--adapt", action="store_true", default=default, help=fits)
    for name, metavar, text in _TRAINING:
        kind = names if name == "--freeze" else str
        parser.add_argument(name, type=kind, default=default, metavar=metavar, help=text)
    for name, metavar, text in _TREATMENTS:
        parser.add_argument(name, type=real_number, default=default, metavar=metavar, help=text)
    for name, metavar, text in _IMAGE:
        parser.add_argument(name, default=default, metavar=metavar, help=text)
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
