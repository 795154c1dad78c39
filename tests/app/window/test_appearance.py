import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel

from viz_app.panels.transport import TransportPanel
from viz_app.window.preferences import SCALES


class Styled(QObject):
    """How often a widget has been styled again."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.StyleChange
        return False


@pytest.fixture
def window(open_window):
    return open_window()


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


@pytest.mark.parametrize("scale", SCALES)
def test_the_list_of_keys_can_be_read_whole(window, scale):
    window.parts.actions["keys"].trigger()
    window.parts.appearance.set_scale(scale)
    keys = window.parts.keys
    for size in ((800, 500), (900, 600), (1280, 720), (1920, 1080)):
        window.resize(*size)
        keys.place()
        QApplication.processEvents()
        assert window.rect().contains(keys.geometry()), size
        for label in keys.findChildren(QLabel):
            assert label.width() >= label.sizeHint().width(), (size, label.text())
            assert label.height() >= label.sizeHint().height(), (size, label.text())
            assert label.fontInfo().pixelSize() >= 9


def test_everything_has_the_size_of_text_that_was_chosen(window):
    window.parts.appearance.set_scale(200)
    sizes = {
        widget.font().pixelSize()
        for widget in (window.menuBar(), window.panels[TransportPanel], window.parts.docks["Data"])
    }
    assert sizes == {round(window.parts.appearance.text_size)}
