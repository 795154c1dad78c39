"""Make cards of a network, and wires between them: its layers and parts in order, and who reads what of whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from core.program import Program, Step
from core.spans import Chain, Unit
from core.values import Phase, Role, Value
from viz_app.frame.outline.blocks import block_of
from viz_app.frame.outline.stops import Folds, is_copy
from viz_app.frame.per_program import PerProgram

_SHOWN = (Role.WEIGHT, Role.BIAS, Role.OUT, Role.DELTA)
"""The roles of values that have a thumbnail, in order."""
_PARAMETERS = (Role.WEIGHT, Role.BIAS)
_WIDEST, _LONGEST = 5, 12
"""The most steps beside each other, and below each other, that are drawn inside a card."""


@dataclass(frozen=True)
class Node:
    """A step inside a card: where it stands, and the nodes that it reads."""

    value: Value
    rank: int
    column: float
    """From 0 to 1, across the card."""
    reads: tuple[int, ...]


@dataclass(frozen=True)
class Card:
    """A layer, a part of one, a block that is folded, or steps beside parts.

    Parameters
    ----------
    name : str
        What a person is told of it.
    values : tuple of Value
        What has a thumbnail.
    number : int or None
        The number of the layer, where it is a whole one.
    fold : str
        What identifies its unit; empty where there is nothing to fold.
    folded : bool
        Whether it stands for all that is inside.
    depth : int
        How many units are around it.
    steps : frozenset of int
        The steps of the forward pass that it stands for; those of a heading stand in the cards below it.
    nodes : tuple of Node
        Its steps as a graph, where they branch.
    """

    name: str
    values: tuple[Value, ...]
    number: int | None = None
    fold: str = ""
    folded: bool = False
    depth: int = 0
    steps: frozenset[int] = frozenset()
    nodes: tuple[Node, ...] = ()

    @property
    def is_block(self) -> bool:
        """Whether it has parts: they stand below it, or are folded."""
        return bool(self.fold) and (self.folded or not self.steps)


@dataclass(frozen=True)
class Wire:
    """A value that cards far below read: from a card to others, past those between them."""

    first: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Cards:
    """The cards of a network in order, with the data first and the loss last, and the wires between them.

    ``wires`` go past at least one card; ``links`` are the cards whose successor reads them. ``of_steps`` has the card
    that each step belongs to, ``None`` for one of none.
    """

    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]
    links: frozenset[int]
    of_steps: tuple[int | None, ...]


_KEPT = 8
_kept: PerProgram[Cards] = PerProgram(_KEPT)


def cards_of(program: Program, folds: Folds) -> Cards:
    """Return the cards of a network; kept, because every frame asks for them."""
    return _kept.get(program, folds, lambda: _cards(program, folds))


def _cards(program: Program, folds: Folds) -> Cards:
    data = tuple(value for value in program.inputs if value.role in (Role.INPUT, Role.TARGET))
    cards = [Card("Data", data)] if data else []
    forward = [step.number for step in program.steps if step.phase is Phase.FORWARD]
    made = list(_inside(program, program.chains, folds or frozenset(), forward, 0))
    own = (Card(one.name, _thumbnails(program.by_layer.get(one.number, ())), one.number) for one in program.layers)
    cards += made or own
    if program.loss:
        cards.append(Card("Loss", (program.values[program.loss],)))
    of_steps = _of_steps(program, cards)
    reads = _reads(program, cards, of_steps)
    follower = _followers(cards)
    links = frozenset(first for first, other in reads if follower.get(first) == other)
    far: dict[int, list[int]] = {}
    for first, other in reads:
        if first < other and follower.get(first) != other:
            far.setdefault(first, []).append(other)
    wires = tuple(Wire(first, tuple(others)) for first, others in far.items())
    return Cards(tuple(cards), wires, links if wires else frozenset(), of_steps)


def _inside(
    program: Program, chains: Sequence[Chain], folds: frozenset[str], steps: Sequence[int], depth: int
) -> Iterator[Card]:
    """Yield the cards of some steps of the forward pass that lie in ``depth`` units already."""
    for unit, group in groupby(steps, lambda step: chains[step][depth] if len(chains[step]) > depth else None):
        numbers = list(group)
        if unit is None:
            if depth:
                yield _beside(program, numbers, depth)
            continue
        has_parts = any(len(chains[number]) > depth + 1 for number in numbers)
        if unit.fold in folds and len(numbers) > 1 and has_parts:
            yield _folded(program, unit, numbers, depth)
        elif has_parts:
            yield _heading(program, unit, depth)
            yield from _inside(program, chains, folds, numbers, depth + 1)
        else:
            values = _thumbnails(_own(program, unit))
            about = {"number": unit.scope.number if _is_layer(unit) else None, "fold": unit.fold, "depth": depth}
            nodes = tuple(_nodes(program, numbers))
            yield Card(_name(unit), values, steps=frozenset(numbers), nodes=nodes, **about)


def _folded(program: Program, unit: Unit, numbers: Sequence[int], depth: int) -> Card:
    """Return the card that stands for all of a unit: what it makes, and the gradient of that."""
    span = next(one for one in program.spans if one.fold == unit.fold and one.first == numbers[0])
    outputs = block_of(program, span).outputs[:1]
    gradients = (program.gradient_of(value) for value in outputs)
    values = (*outputs, *(value for value in gradients if value is not None))
    number = unit.scope.number if _is_layer(unit) else None
    return Card(_name(unit), values, number, unit.fold, folded=True, depth=depth, steps=frozenset(numbers))


def _heading(program: Program, unit: Unit, depth: int) -> Card:
    """Return the card above the parts of a unit: with the parameters that it has itself."""
    own = () if unit.count > 1 else _own(program, unit)
    values = tuple(value for role in _PARAMETERS for value in own if value.role is role)
    return Card(_name(unit), values, unit.scope.number if _is_layer(unit) else None, unit.fold, depth=depth)


def _beside(program: Program, numbers: Sequence[int], depth: int) -> Card:
    """Return the card of steps that stand beside the parts of a unit: a sum with what went around them."""
    steps = [program.steps[number] for number in numbers]
    names = dict.fromkeys(step.op.called for step in steps if not is_copy(step))
    values = _thumbnails(step.output for step in steps) or (steps[-1].output,)
    return Card(", ".join(names) or steps[-1].op.called, values, depth=depth, steps=frozenset(numbers))


def _is_layer(unit: Unit) -> bool:
    return unit.count == 1 and len(unit.scope.path) <= (0 if unit.scope.numbered else 1)


def _name(unit: Unit) -> str:
    """Return what a card is called; of a layer its number stands before."""
    return unit.scope.name if _is_layer(unit) else unit.title


def _own(program: Program, unit: Unit) -> tuple[Value, ...]:
    """Return the values of a unit's own scope, without those of its parts."""
    values = program.by_layer.get(unit.scope.number, ())
    return tuple(value for value in values if value.scope.path == unit.scope.path)


def _thumbnails(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return the values that have a thumbnail, in the order of their roles."""
    values = tuple(values)
    chosen = tuple(value for role in _SHOWN for value in values if value.role is role)
    if any(value.role is Role.OUT for value in chosen):
        return chosen
    return (*(value for value in values if value.role is Role.NET), *chosen)


def _nodes(program: Program, numbers: Sequence[int]) -> Iterator[Node]:
    """Yield the steps of a card as a graph without copies; nothing where no two stand beside each other."""
    steps = {program.steps[number].output.key: program.steps[number] for number in numbers}
    sources: dict[str, str | None] = {}
    for key, step in steps.items():
        first = step.inputs[0].key
        sources[key] = (sources.get(first) if is_copy(step) else key) if steps else None
    keys = [key for key, step in steps.items() if not is_copy(step)]
    place = {key: number for number, key in enumerate(keys)}
    reads = [_places(steps[key], sources, place) for key in keys]
    ranks: list[int] = []
    for one in reads:
        ranks.append(max((ranks[other] + 1 for other in one), default=0))
    widths = [ranks.count(rank) for rank in range(max(ranks, default=0) + 1)]
    if not 2 <= max(widths) <= _WIDEST or len(widths) > _LONGEST or not any(len(one) > 1 for one in reads):
        return
    columns: list[float] = []
    for number, key in enumerate(keys):
        beside = [other for other, rank in enumerate(ranks) if rank == ranks[number]]
        if len(beside) > 1 or not reads[number]:
            columns.append((beside.index(number) + 0.5) / len(beside))
        else:
            columns.append(sum(columns[other] for other in reads[number]) / len(reads[number]))
        yield Node(steps[key].output, ranks[number], columns[-1], reads[number])


def _places(step: Step, sources: Mapping[str, str | None], place: Mapping[str, int]) -> tuple[int, ...]:
    found = (sources.get(value.key) for value in step.inputs)
    return tuple(dict.fromkeys(place[key] for key in found if key is not None))


def _of_steps(program: Program, cards: Sequence[Card]) -> tuple[int | None, ...]:
    """Return the card that each step belongs to."""
    by_number = {card.number: number for number, card in reversed(list(enumerate(cards))) if card.number is not None}
    if not any(card.folded or card.depth for card in cards):
        return tuple(by_number.get(step.layer or 0) for step in program.steps)
    by_step = {step: number for number, card in enumerate(cards) for step in card.steps}
    by_fold = {card.fold: number for number, card in reversed(list(enumerate(cards))) if card.fold}
    found: list[int | None] = []
    for step, chain in zip(program.steps, program.chains, strict=True):
        known = [by_fold[unit.fold] for unit in chain if unit.fold in by_fold]
        linked = None if step.link is None else by_step.get(step.link.step)
        chained = known[-1] if known else by_number.get(step.layer or 0)
        found.append(by_step.get(step.number, chained if linked is None else linked))
    return tuple(found)


def _reads(program: Program, cards: Sequence[Card], of_steps: Sequence[int | None]) -> list[tuple[int, int]]:
    """Return the pairs of cards of which the second reads what the first makes, in order; the data are read, too."""
    makers = {value.key: 0 for value in program.inputs if value.role is Role.INPUT}
    pairs: dict[tuple[int, int], None] = {}
    for step in program.steps:
        here = of_steps[step.number]
        if step.phase is Phase.LOSS and here is None:
            here = len(cards) - 1
        if step.phase not in (Phase.FORWARD, Phase.LOSS) or here is None:
            continue
        for value in step.inputs:
            maker = makers.get(value.key)
            if maker is not None and maker != here:
                pairs[maker, here] = None
        makers[step.output.key] = here
    return sorted(pairs)


def _followers(cards: Sequence[Card]) -> Mapping[int, int]:
    """Return the card after each, without headings, which nothing is read of."""
    real = [number for number, card in enumerate(cards) if card.steps or number in (0, len(cards) - 1)]
    return dict(pairwise(real))
