"""The curves of a run: the loss of every batch, loss and accuracy of every epoch, and those of earlier runs."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from core.experiment import Experiment
from core.program import Program
from core.run.record import Judged, Series
from viz_app.frame.frame import Frame
from viz_app.frame.words.numbers import number, percent
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.curves.curve_lines import CurveLine, Stroke
from viz_app.widgets.curves.losses import SMOOTHED, Edge, Flags, loss_curve
from viz_app.widgets.curves.plot import CurvePlot
from viz_app.widgets.curves.runs import CurvesOf, Runs, about
from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds

_WHAT = "Loss of the batch before its update."
_WHY_EMPTY = (
    "The loss of every iteration appears here once it has been computed.",
    "While it trains, the accuracy is judged at the end of every epoch.",
)
_NO_LOSS = "Nothing is trained here, so there is no loss."
_NO_CLASSES = "The targets here are no classes, so there is no accuracy."
_CURVE = 6.5
"""The height, in lines, that words leave to the curve."""
_MARGIN, _SPACING = 12, 6
_MOST_SMOOTHED = 1000
_SMOOTHED_WIDTH = 64
_SIGNS = {Edge.NAN: "×", Edge.HIGH: "▲", Edge.LOW: "▼", Edge.ZERO: "▼"}
_LOSS, _ACCURACY = 0, 1
_KINDS = (Judged.TRAIN_LOSS, Judged.TEST_LOSS), (Judged.TRAIN_ACCURACY, Judged.TEST_ACCURACY)
_TONES = Tone.FORWARD, Tone.BACKWARD
_STROKES = Stroke.SOLID, Stroke.DASHED
_NAMES = "training data", "held back"


class CurvesPanel(QWidget):
    """Draw the losses of a frame and how good the network was, on a linear or a logarithmic axis; say what they are."""

    title = "Curves"
    plots = True
    """It takes the room that there is, and does not scroll."""
    iteration_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._program: Program | None = None
        self._frame: Frame | None = None
        self._current = CurvesOf(Series.of(()), {})
        self._runs = Runs()
        self._other = np.zeros(0, bool)
        self._forms: tuple[str, ...] = (_WHAT,)
        self._theme = LIGHT
        self.plot = CurvePlot()
        self._about, self._legend = _words("about"), _words("legend")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._kind = QComboBox()
        self._kind.addItems(["Loss", "Accuracy"])
        self._kind.setAccessibleName("Which curves")
        self._logarithmic = QCheckBox("log")
        self._logarithmic.setToolTip("Logarithmic axis")
        self._smoothed = narrow(NumberField(Bounds(1, _MOST_SMOOTHED, whole=True), "The line is the mean of so many"))
        self._smoothed.setValue(SMOOTHED)
        self._mean = QLabel("mean of")
        self._clear = QToolButton()
        self._clear.setText("×")
        self._clear.setToolTip("Forget the curves of earlier runs")
        for control in (self._kind, self._logarithmic, self._clear):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._kind.activated.connect(self._choose)
        self._logarithmic.toggled.connect(self._set_logarithmic)
        self._smoothed.valueChanged.connect(self._set_smoothed)
        self._clear.clicked.connect(self._forget_runs)
        self.plot.iteration_requested.connect(self.iteration_requested)

    @property
    def caption(self) -> str:
        """What the curve is said to be; where there is no room for all of it, the rest is a tip."""
        return self._forms[0]

    @property
    def drawn(self) -> Sequence[tuple[str, CurvesOf]]:
        """The runs that are drawn, the current one last, each with what it is called."""
        return self._runs.named(self._current)

    @property
    def other_samples(self) -> Flags:
        """Whether each loss of the current run is of other samples than the one before."""
        return self._other

    @property
    def logarithmic(self) -> bool:
        """Whether the axis of the loss is logarithmic."""
        return self._logarithmic.isChecked()

    @property
    def smoothed(self) -> int:
        """So many losses make a point of the line."""
        return int(self._smoothed.value())

    @property
    def runs(self) -> Sequence[str]:
        """What the runs that are drawn are called, the current one last."""
        return [name for name, _ in self.drawn]

    def show_experiment(self, experiment: Experiment) -> None:
        """Learn which samples the losses are of; the curves of the run that is left stay beside those of the new one.

        Those of another network go.
        """
        before, self._experiment = self._experiment, experiment
        self._other = np.zeros(0, bool)
        if before is not None and before.program is not experiment.program:
            if before.preset == experiment.preset:
                self._runs.keep(self._current)
            else:
                self._runs.clear()
            self._current = CurvesOf(Series.of(()), {})

    def show_frame(self, frame: Frame) -> None:
        """Draw the curves that are known."""
        self._frame = frame
        told = about(self._experiment) if self._experiment and self._program is not frame.program else None
        self._program = frame.program
        if self._current.losses != frame.losses or len(self._other) != len(frame.losses):
            self._other = self._other_samples(frame.losses)
        self._current = CurvesOf(frame.losses, frame.judged, told if told is not None else self._current.about)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.plot.set_theme(theme)
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._kind.sizeHint().width() + 2 * _MARGIN, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _draw(self) -> None:
        frame, kind = self._frame, self._kind.currentIndex()
        if frame is None:
            return
        trained = frame.program.loss is not None or frame.inference
        classes = self._experiment is not None and self._experiment.dataset is not None
        classes = classes and not self._experiment.dataset.regression  # type: ignore[union-attr]
        why = _WHY_EMPTY[kind] if classes or kind == _LOSS else _NO_CLASSES
        self.plot.say_why_empty(why if trained else _NO_LOSS)
        self._kind.setEnabled(trained)
        losses, other = (frame.losses, self._other) if kind == _LOSS else (Series.of(()), np.zeros(0, bool))
        self.plot.show_losses(losses, frame.cursor.iteration, other, self._lines(kind))
        self._tell()

    def _lines(self, kind: int) -> tuple[CurveLine, ...]:
        """Return the lines beside the losses: those of earlier runs, and how good this one was."""
        lines = []
        for place, (_, run) in enumerate(self._runs.named(self._current)[:-1], 1):
            whole = _smooth(run.losses) if kind == _LOSS else _last_known(run)
            lines.append(CurveLine(whole, Tone.MUTED, Stroke.THIN, f"{place}"))
        for judged, tone, stroke in zip(_KINDS[kind], _TONES, _STROKES, strict=True):
            series = self._current.judged.get(judged)
            if series is not None and len(series):
                lines.append(CurveLine(series, tone, stroke))
        return tuple(lines)

    def _make_room(self) -> None:
        """Say as much as leaves the curve its height; where nothing is drawn there is nothing to say of it."""
        drawn = not self.plot.empty
        line, width = self.fontMetrics(), max(self.width() - 2 * _MARGIN, 1)
        room = self.height() - _CURVE * line.height() - self._kind.sizeHint().height()
        self._logarithmic.setVisible(drawn and self._kind.currentIndex() == _LOSS)
        beside = width - self._kind.sizeHint().width() - self._logarithmic.sizeHint().width() - 4 * _SPACING
        self._clear.setVisible(len(self._runs) > 0)
        beside -= self._clear.sizeHint().width() if len(self._runs) else 0
        smooth = drawn and bool(self.plot.curve.other.any())
        self._smoothed.setVisible(smooth and beside >= _SMOOTHED_WIDTH)
        self._mean.setVisible(smooth and beside >= _SMOOTHED_WIDTH + _SPACING + self._mean.sizeHint().width())
        legend = self._legend.heightForWidth(width) if self._legend.text() else 0
        self._legend.setVisible(drawn and 0 < legend <= room + line.height())
        room -= legend
        box = QRect(0, 0, width, self.height())
        heights = {form: line.boundingRect(box, Qt.TextFlag.TextWordWrap, form).height() for form in self._forms}
        text = next((form for form in self._forms if heights[form] <= room), "")
        if text != self._about.text():
            self._about.setText(text)
        self._about.setVisible(drawn and bool(text))

    def _other_samples(self, losses: Series) -> Flags:
        """Return whether each loss is of other samples than the one before."""
        if self._experiment is None:
            return np.zeros(len(losses), bool)
        return self._experiment.take_other_samples(losses.iterations)

    def _choose(self, kind: int) -> None:
        self.plot.set_percent(kind == _ACCURACY)
        self.plot.set_logarithmic(kind == _LOSS and self._logarithmic.isChecked())
        self._draw()

    def _set_logarithmic(self, on: bool) -> None:
        self.plot.set_logarithmic(on)
        self._tell()

    def _set_smoothed(self, count: int) -> None:
        self.plot.set_smoothed(count)
        self._tell()

    def _forget_runs(self) -> None:
        self._runs.clear()
        self._draw()

    def _tell(self) -> None:
        """Say what a point is, what the lines are, and what the marks at the edge are."""
        curve, texts = self.plot.curve, [_WHAT]
        if self._kind.currentIndex() == _ACCURACY:
            texts = ["Share of samples whose class is found, at the end of every epoch."]
        elif curve.other.any():
            alone = self._experiment is not None and self._experiment.now.batch_size == 1
            texts.append(f"Each point: another {'sample' if alone else 'batch'}.")
            texts.append(f"Line: mean of up to {self._smoothed.value()}.")
        kinds = dict.fromkeys(edge for _, edge in curve.edges)
        texts += [f"{_SIGNS[edge]} is {edge.value}." for edge in kinds]
        self._forms = tuple(" ".join(texts[start:]) for start in range(len(texts)))
        self.plot.setToolTip("")
        self._about.setToolTip(self._forms[0])
        self._legend.setText(self._legend_text())
        self._make_room()

    def _legend_text(self) -> str:
        """Return what each line is, after a piece of it; nothing where there are only the losses of batches."""
        named, kind = self._runs.named(self._current), self._kind.currentIndex()
        entries = [(Tone.MUTED, f"{place} ―", name) for place, (name, _) in enumerate(named[:-1], 1)]
        if len(named) > 1:
            entries.append((Tone.LOSS if kind == _LOSS else Tone.FORWARD, "━", named[-1][0]))
        signs = "━■", "╍■"
        for judged, tone, sign, name in zip(_KINDS[kind], _TONES, signs, _NAMES, strict=True):
            series = self._current.judged.get(judged)
            if series is not None and len(series):
                last = float(series.numbers[-1])
                entries.append((tone, sign, f"{name} {percent(last, 1) if kind == _ACCURACY else number(last, 3)}"))
        marks = (
            f'<span style="color:{self._theme.tones[tone]}">{sign}</span>&nbsp;{name.replace(" ", "&nbsp;")}'
            for tone, sign, name in entries
        )
        return " &ensp; ".join(marks)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(_SPACING)
        header.addWidget(self._kind)
        header.addWidget(self._logarithmic)
        header.addStretch(1)
        header.addWidget(self._mean)
        header.addWidget(self._smoothed)
        header.addWidget(self._clear)
        self._smoothed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._smoothed.setFixedWidth(_SMOOTHED_WIDTH)
        layout = QGridLayout(self)
        layout.setContentsMargins(_MARGIN, 4, _MARGIN, 4)
        layout.setVerticalSpacing(2)
        layout.addLayout(header, 0, 0)
        layout.addWidget(self._legend, 1, 0)
        layout.addWidget(self._about, 2, 0)
        layout.addWidget(self.plot, 3, 0)
        layout.setRowStretch(3, 1)


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label


def _smooth(losses: Series) -> Series:
    """Return the means of losses that stand for them where their points are not drawn."""
    curve = loss_curve(losses, np.ones(len(losses), bool), logarithmic=False)
    return Series(curve.x.astype(np.int64), curve.mean)


def _last_known(run: CurvesOf) -> Series:
    """Return the accuracy on the samples held back, or where none were, on those trained on."""
    test = run.judged.get(Judged.TEST_ACCURACY, Series.of(()))
    return test if len(test) else run.judged.get(Judged.TRAIN_ACCURACY, Series.of(()))
