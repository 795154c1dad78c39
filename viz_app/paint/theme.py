"""Say which colours the application has, light and dark, and give them to Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from core.values import Phase
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.levels import MapKind
from viz_app.frame.look import Look
from viz_app.paint.maps import DARK_MAPS, LIGHT_MAPS
from viz_app.picture.elements import Tone


@dataclass(frozen=True, eq=False)
class Theme:
    """The colours of everything, as ``#rrggbb``.

    Parameters
    ----------
    name : str
        ``light``, ``dark`` or ``print``.
    window, base, border, hover : str
        The window behind its panels, the paper that pictures stand on, the lines between, and what the mouse is over.
    tones : mapping of Tone to str
        What each tone of a picture is.
    maps : mapping of MapKind to tuple of str
        The stops of each colour map, from its low end to its high end, evenly spaced.
    hatch, hatch_line : str
        The look of what is not computed yet.
    nan, infinite, cross : str
        The look of cells that are not finite numbers.
    ink_dark, ink_light : str
        Numbers on bright cells, and on dark cells.
    on_accent : str
        Text on the accent colour.
    colors : ColorMap
        Which of the colour maps it has.

    References
    ----------
    The highlights and phases follow M. Okabe and K. Ito, "Color Universal Design" (2008).
    """

    name: str
    window: str
    base: str
    border: str
    hover: str
    tones: Mapping[Tone, str]
    maps: Mapping[MapKind, tuple[str, ...]]
    hatch: str
    hatch_line: str
    nan: str
    infinite: str
    cross: str
    ink_dark: str
    ink_light: str
    on_accent: str
    colors: ColorMap = ColorMap.BLUE_ORANGE

    @property
    def dark(self) -> bool:
        """Whether it is a dark theme."""
        return self.name == "dark"

    def color(self, tone: Tone) -> QColor:
        """Return the colour of a tone."""
        return QColor(self.tones[tone])

    def phase(self, phase: Phase) -> QColor:
        """Return the colour of a phase."""
        return self.color(Tone(phase.value))


LIGHT = Theme(
    name="light",
    window="#f3f4f7",
    base="#ffffff",
    border="#d5d9e0",
    hover="#e7ebf2",
    tones={
        Tone.TEXT: "#1a1f29",
        Tone.MUTED: "#596273",
        Tone.FAINT: "#c3c9d3",
        Tone.SURFACE: "#f3f5f8",
        Tone.ACCENT: "#1463c4",
        Tone.WARNING: "#c2185b",
        Tone.FORWARD: "#0072b2",
        Tone.LOSS: "#a8437f",
        Tone.BACKWARD: "#c95400",
        Tone.UPDATE: "#00815c",
        Tone.FIRST: "#00815c",
        Tone.SECOND: "#8338c9",
        Tone.SELECTED: "#111318",
        Tone.REACHED: "#d01268",
    },
    maps=LIGHT_MAPS[ColorMap.BLUE_ORANGE],
    hatch="#eef0f3",
    hatch_line="#c5cbd5",
    nan="#e3007b",
    infinite="#8a00d4",
    cross="#ffffff",
    ink_dark="#14181f",
    ink_light="#ffffff",
    on_accent="#ffffff",
)

DARK = Theme(
    name="dark",
    window="#15171c",
    base="#1c1f26",
    border="#343a46",
    hover="#2c323d",
    tones={
        Tone.TEXT: "#e9ecf1",
        Tone.MUTED: "#a0a9b8",
        Tone.FAINT: "#48505e",
        Tone.SURFACE: "#252932",
        Tone.ACCENT: "#6db3ff",
        Tone.WARNING: "#ff7aa8",
        Tone.FORWARD: "#56b4e9",
        Tone.LOSS: "#e39ac6",
        Tone.BACKWARD: "#ff9d4d",
        Tone.UPDATE: "#3ccf9d",
        Tone.FIRST: "#3ccf9d",
        Tone.SECOND: "#c49bff",
        Tone.SELECTED: "#ffffff",
        Tone.REACHED: "#ff6fae",
    },
    maps=DARK_MAPS[ColorMap.BLUE_ORANGE],
    hatch="#262a33",
    hatch_line="#434b59",
    nan="#ff2d95",
    infinite="#b04dff",
    cross="#ffffff",
    ink_dark="#14181f",
    ink_light="#f4f6f9",
    on_accent="#10141a",
)

PRINT = replace(
    LIGHT,
    name="print",
    window="#ffffff",
    border="#000000",
    hover="#ffffff",
    tones={
        **LIGHT.tones,
        Tone.TEXT: "#000000",
        Tone.MUTED: "#3a3a3a",
        Tone.FAINT: "#8a8a8a",
        Tone.SURFACE: "#ffffff",
        Tone.SELECTED: "#000000",
    },
    hatch="#f4f4f4",
    hatch_line="#9a9a9a",
    ink_dark="#000000",
)
"""For paper: black on white."""

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}
WINDOW_THEMES = LIGHT.name, DARK.name
"""Those that a window can have."""


@cache
def theme_named(name: str, colors: ColorMap) -> Theme:
    """Return a theme by its name, with a colour map; the same one each time."""
    theme = THEMES[name]
    maps = DARK_MAPS if theme.dark else LIGHT_MAPS
    return theme if colors is theme.colors else replace(theme, maps=maps[colors], colors=colors)


def theme_of(look: Look) -> Theme:
    """Return the theme of a look."""
    return theme_named(look.theme_name, look.colors)


def system_theme() -> Theme:
    """Return the theme that the system prefers; light where it does not say."""
    return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette of a theme."""
    result = QPalette()
    for role, color in _roles(theme).items():
        result.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.tones[Tone.FAINT]))
    return result


def _roles(theme: Theme) -> Mapping[QPalette.ColorRole, str]:
    role, text, surface = QPalette.ColorRole, theme.tones[Tone.TEXT], theme.tones[Tone.SURFACE]
    return {
        role.Window: theme.window,
        role.WindowText: text,
        role.Base: theme.base,
        role.AlternateBase: surface,
        role.Text: text,
        role.PlaceholderText: theme.tones[Tone.MUTED],
        role.Button: surface,
        role.ButtonText: text,
        role.BrightText: theme.tones[Tone.WARNING],
        role.Highlight: theme.tones[Tone.ACCENT],
        role.HighlightedText: theme.on_accent,
        role.Link: theme.tones[Tone.ACCENT],
        role.ToolTipBase: surface,
        role.ToolTipText: text,
        role.Light: theme.hover,
        role.Midlight: theme.hover,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.border,
    }


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme: flat panels, round corners, a clear focus ring."""
    resources = files("resources")
    template = Template(resources.joinpath("style.qss").read_text(encoding="utf-8"))
    tones = {tone.name.lower(): color for tone, color in theme.tones.items()}
    return template.substitute(
        tones,
        window=theme.window,
        base=theme.base,
        border=theme.border,
        hover=theme.hover,
        on_accent=theme.on_accent,
        icons=Path(str(resources.joinpath("icons"))).as_posix(),
        theme=theme.name,
    )


def apply_theme(window: QWidget, theme: Theme, more: str = "") -> None:
    """Give a window, and those that belong to it, the look of a theme, and what another style sheet says besides.

    The application gets the palette alone: for a style sheet of its own Qt makes every widget anew, which takes five
    times as long. Nothing is done where the window has the look: Qt styles every widget of it again.
    """
    if has_theme(window, theme, more):
        return
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(palette(theme))
    window.setStyleSheet(style_sheet(theme) + more)


def has_theme(window: QWidget, theme: Theme, more: str = "") -> bool:
    """Tell whether a window has the look of a theme, and what another style sheet says besides."""
    return window.styleSheet() == style_sheet(theme) + more
