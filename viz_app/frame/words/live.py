"""Write out the numbers of one cell: ``net₁[0, 3] = 0.53 + (−0.1) = 0.43``.

At most 6 terms are written in their own order. Of more terms, those that are not 0 are written if they are at most 6,
else the 3 largest. What is left out is counted: ``58 zeros``, ``61 smaller``, ``61 no larger``. The inspector shows all
terms.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.notation import plain
from core.ops.base import Cells, Combine, Indices, Op, Terms
from core.ops.choices import Where
from core.ops.elementwise import Binary, Scale
from core.ops.gelu import GELUDerivative, gelu_argument
from core.ops.limits import Clip, Shift
from core.ops.linear import AddBias
from core.ops.lookup import Gather, ScatterAdd
from core.ops.losses import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryEntropySlope,
    CrossEntropy,
    HuberError,
    SquaredError,
    TargetRatio,
)
from core.ops.mask import CausalMask
from core.ops.shape import Moved
from core.ops.softmax import Softmax, SoftmaxGradient, SoftmaxJacobian
from core.ops.unary import Unary
from core.ops.windows.geometry import WindowTerms
from core.ops.windows.pooling import MaxPool2d
from core.ops.windows.pooling_gradients import MaxPool2dGradient
from core.program import Step
from core.values import Array, Index
from viz_app.frame.words.numbers import MINUS, factor, number, numbers, place
from viz_app.frame.words.writing import localised, with_points

_MOST = 6
"""The most terms that are all written."""
_LARGEST = 3
"""How many terms are written where there are more: the largest."""
_WINDOW = 9
"""The most cells of a window that are listed."""

COVERED = "?"
"""What stands for a number that a quiz covers."""

Names = Sequence[str]


def live_numbers(
    name: str,
    index: Index,
    origin: Step | None,
    terms: Terms | None,
    value: float,
    names: Names = (),
    *,
    covered: bool = False,
) -> str:
    """Write a cell's equation with numbers.

    Parameters
    ----------
    name, index
        The cell.
    origin : Step or None
        What made it; nothing did where it was given.
    terms : Terms or None
        How it was made.
    value : float
        Its number.
    names : sequence of str
        What the inputs are called, for cells that are copied.
    covered : bool
        Whether a question mark stands for the number, and nothing that would be the number itself before it.
    """
    right, own = _right(origin.op, terms, names) if origin and terms else "", number(value)
    if covered and terms is not None:
        right = _asking(terms, right)
    if right in (own, f"({own})"):
        right = ""  # a sum of one term says nothing more than its number
    return " = ".join(part for part in (f"{name}{place(index)}", right, COVERED if covered else own) if part)


def _asking(terms: Terms, right: str) -> str:
    """Return what stands before the question mark: no number that may be the one that is asked for."""
    if terms.combine is Combine.SHARE:
        return f"exp({factor(float(terms.cells[0].values[terms.own]))} {MINUS} largest) / sum"
    return "" if terms.combine is Combine.APPLY and right == _sum(terms) else right


def _right(op: Op, terms: Terms, names: Names) -> str:
    if not terms.cells:
        return "hidden by the mask" if isinstance(op, CausalMask) and op.fill else ""
    write = next((_WRITERS[kind] for kind in type(op).__mro__ if kind in _WRITERS), None)
    if write is not None:
        return write(op, terms, names)
    total = _sum(terms)
    if isinstance(terms, WindowTerms) and np.isnan(terms.on_padding):
        total = " + ".join(part for part in (total, "NaN from padding") if part)
    if terms.combine is Combine.MEAN:
        count = len(terms.contributions)
        return f"({total}) / {count}" if count > 1 else f"{total} / 1"
    return total


def _sum(terms: Terms, write: Callable[[int], str] | None = None) -> str:
    """Write the terms of a sum, or as many of them as can be read."""
    contributions = terms.contributions
    count, filled = len(contributions), np.flatnonzero(contributions).tolist()
    if count == 0:
        return ""
    if count <= _MOST:
        order, rest = list(range(count)), ""
    elif len(filled) <= _MOST:
        order, rest = filled, f"{count - len(filled)} zeros"
    else:
        order = np.abs(contributions).argsort(kind="stable")[::-1][:_LARGEST].tolist()
        rest = f"{count - _LARGEST} {_compared(contributions, order)}"
    term = write or _term(terms)
    return " + ".join([*(term(k) for k in order), *([rest] if rest else [])])


def _compared(contributions: Array, written: list[int]) -> str:
    """Say how the terms that are left out compare with those that are written."""
    others = np.abs(np.delete(contributions, written))
    least = np.abs(contributions[written]).min()
    return "smaller" if (others < least).all() else "no larger" if (others <= least).all() else "more"


def _term(terms: Terms) -> Callable[[int], str]:
    """Return how to write a term: as the product of its pair where it is one, else as its number."""
    whole = terms.contributions
    if not terms.paired or len(terms.cells) != 2:
        return lambda k: factor(float(whole[k]))
    a, b = (np.asarray(cells.values, np.float64) for cells in terms.cells)
    with np.errstate(all="ignore"):
        products = np.allclose(a * b, whole, rtol=1e-4, atol=0, equal_nan=True)
    return _product(a, b) if products else lambda k: factor(float(whole[k]))


def _product(a: Array, b: Array) -> Callable[[int], str]:
    return lambda k: f"{factor(float(a[k]))}·{factor(float(b[k]))}"


def _written_out(op: Op, terms: Terms, names: Names) -> str:
    """Write an operation on one cell of each input: its own equation, with their numbers; in it no sign is of maps."""
    with with_points():  # an equation has commas and points of its own
        factors = [factor(float(cells.values[0])) for cells in terms.cells]
    text = op.equation(*factors).replace(r"\,", r" \times ").replace(r"\odot", r"\times").replace(r"\oslash", "/")
    text = plain(text)
    text = re.sub(rf"([(,] ?)\(({MINUS}[^()]*)\)(?=[),])", r"\1\2", text)  # one pair of brackets is enough
    return localised(text)


def _moved(op: Op, terms: Terms, names: Names) -> str:
    """Say which cell a cell is copied from."""
    (cells,) = terms.cells
    return _cell(cells, 0, names)


def _picked(op: Op, terms: Terms, names: Names) -> str:
    """Say which row of the table was picked."""
    if terms.combine is Combine.PICK:
        return _cell(terms.cells[0], terms.own, names)
    return f"no row {number(float(terms.cells[1].values[0]))}"


def _by_number(op: Op, terms: Terms, names: Names) -> str:
    """Write the cells whose number is that of the row."""
    met = np.flatnonzero(terms.cells[0].values == terms.index[0])
    rows = Terms(terms.index, terms.cells[1:], terms.contributions)
    if len(met) > _LARGEST:
        return _sum(rows)
    return " + ".join(_cell(terms.cells[1], int(k), names) for k in met) or "not in the batch"


def _cell(cells: Cells, k: int, names: Names) -> str:
    index = tuple(int(i) for i in cells.indices[k])
    return f"{names[cells.input]}{place(index)}" if len(names) > cells.input else number(float(cells.values[k]))


def _softmax(op: Op, terms: Terms, names: Names) -> str:
    scores = terms.cells[0].values
    total = number(float(terms.contributions.sum()))
    own, most = factor(float(scores[terms.own])), float(scores.max())
    share = f"{number(float(terms.contributions[terms.own]))} / {total}"
    return f"exp({own} {MINUS} {factor(most)}) / {total} = {share}" if np.isfinite(most) else share


def _softmax_gradient(op: Op, terms: Terms, names: Names) -> str:
    s, g = (np.asarray(cells.values, np.float64) for cells in terms.cells)
    own = terms.index[-1]
    mean = factor(float((g * s).sum()))
    return f"{number(float(s[own]))} × ({number(float(g[own]))} {MINUS} {mean})"


def _softmax_jacobian(op: Op, terms: Terms, names: Names) -> str:
    first, last = _floored(terms.cells[0], getattr(op, "floor", False)), number(float(terms.cells[-1].values[0]))
    if len(terms.cells) == 1:
        return f"{first} × (1 {MINUS} {last})"
    return f"{MINUS}{first} × {last}"


def _ratio(op: Op, terms: Terms, names: Names) -> str:
    target, probability = terms.cells
    return f"{number(float(target.values[0]))} / {_floored(probability)}"


def _floored(cells: Cells, floor: bool = True) -> str:
    """Write a probability; where it is so small that the smallest normal number counts in its place, that too."""
    probability, least = float(cells.values[0]), float(np.finfo(cells.values.dtype).tiny)
    text = number(probability)
    return f"max({numbers((probability, least))})" if floor and probability < least else text


def _largest(op: Op, terms: Terms, names: Names) -> str:
    count = len(terms.contributions)
    return f"max({numbers(terms.contributions)})" if count <= _WINDOW else f"max of {count} cells"


def _to_winner(op: Op, terms: Terms, names: Names) -> str:
    """Say whose delta comes back: that of every window that the cell wins; of equal cells the first wins."""
    assert isinstance(op, MaxPool2dGradient)
    covered, deltas = terms.cells
    windows = [_window(op, covered, k) for k in deltas.indices]
    own = (covered.indices == terms.index).all(axis=1)
    won = [k for k, window in enumerate(windows) if own[window[covered.values[window].argmax()]]]
    if won:
        return " + ".join(_cell(deltas, k, names) for k in won)
    if not windows:
        return "in no window"
    ties = any((covered.values[window].max() == covered.values[own]).all() for window in windows)
    return "an equal cell comes first and wins" if ties else "in no window the largest"


def _window(op: MaxPool2dGradient, covered: Cells, window: Indices) -> NDArray[np.intp]:
    """Return which of the covered cells one window sees, in raster order."""
    top = window[2:] * op.steps - np.array(op.padding)[[0, 2]]
    places = covered.indices[:, 2:]
    return np.flatnonzero(((places >= top) & (places < top + op.window)).all(axis=1))


def _entropy(op: Op, terms: Terms, names: Names) -> str:
    """Write what the targets that are not 0 add."""
    outputs, targets = (np.asarray(cells.values, np.float64) for cells in terms.cells)
    least = float(np.finfo(terms.cells[0].values.dtype).tiny)
    asked = np.flatnonzero(targets).tolist()
    shares = ["" if targets[k] == 1 else f"{number(float(targets[k]))}·" for k in asked[:_LARGEST]]
    places = [number(p) if p >= least or np.isnan(p) else f"max({numbers((p, least))})" for p in outputs[asked]]
    logs = [f"{MINUS}{share}ln {place}" for place, share in zip(places, shares, strict=False)]
    rest = len(asked) - len(logs)
    return " ".join(logs).replace(f" {MINUS}", f" {MINUS} ") + (f" {MINUS} {rest} more" if rest else "")


def _gelu_slope(op: Op, terms: Terms, names: Names) -> str:
    """Write the derivative with the number of its tanh, which its equation writes out behind it."""
    z = float(terms.cells[0].values[0])
    t, own = factor(float(np.tanh(gelu_argument(z)))), factor(z)
    inner = f"√(2/π) × (1 + {number(0.134145, 6)} × ({number(z)})²)"
    return f"1/2 × (1 + {t}) × (1 + {own} × (1 {MINUS} {t}) × {inner})"


def _squares(op: Op, terms: Terms, names: Names) -> str:
    outputs, targets = (np.asarray(cells.values, np.float64) for cells in terms.cells)
    return _sum(terms, lambda k: f"½({number(float(outputs[k]))} {MINUS} {factor(float(targets[k]))})²")


def _absolutes(op: Op, terms: Terms, names: Names) -> str:
    outputs, targets = (np.asarray(cells.values, np.float64) for cells in terms.cells)
    return _sum(terms, lambda k: f"|{number(float(outputs[k]))} {MINUS} {factor(float(targets[k]))}|")


def _huber(op: Op, terms: Terms, names: Names) -> str:
    """Write half a square where an error is within the limit, and the straight line where it is not."""
    assert isinstance(op, HuberError)
    outputs, targets = (np.asarray(cells.values, np.float64) for cells in terms.cells)
    limit, half = number(op.limit), number(op.limit / 2)

    def write(k: int) -> str:
        error = f"{number(float(outputs[k]))} {MINUS} {factor(float(targets[k]))}"
        far = abs(float(outputs[k]) - float(targets[k])) > op.limit
        return f"{limit}·(|{error}| {MINUS} {half})" if far else f"½({error})²"

    return _sum(terms, write)


def _binary_entropy(op: Op, terms: Terms, names: Names) -> str:
    """Write what each output gives to its target: ``(−ln 0.9) + (−ln(1 − 0.2))``."""
    probabilities, targets = terms.cells

    def write(k: int) -> str:
        target = float(targets.values[k])
        yes = f"ln {_floored_number(float(probabilities.values[k]), probabilities)}"
        no = f"ln {_rest(float(probabilities.values[k]), probabilities)}"
        if target in (0, 1):
            return f"({MINUS}{yes if target else no})"
        rest = factor(1 - target)
        return f"({MINUS}{factor(target)}·{yes} {MINUS} {rest}·{no})"

    return _sum(terms, write)


def _binary_slope(op: Op, terms: Terms, names: Names) -> str:
    targets, probabilities = terms.cells
    p, target = float(probabilities.values[0]), float(targets.values[0])
    yes, no = _floored_number(p, probabilities), _rest(p, probabilities)
    if target == 1:
        return f"{MINUS}1 / {yes}"
    if target == 0:
        return f"1 / {no}"
    return f"(1 {MINUS} {number(target)}) / {no} {MINUS} {number(target)} / {yes}"


def _floored_number(p: float, cells: Cells) -> str:
    least = float(np.finfo(cells.values.dtype).tiny)
    return f"max({numbers((p, least))})" if p < least else number(p)


def _rest(p: float, cells: Cells) -> str:
    """Write what a probability leaves of 1; where that is nothing, the least that counts in its place."""
    most = 1 - float(np.finfo(cells.values.dtype).epsneg)
    return number(1 - most) if p > most else f"(1 {MINUS} {number(p)})"


_WRITERS: Mapping[type, Callable[[Op, Terms, Names], str]] = {
    Binary: _written_out,
    Scale: _written_out,
    TargetRatio: _ratio,
    AddBias: _written_out,
    Unary: _written_out,
    Shift: _written_out,
    Clip: _written_out,
    GELUDerivative: _gelu_slope,
    Moved: _moved,
    Where: _written_out,
    Gather: _picked,
    ScatterAdd: _by_number,
    CausalMask: _moved,
    Softmax: _softmax,
    SoftmaxGradient: _softmax_gradient,
    SoftmaxJacobian: _softmax_jacobian,
    MaxPool2d: _largest,
    MaxPool2dGradient: _to_winner,
    CrossEntropy: _entropy,
    SquaredError: _squares,
    AbsoluteError: _absolutes,
    HuberError: _huber,
    BinaryCrossEntropy: _binary_entropy,
    BinaryEntropySlope: _binary_slope,
}
