"""The window: build its parts, let them be wired, and answer Qt's events."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QMainWindow

from viz_app.panels.browser import BrowserPanel
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.panels.editor import EditorPanel
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.quiz import QuizPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.transport import TransportPanel
from viz_app.session.moving.player import Player
from viz_app.session.session import Session
from viz_app.widgets.pictures.idle import IdleTypesetter
from viz_app.window.actions.actions import Actions
from viz_app.window.actions.keyboard import keeps_key
from viz_app.window.actions.menus import MENUS
from viz_app.window.appearance import Appearance
from viz_app.window.beside.browser import BrowserWindow
from viz_app.window.beside.data_window import DataWindow
from viz_app.window.beside.editor import EditorWindow
from viz_app.window.beside.own_input import OwnInputWindow
from viz_app.window.bringing.images import Images
from viz_app.window.docking.docks import DATA, NETWORK, Docks
from viz_app.window.docking.title_button import TitleButton
from viz_app.window.finding.overlay import FindOverlay
from viz_app.window.handlers import Handlers
from viz_app.window.help import HelpOverlay
from viz_app.window.leaving import Leaving
from viz_app.window.panels import Panels, ShowsExperiments
from viz_app.window.parts import Parts
from viz_app.window.preferences import Preferences
from viz_app.window.sessions import Sessions
from viz_app.window.wiring import wire

_PAINTERS: tuple[type[OwnInputPanel | BrowserPanel], ...] = OwnInputPanel, BrowserPanel
"""Formulas wait while these have something to paint."""


class MainWindow(QMainWindow):
    """The stage in the middle, the network and the data on the left, the inspector on the right, the run below.

    Parameters
    ----------
    session : Session
        What is shown; the window owns it from here on.
    preferences : Preferences
        What is remembered.
    """

    def __init__(self, session: Session, preferences: Preferences) -> None:
        super().__init__()
        session.setParent(self)
        self.setWindowTitle("NetStep")
        self.parts = self._build(session, preferences)
        self._leaving, self._handlers = Leaving(self.parts), Handlers.of(self.parts)
        wire(self.parts, self._handlers)
        self._handlers.choices.apply()
        self._restore_layout()
        session.announce()
        self.panels[TransportPanel].show_speed(self.parts.player.speed)
        self.panels[StagePanel].setFocus()

    @property
    def session(self) -> Session:
        """What is shown."""
        return self.parts.session

    @property
    def panels(self) -> Panels:
        """What shows it."""
        return self.parts.panels

    @property
    def sessions(self) -> Sessions:
        """What saves and opens sessions, and opens whatever a file holds."""
        return self._handlers.sessions

    @property
    def images(self) -> Images:
        """What takes images, and all that is dropped."""
        return self._handlers.images

    def _build(self, session: Session, preferences: Preferences) -> Parts:
        appearance = Appearance(self, preferences)  # first: Qt would style all there is once more
        actions, panels = Actions(self), Panels()
        appearance.add(actions, panels)
        panels[StagePanel].add_below(panels[QuizPanel])
        self.setCentralWidget(panels[StagePanel])
        docks = Docks(self, panels.docked)
        for dock in docks.closable:
            actions.add_above("reset_layout", dock.toggleViewAction())
        actions["edit_network"].setIconText("Edit…")
        actions["own_input"].setIconText("Own input…")
        actions["browse_data"].setIconText("Samples…")
        for place, name in ((NETWORK, "edit_network"), (DATA, "own_input"), (DATA, "browse_data")):
            TitleButton(docks[place.title], actions[name])
        for panel in panels:
            if isinstance(panel, ShowsExperiments):
                panel.show_experiment(session.experiment)
        docks.show_experiment(session.experiment)
        return Parts(
            window=self,
            session=session,
            player=Player(self),
            typesetter=IdleTypesetter(lambda: session.busy or any(panels[one].busy for one in _PAINTERS), self),
            preferences=preferences,
            appearance=appearance,
            actions=actions,
            panels=panels,
            docks=docks,
            keys=HelpOverlay(MENUS, self),
            finder=FindOverlay(self),
            editor=EditorWindow(panels[EditorPanel], self),
            own_input=OwnInputWindow(panels[OwnInputPanel], self),
            browser=BrowserWindow(panels[BrowserPanel], self),
            data=DataWindow(panels[DataOfferPanel], self),
        )

    def _restore_layout(self) -> None:
        layout = self.parts.preferences.layout
        if layout is None or not (self.restoreGeometry(layout[0]) and self.restoreState(layout[1])):
            self.parts.docks.reset()
        else:
            self.parts.docks.take_sizes(self.parts.preferences.dock_sizes)
            self.parts.docks.look_again()

    def event(self, event: QEvent) -> bool:
        """Keep keys from being shortcuts while a field is typed in: what the field leaves comes by here."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._kept(event):
            event.accept()
            return True
        return super().event(event)

    def _kept(self, event: QKeyEvent) -> bool:
        return keeps_key(self.focusWidget(), event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.parts.docks.fit_widths()
        if self.parts.keys.isVisible():
            self.parts.keys.place()
        if self.parts.finder.isVisible():
            self.parts.finder.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving.may_leave():
            event.ignore()
            return
        for dialog in self.findChildren(QDialog):
            dialog.reject()  # what is being exported is given up, and nothing half-written is left
        self._handlers.presenting.end()
        self.session.saving.close()
        self.parts.editor.close()
        self.parts.own_input.close()
        self.images.close()
        self.parts.browser.close()
        self.parts.data.close()
        self._handlers.data_sets.close()
        self._handlers.takeaways.writing.close()
        self._handlers.copies.close()
        self.parts.player.pause()
        self.parts.typesetter.stop()
        self.session.stop()
        geometry = self.saveGeometry()
        self.parts.docks.folding.unfold_all()
        self.parts.preferences.layout = geometry, self.saveState()
        self.parts.preferences.dock_sizes = self.parts.docks.sizes
        self.parts.preferences.save()
        super().closeEvent(event)
