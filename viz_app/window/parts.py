"""What a window is made of."""

from dataclasses import dataclass, replace

from PySide6.QtWidgets import QMainWindow

from viz_app.panels.own_input import OwnInputPanel
from viz_app.saved.own import Own
from viz_app.saved.records import WindowRecord
from viz_app.session.moving.player import Player
from viz_app.session.session import Session
from viz_app.widgets.pictures.idle import IdleTypesetter
from viz_app.window.actions.actions import Actions
from viz_app.window.appearance import Appearance
from viz_app.window.beside.browser import BrowserWindow
from viz_app.window.beside.data_window import DataWindow
from viz_app.window.beside.editor import EditorWindow
from viz_app.window.beside.own_input import OwnInputWindow
from viz_app.window.docking.docks import Docks
from viz_app.window.finding.overlay import FindOverlay
from viz_app.window.help import HelpOverlay
from viz_app.window.panels import Panels
from viz_app.window.preferences import Preferences


@dataclass(frozen=True)
class Parts:
    """The parts of a window, for whoever wires them and for the commands that need several of them.

    ``keys`` is the list of keys over the window, ``finder`` what searches the steps.
    """

    window: QMainWindow
    session: Session
    player: Player
    typesetter: IdleTypesetter
    preferences: Preferences
    appearance: Appearance
    actions: Actions
    panels: Panels
    docks: Docks
    keys: HelpOverlay
    finder: FindOverlay
    editor: EditorWindow
    own_input: OwnInputWindow
    browser: BrowserWindow
    data: DataWindow

    @property
    def looks(self) -> WindowRecord:
        """How the window looks, and how fast it plays, as it is saved with a session."""
        return replace(self.appearance.chosen, speed=self.player.speed)

    @property
    def own(self) -> Own:
        """What a person has brought to the pages of the own input."""
        return self.panels[OwnInputPanel].own
