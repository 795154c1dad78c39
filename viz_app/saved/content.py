"""Tell by its content what a file is that somebody wants to open."""

from enum import StrEnum
from pathlib import Path

from viz_app.reading.data import is_data
from viz_app.saved.container import ENDING, is_session

_WEIGHTS, _NETWORK = ".safetensors", ".json"
_LENGTH = 8
"""Bytes in which a safetensors file says how long its header is."""
_LARGEST_HEADER = 100_000_000


class Content(StrEnum):
    """What can be opened."""

    SESSION = "session"
    WEIGHTS = "weights"
    NETWORK = "network"
    DATA = "data"
    IMAGE = "image"


def content_of(path: Path) -> Content:
    """Return what a file is, by its first bytes, and by its ending where they do not say it; a folder holds data."""
    if not path.is_dir():
        if is_session(path):
            return Content.SESSION
        ending = path.suffix.lower()
        named = {ENDING: Content.SESSION, _WEIGHTS: Content.WEIGHTS, _NETWORK: Content.NETWORK}
        if ending in named:
            return named[ending]
        if _is_safetensors(path):
            return Content.WEIGHTS
    return Content.DATA if is_data(path) else Content.IMAGE


def refusal_of(path: Path) -> str:
    """Say what a file is that holds nothing that can be opened; nothing where it may hold an image."""
    from viz_app.reading.images.photos import other_kind  # late: the start of the window does not wait for it

    kind = other_kind(path)
    return f"{path.name} is {kind}; expected a session, weights, a network, data or an image." if kind else ""


def _is_safetensors(path: Path) -> bool:
    try:
        if not path.is_file():  # reading from a pipe may wait for ever
            return False
        with path.open("rb") as stream:
            start = stream.read(_LENGTH + 1)
        length = int.from_bytes(start[:_LENGTH], "little")
        return start[_LENGTH:] == b"{" and 1 < length <= min(_LARGEST_HEADER, path.stat().st_size - _LENGTH)
    except OSError:
        return False
