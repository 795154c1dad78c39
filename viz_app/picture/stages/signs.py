"""Say which sign stands before each term of a cell, where the cell adds up one cell of each operand."""

from collections.abc import Sequence

from core.ops.base import Combine, Terms
from core.ops.elementwise import Subtract
from viz_app.frame.frame import Frame
from viz_app.frame.words.numbers import MINUS
from viz_app.picture.stages.excerpts import Term, largest_terms


def terms_in_order(frame: Frame, terms: Terms) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Return the terms of a cell, the largest first, and no signs: of many terms any order adds up to the same.

    Where they are one cell of each operand, they stand as in the formula, with the sign that stands before each there.
    """
    found = largest_terms(terms)
    if not _adds_operands(terms, found):
        return found, ()
    places = formula_places(frame)
    found = tuple(sorted(found, key=lambda term: places[term.cells[0][0]]))
    sign = MINUS if isinstance(frame.step.op, Subtract) else "+"
    return found, ("", *[sign] * (len(found) - 1))


def formula_places(frame: Frame) -> list[int]:
    """Return where each operand stands in the formula."""
    formula = frame.equation.partition("=")[2]
    return [formula.find(view.tex) for view in frame.operands]


def _adds_operands(terms: Terms, found: Sequence[Term]) -> bool:
    inputs = [term.cells[0][0] for term in found]
    return terms.combine is Combine.SUM and not terms.paired and len(inputs) > 1 and len(set(inputs)) == len(inputs)
