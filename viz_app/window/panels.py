"""The panels of the window, in one table: how each is made, and where it stands.

What a panel is given follows from what it can do, as the protocols here say: whoever has ``show_frame`` gets every
frame. A panel that asks for something has its signals connected in ``viz_app.window.wiring``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

from PySide6.QtWidgets import QWidget

from core.experiment import Experiment
from core.presets import PRESETS
from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.panels.browser import BrowserPanel
from viz_app.panels.data import DataPanel
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.panels.editor import EditorPanel
from viz_app.panels.guest import GuestPanel
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.kernel.panel import KernelPanel
from viz_app.panels.network import NetworkPanel
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.playground.panel import PlaygroundPanel
from viz_app.panels.playground.settings import PlaneSettingsPanel
from viz_app.panels.presenter import PresenterPanel
from viz_app.panels.quiz import QuizPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.confusion import ConfusionPanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.panels.training.layer_stats import LayerStatsPanel
from viz_app.panels.training.options import OptionsPanel
from viz_app.panels.training.watch import WatchPanel
from viz_app.panels.transport import TransportPanel
from viz_app.session.moving.player import SPEEDS
from viz_app.widgets.timeline.timeline import Timeline
from viz_app.window.docking.docks import DATA, INSPECTOR, LOSS, NETWORK, PLAYGROUND, PRESENTER, RUN, DockInfo


@runtime_checkable
class ShowsFrames(Protocol):
    """Whoever draws every frame."""

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame."""


@runtime_checkable
class PrefetchesFrames(Protocol):
    """Whoever can arrange a frame before it is shown."""

    def prefetch_frame(self, frame: Frame) -> None:
        """Arrange a frame that is likely to be shown next."""


@runtime_checkable
class ShowsExperiments(Protocol):
    """Whoever shows what is open."""

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what is open."""


@runtime_checkable
class Themed(Protocol):
    """Whoever has colours of its own."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""


@runtime_checkable
class Scaled(Protocol):
    """Whoever has text that the style sheet does not size."""

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""


@dataclass(frozen=True)
class PanelInfo:
    """A panel: how it is made, and the dock it stands in, below those before it.

    Without a dock it stands in the middle, or in a window of its own.
    """

    make: Callable[[], QWidget]
    dock: DockInfo | None = None


PANELS = (
    PanelInfo(StagePanel),
    PanelInfo(QuizPanel),
    PanelInfo(NetworkPanel, NETWORK),
    PanelInfo(GuestPanel, DATA),
    PanelInfo(partial(DataPanel, PRESETS), DATA),
    PanelInfo(KernelPanel, DATA),
    PanelInfo(PlaneSettingsPanel, DATA),
    PanelInfo(PresenterPanel, PRESENTER),
    PanelInfo(InspectorPanel, INSPECTOR),
    PanelInfo(PlaygroundPanel, PLAYGROUND),
    PanelInfo(partial(TransportPanel, SPEEDS), RUN),
    PanelInfo(Timeline, RUN),
    PanelInfo(CurvesPanel, LOSS),
    PanelInfo(LayerStatsPanel, LOSS),
    PanelInfo(ConfusionPanel, LOSS),
    PanelInfo(OptionsPanel, LOSS),
    PanelInfo(WatchPanel, LOSS),
    PanelInfo(EditorPanel),
    PanelInfo(OwnInputPanel),
    PanelInfo(BrowserPanel),
    PanelInfo(DataOfferPanel),
)

Panel = TypeVar("Panel", bound=QWidget)


class Panels:
    """The panels of one window, by their class.

    Parameters
    ----------
    table : sequence of PanelInfo
        What is made.
    """

    def __init__(self, table: Sequence[PanelInfo] = PANELS) -> None:
        self._made = [(info.dock, info.make()) for info in table]
        self._panels = {type(panel): panel for _, panel in self._made}

    def __getitem__(self, kind: type[Panel]) -> Panel:
        panel = self._panels[kind]
        assert isinstance(panel, kind)
        return panel

    def __iter__(self) -> Iterator[QWidget]:
        return iter(self._panels.values())

    @property
    def docked(self) -> Mapping[DockInfo, Sequence[QWidget]]:
        """The panels of each dock."""
        docked: dict[DockInfo, list[QWidget]] = {}
        for dock, panel in self._made:
            if dock is not None:
                docked.setdefault(dock, []).append(panel)
        return docked
