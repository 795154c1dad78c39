"""The quiz: what is covered, what has been revealed, what was answered, and how often that was right."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from core.values import Index
from viz_app.frame.frame import Frame
from viz_app.frame.quiz.covering import Cover, Extent, Spot
from viz_app.frame.quiz.marking import Verdict, digits_asked, mark
from viz_app.session.state import State


@dataclass(frozen=True)
class Score:
    """How many questions were answered right, the first time, of those that were answered."""

    right: int = 0
    asked: int = 0

    def __str__(self) -> str:
        return f"{self.right}/{self.asked}"


class Quiz(QObject):
    """Covers the result of every step until it is revealed, and marks what is typed.

    The first answer to a question counts; a number that was revealed before anybody answered is not asked for.

    Parameters
    ----------
    state : State
        Whose numbers are covered.
    """

    scored = Signal(object)
    """The ``Score`` so far."""
    marked = Signal(object)
    """What an answer was worth: a ``Marked``."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state
        self._score = Score()
        self._extent = Extent.RESULT
        self._answered: set[Spot] = set()
        self._run = state.trace
        state.experiment_changed.connect(self._forget_run)

    @property
    def on(self) -> bool:
        """Whether there is a quiz."""
        return self._state.place.cover is not None

    @property
    def extent(self) -> Extent:
        """How much is covered."""
        return self._extent

    @property
    def score(self) -> Score:
        """How often an answer was right."""
        return self._score

    @property
    def covers(self) -> bool:
        """Whether any number is covered that would be shown else."""
        question = self._state.frame.question
        return question is not None and question.covers

    def set_on(self, on: bool) -> None:
        """Begin with nothing revealed and no score, or end."""
        if on == self.on:
            return
        self._answered.clear()
        self._tell_score(Score())
        self._cover(Cover(self._extent) if on else None)

    def set_extent(self, extent: Extent) -> None:
        """Cover the whole result, or one cell of it."""
        self._extent = extent
        cover = self._state.place.cover
        if cover is not None and cover.extent is not extent:
            self._cover(replace(cover, extent=extent))

    def reveal(self) -> None:
        """Show all that is covered of the step that is shown."""
        if self.covers:
            self._reveal(None)

    def touch(self, key: str, index: Index) -> None:
        """Show the cell that is asked for where it is clicked; another one is asked for by that."""
        question = self._state.frame.question
        if question is not None and question.asks and (key, index) == (self._state.frame.result.key, question.index):
            self._reveal(index)

    def answer(self, text: str) -> None:
        """Mark what was typed for the cell that is asked for, and show its number if that is right."""
        question = self._state.frame.question
        if question is None or not question.asks:
            return
        marked = mark(text, self._number(self._state.frame, question.index), digits_asked())
        if marked.verdict is not Verdict.UNREADABLE:
            spot = self._spot(question.index)
            if spot not in self._answered:
                self._answered.add(spot)
                self._tell_score(Score(self._score.right + marked.right, self._score.asked + 1))
        self.marked.emit(marked)
        if marked.right:
            self._reveal(question.index)

    def _number(self, frame: Frame, index: Index) -> float:
        array = self._state.shown.array(frame.step.output.key, frame.cursor.iteration)
        return float(array[index])

    def _reveal(self, index: Index | None) -> None:
        cover = self._state.place.cover
        if cover is not None:
            self._cover(replace(cover, revealed=cover.revealed | {self._spot(index)}))

    def _spot(self, index: Index | None) -> Spot:
        frame = self._state.frame
        return frame.cursor.iteration, frame.step.output.key, index

    def _cover(self, cover: Cover | None) -> None:
        self._state.show(replace(self._state.place, cover=cover), self._state.hovered)

    def _tell_score(self, score: Score) -> None:
        self._score = score
        self.scored.emit(score)

    def _forget_run(self) -> None:
        """Ask anew in another run, whose numbers are others; the score goes on."""
        if self._run is not self._state.trace:
            self._run = self._state.trace
            self._answered.clear()
