"""The playground: what the network makes of the plane, live, and points that are added, moved and removed."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.data.toy import Point, Points, points_in
from core.experiment import Experiment
from core.presets.changes import Refusal
from core.presets.playground import PlaygroundSettings
from viz_app.frame.frame import Frame
from viz_app.frame.told.boundary import Plane, answer_at, plane_of, points_of
from viz_app.frame.words.numbers import number, numbers
from viz_app.frame.words.writing import current_writing
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone
from viz_app.picture.plane import Scene
from viz_app.widgets.plane import PlaneView
from viz_app.widgets.texts.line import Line

_HINTS = {
    False: (
        "Click: a point, orange; right button: blue. Drag a point to move it; Delete, or dragging it out, removes it.",
        "Click adds a point, right button a blue one; drag moves it.",
        "Click adds a point; drag moves it.",
    ),
    True: (
        "Click: a point at 1; right button: −1. Drag a point to move it; Delete, or dragging it out, removes it.",
        "Click adds a point at 1, right button at −1; drag moves it.",
        "Click adds a point; drag moves it.",
    ),
}
"""What can be done with the mouse, and shorter forms of it: for classes, and for heights."""


class PlaygroundPanel(QWidget):
    """Draw the plane and the neurons of a frame; shown only where the samples are points of the plane."""

    settings_requested = Signal(object)
    """A dict of the fields of ``PlaygroundSettings`` that change."""
    options_requested = Signal(object)
    """A dict of the options that change."""
    neuron_opened = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._settings: PlaygroundSettings | None = None
        self._frame: Frame | None = None
        self._plane: Plane | None = None
        self._place: tuple[float, float] | None = None
        self._sample: int | None = None
        self._reason = ""
        self.view = PlaneView(self)
        self._line = Line(margin=10)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self._line)
        self.view.point_added.connect(self._add)
        self.view.point_moved.connect(self._move)
        self.view.point_removed.connect(self._remove)
        self.view.neuron_opened.connect(self.neuron_opened)
        self.view.place_hovered.connect(self._hover)
        self.hide()

    @property
    def line(self) -> str:
        """What the line below the picture says: why something is refused, else of the place under the mouse."""
        return self._line.text

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the points of an experiment, if it is a playground."""
        settings = experiment.settings if isinstance(experiment.settings, PlaygroundSettings) else None
        before = self._experiment.dataset if self._experiment and self._settings else None
        if settings is None or before is None or len(before) != len(experiment.dataset or ()):
            self.view.let_go()
        if self._plane is not None and self._plane.network is not experiment.network:
            self._plane = None
        self._experiment, self._settings, self._frame = experiment, settings, None
        self.setVisible(settings is not None)
        self._say()

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame."""
        self._frame = frame
        if self._settings is not None and self.isVisible():
            self._draw()

    def show_refusals(self, refusals: Mapping[str, Refusal]) -> None:
        """Say why points could not be changed so."""
        self._reason = refusals["points"].reason if "points" in refusals else ""
        self._say()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.view.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self.view.set_em(em)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._settings is not None and self._frame is not None:
            self._draw()

    def _draw(self) -> None:
        experiment, frame = self._experiment, self._frame
        assert experiment is not None
        assert experiment.network is not None
        assert frame is not None
        self._plane = plane_of(experiment.network, frame.parameters, self._plane)
        samples = experiment.samples(frame.cursor.iteration)
        self.view.show_scene(
            Scene(
                self._plane,
                points_of(experiment, frame.cursor.iteration, frame.guest),
                experiment.dataset.class_names or () if experiment.dataset else (),
                step=frame.step.output.key,
                tone=Tone(frame.phase.value),
                row=min(frame.options.sample, len(samples) - 1),
                guest=_own_point(experiment, frame),
            )
        )
        self._say()

    def _hover(self, place: tuple[float, float] | None, sample: int | None) -> None:
        self._place, self._sample = place, sample
        self._say()

    def _say(self) -> None:
        """Say why something was refused, or what the network answers at the mouse, or what the mouse can do."""
        if self._reason:
            self._line.set_text(self._reason)
        elif self._place is not None and self._plane is not None:
            self._line.set_text(*self._reading(self._plane, self._place))
        elif self._settings is not None:
            self._line.set_text(*_HINTS[self._settings.graded])

    def _reading(self, plane: Plane, place: tuple[float, float]) -> tuple[str, ...]:
        """Return what the network answers at a place, after the number of the sample that is there; and shorter."""
        answers = answer_at(plane.network, plane.parameters, place)
        where = numbers([round(one, 2) for one in place])
        names = self._experiment.dataset.class_names if self._experiment and self._experiment.dataset else None
        said = number(answers[0])
        if names is not None:
            said = current_writing().between.join(
                f"{name} {number(one, 3)}" for name, one in zip(names, answers, strict=True)
            )
        forms = f"x₁, x₂ = {where}: {said}", f"{where}: {said}"
        return (f"Sample {self._sample} at {where}: {said}", *forms) if self._sample is not None else forms

    # What the mouse asks for

    def _add(self, x1: float, x2: float, second: bool) -> None:
        """Ask for another point behind those that are trained on."""
        assert self._experiment is not None
        assert self._settings is not None
        points, place = self._points, self._experiment.trained_on.stop
        target = 1.0 if second else -1.0 if self._settings.graded else 0.0
        self._ask((*points[:place], (x1, x2, target), *points[place:]))
        if not self._reason:
            self.view.select(place)

    def _move(self, sample: int, x1: float, x2: float) -> None:
        points = list(self._points)
        points[sample] = (x1, x2, points[sample][2])
        self._ask(tuple(points))

    def _remove(self, sample: int) -> None:
        """Ask for the points without one; where it was held back, one less is."""
        assert self._experiment is not None
        points = self._points
        if sample in self._experiment.held_back:
            self.options_requested.emit({"held_back": len(self._experiment.held_back) - 1})
        self._ask((*points[:sample], *points[sample + 1 :]))

    @property
    def _points(self) -> Points:
        """The points that are shown."""
        dataset = self._experiment.dataset_at(self._iteration) if self._experiment else None
        return points_in(dataset) if dataset else ()

    @property
    def _iteration(self) -> int:
        return self._frame.cursor.iteration if self._frame else 0

    def _ask(self, points: Points) -> None:
        self.settings_requested.emit({"points": points})


def _own_point(experiment: Experiment, frame: Frame) -> Point | None:
    """Return the point that comes first and is none of the data's, with the height that it asks for, or 0."""
    guest = frame.guest or experiment.guest_at(frame.cursor.iteration)
    if guest is None or guest.sample is not None:
        return None
    x1, x2 = guest.inputs.tolist()
    if guest.target is None:
        return x1, x2, 0.0
    return x1, x2, float(guest.target[0] if len(guest.target) == 1 else guest.target[1] - guest.target[0])
