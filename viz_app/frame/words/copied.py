"""Write maps and formulas as text that goes into spreadsheets and LaTeX documents."""

from collections.abc import Iterator

import numpy as np

from viz_app.frame.frame import Frame, MapView
from viz_app.frame.words.numbers import MINUS, number

_LATEX = {"NaN": r"\mathrm{NaN}", "∞": r"\infty", "-∞": r"-\infty"}
_UNKNOWN = ""
"""What is not computed yet, or what a quiz covers."""


def shown_map(frame: Frame) -> MapView:
    """Return the map that is copied: of the focused cell, else what the step has made."""
    return frame.detail.view if frame.detail is not None else frame.result


def map_of(frame: Frame, key: str) -> MapView:
    """Return a map of the picture by the key of its value; of a key that it does not have, the one that is copied."""
    return next((view for view in (frame.result, *frame.operands, *frame.made) if view.key == key), shown_map(frame))


def as_rows(view: MapView) -> str:
    """Return the numbers of a map, every one exactly, with tabs between columns and an empty line between matrices."""
    return "\n\n".join("\n".join("\t".join(row) for row in matrix) for matrix in _matrices(view, exact=True)) + "\n"


def as_latex(view: MapView, digits: int = 4) -> str:
    """Return a map as matrices of LaTeX, every number with so many significant digits."""
    matrices = []
    for matrix in _matrices(view, digits=digits):
        rows = " \\\\\n".join("  " + " & ".join(map(_tex, row)) for row in matrix)
        matrices.append(f"\\begin{{pmatrix}}\n{rows}\n\\end{{pmatrix}}")
    return f"{view.tex} = " + ",\n".join(matrices)


def as_tex(frame: Frame) -> str:
    """Return the equation of a step as TeX."""
    return frame.equation


def _matrices(view: MapView, *, exact: bool = False, digits: int = 4) -> Iterator[list[list[str]]]:
    """Yield the matrices of the last two axes; a vector is one row."""
    if view.array is None:
        return
    count = view.array.size if view.computed is None else view.computed
    known = (np.arange(view.array.size) < count).reshape(view.shape)
    rows, columns = (1, 1, *view.shape)[-2:]
    if view.covered is not None:
        known = known & ~view.covered
    numbers = view.array.reshape(-1, rows, columns)
    for matrix, there in zip(numbers, known.reshape(numbers.shape), strict=True):
        yield [
            [_written(value, exact, digits) if here else _UNKNOWN for value, here in zip(line, marks, strict=True)]
            for line, marks in zip(matrix, there.tolist(), strict=True)
        ]


def _written(value: np.floating, exact: bool, digits: int) -> str:
    """Return a number with as few digits as tell it from every other of its type, or as people read it."""
    return str(value) if exact else number(float(value), digits)


def _tex(text: str) -> str:
    plain = text.replace(MINUS, "-")
    mantissa, power, exponent = plain.partition("e")
    return _LATEX.get(plain, rf"{mantissa} \cdot 10^{{{exponent}}}" if power else plain)
