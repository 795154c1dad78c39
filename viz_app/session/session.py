"""The session: intent comes in as calls, frames go out as one signal."""

import time
from collections.abc import Mapping

from PySide6.QtCore import QObject

from core.experiment import Experiment
from viz_app.session.cells import Cells
from viz_app.session.moving.bookmarks import Bookmarks
from viz_app.session.moving.folding import Folding
from viz_app.session.moving.inferring import Inferring
from viz_app.session.moving.navigation import Navigation
from viz_app.session.moving.viewing import Viewing
from viz_app.session.moving.way import Clock
from viz_app.session.opening import Opening
from viz_app.session.quiz import Quiz
from viz_app.session.samples.data_opening import DataOpening
from viz_app.session.samples.guests import Guests
from viz_app.session.samples.targets import Targets
from viz_app.session.samples.writing import Writing
from viz_app.session.saving import Saving
from viz_app.session.state import State
from viz_app.session.training.breakpoints import Breakpoints
from viz_app.session.training.judging import Judging
from viz_app.session.training.measuring import Measuring
from viz_app.session.training.trainer import Trainer
from viz_app.session.training.watches import Watches
from viz_app.session.training.weights import WeightFiles


class Session(State):
    """The training run that is shown: its state, and what can be done to it.

    Whatever changes, ``frame_changed`` answers with the frame of the new state. What cannot be done leaves the state as
    it was, and says so in ``message``, in one sentence.

    Parameters
    ----------
    experiment : Experiment
        What is opened first.
    clock : callable
        What slices of time are measured by, while something far away is computed.
    """

    def __init__(self, experiment: Experiment, parent: QObject | None = None, clock: Clock = time.thread_time) -> None:
        super().__init__(experiment, parent, clock)
        self.opening = Opening(self)
        self.data = DataOpening(self, self.opening)
        self.targets = Targets(self, self.opening)
        self.breakpoints = Breakpoints(self)
        self.navigation = Navigation(self, self.breakpoints)
        self.bookmarks = Bookmarks(self, self.navigation)
        self.cells = Cells(self)
        self.viewing = Viewing(self)
        self.folding = Folding(self)
        self.quiz = Quiz(self)
        self.trainer = Trainer(self, self.navigation, self.breakpoints)
        self.inferring = Inferring(self, self.trainer)
        self.writing = Writing(self, self.trainer)
        self.watches = Watches(self)
        self.measuring = Measuring(self)
        self.judging = Judging(self)
        self.judging_all = Judging(self, everything=True)
        self.weights = WeightFiles(self)
        self.guests = Guests(self)
        self.trainer.training_changed.connect(self.guests.stay)
        self.exporting: Mapping[str, object] | None = None
        """What was exported last, and how, as plain data: it is saved with the session."""
        self.saving = Saving(self)
