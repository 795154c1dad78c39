"""Wire the presentation to the session, as the main window is: frames come down, intent goes up."""

from PySide6.QtCore import QObject, Slot

from viz_app.panels.quiz import QuizPanel
from viz_app.window.commands import Commands
from viz_app.window.parts import Parts
from viz_app.window.presentation.presenting import Presenting
from viz_app.window.presentation.quizzing import Quizzing
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
    quizzing : Quizzing
        The commands of the quiz.
    """

    def __init__(self, parts: Parts, commands: Commands, presenting: Presenting, quizzing: Quizzing) -> None:
        super().__init__(parts.window)
        self._parts, self._commands, self._presenting, self._quizzing = parts, commands, presenting, quizzing
        presenting.made.connect(self.wire)
        parts.session.message.connect(self._tell)

    @Slot(object)
    def wire(self, shown: PresentationWindow) -> None:
        """Connect a presentation both ways, and let it show what is shown."""
        session, player = self._parts.session, self._parts.player
        wire_quiz(self._parts, self._quizzing, shown.quiz)
        session.frame_changed.connect(shown.quiz.show_frame)
        shown.quiz.show_frame(session.frame)
        shown.quiz.show_score(session.quiz.score)
        shown.quiz.left.connect(shown.stage.setFocus)
        for receiver in (shown.stage, shown.told, shown.controls):
            session.frame_changed.connect(receiver.show_frame)
            receiver.show_frame(session.frame)
        session.frame_prefetched.connect(shown.stage.prefetch_frame)
        player.playing_changed.connect(shown.controls.show_playing)
        shown.controls.show_playing(player.playing)
        shown.stage.cell_hovered.connect(session.cells.hover)
        shown.stage.cell_clicked.connect(session.quiz.touch)
        shown.stage.cell_clicked.connect(session.cells.focus)
        shown.stage.cell_opened.connect(session.cells.open)
        shown.stage.choice_requested.connect(session.viewing.choose)
        shown.controls.requested.connect(self._do)
        shown.controls.phase_requested.connect(session.navigation.go_to_phase)
        shown.controls.iteration_requested.connect(session.navigation.go_to_iteration)
        shown.escaped.connect(self._escape)
        shown.controls.field.refused.connect(shown.show_message)
        shown.controls.field.entered.connect(shown.stage.setFocus)

    def _tell(self, text: str) -> None:
        """Say in the presentation what happens, where it covers the line that says it in the main window."""
        shown = self._presenting.shown
        if shown is not None and shown.screen() is self._parts.window.screen():
            shown.show_message(text)

    def _escape(self) -> None:
        """Stop what is on its way or trains; else end the presentation."""
        session = self._parts.session
        if session.navigation.cancel():
            return
        if session.trainer.training:
            session.trainer.pause()
        else:
            self._presenting.end()

    def _do(self, name: str) -> None:
        """Do what a button asks for: of the presentation, or what a key of the main window does."""
        shown = self._presenting.shown
        if shown is not None and not shown.do(name):
            self._commands.trigger(name)


def wire_quiz(parts: Parts, quizzing: Quizzing, panel: QuizPanel) -> None:
    """Connect a panel of the quiz, in the main window or in a presentation, both ways."""
    quiz = parts.session.quiz
    panel.answered.connect(quiz.answer)
    panel.reveal_requested.connect(quiz.reveal)
    panel.extent_requested.connect(quizzing.set_extent)
    panel.end_requested.connect(quizzing.end)
    quiz.marked.connect(panel.show_marked)
    quiz.scored.connect(panel.show_score)
