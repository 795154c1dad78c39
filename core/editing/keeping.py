"""Tell which layers keep their weights when a draft takes the place of the network that is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.editing.draft import Draft, Part
from core.layers.fields import Choice
from core.program import Program
from core.values import Value

_Local = tuple[tuple[str, ...], str, int]


class Keeping(StrEnum):
    """What becomes of the weights of a layer; the words are those that a person reads."""

    ALL = "keeps its weights"
    SOME = "keeps some weights"
    NONE = "begins anew"


@dataclass(frozen=True)
class Base:
    """The network that is open: its forward pass, and the parts that stand for its layers."""

    program: Program
    parts: tuple[Part, ...]

    def kept(self, draft: Draft, program: Program) -> Mapping[str, str]:
        """Return which parameters of a draft's forward pass begin as which of the open network, by key.

        A layer keeps them where it is the same one, wherever it has been moved, and each that it had and still has is
        of the same shape, unless another way for them to begin was chosen.
        """
        places = {part.mark: place for place, part in enumerate(self.parts)}
        kept: dict[str, str] = {}
        for place, part in enumerate(draft.parts):
            before = places.get(part.mark)
            if before is not None and _begins(part) == _begins(self.parts[before]):
                kept |= _same(_of_layer(program, place + 1), _of_layer(self.program, before + 1))
        return kept

    def keeping(self, draft: Draft, program: Program) -> tuple[Keeping | None, ...]:
        """Return what becomes of the weights of every layer; ``None`` for those without."""
        kept = self.kept(draft, program)
        return tuple(_word(_of_layer(program, place), kept) for place in range(1, len(draft.parts) + 1))


def _word(parameters: Mapping[_Local, Value], kept: Mapping[str, str]) -> Keeping | None:
    held = [value.key in kept for value in parameters.values()]
    if not held:
        return None
    return Keeping.ALL if all(held) else Keeping.SOME if any(held) else Keeping.NONE


def _begins(part: Part) -> tuple[object, ...]:
    """Return what a person chose of how the weights begin."""
    choices = (about.name for about in part.fields if isinstance(about.entry, Choice) and about.entry.begins)
    return (part.kind, *(part.values[name] for name in choices))


def _of_layer(program: Program, number: int) -> Mapping[_Local, Value]:
    """Return what a layer has learnt by what it is called in it."""
    own = (value for value in program.learnt if value.layer == number)
    return {(value.scope.path, value.name, value.copy): value for value in own}


def _same(new: Mapping[_Local, Value], old: Mapping[_Local, Value]) -> Mapping[str, str]:
    common = [name for name in new if name in old]
    if any(new[name].shape != old[name].shape for name in common):
        return {}
    return {new[name].key: old[name].key for name in common}
