"""Write arrays into a script: as numbers where they are few, else packed, or in a file beside it."""

import base64
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum, auto

from core.values import Array
from viz_app.takeaway.archive import archive

FEW = 200
"""So many numbers of an array are written out."""
_WIDTH = 110
_SPECIAL = {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}


class Keep(Enum):
    """Where a script has its large arrays."""

    PACKED = auto()
    """In its own text, as base64: it can be pasted."""
    BESIDE = auto()
    """In an npz file beside it: it can be read."""


def is_small(array: Array) -> bool:
    """Tell whether an array is written out."""
    return array.size <= FEW


def literal(array: Array) -> str:
    """Return an array as Python: its numbers exactly, and its type.

    Each number has as few digits as tell it from every other of its type; what is no number is ``np.nan`` or
    ``np.inf``.
    """
    if array.ndim == 0:
        return f"np.{array.dtype}({_number(array[()])})"
    return f"np.array({_nested(array)}, np.{array.dtype})"


def packed(arrays: Mapping[str, Array], name: str) -> str:
    """Return the lines that define a variable which holds arrays by name: an npz file in base64."""
    text = base64.b64encode(archive(arrays)).decode("ascii")
    return (
        f'{name} = dict(np.load(BytesIO(b64decode("""\n'
        + "\n".join(text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH))
        + '\n"""))))'
    )


def _nested(array: Array) -> str:
    text = _list(array)
    if len(text) <= _WIDTH:
        return text
    return "[\n" + "\n".join(_rows(array, "    ")) + "\n]"


def _list(array: Array) -> str:
    inside = map(_number, array) if array.ndim == 1 else map(_list, array)
    return f"[{', '.join(inside)}]"


def _rows(array: Array, space: str) -> Iterator[str]:
    """Yield the lines between the outer brackets."""
    if array.ndim == 1:
        yield from textwrap.wrap(", ".join(map(_number, array)) + ",", _WIDTH, initial_indent=space,
                                 subsequent_indent=space)  # fmt: skip
        return
    for part in array:
        text = f"{space}{_list(part)},"
        if len(text) <= _WIDTH:
            yield text
        else:
            yield f"{space}["
            yield from _rows(part, f"{space}    ")
            yield f"{space}],"


def _number(value: object) -> str:
    text = str(value)
    return _SPECIAL.get(text, text)
