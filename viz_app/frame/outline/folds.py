"""Fold and unfold blocks of steps: which are folded first, and what a move into one or out of one folds."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from core.program import Program
from core.spans import Span
from viz_app.frame.outline.stops import Folds, outline_of

if TYPE_CHECKING:
    from viz_app.frame.place import Place

LARGE = 120
"""A program of more steps than that is opened with its layers folded."""


def first_folds(program: Program) -> Folds:
    """Return what is folded where a program is opened: all layers of a large one."""
    return folded_all(program) if len(program.steps) > LARGE else None


def folded_all(program: Program) -> Folds:
    """Return what folds all there is: layers, their parts, and what is repeated."""
    return frozenset(span.fold for span in program.spans)


def spans_around(program: Program, step: int) -> tuple[Span, ...]:
    """Return the spans that a step is in, the outermost first."""
    return tuple(span for span in program.spans if span.first <= step <= span.last)


def settled(program: Program, place: "Place") -> "Place":
    """Return a place that can be shown: inside a folded block it is that of the block as a whole.

    Folds that the program does not have are forgotten.
    """
    folds = place.options.folds
    if folds is None:
        return place
    known = folds & (folded_all(program) or frozenset())
    if known != folds:
        place = _with_folds(place, known)
    span = outline_of(program, known).span_at(place.step)
    if span is None or (place.step == span.last and place.cell is None):
        return place
    if place.cell is not None:
        return revealed(program, place)
    return replace(place, step=span.last)


def revealed(program: Program, place: "Place") -> "Place":
    """Return a place with all unfolded that its step is folded in."""
    folds = place.options.folds
    if not folds:
        return place
    around = {span.fold for span in spans_around(program, place.step)}
    return _with_folds(place, folds - around) if folds & around else place


def around_revealed(program: Program, place: "Place", fold: str) -> "Place":
    """Return a place with all unfolded that is around a block that it is in; the block stays as it is."""
    folds = place.options.folds
    units = next((span.outer for span in spans_around(program, place.step) if span.fold == fold), ())
    around = {unit.fold for unit in units}
    return place if not folds or not folds & around else _with_folds(place, folds - around)


def entered(program: Program, place: "Place") -> "Place | None":
    """Return the first stop in the folded block that a place stands at, unfolded; ``None`` where it is at none."""
    span = outline_of(program, place.options.folds).span_at(place.step)
    if span is None or place.cell is not None:
        return None
    folds = (place.options.folds or frozenset()) - {span.fold}
    outline = outline_of(program, folds, hide_copies=place.options.hide_copies)
    first = outline.stops[outline.at(span.first)]
    step = first.last if first.last <= span.last else span.last
    return _with_folds(replace(place, step=step, focus=None), folds)


def opened(program: Program, place: "Place", fold: str) -> "Place":
    """Return a place with a block unfolded; whoever stood at it stands at its first stop."""
    span = outline_of(program, place.options.folds).span_at(place.step)
    inside = entered(program, place) if span is not None and span.fold == fold else None
    return inside or _with_folds(place, (place.options.folds or frozenset()) - {fold})


def left(program: Program, place: "Place", *, ask: bool = False) -> "Place | None":
    """Return a place with the innermost block folded that it is in and that is not.

    ``None`` where there is none; and where nothing has been folded, unless somebody asks for it: going out of an
    operation goes no further then.
    """
    inner = folds_around(program, place.options.folds, place.step, ask=ask)
    if inner is None:
        return None
    folds = (place.options.folds or frozenset()) | {inner.fold}
    return _with_folds(replace(place, step=inner.last, cell=None, focus=None), folds)


def folds_around(program: Program, folds: Folds, step: int, *, ask: bool = False) -> Span | None:
    """Return the innermost block around a step, or around the folded block it is in, that is not folded."""
    if folds is None and not ask:
        return None
    spans, folded = spans_around(program, step), outline_of(program, folds).span_at(step)
    around = spans if folded is None else spans[: spans.index(folded)]
    return around[-1] if around else None


def _with_folds(place: "Place", folds: Iterable[str] | None) -> "Place":
    options = replace(place.options, folds=None if folds is None else frozenset(folds))
    return replace(place, options=options)
