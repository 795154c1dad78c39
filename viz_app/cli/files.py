"""Write the values of an iteration, and check the files that any command writes before anything is written."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from os.path import exists, isdir, isfile  # pathlib's raise where a folder may not be searched
from pathlib import Path

from core.options import OptionError
from viz_app.cli.image import told_guess
from viz_app.cli.session import open_session
from viz_app.takeaway.files import values_file, write_files
from viz_app.takeaway.snapshot import Snapshot
from viz_app.whole_file import check_files

STDOUT = "-"
"""What stands for standard output elsewhere: nothing is written there."""
SEPARATORS = (os.sep, os.altsep or os.sep)


def write_values(arguments: Namespace) -> int:
    """Write every value of iteration 0, or of the one that a session shows, into an npz file with a table of contents.

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    session = open_session(arguments)
    experiment, guest = session.experiment, session.guest
    path = parse_file(arguments.out)
    check_file(path)
    try:
        check_files([path], overwrite=arguments.force)
        values = Snapshot.of(session.trace, experiment.preset, session.place.iteration)
        write_files(values_file(values, path), overwrite=arguments.force)
    except OSError as error:
        raise unwritable(path, error) from None
    sys.stdout.write(f"Wrote {len(values.arrays)} values to {named(path)}\n")
    sys.stdout.write(told_guess(guest, experiment) if guest and session.saved is None else "")
    return 0


def parse_file(text: str) -> Path:
    """Return the path of a file to write.

    Raises
    ------
    OptionError
        If the text names none, or what only a folder can be called.
    """
    if not text or text.endswith(SEPARATORS) or text == STDOUT:
        raise OptionError(f"Expected the name of a file to write; got {text!r}.")
    return Path(text)


def check_stem(path: Path, endings: Sequence[str]) -> None:
    """Check that a path does not consist of an ending alone: that would be a hidden file, or a folder.

    Raises
    ------
    OptionError
        If it does.
    """
    if path.name.lower() in endings:
        raise OptionError(f"Expected a name before the ending, such as pictures{path.name}; got {named(path)}.")


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
