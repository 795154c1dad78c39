"""Open data with a look at them first; nothing changes before they are taken."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from core.data.dataset import Dataset
from core.experiment import Experiment
from viz_app.frame.told.found import Found
from viz_app.frame.words.numbers import number
from viz_app.paint.theme import LIGHT, Theme

if TYPE_CHECKING:
    from viz_app.panels.data_offer.form import DataOfferForm

_HINT = (
    "Open a file or a folder, paste rows of a spreadsheet (Ctrl+V), or drop files here: IDX files, NumPy arrays "
    "(.npz, .npy), tables (.csv), and folders with a folder of images for each class."
)
_NOT_THERE = "There is something to see here once the data are downloaded."


class DataOfferPanel(QWidget):
    """Show what was found, let a person choose, and ask for it; whatever is asked for goes up as a signal."""

    files_requested = Signal()
    folder_requested = Signal()
    source_requested = Signal(object)
    """Data by name, or the path of what was dropped here."""
    paste_requested = Signal()
    answer_requested = Signal(str, object)
    """The field of ``Choices``, and its value."""
    download_requested = Signal()
    cancel_requested = Signal()
    take_requested = Signal(bool)
    """The data should be taken, with a network that is adapted to them or with the one that there is."""
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = Found()
        self._form: DataOfferForm | None = None
        self._theme, self._em = LIGHT, 13.0
        self.setAcceptDrops(True)

    @property
    def form(self) -> "DataOfferForm":
        """What is shown; it is made when the panel is first shown."""
        if self._form is None:
            self._form = self._make_form()
            self._draw()
        return self._form

    def show_experiment(self, experiment: Experiment) -> None:
        """Nothing here is of what is open but what ``show_found`` says of it."""

    def show_found(self, found: Found) -> None:
        """Show what is known of the data."""
        self._found = found
        if self._form is not None:
            self._draw()

    def show_progress(self, share: float | None, text: str) -> None:
        """Show how far the work is, from 0 to 1, and what is done."""
        if self._form is None:
            return
        self.form.progress.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.form.progress.setValue(round(1000 * share))
        self.form.doing.set_text(text)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._form is not None:
            self.form.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        if self._form is not None:
            self.form.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.form.files.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.source_requested.emit(Path(paths[0]))

    # How it is drawn

    def _make_form(self) -> "DataOfferForm":
        from viz_app.panels.data_offer.form import DataOfferForm  # late: the start of the window does not wait for it

        form = DataOfferForm(self)
        form.set_theme(self._theme)
        form.set_em(self._em)
        form.files.clicked.connect(self.files_requested)
        form.folder.clicked.connect(self.folder_requested)
        for button in form.names.values():
            button.clicked.connect(self._ask_name)
        form.questions.answered.connect(self.answer_requested)
        form.questions.refused.connect(self._say)
        form.download.clicked.connect(self.download_requested)
        form.cancel.clicked.connect(self.cancel_requested)
        form.take.clicked.connect(self._ask_take)
        form.copy_path.clicked.connect(self._copy_path)
        form.close_button.clicked.connect(self.close_requested)
        QShortcut(QKeySequence.StandardKey.Paste, self).activated.connect(self.paste_requested)
        return form

    def _draw(self) -> None:
        form, found = self.form, self._found
        offer, dataset = found.offer, found.dataset
        form.show_hint("" if offer is not None and not found.to_download else _NOT_THERE if offer else _HINT)
        for widget in (form.name, form.summary, form.source):
            widget.setVisible(offer is not None)
        for part in (form.preview, form.side):
            part.setVisible(offer is not None and not found.to_download)
        form.show_work(found.busy)
        form.take.setText("Adapt the network and take the data" if found.adapts else "Take the data")
        form.take.setEnabled(found.fit is not None and not found.busy)
        form.take.setVisible(offer is not None and not found.to_download)
        form.download.setVisible(bool(found.to_download))
        form.download.setEnabled(not found.busy)
        form.download.setText("Try again" if found.problem and found.to_download else "Download")
        self._say(found.problem)
        form.fit.setText(_fit_text(found))
        form.show_path(offer.source if offer is not None and found.to_download and found.problem else "")
        form.notes.setText("\n".join(offer.notes) if offer else "")
        form.notes.setVisible(bool(form.notes.text()))
        if offer is None:
            return
        form.name.setText(f"{offer.name} · {offer.kind.value}")
        form.summary.setText(offer.summary)
        told = " · ".join(part for part in (offer.licence, offer.attribution, offer.source) if part)
        form.source.set_text(told)
        form.source.setToolTip(told)
        form.preview.show_data(offer, dataset)
        form.questions.show_questions(offer.questions)
        names = tuple(dataset.class_name(n) for n in range(len(found.counts))) if dataset is not None else ()
        form.show_bars(names, found.counts if dataset is not None else ())
        read = () if dataset is None else (*dataset.reading, normalised_text(dataset), found.targets)
        form.numbers.setText("\n".join(line for line in read if line))
        form.numbers.setVisible(bool(form.numbers.text()))

    def say(self, text: str) -> None:
        """Say something, where it is not asked what was found."""
        if self._form is not None:
            self._say(text)

    def _say(self, text: str) -> None:
        self.form.problem.setText(text)
        self.form.problem.setVisible(bool(text))

    # What goes up

    def _ask_name(self) -> None:
        self.source_requested.emit(self.sender().property("key"))

    def _ask_take(self) -> None:
        self.take_requested.emit(self._found.adapts)

    def _copy_path(self) -> None:
        QGuiApplication.clipboard().setText(self.form.path.text())


def normalised_text(dataset: Dataset) -> str:
    """Return by which numbers the samples are normalised; nothing where they are not."""
    found = dataset.normalisation
    if found is None:
        return ""
    mean, deviation = found.mean, found.deviation
    if mean.ndim == 0:
        return f"Mean {number(float(mean))}, standard deviation {number(float(deviation))}."
    ends = (number(float(value)) for value in (mean.min(), mean.max(), deviation.min(), deviation.max()))
    return "Means from {} to {}, standard deviations from {} to {}.".format(*ends)


def _fit_text(found: Found) -> str:
    """Say whether the network takes the data, and what would change."""
    if found.misfit:
        return found.misfit
    if found.fit is None:
        return ""
    if not found.fit.changes:
        return "The network takes these data as it is; the run goes on with them."
    return " ".join(found.fit.changes)
