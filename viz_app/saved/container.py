"""Hold the members of a session file: a zip of known names, not compressed, each with its checksum."""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core.wording import cut

ENDING = ".netstep"
KIND, VERSION = "netstep session", 1
"""What the first member says of the file."""
FIRST, DOCUMENT, ARRAYS = "netstep.json", "session.json", "arrays.safetensors"
"""The members: the first says what the others are."""
_KNOWN = (FIRST, DOCUMENT, ARRAYS)
_MARK = b"PK\x03\x04"
_NAME_AT = 30
"""Where in a zip the name of its first member stands."""
_MOST_MEMBERS = 16
_LARGEST = 4 * 2**30
_LARGEST_JSON = 64 * 2**20
NAMES_OF_FILES = "backslashreplace"
"""How what is no text, such as some names of files, is written: as JSON escapes it."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, zlib.error, OverflowError)
"""What zipfile raises for files that are no zip, or one that it cannot read."""


class SessionError(ValueError):
    """A file is no session that can be opened; the message is one sentence."""


@dataclass(frozen=True)
class Container:
    """What a session file holds.

    Parameters
    ----------
    version : int
        Of the format.
    document : mapping of str to object
        What describes the session.
    arrays : bytes
        A safetensors file.
    unknown : tuple of str
        Members that a newer version has.
    """

    version: int
    document: Mapping[str, Any]
    arrays: bytes
    unknown: tuple[str, ...] = ()


def is_session(path: Path) -> bool:
    """Tell by its first bytes whether a file is a session, or was one."""
    try:
        if not path.is_file():  # reading from a pipe may wait for ever
            return False
        with path.open("rb") as stream:
            start = stream.read(_NAME_AT + len(FIRST))
    except OSError:
        return False
    return start.startswith(_MARK) and start[_NAME_AT:] == FIRST.encode()


def write_container(stream: IO[bytes], document: Mapping[str, Any], arrays: bytes) -> None:
    """Write the members of a session; the same members give the same bytes."""
    told = json.dumps(document, ensure_ascii=False, allow_nan=False).encode(errors=NAMES_OF_FILES)
    members = {DOCUMENT: told, ARRAYS: arrays}
    about = {"kind": KIND, "version": VERSION, "members": {name: _sum(data) for name, data in members.items()}}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {FIRST: json.dumps(about, indent=1).encode(), **members}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def read_container(path: Path) -> Container:
    """Read the members of a session file; all of it is checked before any of it is used.

    Raises
    ------
    SessionError
        If it is no session, cut short, altered, or larger than any; the message does not name the file.
    OSError
        If it cannot be read.
    """
    size = path.stat().st_size
    if size > _LARGEST:
        raise SessionError(f"expected a session of at most {_LARGEST:,} bytes; got {size:,}")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, size)
            return _read(archive)
    except _BROKEN as error:
        if is_session(path):
            raise SessionError("the file is damaged or cut short, so nothing of it can be trusted") from error
        raise SessionError("expected a session of NetStep; it is something else") from error


def _check_entries(archive: zipfile.ZipFile, size: int) -> None:
    """Check what the archive says of itself, before anything is read."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if FIRST not in names:
        raise SessionError("expected a session of NetStep; it is another archive")
    if len(entries) > _MOST_MEMBERS or len(set(names)) < len(names):
        raise SessionError(f"expected at most {_MOST_MEMBERS} members of different names; got {len(entries):,}")
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 or entry.file_size != entry.compress_size:
            raise SessionError(f"expected members that are not compressed; {_shown(entry.filename)} is")
    if sum(entry.file_size for entry in entries) > size:
        raise SessionError(f"expected members of {size:,} bytes at most; they say that they are larger")


def _read(archive: zipfile.ZipFile) -> Container:
    about = parsed(archive.read(FIRST), FIRST)
    version, members = about.get("version"), about.get("members")
    if about.get("kind") != KIND or not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise SessionError("expected a session of NetStep with a version; it says that it is something else")
    if not isinstance(members, dict):
        raise SessionError("expected the checksums of the members; there are none")
    names = [name for name in archive.namelist() if name != FIRST]
    if unknown := [name for name in names if name not in _KNOWN]:
        if version <= VERSION:
            raise SessionError(f"expected only the members {', '.join(_KNOWN)}; got {_shown(unknown[0])}")
        names = [name for name in names if name in _KNOWN]
    if missing := [name for name in (DOCUMENT, ARRAYS) if name not in names]:
        raise SessionError(f"expected a member {missing[0]}; it is missing")
    data = {name: archive.read(name) for name in names}
    for name, content in data.items():
        if members.get(name) != _sum(content):
            raise SessionError(f"{name} has been altered since it was written: its checksum is another one")
    return Container(version, parsed(data[DOCUMENT], DOCUMENT), data[ARRAYS], tuple(map(_shown, unknown)))


def parsed(data: bytes, name: str) -> dict[str, Any]:
    """Return the object that JSON holds.

    Raises
    ------
    SessionError
        If it holds none.
    """
    if len(data) > _LARGEST_JSON:
        raise SessionError(f"expected at most {_LARGEST_JSON:,} bytes of {name}; got {len(data):,}")
    try:
        found = json.loads(data, parse_constant=_no_constant)
    except RecursionError:
        raise SessionError(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise SessionError(f"{name} is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise SessionError(f"expected an object in {name}; got something else")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"expected numbers; got {name}")


def _sum(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _shown(name: str) -> str:
    """Return a name of a member as it can stand in a sentence."""
    return cut(name if name.isprintable() else repr(name)[1:-1], 60)
