"""The quiz in the window: what its keys do, and the panels that would tell what it covers."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from viz_app.frame.frame import Frame
from viz_app.frame.quiz.covering import Extent
from viz_app.panels.browser import BrowserPanel
from viz_app.panels.guest import GuestPanel
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.answer import AnswerColumn
from viz_app.panels.training.confusion import ConfusionPanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.panels.training.layer_stats import LayerStatsPanel
from viz_app.panels.training.watch import WatchPanel
from viz_app.widgets.pictures.curtain import Curtain
from viz_app.window.parts import Parts

CURTAINED: tuple[type[QWidget], ...] = (
    CurvesPanel,
    LayerStatsPanel,
    ConfusionPanel,
    WatchPanel,
    GuestPanel,
    OwnInputPanel,
    BrowserPanel,
)
"""The panels that show numbers of the run that are in no frame: a covered number might be among them."""
_WHY = "Covered while the quiz asks: reveal the result to see this."


class Quizzing(QObject):
    """The commands of the quiz.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._quiz = parts, parts.session.quiz
        self._curtains: list[Curtain] = []

    def show_frame(self, frame: Frame) -> None:
        """Draw the curtains while anything is covered."""
        covers = frame.question is not None and frame.question.covers
        if covers and not self._curtains:
            panels = [self._parts.panels[kind] for kind in CURTAINED]
            self._curtains = [Curtain(part, _WHY) for panel in panels for part in telling(panel)]
        for curtain in self._curtains:
            if curtain.drawn is not covers:
                curtain.draw(covers)
        actions = self._parts.actions
        actions["quiz"].setChecked(frame.question is not None)
        actions["reveal"].setEnabled(covers)
        actions["answer"].setEnabled(frame.question is not None and frame.question.asks)

    def toggle(self) -> None:
        """Begin a quiz, or end it."""
        self._quiz.set_on(not self._quiz.on)

    def end(self) -> None:
        """End the quiz."""
        self._quiz.set_on(False)

    def choose_extent(self, action: QAction) -> None:
        """Cover what an entry of the menu stands for."""
        self.set_extent(Extent(action.data()))

    def set_extent(self, extent: Extent) -> None:
        """Cover the whole result, or the cell that is asked for."""
        self._quiz.set_extent(extent)
        self._parts.actions.choose("extent", extent.value)


def telling(panel: QWidget) -> list[QWidget]:
    """Return what of a panel tells numbers of the run: of the own input the answer alone, so that it can be drawn."""
    return [*panel.findChildren(AnswerColumn)] or [panel]
