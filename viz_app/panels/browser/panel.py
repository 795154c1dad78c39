"""Browse the samples of the data that are open."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from core.data.dataset import Dataset
from core.experiment import Experiment
from core.values import Array
from viz_app.frame.frame import Frame
from viz_app.frame.told.browsing import Browsed, Verdict, Wanted, guesses_of, whole
from viz_app.frame.told.judgement import Judgement, why_not
from viz_app.paint.theme import LIGHT, Theme
from viz_app.paint.thumbnails import Thumbnails

if TYPE_CHECKING:
    from viz_app.panels.browser.form import BrowserForm

_NO_SAMPLE = -1
"""Stands for a guest that is no sample of the data."""


class BrowserPanel(QWidget):
    """Show samples in a grid, those that are wanted; whatever is asked of one goes up as a signal."""

    look_requested = Signal(int)
    """The iteration that is shown should take a sample first."""
    start_requested = Signal(int)
    """Iteration 0 should begin with a sample."""
    target_requested = Signal(int, object)
    """A sample should have another target, ndarray of shape (k,)."""
    undo_requested = Signal(object)
    """The samples that should have the targets again that they came with."""
    wanted_changed = Signal(bool)
    """Whether somebody asks what the network is wrong about."""
    open_requested = Signal()
    paste_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._browsed: Browsed | None = None
        self._form: BrowserForm | None = None
        self._thumbnails: Thumbnails | None = None
        self._frame: Frame | None = None
        self._judged_at = -1
        self._originals: Mapping[int, Array] = {}
        self._theme, self._em = LIGHT, 13.0

    @property
    def form(self) -> "BrowserForm":
        """What is shown; it is made when the panel is first shown."""
        if self._form is None:
            self._form = self._make_form()
        return self._form

    @property
    def browsed(self) -> Browsed | None:
        """The data as they are browsed; ``None`` where there are none."""
        return self._browsed

    @property
    def busy(self) -> bool:
        """Whether thumbnails that are in view are still to be painted."""
        return self._form is not None and self.isVisible() and not self._form.grid.complete

    # What comes down

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what is open; other data are shown from their beginning, with all samples."""
        self._experiment = experiment
        if self.isVisible():
            self._catch_up()

    def show_frame(self, frame: Frame) -> None:
        """Mark the samples of the iteration that is shown; what was judged in another one is no more."""
        self._frame = frame
        if self.isVisible():
            self._mark()

    def show_judgement(self, judgement: Judgement) -> None:
        """Take what the network answers to every sample."""
        if self._browsed is None:
            return
        guesses = guesses_of(judgement.evaluation, len(self._browsed.dataset))
        self._browsed, self._judged_at = replace(self._browsed, guesses=guesses), judgement.iteration
        if self.isVisible():
            self._draw()

    def show_progress(self, done: int, count: int) -> None:
        """Tell how many samples have been judged."""
        if self._form is not None:
            self.form.status.set_text(f"Judging the network: {done:,} of {count:,} samples.", f"{done:,} of {count:,}")

    def forget(self) -> None:
        """Forget what was judged."""
        if self._browsed is not None:
            self._browsed, self._judged_at = replace(self._browsed, guesses=None), -1
            if self.isVisible():
                self._draw()

    def show_originals(self, originals: Mapping[int, Array]) -> None:
        """Mark the samples whose targets have been changed; their own are told."""
        self._originals = dict(originals)
        if self._browsed is not None:
            self._browsed = replace(self._browsed, originals=self._originals)
            if self.isVisible():
                self._draw()

    def say(self, text: str) -> None:
        """Say something below the samples."""
        if self._form is not None:
            self.form.status.set_text(text)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._form is not None:
            self.form.set_theme(theme)
            self._show_thumbnails()
            self._draw()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        if self._form is not None:
            self.form.set_em(em)

    def choose(self, sample: int) -> None:
        """Scroll to a sample and make it the current one; one that is not wanted is said to be so."""
        if self.form.grid.choose(sample, middle=True):
            self._draw_status()
        else:
            self.say(f"Sample {sample:,} is not among those that are chosen above.")

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        if not event.spontaneous():
            self.form.grid.setFocus()
        self._tell_wanted()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.wanted_changed.emit(False)

    # How it is drawn

    def _make_form(self) -> "BrowserForm":
        from viz_app.panels.browser.form import BrowserForm, boxes  # late: the start of the window does not wait for it

        form = BrowserForm(self)
        form.set_theme(self._theme)
        form.set_em(self._em)
        form.grid.current_changed.connect(self._show_current)
        form.grid.sample_opened.connect(self.look_requested)
        form.detail.look_requested.connect(self.look_requested)
        form.detail.start_requested.connect(self.start_requested)
        form.detail.target_requested.connect(self.target_requested)
        form.detail.undo_requested.connect(self._ask_undo)
        form.detail.refused.connect(self.say)
        for box in boxes(form):
            box.activated.connect(self._filter)
        form.number.valueChanged.connect(self.choose)
        form.number.refused.connect(self.say)
        form.open_data.clicked.connect(self.open_requested)
        form.paste.clicked.connect(self.paste_requested)
        form.undo.clicked.connect(self._ask_undo_all)
        form.close_button.clicked.connect(self.close_requested)
        QShortcut(QKeySequence.StandardKey.Paste, self).activated.connect(self.paste_requested)
        QShortcut(QKeySequence("Ctrl+Z"), self).activated.connect(self._ask_undo_last)
        return form

    def _catch_up(self) -> None:
        """Show the data that are open now, where others were shown."""
        experiment = self._experiment
        before = self._browsed
        now = whole(experiment) if experiment is not None else None
        if now is not None and before is not None and _is_same_but_targets(before.dataset, now.dataset):
            kept = before.guesses if before.dataset is now.dataset else None
            self._browsed = replace(now, guesses=kept, originals=self._originals)
            if before.dataset is not now.dataset:
                self.form.list_classes(now.dataset)
        else:
            self._browsed = None if now is None else replace(now, originals=self._originals)
            self.form.show_data(None if now is None else now.dataset)
        self.form.verdicts.setEnabled(experiment is not None and not why_not(experiment))
        self.form.parts.setEnabled(experiment is not None and bool(experiment.held_back))
        if before is None or now is None or before.dataset is not now.dataset:
            self._judged_at = -1
            self._show_thumbnails()
        self._mark(always=True)

    def _show_thumbnails(self) -> None:
        self._thumbnails = None if self._browsed is None else Thumbnails(self._browsed.dataset, self._theme)
        self.form.grid.show_data(self._thumbnails)

    def _mark(self, *, always: bool = False) -> None:
        """Mark what the shown iteration takes, and forget what the network answered in another one."""
        experiment, frame, browsed = self._experiment, self._frame, self._browsed
        if experiment is None or browsed is None or frame is None:
            self._draw()
            return
        iteration = frame.cursor.iteration
        own = experiment.dataset_at(iteration) is browsed.dataset
        shown = _taken(experiment, frame) if own else ()
        stale = browsed.guesses is not None and self._judged_at != iteration
        if always or shown != browsed.shown or stale:
            self._browsed = replace(browsed, shown=shown, guesses=None if stale else browsed.guesses)
            self._draw()

    def _filter(self) -> None:
        self._tell_wanted()
        self._draw()
        self.form.grid.setFocus()

    def _draw(self) -> None:
        """Show the samples that are wanted; where the current one is not among them, the nearest is."""
        if self._form is None:
            return
        form, browsed = self.form, self._browsed
        samples = np.empty(0, np.intp) if browsed is None else browsed.chosen(form.wanted)
        form.grid.show_samples(browsed, samples)
        form.undo.setVisible(bool(self._originals))
        if form.grid.current is None and len(samples):
            first = browsed.shown[0] if browsed is not None and browsed.shown else 0
            place = min(int(np.searchsorted(samples, first)), len(samples) - 1)
            form.grid.choose(int(samples[place]), middle=True)
        self._show_current()

    def _show_current(self) -> None:
        form = self.form
        current = form.grid.current
        form.detail.show_sample(self._browsed, self._thumbnails, current)
        if current is not None:
            form.number.blockSignals(True)
            form.number.setValue(current)
            form.number.blockSignals(False)
        self._draw_status()

    def _draw_status(self) -> None:
        if self._browsed is None:
            self.say("")
            return
        wanted, count = self.form.wanted, len(self.form.grid.samples)
        if wanted.verdict is not Verdict.ANY and self._browsed.guesses is None:
            self.say("The network is being judged.")
        elif wanted == Wanted():
            self.say("Double click, or Return: the shown iteration takes the sample.")
        elif not count:
            self.say("No sample is so. Choose others above.")
        else:
            self.say(f"{count:,} of {len(self._browsed.dataset):,} samples.")

    # What goes up

    def _tell_wanted(self) -> None:
        self.wanted_changed.emit(self.form.wanted.verdict is not Verdict.ANY)

    def _ask_undo(self, sample: int) -> None:
        self.undo_requested.emit((sample,))

    def _ask_undo_all(self) -> None:
        self.undo_requested.emit(tuple(self._originals))

    def _ask_undo_last(self) -> None:
        if self._originals:
            self.undo_requested.emit(tuple(self._originals)[-1:])


def _taken(experiment: Experiment, frame: Frame) -> tuple[int, ...]:
    """Return the samples that the shown iteration takes; a guest that is none of them comes in place of the first."""
    iteration = frame.cursor.iteration
    guest = frame.guest if frame.guest is not None else experiment.guest_at(iteration)
    samples = experiment.samples_with(iteration, guest)
    return (_NO_SAMPLE, *samples[1:]) if guest is not None and guest.sample is None else samples


def _is_same_but_targets(before: Dataset, now: Dataset) -> bool:
    """Tell whether data have the same samples as before; their targets may be others."""
    return before.inputs is now.inputs and (before.labels is None) == (now.labels is None)
