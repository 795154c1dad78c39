"""Give a window the theme and the size of text that were chosen."""

from dataclasses import replace

from PySide6.QtWidgets import QApplication, QMainWindow

from core.description import Count
from viz_app.paint.theme import LIGHT, THEMES, Theme, apply_theme, has_theme, system_theme, theme_named
from viz_app.panels.stage import StagePanel
from viz_app.panels.style import panel_style
from viz_app.saved.records import WindowRecord
from viz_app.window.actions.actions import Actions
from viz_app.window.panels import Panels, Scaled, Themed
from viz_app.window.preferences import SCALES, Preferences

_STAGE = 14.0
"""The size of the stage's text at 100 %, in pixels."""
_TEXT = 13.0
"""The size of the panels' text at 100 %, in pixels."""


class Appearance:
    """The theme and the presentation scale of a window.

    The window has both before it has anything in it: Qt styles every widget again when they change.

    Parameters
    ----------
    window : QMainWindow
        Whose style sheet is set.
    preferences : Preferences
        What was chosen, and where a new choice is kept.
    """

    def __init__(self, window: QMainWindow, preferences: Preferences) -> None:
        self._window, self._preferences = window, preferences
        self._theme = LIGHT
        self._dress()

    def add(self, actions: Actions, panels: Panels) -> None:
        """Give what is in the window its look, from here on.

        Parameters
        ----------
        actions : Actions
            The menus where the choice is ticked.
        panels : Panels
            What has colours and text of its own; the stage takes the whole scale.
        """
        self._actions, self._panels = actions, panels
        self.show()

    @property
    def theme(self) -> Theme:
        """The theme that is shown."""
        return self._theme

    @property
    def stage_size(self) -> float:
        """The size of the stage's text in pixels."""
        return _STAGE * self._preferences.scale / 100

    @property
    def text_size(self) -> float:
        """The size of the panels' text in pixels: it grows half as much as the stage's, which needs the room."""
        return _TEXT * (100 + (self._preferences.scale - 100) / 2) / 100

    @property
    def chosen(self) -> WindowRecord:
        """What is chosen, as it is saved with a session."""
        look = replace(self._preferences.look, theme_name=self._theme.name)
        return WindowRecord(self._preferences.theme, Count(self._preferences.scale), look.to_json())

    def show(self) -> None:
        """Take what the preferences say."""
        self.show_scale()
        self.show_theme()

    def show_theme(self) -> None:
        """Take the colours of the theme that was chosen, or of the system's."""
        self._dress()
        self._actions.choose("theme", self._preferences.theme)
        for panel in self._panels:
            if isinstance(panel, Themed):
                panel.set_theme(self._theme)

    def show_scale(self) -> None:
        """Take the presentation scale that was chosen."""
        self._dress()
        self._actions.choose("scale", str(self._preferences.scale))
        for panel in self._panels:
            if isinstance(panel, Scaled):
                panel.set_em(self.stage_size if isinstance(panel, StagePanel) else self.text_size)

    def larger(self) -> None:
        """Take the next larger scale."""
        self.set_scale(next((scale for scale in SCALES if scale > self._preferences.scale), SCALES[-1]))

    def smaller(self) -> None:
        """Take the next smaller scale."""
        self.set_scale(next((scale for scale in reversed(SCALES) if scale < self._preferences.scale), SCALES[0]))

    def set_scale(self, percent: int) -> None:
        """Take a scale, and keep it."""
        self._preferences.scale = percent
        self.show_scale()

    def set_theme(self, name: str) -> None:
        """Take a theme by name, or ``system``, and keep it."""
        self._preferences.theme = name
        self.show_theme()

    def take(self, theme: str, percent: int) -> None:
        """Take a theme and a scale together: Qt styles every widget once for both."""
        self._preferences.theme, self._preferences.scale = theme, percent
        self.show()

    def _dress(self) -> None:
        """Give the application and the window what was chosen, where they do not have it."""
        chosen = THEMES.get(self._preferences.theme) or system_theme()
        self._theme = theme_named(chosen.name, self._preferences.look.colors)
        application, text = _application(), round(self.text_size)
        more = panel_style(self._theme, self.text_size)
        font = application.font()
        if has_theme(self._window, self._theme, more) and font.pixelSize() == text:
            return
        if font.pixelSize() != text:
            font.setPixelSize(text)
            application.setFont(font)
        apply_theme(self._window, self._theme, more)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
