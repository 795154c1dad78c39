"""How a moment looks, in the window and in files alike, as one value that can be stored."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from core.notation import Notation
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.views import ViewOptions
from viz_app.frame.words.writing import DIGITS, Writing

Size = tuple[int, int]

THEME_NAMES = "light", "dark", "print"
SMALLEST, LARGEST = (320, 240), (7680, 4320)
"""The width and the height of the smallest and of the largest picture that is arranged, in pixels."""
SCALES = 0.1, 8.0
TEXTS = 0.6, 2.5
MOST_PIXELS = 100_000_000


@dataclass(frozen=True)
class Sheet:
    """A size that has a name: what it is called, and how much larger than usual its text is."""

    title: str
    size: Size
    text: float = 1.0


SHEETS: Mapping[str, Sheet] = {
    "hd": Sheet("1920 × 1080 (16:9)", (1920, 1080)),
    "4k": Sheet("3840 × 2160 (16:9)", (3840, 2160)),
    "720p": Sheet("1280 × 720 (16:9)", (1280, 720)),
    "4:3": Sheet("1600 × 1200 (4:3)", (1600, 1200)),
    "a4": Sheet("1240 × 877 (A4, across)", (1240, 877)),
    "a4-column": Sheet("960 × 720 (a column of A4)", (960, 720), 2.0),
    "upright": Sheet("1080 × 1920 (upright)", (1080, 1920)),
}
"""The sizes that are offered by name; where a column of A4 is 85 mm wide, its text has 6 points."""
_EMS = (80, 45)
"""How many sizes of text a page is wide and high."""


class LookError(ValueError):
    """What is asked for or stored is no look; the message is a sentence."""


@dataclass(frozen=True)
class Look:
    """How pictures look.

    Parameters
    ----------
    size : tuple of int
        The width and height that a picture is arranged for, in pixels.
    theme_name : str
        ``light``, ``dark`` or ``print``.
    scale : float
        How many pixels a pixel of the arrangement becomes.
    transparent : bool
        Leave out the ground, where the format can.
    colors : ColorMap
        The colours of numbers.
    writing : Writing
        How many digits numbers have, and whether they have a decimal comma.
    notation : Notation
        How sums and activations are called.
    grey_images : bool
        Whether images that are data are grey.
    parts : frozenset of Part
        What stands in the picture.
    text : float
        How much larger the text is than usual, for the back row.
    """

    size: Size = (1920, 1080)
    theme_name: str = "light"
    scale: float = 1.0
    transparent: bool = False
    colors: ColorMap = ColorMap.BLUE_ORANGE
    writing: Writing = field(default_factory=Writing)
    notation: Notation = Notation.NET_OUT
    grey_images: bool = True
    parts: frozenset[Part] = USUAL_PARTS
    text: float = 1.0

    @property
    def pixels(self) -> Size:
        """The width and height of an image, in pixels."""
        width, height = self.size
        return max(round(width * self.scale), 1), max(round(height * self.scale), 1)

    @property
    def em(self) -> float:
        """The size of text, in pixels of the arrangement."""
        return em_of(self.size, self.text)

    def view(self, options: ViewOptions) -> ViewOptions:
        """Return view options with this look: the row, the channel and the held colours stay."""
        return replace(
            options,
            notation=self.notation,
            grey_images=self.grey_images,
            writing=self.writing,
            parts=self.parts,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the look as what JSON can hold."""
        stored = asdict(self)
        stored["size"] = list(self.size)
        stored["parts"] = [part.value for part in Part if part in self.parts]
        return stored

    @classmethod
    def from_json(cls, stored: object) -> "Look":
        """Return the look that was stored; what is not told is as usual.

        Raises
        ------
        LookError
            If it is no look: another kind of value, a name that there is not, or a number beyond its bounds.
        """
        told = _mapping(stored, {one.name for one in fields(cls)}, "a look")
        return cls(**{name: _READERS[name](value) for name, value in told.items()})


def em_of(size: Size, text: float = 1.0) -> float:
    """Return the size of text on a page, in pixels."""
    return text * min(length / count for length, count in zip(size, _EMS, strict=True))


def _mapping(stored: object, names: set[str], what: str) -> Mapping[str, Any]:
    if not isinstance(stored, dict):
        raise LookError(f"Expected {what} as names and values; got {_shown(stored)}.")
    strange = next((name for name in stored if name not in names), None)
    if strange is not None:
        raise LookError(f"Expected {what} with {', '.join(sorted(names))}; got {_shown(strange)}.")
    return stored


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _one_of(name: str, names: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise LookError(f"Expected a {name} among {', '.join(names)}; got {_shown(value)}.")
        return value

    return read


def _between(name: str, least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if type(value) not in (int, float) or not (math.isfinite(value) and least <= value <= most):  # type: ignore[arg-type, operator]
            raise LookError(f"Expected a {name} from {least:g} to {most:g}; got {_shown(value)}.")
        return float(value)  # type: ignore[arg-type]

    return read


def _flag(name: str) -> Callable[[object], bool]:
    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise LookError(f"Expected {name} to be true or false; got {_shown(value)}.")
        return value

    return read


def _size(value: object) -> Size:
    limits = f"from {SMALLEST[0]} x {SMALLEST[1]} to {LARGEST[0]} x {LARGEST[1]}"
    if not isinstance(value, (list, tuple)) or len(value) != 2 or any(type(length) is not int for length in value):
        raise LookError(f"Expected a size as two whole numbers {limits}; got {_shown(value)}.")
    if not all(low <= length <= high for low, length, high in zip(SMALLEST, value, LARGEST, strict=True)):
        raise LookError(f"Expected a size {limits}; got {_shown(value)}.")
    return value[0], value[1]


def _writing(value: object) -> Writing:
    told = _mapping(value, {"digits", "comma"}, "a way to write numbers")
    digits = told.get("digits")
    if digits is not None and (type(digits) is not int or digits not in DIGITS):
        raise LookError(f"Expected {DIGITS[0]} to {DIGITS[-1]} digits, or none; got {_shown(digits)}.")
    return Writing(digits, _flag("the decimal comma")(told.get("comma", False)))


def _parts(value: object) -> frozenset[Part]:
    if not isinstance(value, (list, tuple)) or not value:
        raise LookError(f"Expected at least one part of a picture, such as stage; got {_shown(value)}.")
    read = _one_of("part", tuple(Part))
    return frozenset(Part(read(one)) for one in value)


_READERS: Mapping[str, Callable[[object], Any]] = {
    "size": _size,
    "theme_name": _one_of("theme", THEME_NAMES),
    "scale": _between("scale", *SCALES),
    "transparent": _flag("transparent"),
    "colors": lambda value: ColorMap(_one_of("colour map", tuple(ColorMap))(value)),
    "writing": _writing,
    "notation": lambda value: Notation(_one_of("notation", tuple(Notation))(value)),
    "grey_images": _flag("grey images"),
    "parts": _parts,
    "text": _between("size of text", *TEXTS),
}
