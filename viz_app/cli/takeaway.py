"""Write numbers and code: values, a map as a table, steps as a NumPy script, the network as a PyTorch script."""

import sys
from argparse import Namespace
from functools import partial
from math import prod
from os.path import isdir
from pathlib import Path

from core.experiment import Experiment
from core.notation import Notation
from core.options import OptionError
from core.program import Step
from core.run.trace import Cursor, Trace
from core.wording import suggestion
from viz_app.cli.files import SEPARATORS, check_file, check_stem, named, parse_file, unwritable
from viz_app.cli.image import told_guess
from viz_app.cli.selection import chosen_steps, parse_iterations
from viz_app.cli.session import open_session
from viz_app.frame.views import ViewOptions, Views
from viz_app.takeaway import kinds
from viz_app.takeaway.files import Files, beside, script_files, table_file, told, torch_files, values_file, write_files
from viz_app.takeaway.kinds import Kind
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.table import MOST
from viz_app.takeaway.torch.script import needed
from viz_app.takeaway.torch.writing import UnsayableError
from viz_app.takeaway.values import read_and_made

_OF_PICTURES = ("theme", "size", "scale", "colors", "digits", "decimal_comma", "with", "without", "text",
                "transparent", "cells", "duration", "cell_duration", "hold", "fps")  # fmt: skip
_OF_STEPS = ("steps", "phase", "step")


def kind_meant(out: str, name: str | None) -> Kind | None:
    """Return what a command line asks to be taken away; ``None`` where it asks for pictures."""
    if name is not None:
        return kinds.KINDS.get(name)
    return None if isdir(out) or out.endswith(SEPARATORS) else kinds.kind_of(Path(out).suffix)


def take_away(arguments: Namespace, kind: Kind) -> int:
    """Write numbers or code into a file.

    Raises
    ------
    OptionError
        If an option means nothing here, there is no such step, iteration or value, or the file cannot be written.
    """
    _check(arguments, kind)
    path = _path(arguments.out, kind)
    session = open_session(arguments)
    experiment, guest, trace = session.experiment, session.guest, session.trace
    iterations = parse_iterations(arguments.iterations, experiment, session.place.iteration)
    if len(iterations) > 1:
        raise OptionError(f"Expected a single iteration for {kind.name}; got {arguments.iterations}.")
    steps = [experiment.program.steps[number] for number in chosen_steps(arguments, experiment)]
    key = _value(arguments.value, experiment) if kind is kinds.TABLE else None
    for each in (path, beside(path)) if kind.ending == ".py" else (path,):
        check_file(each)
    try:
        files = _files(arguments, kind, experiment, trace, iterations[0], steps, path, key)
        write_files(files, overwrite=arguments.force)
    except UnsayableError as error:
        raise OptionError(str(error)) from None
    except OSError as error:
        raise unwritable(path, error) from None
    sys.stdout.write(f"{told(files)}\n")
    sys.stdout.write(told_guess(guest, experiment) if guest and session.saved is None else "")
    return 0


def _files(
    arguments: Namespace,
    kind: Kind,
    experiment: Experiment,
    trace: Trace,
    iteration: int,
    steps: list[Step],
    path: Path,
    key: str | None,
) -> Files:
    if key is not None:
        last = Cursor(iteration, len(trace.program.steps) - 1)
        return table_file(Views(trace, last, ViewOptions()).view(trace.program.values[key]), path)
    notation = Notation(arguments.notation or Notation.NET_OUT)
    snapshot = partial(Snapshot.of, trace, experiment.preset, iteration, notation=notation)
    if kind is kinds.VALUES:
        every = len(steps) == len(trace.program.steps)
        return values_file(snapshot(None if every else read_and_made(steps)), path)
    if kind is kinds.PYTORCH:
        return torch_files(snapshot(needed(experiment)), experiment, path)
    return script_files(snapshot(read_and_made(steps)), steps, path)


def _check(arguments: Namespace, kind: Kind) -> None:
    """Check that nothing is said that has no meaning."""
    strange = [name for name in _OF_PICTURES if getattr(arguments, name, None) is not None]
    if kind in (kinds.TABLE, kinds.PYTORCH):
        strange += [name for name in _OF_STEPS if getattr(arguments, name) is not None]
    if kind is not kinds.TABLE and arguments.value is not None:
        strange.append("value")
    if strange:
        raise OptionError(f"Expected no --{strange[0].replace('_', '-')} for {kind.name}; it has no meaning there.")


def _path(text: str, kind: Kind) -> Path:
    path = parse_file(text)
    check_stem(path, (kind.ending,))
    if not path.suffix:
        return path.with_name(f"{path.name}{kind.ending}")
    if path.suffix.lower() != kind.ending:
        raise OptionError(f"Expected a name that ends with {kind.ending} for {kind.name}; got {named(path)}.")
    return path


def _value(name: str | None, experiment: Experiment) -> str:
    values = experiment.program.values
    example = experiment.program.steps[-1].output.key
    if name is None:
        raise OptionError(f"Expected the value that the table is to hold, such as --value {example}.")
    if name not in values:
        near = suggestion(name, values)
        raise OptionError(f"Expected a value of {experiment.preset}, such as {example}; got {name!r}{near}.")
    if (count := prod(values[name].shape)) > MOST:
        raise OptionError(f"Expected a value of at most {MOST:,} numbers for csv; {name} has {count:,}: write an npz.")
    return name
