"""The dialog that exports: what, as which format, how large and in which colours, with a preview."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.run.trace import Cursor
from core.values import Phase
from viz_app.export.formats import all_formats, format_named
from viz_app.export.formats.base import ExportError, Format
from viz_app.export.job import Job
from viz_app.export.look import Look, Timing, em_of
from viz_app.export.raster import render_image
from viz_app.export.runner import Runner, reason
from viz_app.frame.place import Place
from viz_app.frame.walking import walk_inside
from viz_app.paint.theme import THEMES
from viz_app.picture.stages import arrange
from viz_app.session.session import Session
from viz_app.widgets.number_field import NumberField
from viz_app.widgets.reading import Bounds
from viz_app.window.dialogs import ask_export, may_replace

_THIS, _ALL, _SOME = "this", "all", "some"
_SIZES = (
    ("1920 × 1080 (16:9)", (1920, 1080)),
    ("3840 × 2160 (16:9)", (3840, 2160)),
    ("1280 × 720 (16:9)", (1280, 720)),
    ("1600 × 1200 (4:3)", (1600, 1200)),
    ("1240 × 877 (A4, across)", (1240, 877)),
    ("1080 × 1920 (upright)", (1080, 1920)),
)
_PREVIEW = QSize(480, 360)
_MOST_CELLS = 10_000
_LONGEST_S = 600.0


class ExportDialog(QDialog):
    """Ask what is exported, and write it.

    Parameters
    ----------
    session : Session
        What is open, and the place in it.
    theme_name : str
        The colours that it begins with.
    parent : QWidget
        The main window, which waits meanwhile.
    """

    done_writing = Signal(str)
    """What has been written, in a sentence."""

    def __init__(self, session: Session, theme_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Export")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._formats, self._range, self._sizes, self._themes = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        last = len(session.stepped.program.steps) - 1
        self._first = NumberField(Bounds(0, last, whole=True), "First step")
        self._last = NumberField(Bounds(0, last, whole=True), "Last step")
        self._cells = NumberField(
            Bounds(0, _MOST_CELLS, whole=True), "Cells inside each step, 0 for the step as a whole"
        )
        self._clear = QCheckBox("Leave out the ground")
        self._step_s = NumberField(Bounds(0.01, _LONGEST_S), "Seconds of each step")
        self._cell_s = NumberField(Bounds(0.01, _LONGEST_S), "Seconds of each cell")
        self._hold_s = NumberField(Bounds(0.0, _LONGEST_S), "Seconds that the last picture stays longer")
        self._preview, self._said = QLabel(), QLabel()
        self._bar = QProgressBar()
        self._export = QPushButton("&Export…")
        self._close = QPushButton("Close")
        self._runner = Runner(self)
        self._form = QFormLayout()
        self._fill(theme_name)
        self._lay_out()
        self._wire()
        self._show_choice()

    def _fill(self, theme_name: str) -> None:
        """Offer what there is, and choose what it begins with."""
        for one in all_formats():
            self._formats.addItem(f"{one.title} ({one.endings[0]})", one.name)
        self._range.addItem("This picture", _THIS)
        self._range.addItem("All steps of the iteration", _ALL)
        phases = {step.phase for step in self._session.stepped.program.steps}
        for phase in (phase for phase in Phase if phase in phases):
            self._range.addItem(f"The {phase.value} steps", phase.value)
        self._range.addItem("Some steps", _SOME)
        for text, size in _SIZES:
            self._sizes.addItem(text, size)
        for name in THEMES:
            self._themes.addItem(name.capitalize(), name)
        self._themes.setCurrentIndex(self._themes.findData(theme_name))
        self._first.setValue(self._session.place.step)
        self._last.setValue(self._session.place.step)
        timing = Timing()
        for field, seconds in ((self._step_s, timing.step), (self._cell_s, timing.cell), (self._hold_s, timing.hold)):
            field.setValue(seconds)

    def _lay_out(self) -> None:
        steps = QWidget()
        pair = QHBoxLayout(steps)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.addWidget(self._first)
        pair.addWidget(QLabel("to"))
        pair.addWidget(self._last)
        self._steps = steps
        rows: Sequence[tuple[str, QWidget]] = (
            ("&Format", self._formats),
            ("&What", self._range),
            ("Steps", steps),
            ("&Cells inside each step", self._cells),
            ("&Size", self._sizes),
            ("C&olours", self._themes),
            ("", self._clear),
            ("Seconds of each step", self._step_s),
            ("Seconds of each cell", self._cell_s),
            ("Seconds more at the end", self._hold_s),
        )
        for text, widget in rows:
            self._form.addRow(text, widget)
        self._preview.setFixedSize(_PREVIEW)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setAccessibleName("Preview")
        self._said.setWordWrap(True)
        self._bar.hide()
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addLayout(self._form, 1)
        above.addWidget(self._preview)
        for button in (self._export, self._close):
            button.setAutoDefault(False)
        below.addWidget(self._bar, 1)
        below.addStretch(1)
        below.addWidget(self._export)
        below.addWidget(self._close)
        column = QVBoxLayout(self)
        for part in (above, below):
            column.addLayout(part)
        column.insertWidget(1, self._said)
        self._export.setDefault(True)

    def _wire(self) -> None:
        for box in (self._formats, self._range, self._sizes, self._themes):
            box.currentIndexChanged.connect(self._show_choice)
        self._cells.valueChanged.connect(self._show_choice)
        self._first.valueChanged.connect(self._show_choice)
        self._last.valueChanged.connect(self._show_choice)
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
        return format_named(self._formats.currentData())

    @property
    def look(self) -> Look:
        """How pictures will look."""
        clear = self._clear.isChecked() and self.format.transparent
        return Look(tuple(self._sizes.currentData()), self._themes.currentData(), transparent=clear)

    def places(self) -> list[Place]:
        """Return the places that will be exported."""
        here, program = self._session.place, self._session.stepped.program
        what = self._range.currentData()
        if what == _THIS and not self._cells.value():
            return [here]
        first, last = sorted((int(self._first.value()), int(self._last.value())))
        wanted = {_THIS: range(here.step, here.step + 1), _SOME: range(first, last + 1)}.get(what)
        steps = (
            [step.number for step in program.steps if what in (_ALL, step.phase.value)] if wanted is None else wanted
        )
        most = int(self._cells.value())
        cursors = [one for step in steps for one in (walk_inside(program, step, most) if most else [Cursor(0, step)])]
        return [here.at(Cursor(here.iteration, one.step, one.cell)) for one in cursors]

    def reject(self) -> None:
        """Give up what is being written; where nothing is, close."""
        if self._runner.running:
            self._runner.cancel()
            self._show_idle("The export was cancelled; nothing half-written is left.")
        else:
            super().reject()

    def _show_choice(self) -> None:
        """Show which settings count for what is chosen, and how it will look."""
        chosen, cells = self.format, bool(self._cells.value())
        self._form.setRowVisible(self._steps, self._range.currentData() == _SOME)
        self._form.setRowVisible(self._clear, chosen.transparent)
        for field in (self._step_s, self._hold_s):
            self._form.setRowVisible(field, chosen.timed)
        self._form.setRowVisible(self._cell_s, chosen.timed and cells)
        self._said.setText("")
        self._show_preview()

    def _show_preview(self) -> None:
        look, ratio = self.look, self.devicePixelRatioF()
        room = _PREVIEW * ratio
        share = min(room.width() / look.size[0], room.height() / look.size[1])
        picture = arrange(self._session.frame, *look.size, em_of(look.size))
        image = render_image(picture, look.theme, (round(look.size[0] * share), round(look.size[1] * share)))
        image.setDevicePixelRatio(ratio)
        self._preview.setPixmap(QPixmap.fromImage(image))

    def _ask_and_export(self) -> None:
        """Ask where to, check it, and begin."""
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
        self._said.setText(said or "")
        self._export.setEnabled(False)
        self._close.setText("Cancel")
        self._bar.show()
        self._runner.start(job)

    def _job(self, chosen: Format, path: Path, places: list[Place]) -> Job | None:
        """Return what is to be written; ``None`` where files are there already and are to stay."""
        timing = Timing(float(self._step_s.value()), float(self._cell_s.value()), float(self._hold_s.value()))
        title = self._session.experiment.preset
        job = Job(title, self._session.stepped, places, chosen, path, self.look, timing, overwrite=not path.is_dir())
        there = [one for one in job.paths if one.exists()] if path.is_dir() else []
        if not there:
            return job
        if not may_replace(self, "Export", there):
            return None
        return Job(title, self._session.stepped, places, chosen, path, self.look, timing, overwrite=True)

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
