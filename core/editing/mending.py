"""Suggest how a draft that does not fit could be made to fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from core.editing.draft import MOST_PARTS, Draft, Part
from core.editing.kinds import Field, kinds
from core.editing.report import Report, Setting, misfit_of_output, report
from core.layers import Dense
from core.layers.fields import Choice, Whole
from core.network import Network
from core.ops.losses import LOSSES
from core.values import Range, Shape

_MOST = 3
"""More suggestions are no help."""


@dataclass(frozen=True)
class Mend:
    """A suggestion: what would be done, in words, and the draft that it leads to."""

    text: str
    draft: Draft


def mends(draft: Draft, found: Report, setting: Setting) -> tuple[Mend, ...]:
    """Return what would make a draft fit, or its first layer that does not; nothing where it fits or nothing is known.

    Parameters
    ----------
    draft : Draft
        What does not fit.
    found : Report
        What is known of it.
    setting : Setting
        What it has to fit.
    """
    if found.broken is not None:
        return tuple(islice(_adapted(draft, found.broken, setting), _MOST))
    if found.network is None or not misfit_of_output(found.network, draft.loss, setting):
        return ()
    return tuple(islice(_ended(draft, found, setting), _MOST)) or tuple(_longer(draft, setting))


def loss_title(loss: str) -> str:
    """Return what a person calls a loss."""
    name, _, number = loss.partition(":")
    return f"{LOSSES[name].title} {number}".strip()


def _adapters() -> Iterator[Part]:
    """Yield parts that have nothing to choose, and so can stand between two others as they are."""
    for group in kinds().values():
        for kind in group:
            part = Part(kind.layer, {})
            if not part.fields:
                yield part


def _adapted(draft: Draft, broken: int, setting: Setting) -> Iterator[Mend]:
    """Yield drafts with a layer before the broken one, so that it fits."""
    if len(draft.parts) >= MOST_PARTS:
        return
    for part in _adapters():
        mended = draft.insert(broken, part)
        if report(mended, setting).broken not in (broken, broken + 1):
            yield Mend(f"Put {part.title} before it", mended)


def _ended(draft: Draft, found: Report, setting: Setting) -> Iterator[Mend]:
    """Yield drafts whose last layer has other fields, or that have another loss; those with the fewest changes."""
    last = draft.parts[-1]
    given = _given_to_last(draft, found)
    counts = (None, *((field, setting.outputs) for field in last.fields if isinstance(field.entry, Whole)))
    choices = (None, *_other_choices(last, setting))
    losses = (None, *(loss for loss in LOSSES if loss != draft.loss))
    ways = [(count, choice, loss) for loss, count, choice in product(losses, counts, choices)]
    fewest = None
    for count, choice, loss in sorted(ways, key=_changes)[1:]:  # the first changes nothing
        changes = [change for change in (count, choice) if change is not None]
        if fewest is not None and _changes((count, choice, loss)) > fewest:
            return
        part = last
        for field, value in changes:
            part = part.changed(field.name, value)
        if _fits(given, part, loss or draft.loss, setting):
            fewest = _changes((count, choice, loss))
            mended = replace(draft, parts=(*draft.parts[:-1], part), loss=loss or draft.loss)
            yield Mend(_told(changes, loss), mended)


def _changes(way: tuple[object, ...]) -> int:
    return sum(change is not None for change in way)


def _given_to_last(draft: Draft, found: Report) -> tuple[Shape, Range]:
    if len(draft.parts) == 1:
        return draft.network.input_shape, draft.network.input_range
    before = found.parts[-2]
    assert before.shape is not None
    return before.shape, before.range


def _other_choices(part: Part, setting: Setting) -> Iterator[tuple[Field, object]]:
    """Yield what else could be chosen of a part; where the data have classes, softmax first."""
    for field in part.fields:
        if isinstance(field.entry, Choice) and not field.entry.begins:
            values = [value for value, _ in field.entry.entries if value != part.values[field.name]]
            if not setting.dataset.regression:
                values.sort(key=_is_no_softmax)
            yield from ((field, value) for value in values)


def _is_no_softmax(value: object) -> bool:
    return value != "softmax"


def _fits(given: tuple[Shape, Range], part: Part, loss: str, setting: Setting) -> bool:
    """Tell whether a last layer, given such samples, fits the data and a loss."""
    try:
        network = Network(given[0], (part.layer(),), input_range=given[1])
    except ValueError:
        return False
    return not misfit_of_output(network, loss, setting)


def _told(changes: list[tuple[Field, object]], loss: str | None) -> str:
    texts = [f"{field.title} to {_text(field, value)}" for field, value in changes]
    if loss is not None:
        texts.append(f"loss to {loss_title(loss)}")
    return f"Set {' and '.join(texts)}"


def _text(field: Field, value: object) -> str:
    if isinstance(field.entry, Choice):
        return next(text for known, text in field.entry.entries if known == value)
    return str(value)


def _longer(draft: Draft, setting: Setting) -> Iterator[Mend]:
    """Yield the draft with a dense layer at its end, and what that needs before it."""
    if len(draft.parts) > MOST_PARTS - 2:
        return
    for adapter, activation in product((None, *_adapters()), ("softmax", "sigmoid", None)):
        dense = Part.of(Dense(setting.outputs, activation))
        added = (dense,) if adapter is None else (adapter, dense)
        mended = replace(draft, parts=(*draft.parts, *added))
        if report(mended, setting).fits:
            yield Mend(f"Add {' and '.join(part.layer().name for part in added)}", mended)
            return
