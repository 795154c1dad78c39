"""Find steps and blocks by their names: keys, symbols of both notations, operations, layers."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.notation import Notation, code_name, plain, symbol
from core.program import Program, Step
from core.spans import Span
from viz_app.frame.per_program import PerProgram
from viz_app.frame.words.captions import called

MOST = 200
"""So many results are told at most."""
_KEPT = 2


@dataclass(frozen=True)
class Found:
    """A step or a block that a search has found.

    Parameters
    ----------
    name : str
        What it is called.
    about : str
        Its phase and where it is.
    first, last : int
        Its steps; of a single step both are its number.
    fold : str
        What identifies a block; empty for a step.
    """

    name: str
    about: str
    first: int
    last: int
    fold: str = ""


@dataclass(frozen=True)
class _Entry:
    """What can be found: its names from which the rank follows, and all words that it is found by."""

    names: tuple[str, ...]
    text: str
    found: Found


def search(program: Program, query: str, notation: Notation) -> tuple[Found, ...]:
    """Return what has all words of a query in its names or around it: the same name first, then what begins with it.

    Parameters
    ----------
    program : Program
        What is searched.
    query : str
        Words as a person types them: ``delta_3``, ``δ₃``, ``conv``, ``block_2 softmax``; case does not matter.
    notation : Notation
        In which the results are told; symbols of the other one are found, too.
    """
    words = _folded(query).split()
    if not words:
        return ()
    whole = " ".join(words)
    ranked = (
        (_rank(entry, whole), position, entry.found)
        for position, entry in enumerate(_entries(program, notation))
        if all(word in entry.text for word in words)
    )
    return tuple(found for _, _, found in sorted(ranked, key=_by_rank)[:MOST])


def found_steps(program: Program, steps: tuple[int, ...], notation: Notation) -> tuple[Found, ...]:
    """Return steps as results: bookmarks in a list."""
    around = _titles(program)
    return tuple(_step(program, program.steps[number], around, notation) for number in steps)


def _by_rank(one: tuple[int, int, Found]) -> tuple[int, int]:
    return one[:2]


def _rank(entry: _Entry, query: str) -> int:
    if query in entry.names:
        return 0
    if any(name.startswith(query) for name in entry.names):
        return 1
    return 2 if any(query in name for name in entry.names) else 3


_kept: PerProgram[tuple[_Entry, ...]] = PerProgram(_KEPT)


def _entries(program: Program, notation: Notation) -> tuple[_Entry, ...]:
    """Return all that can be found in a program, in order; kept, because every letter that is typed asks for it."""
    return _kept.get(program, notation, lambda: tuple(_made(program, notation)))


def _made(program: Program, notation: Notation) -> Iterator[_Entry]:
    around = _titles(program)
    spans: dict[int, list[Span]] = {}
    for span in program.spans:
        spans.setdefault(span.first, []).append(span)
    for step in program.steps:
        for span in spans.get(step.number, ()):
            yield _block_entry(span)
        value = step.output
        names = {_folded(value.key)}
        for one in Notation:
            names |= {_folded(plain(symbol(program, value, one))), _folded(code_name(program, value, one))}
        text = " ".join((*names, _folded(called(step)), _folded(around[step.number]), step.phase.value))
        yield _Entry(tuple(names), text, _step(program, step, around, notation))


def _block_entry(span: Span) -> _Entry:
    names = _folded(span.unit.place), _folded(span.unit.name), _folded(span.unit.title)
    outer = ", ".join(unit.place for unit in reversed(span.outer))
    about = " · ".join(part for part in (span.phase.value, f"{len(span.steps):,} steps", outer) if part)
    text = " ".join((*names, _folded(outer), span.phase.value))
    return _Entry(names, text, Found(span.unit.title, about, span.first, span.last, span.fold))


def _step(program: Program, step: Step, around: tuple[str, ...], notation: Notation) -> Found:
    name = plain(symbol(program, step.output, notation))
    place = around[step.number]
    about = " · ".join(part for part in (step.phase.value, called(step), place) if part)
    return Found(name, about, step.number, step.number)


def _titles(program: Program) -> tuple[str, ...]:
    """Return for each step the blocks that it is in, the innermost first; of one that is in none, its layer."""
    names = {layer.number: f"layer {layer.number}: {layer.name}" for layer in program.layers if layer.number}
    titles = [names.get(step.layer or 0, "") for step in program.steps]
    inner = [""] * len(titles)
    for span in program.spans:
        if span.unit.scope.path and span.unit.count == 1:
            for number in span.steps:
                inner[number] = f"{span.unit.title}, {inner[number]}" if inner[number] else span.unit.title
    return tuple(", ".join(part for part in pair if part) for pair in zip(inner, titles, strict=True))


def _folded(text: str) -> str:
    """Return text as it is compared: without case, subscripts as digits."""
    return unicodedata.normalize("NFKC", text).casefold()
