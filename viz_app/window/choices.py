"""What a person chooses in the menus: the preset, theme, presentation scale, and how moments look."""

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from core.experiment import Experiment
from core.notation import Notation
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.look import Look
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.words.writing import use_writing
from viz_app.paint.theme import WINDOW_THEMES
from viz_app.saved.session import Saved
from viz_app.widgets.fields.number_field import NumberField
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
        self._show_look()
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
        window, exporting = saved.window, self._session.exporting
        if window.look is not None:
            self.take_look(Look.from_json(window.look))
        preferences = self._preferences
        theme = window.theme if window.theme in (SYSTEM, *WINDOW_THEMES) else preferences.theme
        scale = window.scale if window.scale in SCALES else preferences.scale
        if (theme, scale) != (preferences.theme, preferences.scale):
            self._appearance.take(theme, scale)
            self._give_sizes()
        self._session.exporting = exporting

    def choose_theme(self, action: QAction) -> None:
        """Take the theme that an entry stands for; the next export begins with it."""
        self._appearance.set_theme(action.data())
        self._session.exporting = None

    def choose_notation(self, action: QAction) -> None:
        """Take the notation that an entry stands for."""
        self.take_look(replace(self._preferences.look, notation=Notation(action.data())))

    def choose_grey_images(self, grey: bool) -> None:
        """Show images that are data in grey, or in the colours of what is computed."""
        self.take_look(replace(self._preferences.look, grey_images=grey))

    def choose_digits(self, action: QAction) -> None:
        """Write numbers with as many digits as an entry stands for."""
        look = self._preferences.look
        digits = int(action.data()) if action.data() else None
        self.take_look(replace(look, writing=replace(look.writing, digits=digits)))

    def choose_comma(self, comma: bool) -> None:
        """Write numbers with a decimal comma, or with a point."""
        look = self._preferences.look
        self.take_look(replace(look, writing=replace(look.writing, comma=comma)))

    def choose_colors(self, action: QAction) -> None:
        """Take the colours of numbers that an entry stands for."""
        self.take_look(replace(self._preferences.look, colors=ColorMap(action.data())))

    def choose_captions(self, captions: bool) -> None:
        """Say below the title what a step is for, or leave that out."""
        look = self._preferences.look
        parts = look.parts | {Part.CAPTION} if captions else look.parts - {Part.CAPTION}
        self.take_look(replace(look, parts=parts or USUAL_PARTS))

    def take_look(self, look: Look) -> None:
        """Take a look, as far as a window has it, and keep it; theme and size of text are chosen apart."""
        colors = self._preferences.look.colors
        self._preferences.look = look
        self._session.exporting = None  # the next export begins with this look
        self._show_look()
        if look.colors is not colors:
            self._appearance.show_theme()

    def _show_look(self) -> None:
        """Show what is remembered, and tick it."""
        look = self._preferences.look
        for name, data in (
            ("notation", look.notation.value),
            ("digits", str(look.writing.digits or "")),
            ("colors", look.colors.value),
        ):
            self._actions.choose(name, data)
        for name, on in (
            ("grey_images", look.grey_images),
            ("decimal_comma", look.writing.comma),
            ("captions", Part.CAPTION in look.parts),
        ):
            self._actions[name].setChecked(on)
        use_writing(look.writing)
        for field in self._parts.window.findChildren(NumberField):
            field.rewrite()
        self._session.viewing.set_look(look)

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
            self._parts.keys.place_later()  # it tries many sizes: not in one go with the styling
