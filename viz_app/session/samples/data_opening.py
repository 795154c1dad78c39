"""Open data step by step: look into them, choose, read them, see whether the network takes them, and take them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.data.dataset import Dataset
from core.data.progress import Progress
from core.editing import Adaptation, adaptation, laid_out
from core.experiment import Experiment
from core.options import OptionError
from viz_app.frame.told.browsing import class_counts, targets_summary
from viz_app.frame.told.found import Found, Source
from viz_app.reading.files import DataError
from viz_app.session.background import Background, Task
from viz_app.session.opening import Opening
from viz_app.session.state import State
from viz_app.session.telling import Telling

if TYPE_CHECKING:
    from viz_app.reading.offer import Offer


@dataclass(frozen=True, eq=False)
class _Read:
    """What reading has brought."""

    offer: "Offer"
    dataset: Dataset | None = None
    counts: tuple[int, ...] = ()
    targets: str = ""
    fit: Adaptation | None = None
    misfit: str = ""
    problem: str = field(default="")


class DataOpening(QObject):
    """Looks into data in a thread beside the window's; nothing changes before they are taken.

    Parameters
    ----------
    state : State
        Into whose run they are taken.
    opening : Opening
        What takes them.
    """

    changed = Signal(object)
    """``Found``: what is known now."""
    progressed = Signal(object, str)
    """How far the work is, from 0 to 1, ``None`` where that is not known; and what is done."""

    def __init__(self, state: State, opening: Opening) -> None:
        super().__init__(state)
        self._state, self._opening = state, opening
        self._found, self._heard = Found(), ""
        state.message.connect(self._hear)
        self._background = Background(self)
        self._background.finished.connect(self._take_read)
        self._background.failed.connect(self._refuse)
        self._background.progressed.connect(self.progressed)
        state.experiment_changed.connect(self._fit_again)

    @property
    def found(self) -> Found:
        """What is known."""
        return self._found

    def look(self, source: Source) -> None:
        """Look into a file, a folder, or data by name; whatever was found before is forgotten."""
        self._show(Found(source, busy=True))
        self._start(partial(_look, source, self._state.experiment))

    def choose(self, name: str, value: Any) -> None:
        """Answer a question of the offer, and look again."""
        offer = self._found.offer
        if offer is not None:
            self._show(replace(self._found, busy=True, problem=""))
            self._start(partial(_choose, offer, name, value, self._state.experiment))

    def download(self) -> None:
        """Download what is missing, and read it."""
        offer = self._found.offer
        if offer is not None:
            self._show(replace(self._found, busy=True, problem=""))
            self._start(partial(_download, offer, self._state.experiment), download=True)

    def cancel(self) -> None:
        """Stop what is being done; what was known before stays."""
        if self._background.busy:
            self._background.cancel()
            self._show(replace(self._found, busy=False, problem="Stopped; nothing has changed."))

    def forget(self) -> None:
        """Forget what was found."""
        self._background.cancel()
        self._show(Found())

    def close(self) -> None:
        """Stop for good."""
        self._background.close()

    def take(self, adapt: bool = False) -> bool:
        """Put the data into the run; return whether they are taken.

        Parameters
        ----------
        adapt : bool
            Whether the network may be changed for them.
        """
        dataset = self._found.dataset
        if dataset is None or self._found.busy:
            return False
        taken = self._opening.take_data(dataset, adapt)
        if not taken:
            self._show(replace(self._found, problem=self._heard))
        return taken

    def _hear(self, text: str) -> None:
        """Remember what was said last: why data were not taken."""
        self._heard = text

    def _take_read(self, read: _Read) -> None:
        known = read.dataset, read.counts, read.targets, read.fit, read.misfit, read.problem
        self._show(Found(self._found.source, read.offer, *known))

    def _start(self, work: Callable[[Progress], _Read], *, download: bool = False) -> None:
        self._background.start(partial(_told, work, download))

    def _refuse(self, error: Exception) -> None:
        """Say why data cannot be read; what is nobody's matter but ours is raised."""
        self._show(replace(self._found, busy=False, problem=_reason(error)))
        if not isinstance(error, (DataError, OSError, MemoryError)):
            raise error

    def _fit_again(self, experiment: Experiment) -> None:
        """See anew whether the network takes the data: it may be another one."""
        offer, dataset = self._found.offer, self._found.dataset
        if offer is not None and dataset is not None and not self._background.busy:
            self._start(partial(_fit, _Read(offer, dataset, self._found.counts, self._found.targets), experiment))

    def _show(self, found: Found) -> None:
        self._found = found
        self.changed.emit(found)


def _told(work: Callable[[Progress], _Read], download: bool, task: Task) -> _Read:
    return work(Telling(task, download))


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There is not enough memory to read these data."
    if isinstance(error, OSError):
        return f"The data cannot be read: {error.strerror or error}."
    return str(error) if isinstance(error, DataError) else f"The data cannot be read ({type(error).__name__}: {error})."


def _look(source: Source, experiment: Experiment, progress: Progress) -> _Read:
    from viz_app.reading.data import look_into  # late: the start of the window does not wait for it

    return _read(look_into(source, progress=progress), experiment, progress)


def _choose(offer: "Offer", name: str, value: Any, experiment: Experiment, progress: Progress) -> _Read:
    return _read(offer.changed(progress, **{name: value}), experiment, progress)


def _download(offer: "Offer", experiment: Experiment, progress: Progress) -> _Read:
    offer.open(progress=progress)
    return _read(offer.changed(progress), experiment, progress)


def _read(offer: "Offer", experiment: Experiment, progress: Progress) -> _Read:
    """Read the data that an offer is about, where nothing has to be chosen or downloaded before."""
    if offer.missing or offer.to_download:
        return _Read(offer, problem=offer.missing)
    try:
        dataset = offer.open(progress=progress)
    except DataError as error:
        return _Read(offer, problem=str(error))
    counts = class_counts(dataset)
    read = _Read(offer, dataset, () if counts is None else tuple(counts.tolist()), targets_summary(dataset))
    return _fit(read, experiment, progress)


def _fit(read: _Read, experiment: Experiment, progress: Progress) -> _Read:
    """See what of the network has to change."""
    assert read.dataset is not None
    progress.tell(0, 0, "Comparing with the network")
    try:
        dataset = laid_out(experiment, read.dataset)
        return replace(read, dataset=dataset, fit=adaptation(experiment, dataset), misfit="")
    except OptionError as error:
        return replace(read, misfit=str(error))
