"""Tell what stands at a path before it is opened, and word what the system says of it."""

import errno
import os
import stat
from pathlib import Path

from core.values import Shape


class DataError(ValueError):
    """Data cannot be taken; the message is one sentence that says what was expected, what came, and of which file."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def checked(path: Path) -> Path:
    """Return a path, absolute, at which there is a file or a folder that can be read.

    Raises
    ------
    DataError
        If there is none, it is a device, a pipe or a socket, a link leads in a circle, or it may not be read.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        raise refused(path, error) from None
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise DataError(f"{shown(path)}: expected a file or a folder; it is {_special(found.st_mode)}.")
    if stat.S_ISREG(found.st_mode) and found.st_size == 0:
        raise DataError(f"{shown(path)}: expected data; the file is empty (0 bytes).")
    if not os.access(path, os.R_OK):
        raise DataError(f"{shown(path)}: expected a file that may be read; permission is denied.")
    return Path(os.path.abspath(path))


def refused(path: Path, error: Exception) -> DataError:
    """Return what the system says of a path as a sentence."""
    if isinstance(error, OSError) and error.errno == errno.ENOENT:
        return DataError(f"{shown(path)}: expected a file or a folder; there is none.")
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return DataError(f"{shown(path)}: expected a file or a folder; its links lead in a circle.")
    told = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return DataError(f"{shown(path)}: expected a file that can be read; {told[:1].lower()}{told[1:].rstrip('.')}.")


def shown(path: Path) -> str:
    """Return the name of a file as one line of a sentence."""
    name = path.name or str(path)
    name = printable(name)
    return name if len(name) <= 80 else f"{name[:40]}…{name[-39:]}"


def printable(text: str) -> str:
    """Return a text of a file as it can stand in a line: what cannot be printed becomes the sign for that."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in text)


def listed(names: list[str] | tuple[str, ...], most: int = 6) -> str:
    """Return names as a part of a sentence, the first of many."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def by(shape: Shape) -> str:
    """Return sizes as a person reads them: ``28 × 28``."""
    return " × ".join(f"{size:,}" for size in shape)


def _special(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}
    return kinds.get(stat.S_IFMT(mode), "neither")
