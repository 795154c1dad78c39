"""Keep the description of a network, and its loss, in a JSON file; read it back, checked."""

import json
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

from core.description import DescriptionError, describe, network_from
from core.network import Architecture
from core.ops.losses import LOSSES, parse_loss
from core.values import DuplicateNameError

LARGEST_FILE = 1_000_000
"""Bytes; the description of a network of a thousand layers takes a tenth."""


_LONGEST_LOSS = 60


class NetworkFileError(ValueError):
    """A file does not describe a network; the message is one sentence."""


def network_file(network: Architecture, loss: str) -> bytes:
    """Return what a file holds that describes a network and its loss."""
    about: dict[str, Any] = {**describe(network), "loss": loss}
    return (json.dumps(about, indent=2, ensure_ascii=False) + "\n").encode(errors="backslashreplace")


def read_network(path: Path) -> tuple[Architecture, str | None]:
    """Return the network that a file describes, and its loss, where that is said.

    Raises
    ------
    NetworkFileError
        If it is too large, no JSON, or describes no network; the message names the file.
    OSError
        If it cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(LARGEST_FILE + 1)
    try:
        return _read(data)
    except ValueError as error:
        raise NetworkFileError(f"{path.name}: {str(error).rstrip('.')}.") from None


def _read(data: bytes) -> tuple[Architecture, str | None]:
    if len(data) > LARGEST_FILE:
        raise NetworkFileError(f"expected the description of a network, at most {LARGEST_FILE:,} bytes; it is larger")
    try:
        about = json.loads(data)
    except UnicodeDecodeError:
        raise NetworkFileError("expected the description of a network as JSON; it is no text") from None
    except (ValueError, RecursionError) as error:
        reason = f": {error}" if isinstance(error, ValueError) else ""
        raise NetworkFileError(f"expected the description of a network as JSON; it is none{reason}") from None
    loss = about.pop("loss", None) if isinstance(about, dict) else None
    if loss is not None:
        _check_loss(loss)
    try:
        return network_from(about), loss
    except (DescriptionError, DuplicateNameError) as error:
        raise NetworkFileError(str(error)) from None
    except RecursionError:
        raise NetworkFileError("expected a network that is not nested so deeply") from None


def _check_loss(loss: object) -> None:
    if not isinstance(loss, str) or len(loss) > _LONGEST_LOSS:
        raise NetworkFileError(f"loss: expected one of {', '.join(LOSSES)}; got {shortened(loss)}")
    try:
        parse_loss(loss)
    except ValueError as error:
        raise NetworkFileError(f"loss: {error}") from None
