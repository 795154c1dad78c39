"""The dialog that exports: what, as which format, how large and how it looks, with a preview."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.wording import counted
from viz_app.export.chosen import Chosen
from viz_app.export.formats import all_formats, format_named
from viz_app.export.formats.base import ExportError, Format
from viz_app.export.job import Job
from viz_app.export.look import Timing
from viz_app.export.raster import render_image
from viz_app.export.runner import Runner, reason
from viz_app.frame.look import Look
from viz_app.frame.place import Place, resolve_place
from viz_app.paint.theme import theme_of
from viz_app.picture.page import arrange_page
from viz_app.session.session import Session
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds
from viz_app.window.dialogs import ask_export, may_replace
from viz_app.window.exporting.look_form import LookForm
from viz_app.window.exporting.places import PlacesForm

_PREVIEW = QSize(480, 360)
_DRAWN = 1920
"""The width that the preview is drawn with, in pixels, before it is made smaller."""
_LONGEST_S = 600.0
_RATES = 1, 120


class ExportDialog(QDialog):
    """Ask what is exported, and write it.

    Parameters
    ----------
    session : Session
        What is open, and the place in it.
    look : Look
        What it begins with.
    parent : QWidget
        The main window, which waits meanwhile.
    """

    done_writing = Signal(str)
    """What has been written, in a sentence."""
    look_used = Signal(object)
    """The ``Look`` that something is written with, to begin with the next time."""

    def __init__(self, session: Session, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Export")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.formats = QComboBox()
        begun = _begun(session, look)
        self.what, self.looks = PlacesForm(session), LookForm(begun.look)
        self._step_s = NumberField(Bounds(0.01, _LONGEST_S), "Seconds of each step")
        self._cell_s = NumberField(Bounds(0.01, _LONGEST_S), "Seconds of each cell")
        self._hold_s = NumberField(Bounds(0.0, _LONGEST_S), "Seconds that the last picture stays longer")
        self._rate = NumberField(Bounds(*_RATES, whole=True), "Pictures a second of a video")
        self._preview, self._said = QLabel(), QLabel()
        self._bar = QProgressBar()
        self._export = QPushButton("&Export…")
        self._close = QPushButton("Close")
        self._runner = Runner(self)
        self._tabs, self._times = QTabWidget(), QWidget()
        for one in all_formats():
            self.formats.addItem(f"{one.title[:1].upper()}{one.title[1:]} ({one.endings[0]})", one.name)
        timing = begun.timing
        for field, number in (
            (self._step_s, timing.step),
            (self._cell_s, timing.cell),
            (self._hold_s, timing.hold),
            (self._rate, timing.rate),
        ):
            field.setValue(number)
        self.formats.setCurrentIndex(self.formats.findData(begun.format))
        self.what.take(begun.choice)
        self._lay_out()
        self._wire()
        self._show_choice()

    def _lay_out(self) -> None:
        head, times = QFormLayout(), QFormLayout(self._times)
        head.addRow("&Format", self.formats)
        for text, widget in (
            ("Seconds of each step", self._step_s),
            ("Seconds of each cell", self._cell_s),
            ("Seconds more at the end", self._hold_s),
            ("Pictures a second", self._rate),
        ):
            times.addRow(text, widget)
        for title, page in (("What", self.what), ("Look", self.looks), ("Time", self._times)):
            self._tabs.addTab(page, title)
        self._preview.setFixedSize(_PREVIEW)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setAccessibleName("Preview")
        self._said.setWordWrap(True)
        self._bar.hide()
        left, right, above, below = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        left.addLayout(head)
        left.addWidget(self._tabs, 1)
        right.addWidget(self._preview)
        right.addWidget(self._said)
        right.addStretch(1)
        above.addLayout(left, 1)
        above.addLayout(right)
        for button in (self._export, self._close):
            button.setAutoDefault(False)
        below.addWidget(self._bar, 1)
        below.addStretch(1)
        below.addWidget(self._export)
        below.addWidget(self._close)
        column = QVBoxLayout(self)
        column.addLayout(above)
        column.addLayout(below)
        self._export.setDefault(True)

    def _wire(self) -> None:
        self.formats.currentIndexChanged.connect(self._show_choice)
        self.what.changed.connect(self._show_choice)
        self.looks.changed.connect(self._show_choice)
        for field in self.findChildren(NumberField):
            field.refused.connect(self._said.setText)
        self._export.clicked.connect(self._ask_and_export)
        self._close.clicked.connect(self.reject)
        self._runner.progressed.connect(self._show_progress)
        self._runner.finished.connect(self._finish)
        self._runner.failed.connect(self._fail)

    @property
    def format(self) -> Format:
        """The format that is chosen."""
        return format_named(self.formats.currentData())

    @property
    def look(self) -> Look:
        """How pictures will look."""
        look = self.looks.look
        return replace(look, transparent=look.transparent and self.format.transparent)

    @property
    def chosen(self) -> Chosen:
        """All that is chosen, as it is saved with the session."""
        return Chosen(self.format.name, self.look, self._timing, self.what.choice)

    @property
    def _timing(self) -> Timing:
        seconds = (float(field.value()) for field in (self._step_s, self._cell_s, self._hold_s))
        return Timing(*seconds, int(self._rate.value()))  # type: ignore[call-arg, arg-type]

    def places(self) -> list[Place]:
        """Return the places that will be exported."""
        return list(self.what.places())

    def reject(self) -> None:
        """Give up what is being written; where nothing is, close."""
        if self._runner.running:
            self._runner.cancel()
            self._show_idle("The export was cancelled; nothing half-written is left.")
        else:
            super().reject()

    def _show_choice(self) -> None:
        """Show which settings count for what is chosen, and how it will look."""
        chosen = self.format
        self.looks.show_transparent(chosen.transparent)
        self._tabs.setTabEnabled(self._tabs.indexOf(self._times), chosen.timed)
        self._cell_s.setEnabled(bool(self.what.cells.value()))
        problem = self._problem()
        self._export.setEnabled(problem is None)
        self._said.setText(problem or counted(self.what.count, "picture").capitalize() + ".")
        if problem is None:
            self._show_preview()

    def _problem(self) -> str | None:
        return self.looks.problem(vector=self.format.vector) or self.what.problem()

    def _show_preview(self) -> None:
        """Show the first of the pictures, of the iteration that is there."""
        session, look, ratio = self._session, self.look, self.devicePixelRatioF()
        first = next(self.what.places(), session.place)
        place = replace(first, iteration=session.place.iteration, options=look.view(first.options))
        picture = arrange_page(resolve_place(session.shown, place), *look.size, look.em).without_asides()
        room = _PREVIEW * ratio
        share = min(_DRAWN / look.size[0], 1.0)  # drawn large first: in a tiny picture cells have no room for numbers
        drawn = max(round(look.size[0] * share), 1), max(round(look.size[1] * share), 1)
        image = render_image(picture, theme_of(look), drawn)
        image = image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(ratio)
        self._preview.setPixmap(QPixmap.fromImage(image))

    def _ask_and_export(self) -> None:
        """Ask where to, check it, and begin."""
        if problem := self._problem():
            self._said.setText(problem)
            return
        chosen, places = self.format, self.places()
        folder = not chosen.in_one_file and len(places) > 1
        path = ask_export(self, self._session.experiment, self._session.frame, chosen, folder=folder)
        if path is None:
            return
        try:
            job = self._job(chosen, path, places)
            if job is None:
                return
            said = job.check()
        except (ExportError, OSError) as error:
            self._said.setText(reason(error))
            return
        self.look_used.emit(job.look)
        self._session.exporting = self.chosen.to_json()
        self._said.setText(said or "")
        self._export.setEnabled(False)
        self._close.setText("Cancel")
        self._bar.show()
        self._runner.start(job)

    def _job(self, chosen: Format, path: Path, places: list[Place]) -> Job | None:
        """Return what is to be written; ``None`` where files are there already and are to stay."""
        title, timing = self._session.experiment.preset, self._timing
        job = Job(title, self._session.shown, places, chosen, path, self.look, timing, overwrite=not path.is_dir())
        there = [one for one in job.paths if one.exists()] if path.is_dir() else []
        if not there:
            return job
        return replace(job, overwrite=True) if may_replace(self, "Export", there) else None

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _finish(self, said: str) -> None:
        self._show_idle(said)
        self.done_writing.emit(said)
        self.accept()

    def _fail(self, said: str) -> None:
        self._show_idle(said)

    def _show_idle(self, said: str) -> None:
        self._bar.hide()
        self._export.setEnabled(True)
        self._close.setText("Close")
        self._said.setText(said)


def _begun(session: Session, look: Look) -> Chosen:
    """Return what the dialog begins with: what the session has exported last, else a look."""
    if session.exporting is not None:
        with suppress(ValueError):  # it was saved with another version, or for other formats
            return Chosen.from_json(session.exporting)
    return Chosen(look=look)
