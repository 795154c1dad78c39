"""What lies on the desk of whoever edits a network: the draft, what is known of it, and why it cannot be applied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.editing import (
    MOST_PARTS,
    Base,
    Draft,
    History,
    Keeping,
    Mend,
    Report,
    Setting,
    mends,
    refusal,
    report,
    setting_of,
)
from core.experiment import Experiment
from core.network import Architecture, Network

Place = tuple[int, str]
"""A field: the mark of its layer, and its name."""
Opened = tuple[str, Network, str]
"""What is open: the preset, the network and the loss."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """A network that is to take the place of the open one.

    ``kept`` names the parameters that begin with the numbers of the shown iteration, by key, with their keys in the
    open network.
    """

    network: Architecture
    loss: str
    kept: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Desk:
    """A draft of the open network.

    Parameters
    ----------
    opened : Opened
        The open network: the preset, the network and the loss.
    base : Base
        What it gives its weights for.
    setting : Setting
        What the draft has to fit.
    history : History
        The draft, and those before and after it.
    unread : mapping of Place to str
        The fields whose text cannot be read, each with the reason.
    """

    opened: Opened
    base: Base
    setting: Setting
    history: History
    unread: Mapping[Place, str] = field(default_factory=dict)

    @classmethod
    def of(cls, experiment: Experiment) -> "Desk":
        """Return the desk for an experiment that is not ``blocked``."""
        opened = _opened(experiment)
        draft = Draft.of(opened[1], experiment.loss)
        return cls(opened, Base(opened[1].forward, draft.parts), setting_of(experiment), History(draft))

    def followed(self, experiment: Experiment) -> "Desk":
        """Return the desk once an experiment was opened that is not ``blocked``.

        Where it is the same network, with other options say, the draft stays. Where it is the draft itself, what was
        done can still be undone.
        """
        opened = _opened(experiment)
        if opened == self.opened:
            return replace(self, setting=setting_of(experiment))
        if opened == (self.opened[0], self.report.network, self.draft.loss):
            base = Base(opened[1].forward, self.draft.parts)
            settled = self.history.settled()
            return replace(self, opened=opened, base=base, setting=setting_of(experiment), history=settled)
        return Desk.of(experiment)

    @property
    def draft(self) -> Draft:
        """The draft as it is."""
        return self.history.now

    @cached_property
    def report(self) -> Report:
        """What is known of the draft."""
        return report(self.draft, self.setting)

    @cached_property
    def keeping(self) -> tuple[Keeping | None, ...]:
        """What becomes of the weights of every layer, where the layers fit each other."""
        program = self.report.program
        return self.base.keeping(self.draft, program) if program else (None,) * len(self.draft.parts)

    @cached_property
    def mends(self) -> tuple[Mend, ...]:
        """What would make the draft fit."""
        return () if self.unread else mends(self.draft, self.report, self.setting)

    @property
    def problem(self) -> str:
        """Why the draft cannot be applied, in one sentence; empty where it can."""
        for number, part in enumerate(self.draft.parts, 1):
            if unread := self.unread_of(part.mark):
                return f"Layer {number}, {unread[:1].lower()}{unread[1:]}"
        return self.report.error

    def unread_of(self, mark: int) -> str:
        """Return which field of a layer cannot be read, and why; nothing where all can."""
        for (whose, name), reason in self.unread.items():
            if whose == mark:
                return f"{name[:1].upper()}{name[1:].replace('_', ' ')}: {reason[:1].lower()}{reason[1:]}"
        return ""

    @property
    def changed(self) -> bool:
        """Whether the draft is another network than the open one, or some of its weights are to begin anew."""
        same = (self.report.network, self.draft.loss) == self.opened[1:]
        return not same or any(keeping not in (None, Keeping.ALL) for keeping in self.keeping)

    @property
    def proposal(self) -> Proposal | None:
        """The network of the draft, where it can be applied."""
        network, program = self.report.network, self.report.program
        if self.problem or network is None or program is None or not self.changed:
            return None
        return Proposal(network, self.draft.loss, self.base.kept(self.draft, program))

    def take(self, draft: Draft, about: object = None) -> "Desk":
        """Return the desk with another draft; fields of layers that are gone are forgotten."""
        marks = {part.mark for part in draft.parts}
        unread = {place: reason for place, reason in self.unread.items() if place[0] in marks}
        return replace(self, history=self.history.take(draft, about), unread=unread)

    def settled(self) -> "Desk":
        """Return the desk whose next change is one of its own."""
        return replace(self, history=self.history.settled())

    def walk(self, way: Callable[[History], History]) -> "Desk":
        """Undo or redo; what could not be read is forgotten."""
        return replace(self, history=way(self.history), unread={})

    def read(self, place: Place) -> "Desk":
        """Return the desk once a field can be read."""
        return replace(self, unread={known: reason for known, reason in self.unread.items() if known != place})

    def unreadable(self, place: Place, reason: str) -> "Desk":
        """Return the desk once a field cannot be read."""
        return replace(self, unread={**self.unread, place: reason})


def _opened(experiment: Experiment) -> Opened:
    assert isinstance(experiment.network, Network)
    return experiment.preset, experiment.network, experiment.loss


def blocked(experiment: Experiment) -> str:
    """Say in one sentence why a network cannot be edited here; nothing where it can."""
    if reason := refusal(experiment):
        return reason
    if not isinstance(experiment.network, Network):
        return (
            "This network is a graph: its layers do not simply follow each other. It is edited in its file "
            "(Network > Save network, then Open network)."
        )
    count = len(experiment.network.layers)
    if count > MOST_PARTS:
        return f"This network has {count} layers; up to {MOST_PARTS} can be edited here, longer ones in their file."
    return ""
