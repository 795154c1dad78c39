"""Write files whole or not at all: aside first, then under their names."""

import errno
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

_numbers = count()
_PART = re.compile(r"\.netstep-([0-9]{1,9})-[0-9]{1,9}\.part")
_OLD_S = 600.0
"""How long nothing has been written into what is left over, at least: it may be of another machine."""


@contextmanager
def whole_file(path: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """Yield a stream beside a file; what is written into it becomes the file once all is well.

    Parameters
    ----------
    path : Path
        The file; a link stays one, and its target is written.
    overwrite : bool
        Take the place of a file that is there already.

    Raises
    ------
    FileExistsError
        If there is such a file, and it is to stay.
    OSError
        If the disk is full, or the folder cannot be written to; nothing is left behind.
    """
    with whole_path(path, overwrite=overwrite) as part, part.open("xb") as stream:
        yield stream


@contextmanager
def whole_path(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a path beside a file, for a library that opens files itself; else like ``whole_file``."""
    target = Path(os.path.realpath(path))
    # Two files of one process are written at the same time; the name may be as long as the system allows.
    part = target.with_name(f".netstep-{os.getpid()}-{next(_numbers)}.part")
    try:
        yield part
        check_files([path], overwrite=overwrite)
        part.replace(target)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # nobody asked for the file beside it
        raise
    finally:
        with suppress(OSError):
            part.unlink()


def remove_leftovers(folder: Path) -> None:
    """Remove what was half written into a folder by a process that was ended in the middle of it.

    Only files of such a name go, into which nothing has been written for ten minutes, and whose process is not there
    any more. What cannot be removed stays.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _PART.fullmatch(entry.name)
            with suppress(OSError):
                if match and entry.is_file(follow_symlinks=False) and not _is_used(int(match[1]), entry):
                    os.unlink(entry.path)


def _is_used(process: int, entry: "os.DirEntry[str]") -> bool:
    """Tell whether a file may still be written."""
    if time.time() - entry.stat(follow_symlinks=False).st_mtime < _OLD_S:
        return True
    if sys.platform == "win32":
        return False  # there, a file that is open cannot be removed
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # of somebody else
    return True


def check_files(paths: Iterable[Path], *, overwrite: bool) -> None:
    """Check, before anything is written, that files can have their names.

    Raises
    ------
    IsADirectoryError
        If one of them is a folder.
    FileExistsError
        If one of them is there already, and is to stay.
    """
    for path in paths:
        if os.path.isdir(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not overwrite and os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
