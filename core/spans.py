"""Find the steps of a layer, or of a part of one, that stand side by side: a block that can be stepped as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.ops.base import Step
from core.values import TOP, Phase, Scope

_REPEATED = 3
"""So many alike in a row are told as one, with their number."""


@dataclass(frozen=True)
class Unit:
    """What can be folded: a layer, a part of one, or several that are alike and follow each other.

    Parameters
    ----------
    fold : str
        What identifies it in its program: ``3``, ``3/attention``, ``2-13``.
    scope : Scope
        The layer or the part; of several, the first.
    count : int
        How many are alike; 1 where it is one.
    last : Scope or None
        Of several, the last.
    """

    fold: str
    scope: Scope
    count: int = 1
    last: Scope | None = None

    @property
    def name(self) -> str:
        """What a person calls its kind: ``transformer block, 2 heads``."""
        return bare_name(self.scope)

    @property
    def place(self) -> str:
        """Which one it is: ``block_1``, ``attention``, ``layer 3``; of several, the kind and their number."""
        if self.count > 1:
            return f"{self.name} × {self.count}"
        return self.scope.path[-1] if self.scope.path else f"layer {self.scope.number}"

    @property
    def short(self) -> str:
        """Which one it is, in a word or two: ``layer 3``, ``attention``, ``layers 2–13``, ``t1–t6``."""
        if self.last is None:
            return self.place
        if self.last.path:
            return f"{self.scope.path[-1]}–{self.last.path[-1]}"
        return f"layers {self.scope.number}–{self.last.number}"

    @property
    def title(self) -> str:
        """Which one it is, and its kind: ``block_1: transformer block, 2 heads``."""
        return self.place if self.count > 1 else f"{self.place}: {self.name}"


@dataclass(frozen=True)
class Span:
    """The steps of one phase that stand side by side and belong to one unit, from ``first`` to ``last``.

    ``depth`` is 0 for the outermost ones; ``outer`` are the units around it, the outermost first.
    """

    unit: Unit
    phase: Phase
    first: int
    last: int
    outer: tuple[Unit, ...] = ()

    @property
    def fold(self) -> str:
        """What identifies its unit."""
        return self.unit.fold

    @property
    def depth(self) -> int:
        """How many units are around it."""
        return len(self.outer)

    @property
    def steps(self) -> range:
        """Its steps."""
        return range(self.first, self.last + 1)


Chain = tuple[Unit, ...]


def bare_name(scope: Scope) -> str:
    """Return the kind of a layer or a part, without the name of the node that it is."""
    return scope.name.removeprefix(f"{scope.path[-1]}: ") if scope.path else scope.name


def chains_of(steps: Sequence[Step], scopes: Sequence[Scope]) -> tuple[Chain, ...]:
    """Return the units that each step belongs to, the outermost first.

    A step of the backward pass belongs where the step is that it differentiates. What adds up gradients of several
    paths belongs to whoever handed the last of them over.
    """
    known = _chains_of_scopes(steps, scopes)
    found: list[Chain] = []
    for step in steps:
        own = known[_place(step.output.scope)]
        if step.phase is not Phase.BACKWARD:
            chain = own
        elif step.link is not None:
            chain = known[_place(steps[step.link.step].output.scope)]
        else:
            chain = _handed_over(found[-1] if found else (), own)
        found.append(chain)
    return tuple(found)


def spans_of(steps: Sequence[Step], chains: Sequence[Chain]) -> tuple[Span, ...]:
    """Return all spans of more than one step, an outer one before those inside it.

    Where all steps of a span are those of the one around it, only the outer one is there.
    """
    spans: list[Span] = []
    for phase, group in groupby(steps, lambda step: step.phase):
        numbers = [step.number for step in group]
        spans += _inside(chains, phase, range(numbers[0], numbers[-1] + 1), 0, ())
    return tuple(spans)


def _inside(chains: Sequence[Chain], phase: Phase, steps: range, depth: int, outer: Chain) -> Iterator[Span]:
    """Yield the spans among some steps that lie in ``depth`` units already."""
    for unit, group in groupby(steps, lambda step: chains[step][depth] if len(chains[step]) > depth else None):
        numbers = list(group)
        if unit is None or len(numbers) < 2:
            continue
        run = range(numbers[0], numbers[-1] + 1)
        same = bool(outer) and run == steps
        if not same:
            yield Span(unit, phase, run[0], run[-1], outer)
        yield from _inside(chains, phase, run, depth + 1, outer if same else (*outer, unit))


_Place = tuple[int | None, tuple[str, ...]]


def _place(scope: Scope) -> _Place:
    return scope.number, scope.path


def _chains_of_scopes(steps: Sequence[Step], scopes: Sequence[Scope]) -> Mapping[_Place, Chain]:
    """Return the units that each scope is in, itself included; repeated ones are in a unit of all of them."""
    known = {_place(scope): scope for scope in reversed(scopes) if scope.number is not None}
    for step in steps:
        known.setdefault(_place(step.output.scope), step.output.scope)
    children: dict[_Place, list[Scope]] = {}
    for scope in (*scopes, *known.values()):
        if scope.number is not None and scope not in children.setdefault(_parent(scope, known), []):
            children[_parent(scope, known)].append(scope)
    kinds = _kinds(steps)
    chains: dict[_Place, Chain] = {_place(TOP): ()}
    waiting: list[tuple[_Place, Chain]] = [(_place(TOP), ())]
    while waiting:
        place, outer = waiting.pop()
        for alike in _alike(children.get(place, ()), kinds):
            several = Unit(f"{_fold(alike[0])}-{_fold(alike[-1])}", alike[0], len(alike), alike[-1])
            around = (*outer, several)
            around = around if len(alike) >= _REPEATED else outer
            for scope in alike:
                chains[_place(scope)] = (*around, Unit(_fold(scope), scope))
                waiting.append((_place(scope), chains[_place(scope)]))
    return {place: chains.get(place, ()) for place in known} | {_place(TOP): ()}


def _parent(scope: Scope, known: Mapping[_Place, Scope]) -> _Place:
    """Return the place of the scope around one; the outermost ones are in none."""
    for length in range(len(scope.path) - 1, -1, -1):
        if (scope.number, scope.path[:length]) in known:
            return scope.number, scope.path[:length]
    return _place(TOP)


def _fold(scope: Scope) -> str:
    return "/".join((str(scope.number), *scope.path))


def _kinds(steps: Sequence[Step]) -> Mapping[_Place, tuple[object, ...]]:
    """Return what the forward pass does in each scope: operations and shapes, in order."""
    found: dict[_Place, list[object]] = {}
    for step in steps:
        if step.phase is Phase.FORWARD:
            scope = step.output.scope
            made = type(step.op), tuple(value.shape for value in step.inputs), step.output.shape
            for length in range(len(scope.path) + 1):
                found.setdefault((scope.number, scope.path[:length]), []).append(made)
    return {place: tuple(made) for place, made in found.items()}


def _alike(scopes: Sequence[Scope], kinds: Mapping[_Place, tuple[object, ...]]) -> Iterator[list[Scope]]:
    """Yield the scopes that follow each other and do the same, together."""
    for _, group in groupby(scopes, lambda scope: (bare_name(scope), kinds.get(_place(scope)))):
        yield list(group)


def _handed_over(before: Chain, own: Chain) -> Chain:
    """Return where gradients that arrived on several paths are added: in the unit that has handed the last one over."""
    shared = next((i for i, (a, b) in enumerate(zip(before, own, strict=False)) if a != b), min(len(before), len(own)))
    return own if shared == len(own) else before[: shared + 1]
