"""Print tables: the presets, the steps of an iteration, the gradient check."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from textwrap import indent, wrap

from core.notation import equation, plain
from core.ops.base import show_shape
from core.options import OptionError
from core.presets import DEFAULT_PRESET, PRESETS
from core.program import Program, Step
from core.run.gradcheck import TOLERANCE, Check, check_gradients
from viz_app.cli.image import guest_of, told_guess
from viz_app.cli.opening import open_experiment
from viz_app.cli.session import open_session
from viz_app.cli.streams import printable

_GAP = "  "
_WIDTH = 100


def show_presets(arguments: Namespace) -> int:
    """List the presets, each with its description."""
    for preset in PRESETS.values():
        mark = " (default)" if preset.name == DEFAULT_PRESET else ""
        description = indent("\n".join(wrap(preset.description, _WIDTH)), "    ")
        sys.stdout.write(f"{preset.name}{mark}: {preset.title}\n{description}\n")
    return 0


def show_steps(arguments: Namespace) -> int:
    """Print the steps of one iteration."""
    session = open_session(arguments)
    experiment, guest, program = session.experiment, session.guest, session.experiment.program
    header = ("step", "phase", "layer", "name", "equation", "shape")
    write_table(header, [_step_row(program, step) for step in program.steps], right=(0, 2))
    sys.stdout.write(told_guess(guest, experiment) if guest and session.saved is None else "")
    return 0


def show_check(arguments: Namespace) -> int:
    """Print the gradient check; the exit code is 1 where a gradient is off by more than ``TOLERANCE``.

    Raises
    ------
    OptionError
        If the preset trains nothing.
    """
    experiment = open_experiment(arguments)
    guest = guest_of(experiment, arguments)
    if not experiment.trainable:
        raise OptionError(f"Expected a preset that is trained; {experiment.preset} has no gradients to check.")
    inputs = experiment.inputs()
    if guest is not None:
        inputs = {**inputs, **experiment.visit(experiment.run(), guest).data(0)}
    checks = check_gradients(experiment.program, inputs)
    header = ("parameter", "cells", "largest relative error", "at", "gradient", "central difference")
    write_table(header, [_check_row(check) for check in checks], right=(1, 2, 4, 5))
    wrong = [check.key for check in checks if not check.error <= TOLERANCE]
    verdict = f"Wrong by more than {TOLERANCE:g}: {', '.join(wrong)}." if wrong else "Every gradient agrees."
    sys.stdout.write(f"{verdict}\n")
    return 1 if wrong else 0


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print rows under a header, each column as wide as its longest cell; ``right`` columns end flush."""
    shown = [[printable(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for line in _lines(shown, widths, right):
        sys.stdout.write(f"{line}\n")


def _lines(rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[int]) -> Iterator[str]:
    for row in rows:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield _GAP.join(cells).rstrip()


def _step_row(program: Program, step: Step) -> tuple[str, ...]:
    layer = "" if step.layer is None else str(step.layer)
    written = plain(equation(program, step))
    return str(step.number), step.phase.value, layer, step.output.key, written, show_shape(step.output.shape)


def _check_row(check: Check) -> tuple[str, ...]:
    place = ", ".join(map(str, check.index))
    numbers = f"{check.gradient:.10g}", f"{check.difference:.10g}"
    return check.key, str(check.cells), f"{check.error:.2e}", f"[{place}]", *numbers
