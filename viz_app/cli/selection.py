"""Find the steps, the cells and the iterations that a command line asks for."""

import re
from argparse import Namespace
from collections.abc import Sequence

from core.experiment import Experiment
from core.options import OptionError
from core.run.trace import Cursor
from core.values import Phase
from core.wording import suggestion
from viz_app.frame.walking import walk_inside

_WALKED = 64
"""The pictures of a program of a single step, unless the user says how many."""
_MOST_PAGES = 100_000
_LAST_ITERATION = 10_000


def select(arguments: Namespace, experiment: Experiment, iteration: int = 0) -> list[Cursor]:
    """Return the places that are exported, in the order of the run.

    Parameters
    ----------
    arguments : Namespace
        With ``steps``, ``phase``, ``step``, ``iterations`` and ``cells``; ``None`` where nothing was said.
    experiment : Experiment
        What is run.
    iteration : int
        The iteration, where nothing was said of it.

    Raises
    ------
    OptionError
        If there are no such steps, or there would be too many pictures.
    """
    steps = chosen_steps(arguments, experiment)
    cells = parse_cells(arguments.cells, experiment)
    iterations = parse_iterations(arguments.iterations, experiment, iteration)
    program = experiment.program
    first = [one for step in steps for one in (walk_inside(program, step, cells) if cells else [Cursor(0, step)])]
    if len(first) * len(iterations) > _MOST_PAGES:
        raise OptionError(f"Expected at most {_MOST_PAGES:,} pictures; got {len(first) * len(iterations):,}.")
    return [Cursor(iteration, one.step, one.cell) for iteration in iterations for one in first]


def chosen_steps(arguments: Namespace, experiment: Experiment) -> list[int]:
    """Return the steps that ``steps``, ``phase`` and ``step`` leave, in order.

    Raises
    ------
    OptionError
        If there are none, or no such ones.
    """
    chosen: list[Sequence[int]] = [parse_steps(arguments.steps, experiment)]
    chosen += [parse_phase(arguments.phase, experiment)] if arguments.phase is not None else []
    chosen += [parse_names(arguments.step, experiment)] if arguments.step is not None else []
    steps = sorted(set.intersection(*map(set, chosen)))
    if not steps:
        told = ((name, getattr(arguments, name)) for name in ("steps", "phase", "step"))
        given = " and ".join(f"--{name} {value}" for name, value in told if value is not None)
        raise OptionError(f"Expected steps of {experiment.preset}; none is in {given}.")
    return steps


def parse_steps(text: str | None, experiment: Experiment) -> range:
    """Return the steps of ``A-B`` or ``A``, both ends among them; ``None`` is every step.

    Raises
    ------
    OptionError
        If the text is anything else, or the program has no such steps.
    """
    last = len(experiment.program.steps) - 1
    if text is None:
        return range(last + 1)
    found = _range(text)
    if found is None:
        raise OptionError(f"Expected steps as two numbers, such as 3-7; got {text!r}.")
    first, final = found
    if not first <= final <= last:
        raise OptionError(f"Expected steps from 0 to {last} for {experiment.preset}, the first one first; got {text}.")
    return range(first, final + 1)


def parse_phase(text: str, experiment: Experiment) -> list[int]:
    """Return the steps of a phase.

    Raises
    ------
    OptionError
        If there is no such phase, or the program has none of its steps.
    """
    phases = [phase.value for phase in Phase]
    if text not in phases:
        raise OptionError(f"Expected a phase among {', '.join(phases)}; got {text!r}{suggestion(text, phases)}.")
    steps = [step.number for step in experiment.program.steps if step.phase.value == text]
    if not steps:
        raise OptionError(f"Expected a phase that {experiment.preset} has; it has no {text} steps.")
    return steps


def parse_names(text: str, experiment: Experiment) -> list[int]:
    """Return the steps that make values, by their keys with commas between, such as ``delta_1``.

    Raises
    ------
    OptionError
        If no step makes one of them.
    """
    producers = experiment.program.producers
    for name in text.split(","):
        if name not in producers:
            near = suggestion(name, producers)
            raise OptionError(f"Expected what a step of {experiment.preset} makes, such as "
                              f"{experiment.program.steps[-1].output.key}; got {name!r}{near}.")  # fmt: skip
    return [producers[name].number for name in text.split(",")]


def parse_iterations(text: str | None, experiment: Experiment, usual: int = 0) -> range:
    """Return the iterations of ``A-B`` or ``A``, both ends among them; ``None`` is the usual one.

    Raises
    ------
    OptionError
        If the text is anything else, or nothing is learnt from one to the next.
    """
    if text is None:
        return range(usual, usual + 1)
    found = _range(text)
    if found is None or not found[0] <= found[1] <= _LAST_ITERATION:
        raise OptionError(f"Expected iterations as two numbers up to {_LAST_ITERATION:,}, such as 0-9, the first one "
                          f"first; got {text!r}.")  # fmt: skip
    if found[1] and not experiment.trainable:
        raise OptionError(f"Expected a network that is trained, for --iterations; {experiment.preset} is not.")
    return range(found[0], found[1] + 1)


def parse_cells(number: int | None, experiment: Experiment) -> int:
    """Return how many pictures to take inside each step, 0 for the step as a whole.

    Where nothing was said a program of a single step is walked: its cells are all that there is to see.

    Raises
    ------
    OptionError
        If the number is negative.
    """
    if number is None:
        return _WALKED if len(experiment.program.steps) == 1 else 0
    if number < 0:
        raise OptionError(f"Expected a number of cells from 0; got {number}.")
    return number


def _range(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", text)
    return (int(match[1]), int(match[2] or match[1])) if match else None
