"""Set formulas in type, and measure text, without a screen.

Typesetting takes 1 to 20 ms a formula, too long for a frame; so every formula is set once, ``prefetch`` does it while
nothing else is to be done, and a store on disk carries the result to the next start. Those of the network that opens
first are set already, in ``resources``.
"""

import gzip
import json
import os
import re
import sys
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from core.notation import Notation, equation, plain, symbol
from core.ops.base import raised
from core.program import Program
from core.values import Value
from viz_app.frame.outline import Outline, block_of
from viz_app.picture.rows import measure_rows_once
from viz_app.whole_file import whole_file

_SIZE = 24.0
_COLOR = "#010203"
_MOST_STORED = 1000
"""So many formulas are carried to the next start: 12 MB, which are written in 60 ms and read in 45."""
_DRAWN = 24
"""So many of the values that a folded block reads or makes have their names set ahead."""
_WIDTHS = {"ijlI.,:;|'!·`": 0.32, " ()[]{}ft/\\r-": 0.42, "mwMW@%∂Σ⊙⊘×±∞…": 0.92, "−+=<>≤≥→←√": 0.8,
           "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ": 0.42,
           "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀⁱⁿ": 0.42}  # fmt: skip
_WIDTH_OF = {character: width for characters, width in _WIDTHS.items() for character in characters}


@dataclass(frozen=True)
class Typeset:
    """A formula in type at a size of 24 pixels.

    Parameters
    ----------
    svg : str or None
        The drawing; ``None`` where the formula could not be set, and ``text`` stands for it.
    width, height : float
        Its size in pixels.
    text : str
        The formula as plain text.
    """

    svg: str | None
    width: float
    height: float
    text: str

    def colored(self, color: str) -> str | None:
        """Return the drawing in a colour."""
        return self.svg.replace(_COLOR, color) if self.svg else None

    def size_at(self, pixel_size: float) -> tuple[float, float]:
        """Return the width and height at a size of type."""
        return self.width * pixel_size / _SIZE, self.height * pixel_size / _SIZE


Drawings = Mapping[str, tuple[str | None, float, float]]
"""For each formula its drawing and its width and height."""


class Store:
    """Formulas that were set before, in a file; a file that is damaged or from another version counts as empty.

    Those that were asked for last are kept; a network of a thousand steps has a formula for each.

    Parameters
    ----------
    path : Path
        Where the file is, or will be.
    shipped : bool
        Know the formulas of ``resources``, too.
    """

    def __init__(self, path: Path, *, shipped: bool = False) -> None:
        self.path = path
        self._shipped = shipped
        self._version = f"3, {_typesetter()}"
        self._known = dict(self._load())
        self._changed = False

    def get(self, tex: str) -> Typeset | None:
        """Return a formula, or ``None`` where it is not kept."""
        found = self._known.pop(tex, None)
        if found is not None:
            self._known[tex] = found  # at the end: it is forgotten last
        elif self._shipped:
            found = self._given.get(tex)
        return None if found is None else Typeset(found[0], found[1], found[2], plain(tex))

    def add(self, tex: str, made: Typeset) -> None:
        """Keep a formula; written to disk by ``save``."""
        self._known[tex] = (made.svg, made.width, made.height)
        while len(self._known) > _MOST_STORED:
            del self._known[next(iter(self._known))]
        self._changed = True

    def save(self) -> None:
        """Write the file, whole or not at all; a disk that cannot be written to only costs time at the next start."""
        if not self._changed:
            return
        content = json.dumps({"version": self._version, "formulas": self._known}).encode()
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self.path, overwrite=True) as stream:
                stream.write(b"%08x\n%b" % (zlib.crc32(content), content))
        self._changed = False

    @cached_property
    def _given(self) -> Drawings:
        return shipped_formulas()

    def _load(self) -> Drawings:
        """Return what the file holds; it is not even read as JSON where its checksum is not that of its content."""
        try:
            checksum, _, packed = self.path.read_bytes().partition(b"\n")
            if checksum != b"%08x" % zlib.crc32(packed):
                return {}
            content = json.loads(packed)
            if content["version"] != self._version:
                return {}
            return {
                str(tex): (None if svg is None else str(svg), float(width), float(height))
                for tex, (svg, width, height) in content["formulas"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return {}


def shipped_formulas() -> Drawings:
    """Return the formulas of ``resources``; ``resources.set_formulas`` sets them."""
    packed = files("resources").joinpath("formulas.json.gz").read_bytes()
    return {tex: (svg, width, height) for tex, (svg, width, height) in json.loads(gzip.decompress(packed)).items()}


def _typesetter() -> str:
    """Return what changes when ziamath does, without the 15 ms that importing it, or asking for its version, takes."""
    found = find_spec("ziamath")
    if found is None:
        return "none"
    for place in (found.origin, sys.executable):  # a bundle has no file of ziamath's, but is itself one
        with suppress(OSError, TypeError):
            return str(os.stat(place).st_mtime_ns)  # type: ignore[arg-type]
    return "unknown"


_store: Store | None = None


def use_store(store: Store | None) -> None:
    """Take formulas from a store before setting them, and put new ones into it; ``None`` for no store."""
    global _store
    _store = store


def save_store() -> None:
    """Write what the store in use has learnt."""
    if _store:
        _store.save()


@lru_cache(maxsize=1024)  # a drawing takes 20 kB
def typeset(tex: str) -> Typeset:
    """Return a formula in type; plain text where its TeX cannot be set."""
    kept = _store.get(tex) if _store else None
    if kept:
        return kept
    made = _set(tex)
    if _store:
        _store.add(tex, made)
    return made


def text_width(text: str, pixel_size: float, *, mono: bool = False) -> float:
    """Estimate the width of a line of text, rather too wide than too narrow, in pixels."""
    if mono:
        return 0.61 * pixel_size * len(text)
    return pixel_size * sum(_WIDTH_OF.get(c, 0.7 if c.isupper() else 0.62) for c in text)


def fitting(texts: Sequence[str], width: float, pixel_size: float) -> str:
    """Return the first of some texts, longest first, that fits a width; the last where none does."""
    return next((text for text in texts if text_width(text, pixel_size) <= width), texts[-1])


def program_formulas(program: Program, notation: Notation) -> Iterator[str]:
    """Return the formulas that stepping through a program shows: equations first, then the names of its values."""
    for step in program.steps:
        yield equation(program, step, notation)
    for value in program.values.values():
        yield from _names(program, value, notation)


def formulas_from(program: Program, outline: Outline, first: int, notation: Notation) -> Iterator[str]:
    """Return the formulas that stepping shows from a stop on, and then those before it; each may come again."""
    for stop in (*outline.stops[first:], *outline.stops[:first]):
        step = program.steps[stop.last]
        values: Iterable[Value] = (step.output, *step.inputs)
        if stop.span is None:
            yield equation(program, step, notation)
        else:
            block = block_of(program, stop.span)
            yield block.equation(program, notation)
            values = (*block.made[:_DRAWN], *block.read[:_DRAWN])
        for value in values:
            yield from _names(program, value, notation)
    if outline.whole:
        for value in program.values.values():
            yield from _names(program, value, notation)


def _names(program: Program, value: Value, notation: Notation) -> Iterator[str]:
    name = symbol(program, value, notation)
    yield name
    if len(value.shape) == 2:
        yield raised(name, r"\top")


def prefetch(formulas: Iterable[str], done: set[str] | None = None) -> Iterator[str]:
    """Set formulas in type one at a time, each when the next is asked for; at the end save the store.

    The caller asks from a timer that fires when there is nothing else to do. What is ``done`` is passed over, and what
    is set here is added to it.
    """
    done = set() if done is None else done
    for tex in formulas:
        if tex not in done:
            done.add(tex)
            typeset(tex)
            yield tex
    save_store()


def _set(tex: str) -> Typeset:
    # Imported here: it takes 0.15 s, and a start with a warm store does without.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ziamath 0.13 opens its font with importlib's old call
        from latex2mathml import exceptions
        from ziamath import zmath
        from ziamath.config import config

    named = (error for error in vars(exceptions).values() if isinstance(error, type) and issubclass(error, Exception))
    failures: tuple[type[Exception], ...] = (*named, AssertionError, AttributeError, LookupError, TypeError, ValueError)
    measure_rows_once()
    config.svg2 = False  # QtSvg draws SVG 1.2 Tiny
    try:
        drawing = zmath.Latex(tex, size=_SIZE, color=_COLOR).svg()
    except failures:
        text = plain(tex)
        return Typeset(None, text_width(text, _SIZE), 1.3 * _SIZE, text)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawing)
    assert size, "ziamath writes the size of every drawing"
    return Typeset(drawing, float(size[1]), float(size[2]), plain(tex))
