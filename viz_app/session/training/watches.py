"""Watch values and cells: their numbers now, before, and what has changed."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, Signal

from core.experiment import Experiment
from core.run.norm import norm_of
from core.run.record import Record
from core.run.trace import Trace
from viz_app.frame.frame import Frame
from viz_app.frame.told.watch import Watch, Watched
from viz_app.session.state import State


class Watches(QObject):
    """What is watched, and what has been seen of it.

    Parameters
    ----------
    state : State
        Whose run is watched.
    """

    changed = Signal(object)
    """A tuple of ``Watched``, whenever a number or the list has changed."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._state = state
        self._seen: dict[Watch, Record] = {}
        self._trace: Trace = state.trace
        self._told: tuple[Watched, ...] = ()
        state.frame_changed.connect(self.look)
        state.experiment_changed.connect(self._follow)

    def __iter__(self) -> Iterator[Watch]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)

    @property
    def told(self) -> tuple[Watched, ...]:
        """What was told last."""
        return self._told

    def add(self, watch: Watch) -> None:
        """Watch one more; what the program has not is not watched."""
        if self._state.trace.program.has(watch.key, watch.index) and watch not in self._seen:
            self._seen[watch] = Record()
            self.look(self._state.frame)

    def replace_all(self, watches: Iterable[Watch]) -> None:
        """Watch these, where the program has them, and nothing else."""
        program = self._state.trace.program
        self._seen = {watch: Record() for watch in watches if program.has(watch.key, watch.index)}
        self.look(self._state.frame)

    def remove(self, watch: Watch) -> None:
        """Watch one no longer."""
        if self._seen.pop(watch, None) is not None:
            self.look(self._state.frame)

    def look(self, frame: Frame) -> None:
        """See what the numbers are at the place of a frame, and tell."""
        if not self._seen and not self._told:
            return
        self._told = tuple(self._see(watch, record, frame) for watch, record in self._seen.items())
        self.changed.emit(self._told)

    def _see(self, watch: Watch, record: Record, frame: Frame) -> Watched:
        """Take the number at the place of a frame, and return what is known of it there."""
        number, earlier = self._number(watch, frame), record.until(frame.cursor.iteration)
        if number is not None:
            record[frame.cursor.iteration] = number
        since, before = earlier[-1] if len(earlier) else (None, None)
        return Watched(watch, number, before, since)

    def _number(self, watch: Watch, frame: Frame) -> float | None:
        """Return the number in the iteration of a frame; ``None`` while no step up to there has made it."""
        program, iteration = frame.program, frame.cursor.iteration
        producer = program.producers.get(watch.key)
        if producer is not None and producer.number > frame.cursor.step:
            return None
        array = self._trace.array(watch.key, iteration)
        return norm_of([array]) if watch.index is None else float(array[watch.index])

    def _follow(self, experiment: Experiment) -> None:
        """Forget what was seen where another run has come, or this one goes on with other numbers."""
        if self._trace is not self._state.trace:
            self._trace = self._state.trace
            program = self._trace.program
            self._seen = {watch: Record() for watch in self._seen if program.has(watch.key, watch.index)}
        for record in self._seen.values():
            record.forget(self._state.place.iteration)
