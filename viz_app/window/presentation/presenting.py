"""Begin and end the presentation, on the screen that was chosen."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication, QScreen

from viz_app.paint.theme import Theme
from viz_app.panels.presenter import PresenterPanel
from viz_app.panels.quiz import QuizPanel
from viz_app.panels.stage import StagePanel
from viz_app.window.parts import Parts
from viz_app.window.presentation.screens import OTHER, chosen_screen
from viz_app.window.presentation.window import PresentationWindow

SHARED = (
    "step", "back", "enter", "leave", "next_layer", "previous_layer", "first", "last", "play", "faster", "slower",
    "restart", "quiz", "answer", "reveal", "leave_guest", "train", "stop_training", "hold_colors", "larger", "smaller",
    "reset_view", "present",
)  # fmt: skip
"""The actions of the main window that the presentation has, too."""


class Presenting(QObject):
    """The commands of the presentation.

    Parameters
    ----------
    parts : Parts
        What the main window is made of.
    """

    made = Signal(object)
    """A ``PresentationWindow`` that is about to be shown, to be wired."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._shown: PresentationWindow | None = None
        self._menu = parts.actions.lists["Presentation screen"]
        self._menu.aboutToShow.connect(self._list_screens)
        self._menu.triggered.connect(self._choose_screen)
        QGuiApplication.instance().screenRemoved.connect(self._lose)  # type: ignore[union-attr]

    @property
    def shown(self) -> PresentationWindow | None:
        """What is presented in, while something is."""
        return self._shown

    def toggle(self) -> None:
        """Begin, or end."""
        if self._shown is None:
            self.begin()
        else:
            self._shown.close()

    def begin(self) -> None:
        """Present on the chosen screen; the main window stays the presenter's."""
        actions = self._parts.actions
        self._shown = PresentationWindow(self._parts.window, [actions[name] for name in SHARED], self._look)
        self._shown.ended.connect(self._end)
        self.made.emit(self._shown)
        self._parts.panels[PresenterPanel].begin()
        self._parts.docks.make_room_soon()
        actions["present"].setChecked(True)
        self._shown.open_on(self._screen())

    def type_answer(self) -> None:
        """Let the answer of a quiz be typed, in the window that has the keyboard."""
        shown = self._shown if self._shown is not None and self._shown.isActiveWindow() else None
        (shown.quiz if shown else self._parts.panels[QuizPanel]).begin()

    def toggle_black(self) -> None:
        """Show nothing, or the stage again."""
        if self._shown is not None:
            self._shown.toggle_black()

    def end(self) -> None:
        """End, where something is presented."""
        if self._shown is not None:
            self._shown.close()

    def _end(self) -> None:
        """Be the main window alone again."""
        shown, self._shown = self._shown, None
        if shown is None:
            return
        shown.deleteLater()
        self._parts.panels[PresenterPanel].end()
        self._parts.docks.make_room_soon()
        self._parts.actions["present"].setChecked(False)
        self._parts.window.activateWindow()
        self._parts.panels[StagePanel].setFocus()

    def _look(self) -> tuple[Theme, float]:
        return self._parts.appearance.theme, self._parts.preferences.scale / 100

    def _screen(self) -> QScreen:
        here = self._parts.window.screen()
        return chosen_screen(QGuiApplication.screens(), here, self._parts.preferences.screen)

    def _lose(self, screen: QScreen) -> None:
        """End where the screen is gone: what was on it would cover the presenter's."""
        if self._shown is not None and self._shown.screen() is screen:
            self.end()
            self._parts.panels[StagePanel].show_message("The screen is gone, so the presentation has ended.")

    def _list_screens(self) -> None:
        """Offer the screens that there are now."""
        self._menu.clear()
        wanted = self._parts.preferences.screen
        entries = [(OTHER, "&Another screen, where there is one")]
        for screen in QGuiApplication.screens():
            size, here = screen.size(), " (this one)" if screen is self._parts.window.screen() else ""
            entries.append((screen.name(), f"{screen.name()}, {size.width()} × {size.height()}{here}"))
        for name, text in entries:
            action = self._menu.addAction(text)
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name == wanted)

    def _choose_screen(self, action: QAction) -> None:
        """Present on a screen from now on; what is presented moves there."""
        self._parts.preferences.screen = action.data()
        if self._shown is not None:
            self._shown.open_on(self._screen())
