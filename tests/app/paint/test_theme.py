import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from core.values import Phase
from viz_app.frame.levels import MapKind
from viz_app.paint.theme import (
    DARK,
    LIGHT,
    THEMES,
    WINDOW_THEMES,
    Theme,
    apply_theme,
    palette,
    style_sheet,
    system_theme,
)
from viz_app.picture.elements import Tone

THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


def contrast(a: str, b: str) -> float:
    def luminance(color: str) -> float:
        def linear(channel: float) -> float:
            return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

        chosen = QColor(color)
        return (
            0.2126 * linear(chosen.redF()) + 0.7152 * linear(chosen.greenF()) + 0.0722 * linear(chosen.blueF()) + 0.05
        )

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return high / low


@THEME
def test_every_tone_phase_and_map_has_its_colors(theme: Theme) -> None:
    assert set(theme.tones) == set(Tone)
    assert set(theme.maps) == set(MapKind)
    assert all(QColor(color).isValid() for color in (*theme.tones.values(), *sum(theme.maps.values(), ())))
    assert {theme.phase(phase).name() for phase in Phase} == {theme.tones[Tone(phase.value)] for phase in Phase}


@THEME
@pytest.mark.parametrize("tone", [tone for tone in Tone if tone not in (Tone.FAINT, Tone.SURFACE)])
def test_text_of_every_tone_can_be_read_on_every_ground(theme: Theme, tone: Tone) -> None:
    for ground in (theme.base, theme.window, theme.tones[Tone.SURFACE]):
        assert contrast(theme.tones[tone], ground) >= (3.9 if tone is not Tone.TEXT else 12)
    assert contrast(theme.on_accent, theme.tones[Tone.ACCENT]) >= 4.5


@THEME
def test_highlights_differ_from_each_other(theme: Theme) -> None:
    marks = [theme.tones[tone] for tone in (Tone.FIRST, Tone.SECOND, Tone.SELECTED, Tone.REACHED)]
    assert len(set(marks)) == 4


@pytest.mark.parametrize("theme", [THEMES[name] for name in WINDOW_THEMES], ids=WINDOW_THEMES)
def test_the_style_sheet_is_complete_and_its_pictures_exist(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in re.sub(r"/\*.*?\*/", "", sheet)
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert len(pictures) >= 3
    assert all(Path(picture).is_file() for picture in pictures)


@THEME
def test_the_palette_is_the_theme(qapp: QApplication, theme: Theme) -> None:
    made = palette(theme)
    assert made.color(QPalette.ColorRole.Window).name() == theme.window
    assert made.color(QPalette.ColorRole.Text).name() == theme.tones[Tone.TEXT]
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name()
    assert disabled == theme.tones[Tone.FAINT]


@THEME
def test_widgets_take_the_look(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    before = qapp.palette()
    button = QPushButton("Run")
    qtbot.addWidget(button)
    apply_theme(button, theme)
    button.resize(100, 40)
    image = button.grab().toImage()
    qapp.setPalette(before)
    assert image.pixelColor(50, 6).name() == theme.tones[Tone.SURFACE]


def test_the_system_chooses(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hints:
        def __init__(self, scheme: Qt.ColorScheme) -> None:
            self.scheme = scheme

        def colorScheme(self) -> Qt.ColorScheme:
            return self.scheme

    for scheme, theme in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Unknown, LIGHT)):
        monkeypatch.setattr("viz_app.paint.theme.QGuiApplication.styleHints", lambda scheme=scheme: Hints(scheme))
        assert system_theme() is theme
