import pytest
from PySide6.QtCore import QEvent, QObject, QSettings

from core.presets import open_preset
from viz_app.panels.transport import TransportPanel
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences


class Styled(QObject):
    """How often a widget has been styled again."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.StyleChange
        return False


@pytest.fixture
def window(qtbot, tmp_path):
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(Session(open_preset("worked-2-2-2")), preferences)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()


@pytest.fixture
def styled(window):
    styled = Styled()
    window.panels[TransportPanel].installEventFilter(styled)
    return styled


def test_the_same_look_again_styles_nothing_again(window, styled):
    window.parts.appearance.show()
    assert styled.count == 0
    window.parts.appearance.set_theme("dark")
    assert styled.count > 0


def test_everything_has_the_size_of_text_that_was_chosen(window):
    window.parts.appearance.set_scale(200)
    sizes = {
        widget.font().pixelSize()
        for widget in (window.menuBar(), window.panels[TransportPanel], window.parts.docks["Data"])
    }
    assert sizes == {round(window.parts.appearance.text_size)}
