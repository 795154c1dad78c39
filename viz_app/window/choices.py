"""What a person chooses in the menus: the preset, theme, notation, presentation scale, and the colours of images."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from core.experiment import Experiment
from core.notation import Notation
from viz_app.paint.theme import WINDOW_THEMES
from viz_app.saved.session import Saved
from viz_app.window.parts import Parts
from viz_app.window.preferences import SCALES, SYSTEM


class Choices(QObject):
    """Do what is chosen, and remember it.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._session, self._actions = parts, parts.session, parts.actions
        self._appearance, self._preferences = parts.appearance, parts.preferences

    def apply(self) -> None:
        """Do what is remembered, and tick it."""
        self._actions.choose("notation", self._preferences.notation.value)
        self._session.viewing.set_notation(self._preferences.notation)
        self._actions["grey_images"].setChecked(self._preferences.grey_images)
        self._session.viewing.set_grey_images(self._preferences.grey_images)
        self._appearance.show()
        self._give_sizes()

    def reset_layout(self) -> None:
        """Put window and docks back where they were on the first day; theme, scale and notation stay."""
        self._preferences.forget_layout()
        self._parts.window.showNormal()
        self._parts.docks.reset()

    def remember_preset(self, experiment: Experiment) -> None:
        """Remember what is open."""
        self._preferences.preset = experiment.preset
        self._actions.choose("preset", experiment.preset)

    def follow(self, saved: Saved) -> None:
        """Look as a session did that has been opened, and tick it."""
        options, window = saved.place.options, saved.window
        self._preferences.notation, self._preferences.grey_images = options.notation, options.grey_images
        self._actions.choose("notation", options.notation.value)
        self._actions["grey_images"].setChecked(options.grey_images)
        if window.theme in (SYSTEM, *WINDOW_THEMES) and window.theme != self._preferences.theme:
            self._appearance.set_theme(window.theme)
        if window.scale in SCALES and window.scale != self._preferences.scale:
            self._appearance.set_scale(window.scale)
            self._give_sizes()

    def choose_theme(self, action: QAction) -> None:
        """Take the theme that an entry stands for."""
        self._appearance.set_theme(action.data())

    def choose_notation(self, action: QAction) -> None:
        """Take the notation that an entry stands for."""
        self._preferences.notation = Notation(action.data())
        self._session.viewing.set_notation(self._preferences.notation)

    def choose_grey_images(self, grey: bool) -> None:
        """Show images that are data in grey, or in the colours of what is computed."""
        self._preferences.grey_images = grey
        self._session.viewing.set_grey_images(grey)

    def choose_scale(self, action: QAction) -> None:
        """Take the presentation scale that an entry stands for."""
        self._appearance.set_scale(int(action.data()))
        self._give_sizes()

    def larger(self) -> None:
        """Take the next larger presentation scale."""
        self._appearance.larger()
        self._give_sizes()

    def smaller(self) -> None:
        """Take the next smaller presentation scale."""
        self._appearance.smaller()
        self._give_sizes()

    def follow_system(self) -> None:
        """Take the system's theme, where that was chosen."""
        self._appearance.show_theme()

    def _give_sizes(self) -> None:
        self._parts.docks.set_sizes(self._appearance.stage_size, self._appearance.text_size)
        if self._parts.keys.isVisible():
            self._parts.keys.place()
