"""Type an input number by number, and its target."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from core.options import OptionError
from core.visiting import input_of, sample_of
from viz_app.frame.frame import Frame
from viz_app.panels.own_input.form import SampleForm, described
from viz_app.panels.own_input.naming import untypable
from viz_app.panels.own_input.page import InputPage
from viz_app.widgets.fields.pasted import pasted_cells

_TITLE = "Typed numbers"
_BESIDE = 40
"""The room that margins and a bar to scroll with take of the width, in pixels."""


class NumbersPage(InputPage):
    """A field for every input and every target, which begin with those of the sample that is shown.

    Every number that is finished enters the network, together with all that stand beside it.
    """

    title = "&Numbers"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._iteration, self._em = 0, 13.0
        self._touched = self._stale = False
        self._shown: Guest | None = None
        self.form: SampleForm | None = None
        self.step = _button("Run on the numbers", "Let the network be run on them, whatever it is run on now")
        self.begin = _button("As the sample", "Begin again with the numbers of the sample that is shown")
        self.paste = _button("Paste numbers", "Fill the fields from a row or a column copied in a spreadsheet (Ctrl+V)")
        self.reason = QLabel(wordWrap=True)
        self.reason.setObjectName("reason")
        self._area = QScrollArea()
        self._lay_out()
        self.step.clicked.connect(self._request)
        self.begin.clicked.connect(self._begin_again)
        self.paste.clicked.connect(self._paste)

    def unfit(self, experiment: Experiment) -> str:
        """Only a few numbers are typed."""
        return untypable(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what is open; numbers that were typed stay where they still have a place."""
        self._experiment = experiment
        if self.form is not None and self.form.about != described(experiment):
            self._touched = False
        self._follow()

    def show_frame(self, frame: Frame) -> None:
        """Follow the sample that is shown, until a person has typed."""
        if frame.cursor.iteration != self._iteration:
            self._iteration = frame.cursor.iteration
            self._follow()

    def show_guest(self, guest: Guest | None) -> None:
        """Follow an input of one's own that has come another way."""
        before, self._shown = self._shown, guest
        if guest is not None and before is not None and guest.inputs is before.inputs and self.form is not None:
            self.form.show_target(guest.target)  # it was given a label, or none, elsewhere
        elif guest is not before:
            self._follow()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        if self.form is not None:
            self.form.set_em(em)
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stale = True
        self._catch_up()
        if self.form is not None and not event.spontaneous():
            self.form.inputs.fields[0].setFocus()
            self.form.inputs.fields[0].selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.form is not None:
            self.form.fit(self.width() - _BESIDE)

    def _follow(self) -> None:
        self._stale = True
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        """Make the fields that the network needs; unless a person has typed, they show the sample that is shown."""
        if not self._stale or self._experiment is None:
            return
        self._stale = False
        if self.form is None or self.form.about != described(self._experiment):
            self.form = SampleForm(self._experiment, self._em)
            self.form.changed.connect(self._change)
            self.form.refused.connect(self.reason.setText)
            self._area.setWidget(self.form)
        self._fit()
        if not self._touched:
            self.form.show_sample(self._shown or self._sample)
            self.reason.setText("")
        self._draft()

    def _draft(self) -> None:
        if self.form is not None:
            self.drafted.emit(Guest(self.form.inputs.numbers, self.form.target, _TITLE))

    @property
    def _sample(self) -> Guest:
        """The first sample of the iteration that is shown, exactly as the data have it."""
        assert self._experiment is not None
        experiment, iteration = self._experiment, self._iteration
        dataset, entry = experiment.dataset_at(iteration), input_of(experiment.program)
        if dataset is not None:
            return sample_of(dataset, experiment.samples(iteration)[0])
        assert entry is not None
        return Guest(experiment.batch(iteration)[entry.key][0])

    def _begin_again(self) -> None:
        self._touched = False
        if self.form is not None:
            self.form.show_sample(self._sample)
            self.reason.setText("")
            self._draft()

    def _paste(self) -> None:
        cells = pasted_cells(QGuiApplication.clipboard().text())
        if not cells:
            self.reason.setText("Expected a row of numbers in the clipboard; there is no text in it.")
        elif self.form is not None:
            self.form.paste(cells)

    def _change(self) -> None:
        self._touched = True
        self._request()

    def _request(self) -> None:
        """Let the network be run on the numbers, where they fit together; else say why they do not."""
        experiment, form = self._experiment, self.form
        if experiment is None or form is None:
            return
        guest = Guest(form.inputs.numbers, form.target, _TITLE)
        try:
            experiment.admitted(self._iteration, guest)
        except OptionError as error:
            form.blame(str(error))
            self.reason.setText(str(error))
            return
        form.blame("")
        self.reason.setText(form.unread)
        self._shown = guest
        self.drafted.emit(guest)
        self.guest_requested.emit(guest)

    def _lay_out(self) -> None:
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        for button in (self.step, self.paste, self.begin):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(10)
        column.addWidget(self._area, 1)
        column.addWidget(self.reason)
        column.addLayout(buttons)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text, autoDefault=False)
    button.setToolTip(tip)
    return button
