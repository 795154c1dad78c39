"""Write files: the values of an iteration, the pictures of its steps. All is checked before anything is written."""

import os
import re
import sys
from argparse import Namespace
from os.path import exists, isdir, isfile  # pathlib's raise where a folder may not be searched
from pathlib import Path

import numpy as np

from core.experiment import Experiment
from core.options import OptionError
from viz_app.cli.image import guest_of, told_guess
from viz_app.cli.opening import open_experiment
from viz_app.whole_file import check_files, whole_file
from viz_app.window.display import missing_to_draw

SMALLEST, LARGEST = (320, 240), (7680, 4320)
_BAR = 30
_STDOUT = "-"
"""What stands for standard output elsewhere: nothing is written there."""
_SEPARATORS = (os.sep, os.altsep or os.sep)
_WALKED = 64
"""The pictures of a program of a single step, unless the user says how many."""


def write_values(arguments: Namespace) -> int:
    """Write every value of iteration 0 under its key into an npz file.

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    experiment = open_experiment(arguments)
    guest = guest_of(experiment, arguments)
    path = parse_file(arguments.out)
    check_file(path)
    try:
        check_files([path], overwrite=arguments.force)
        trace = experiment.trace(guest)
        values = {key: trace.array(key) for key in experiment.program.values}
        with whole_file(path, overwrite=arguments.force) as stream:
            np.savez(stream, **values)  # type: ignore[arg-type]
    except OSError as error:
        raise unwritable(path, error) from None
    sys.stdout.write(f"Wrote {len(values)} values to {named(path)}\n")
    sys.stdout.write(told_guess(guest, experiment) if guest else "")
    return 0


def export_pictures(arguments: Namespace) -> int:
    """Write the picture of each step, or pictures inside each, into a folder, with a progress bar on stderr.

    Raises
    ------
    OptionError
        If a step, the number of cells, the size, the theme or the folder cannot be, or Qt lacks libraries to draw with.
    """
    experiment = open_experiment(arguments)
    guest = guest_of(experiment, arguments)
    steps = parse_steps(arguments.steps, experiment)
    cells = parse_cells(arguments.cells, experiment)
    size = parse_size(arguments.size)
    theme = parse_theme(arguments.theme)
    folder = parse_folder(arguments.out)
    check_folder(folder)
    if problem := missing_to_draw():
        raise OptionError(problem)
    from viz_app.export.png import export_steps  # late: it loads Qt

    try:
        folder.mkdir(exist_ok=True)
        force = arguments.force
        export_steps(experiment, steps, folder, size, theme, show_progress, cells, overwrite=force, guest=guest)
    except OSError as error:
        raise unwritable(folder, error) from None
    sys.stdout.write(told_guess(guest, experiment) if guest else "")
    return 0


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
    match = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", text)
    if match is None:
        raise OptionError(f"Expected steps as two numbers, such as 3-7; got {text!r}.")
    first, final = int(match[1]), int(match[2] or match[1])
    if not first <= final <= last:
        raise OptionError(f"Expected steps from 0 to {last} for {experiment.preset}, the first one first; got {text}.")
    return range(first, final + 1)


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


def parse_size(text: str) -> tuple[int, int]:
    """Return the width and height of ``WxH``.

    Raises
    ------
    OptionError
        If the text is anything else, or a picture would be too small or too large.
    """
    limits = f"from {SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}"
    match = re.fullmatch(r"([0-9]{1,9})x([0-9]{1,9})", text)
    if match is None:
        raise OptionError(f"Expected a size in pixels as WxH, {limits}; got {text!r}.")
    size = int(match[1]), int(match[2])
    if not all(low <= length <= high for low, length, high in zip(SMALLEST, size, LARGEST, strict=True)):
        raise OptionError(f"Expected a size {limits}; got {text}.")
    return size


def parse_theme(text: str | None) -> str:
    """Return the theme of pictures; ``None`` is light.

    Raises
    ------
    OptionError
        If the window's own ``system`` was asked for: pictures look the same everywhere.
    """
    if text == "system":
        raise OptionError("Expected a theme of light or dark for pictures; got 'system'.")
    return text or "light"


def parse_file(text: str) -> Path:
    """Return the path of a file to write.

    Raises
    ------
    OptionError
        If the text names none, or what only a folder can be called.
    """
    if not text or text.endswith(_SEPARATORS) or text == _STDOUT:
        raise OptionError(f"Expected the name of a file to write; got {text!r}.")
    return Path(text)


def parse_folder(text: str) -> Path:
    """Return the path of a folder to write into.

    Raises
    ------
    OptionError
        If the text names none.
    """
    if text in ("", _STDOUT):
        raise OptionError(f"Expected the name of a folder to write into, such as pictures; got {text!r}.")
    return Path(text)


def check_file(path: Path) -> None:
    """Check that a file can be written.

    Raises
    ------
    OptionError
        If its folder does not exist or takes no files, or something else has its name.
    """
    if isdir(path):
        raise OptionError(f"Expected the name of a file to write; {named(path)} is a folder.")
    if exists(path) and not isfile(path):
        raise OptionError(f"Expected an ordinary file to write; {named(path)} is something else.")
    if exists(path) and not os.access(path, os.W_OK):
        raise OptionError(f"Expected a file that may be written; {named(path)} is read-only.")
    _check_parent(path)


def check_folder(path: Path) -> None:
    """Check that files can be written into a folder, or that it can be made.

    Raises
    ------
    OptionError
        If it is a file, is not writable, or its parent does not exist.
    """
    if exists(path) and not isdir(path):
        raise OptionError(f"Expected a folder to write into; {named(path)} is a file.")
    if not exists(path):
        _check_parent(path)
    elif not os.access(path, os.W_OK | os.X_OK):
        raise OptionError(f"Expected a folder that may be written into; {named(path)} is not.")


def show_progress(done: int, total: int) -> None:
    """Draw a bar over the last one on a terminal; elsewhere say only when all is done."""
    full = _BAR * done // total
    line = f"[{'#' * full}{'.' * (_BAR - full)}] {done}/{total}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}" + ("\n" if done == total else ""))
        sys.stderr.flush()
    elif done == total:
        sys.stderr.write(f"{line}\n")


def _check_parent(path: Path) -> None:
    if not isdir(path.parent):
        raise OptionError(f"Expected a folder {named(path.parent)} to write {named(path.name)} into; there is none.")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise OptionError(f"Expected a folder that may be written into; {named(path.parent)} is not.")


def unwritable(path: Path, error: OSError) -> OptionError:
    """Return what a person is told where a file could not be written."""
    if isinstance(error, FileExistsError):
        there = named(error.filename or path)
        return OptionError(f"Expected a new file; {there} exists: choose another name, or replace it with --force.")
    return OptionError(f"Could not write {named(error.filename or path)}: {error.strerror or error}.")


def named(path: Path | str) -> str:
    """Return a path as a sentence names it: on one line, whatever is in it."""
    return str(path) if str(path).isprintable() else repr(str(path))
