"""Wire the presentation to the session, as the main window is: frames come down, intent goes up."""

from PySide6.QtCore import QObject, Slot

from viz_app.window.commands import Commands
from viz_app.window.parts import Parts
from viz_app.window.presentation.presenting import Presenting
from viz_app.window.presentation.window import PresentationWindow


class PresentationWiring(QObject):
    """Connects every presentation that is begun; the connections go with its window.

    Parameters
    ----------
    parts : Parts
        What the main window is made of.
    commands : Commands
        What does what a key of the main window does.
    presenting : Presenting
        What begins presentations.
    """

    def __init__(self, parts: Parts, commands: Commands, presenting: Presenting) -> None:
        super().__init__(parts.window)
        self._parts, self._commands, self._presenting = parts, commands, presenting
        presenting.made.connect(self.wire)

    @Slot(object)
    def wire(self, shown: PresentationWindow) -> None:
        """Connect a presentation both ways, and let it show what is shown."""
        session, player = self._parts.session, self._parts.player
        for receiver in (shown.stage, shown.told, shown.controls):
            session.frame_changed.connect(receiver.show_frame)
            receiver.show_frame(session.frame)
        session.frame_prefetched.connect(shown.stage.prefetch_frame)
        player.playing_changed.connect(shown.controls.show_playing)
        shown.controls.show_playing(player.playing)
        shown.stage.cell_hovered.connect(session.cells.hover)
        shown.stage.cell_clicked.connect(session.cells.focus)
        shown.stage.cell_opened.connect(session.cells.open)
        shown.stage.choice_requested.connect(session.viewing.choose)
        shown.controls.requested.connect(self._do)
        shown.controls.phase_requested.connect(session.navigation.go_to_phase)
        shown.controls.iteration_requested.connect(session.navigation.go_to_iteration)
        shown.controls.field.entered.connect(shown.stage.setFocus)

    def _do(self, name: str) -> None:
        """Do what a button asks for: of the presentation, or what a key of the main window does."""
        shown = self._presenting.shown
        if shown is not None and not shown.do(name):
            self._commands.trigger(name)
