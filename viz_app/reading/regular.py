"""Open a regular file to read, and nothing else: no folder, no pipe, no device."""

import os
import stat
from pathlib import Path
from typing import IO


class ReadError(ValueError):
    """A file that cannot be opened; the message is what stands after its name in a sentence."""


def open_regular(path: Path, most: int | None = None) -> IO[bytes]:
    """Open a file; a pipe or a device is refused without waiting for it.

    Parameters
    ----------
    path : Path
        Of a file; links are followed.
    most : int or None
        How many bytes it may have.

    Raises
    ------
    ReadError
        If it is no regular file, cannot be read, or is too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:  # a name with a null character is a ValueError
        if os.path.isdir(path):
            raise ReadError("is a folder; expected a file.") from None
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ReadError(f"cannot be read: {reason[:1].lower()}{reason[1:]}.") from None
    try:
        _check(os.fstat(descriptor), most)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(status: os.stat_result, most: int | None) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ReadError("is a folder; expected a file.")
    if not stat.S_ISREG(status.st_mode):
        raise ReadError("is a pipe or a device; expected a file.")
    if most is not None and status.st_size > most:
        raise ReadError(f"has {status.st_size / 1e6:,.0f} MB; expected at most {most / 1e6:,.0f} MB.")
