"""List what can be taken away by its name on the command line; nothing heavy is loaded for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    name : str
        What ``--format`` calls it.
    title : str
        What a dialog calls it.
    ending : str
        The ending of its files.
    """

    name: str
    title: str
    ending: str


VALUES = Kind("npz", "NumPy archive", ".npz")
TABLE = Kind("csv", "Table of comma-separated values", ".csv")
NUMPY = Kind("numpy", "NumPy script", ".py")
PYTORCH = Kind("pytorch", "PyTorch script", ".py")

PICTURES = (
    Kind("png", "PNG picture", ".png"),
    Kind("svg", "SVG picture", ".svg"),
    Kind("pdf", "PDF document", ".pdf"),
)
"""What curves are drawn as."""
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in (VALUES, TABLE, NUMPY, PYTORCH)})


def kind_of(ending: str) -> Kind | None:
    """Return the first kind whose files have an ending; ``None`` where there is none."""
    return next((kind for kind in KINDS.values() if kind.ending == ending.lower()), None)
