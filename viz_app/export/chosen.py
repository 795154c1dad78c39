"""Hold what a person chose to export, as one value that is saved with a session and read again by a script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.description import Count, describe_fields, fields_from
from core.program import Program
from core.run.trace import Cursor
from core.values import Phase
from viz_app.export.formats import FORMATS
from viz_app.export.look import Look, Timing
from viz_app.frame.outline import Folds, outline_of
from viz_app.frame.place import Place
from viz_app.frame.walking import walk_inside

THIS, ALL, SOME, NAMED = "this", "all", "some", "named"
"""Which steps: the one that is shown, all, some by number, one by name; the name of a phase is those of it."""
MOST_PAGES = 100_000
LAST_ITERATION = 10_000
"""The last iteration that is run for an export, where no later one is shown."""
_LONGEST_S = 600.0
_RATES = 1, 120


class ChosenError(ValueError):
    """What is stored is nothing that can be exported; the message is a sentence."""


@dataclass(frozen=True)
class Choice:
    """Which places are exported.

    Parameters
    ----------
    what : str
        ``this``, ``all``, ``some``, ``named``, or the name of a phase.
    first, last : int
        From which step to which, for ``some``.
    step : int
        The step, for ``named``.
    start, end : int
        From which iteration to which; not for ``this``.
    cells : int
        How many cells inside each step; 0 is the step as a whole.
    """

    what: str = THIS
    first: Count = Count(0)
    last: Count = Count(0)
    step: Count = Count(0)
    start: Count = Count(0)
    end: Count = Count(0)
    cells: Count = Count(0)

    @property
    def here(self) -> bool:
        """Whether it is the very place that is shown."""
        return self.what == THIS and not self.cells

    def steps(self, here: Place, program: Program) -> Sequence[int]:
        """Return the steps that are exported of each iteration."""
        if self.what == THIS:
            return [here.step]
        if self.what == NAMED:
            return [self.step]
        steps: Sequence[int] = range(self.first, self.last + 1)
        if self.what != SOME:
            steps = [step.number for step in program.steps if self.what in (ALL, step.phase.value)]
        outline = outline_of(program, self._folds(here))
        spans = (outline.span_at(step) if step < outline.count else None for step in steps)
        return [step for step, span in zip(steps, spans, strict=True) if span is None or span.last == step]

    def _folds(self, here: Place) -> Folds:
        """Return what is folded in the pictures: as it is shown, but where a step or the cells in it are asked for."""
        return None if self.cells or self.what == NAMED else here.options.folds

    def iterations(self, here: Place, *, trainable: bool) -> Sequence[int]:
        """Return the iterations that are exported."""
        return [here.iteration] if self.what == THIS or not trainable else range(self.start, self.end + 1)

    def places(self, here: Place, program: Program, *, trainable: bool) -> Iterator[Place]:
        """Yield the places, in the order of the run; ``here`` is the one that is shown."""
        if self.here:
            yield here
            return
        here = replace(here, options=replace(here.options, folds=self._folds(here)))
        for iteration in self.iterations(here, trainable=trainable):
            for step in self.steps(here, program):
                for one in walk_inside(program, step, self.cells) if self.cells else [Cursor(0, step)]:
                    yield here.at(Cursor(iteration, one.step, one.cell))

    def check(self, program: Program, reached: int = 0) -> None:
        """Check that a program has the steps, and that the iterations are not far beyond the one that was reached.

        Raises
        ------
        ChosenError
            If it has not, or they are.
        """
        last = len(program.steps) - 1
        if self.what not in (THIS, ALL, SOME, NAMED, *(phase.value for phase in Phase)):
            raise ChosenError(f"Expected steps to export; got {self.what[:40]!r}.")
        numbers = (self.first, self.last, self.step, self.start, self.end, self.cells)
        if min(numbers) < 0 or not (self.first <= self.last <= last and self.step <= last and self.start <= self.end):
            raise ChosenError(f"Expected steps from 0 to {last} to export, the first one first; got others.")
        if self.end > (most := max(LAST_ITERATION, reached)):
            raise ChosenError(f"Expected iterations up to {most:,} to export; got {self.end:,}.")


@dataclass(frozen=True)
class Chosen:
    """What is exported, as which format, and how it looks."""

    format: str = "png"
    look: Look = field(default_factory=Look)
    timing: Timing = field(default_factory=Timing)
    choice: Choice = field(default_factory=Choice)

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        told = {"timing": describe_fields(self.timing), "choice": describe_fields(self.choice)}
        return {"format": self.format, "look": self.look.to_json(), **told}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Chosen":
        """Return what was stored; what is not told is as usual.

        Raises
        ------
        ValueError
            If there is no such format, look, timing or choice.
        """
        if strange := stored.keys() - {"format", "look", "timing", "choice"}:
            raise ChosenError(f"Expected a format, a look, a timing and a choice; got {sorted(strange)[0][:40]!r}.")
        name = stored.get("format", "png")
        if not isinstance(name, str) or name not in FORMATS:
            raise ChosenError(f"Expected a format among {', '.join(FORMATS)}; got {str(name)[:40]!r}.")
        timing = fields_from(Timing, stored.get("timing", {}))
        seconds = timing.step, timing.cell, timing.hold
        if not all(0 <= one <= _LONGEST_S for one in seconds) or not _RATES[0] <= timing.rate <= _RATES[1]:
            raise ChosenError(f"Expected times up to {_LONGEST_S:g} seconds; got others.")
        choice = fields_from(Choice, stored.get("choice", {}))
        return cls(name, Look.from_json(stored.get("look", {})), timing, choice)
