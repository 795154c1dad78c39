import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from viz_app.widgets.texts.disclosure import Disclosure


@pytest.fixture
def scrolled(qtbot):
    """Return a disclosure in a panel that scrolls, and the area that it scrolls in."""
    panel, area = QWidget(), QScrollArea()
    disclosure = Disclosure("Why?")
    disclosure.set_text("Because 1 < 2 & <b>nothing</b> else.")
    disclosure.set_needed(200)
    QVBoxLayout(panel).addWidget(disclosure)
    area.setWidget(panel)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.resize(300, 400)
    area.show()
    qtbot.waitExposed(area)
    return disclosure, area


def test_it_begins_closed_and_a_click_opens_and_closes_it(scrolled, qtbot):
    disclosure, _ = scrolled
    assert not disclosure._paragraph.isVisible()
    qtbot.mouseClick(disclosure._button, Qt.MouseButton.LeftButton)
    assert disclosure._paragraph.isVisible()
    assert disclosure.is_open
    qtbot.mouseClick(disclosure._button, Qt.MouseButton.LeftButton)
    assert not disclosure._paragraph.isVisible()


def test_the_keyboard_opens_it(scrolled, qtbot):
    disclosure, _ = scrolled
    assert disclosure._button.focusPolicy() & Qt.FocusPolicy.TabFocus
    disclosure._button.setFocus()
    qtbot.keyClick(disclosure._button, Qt.Key.Key_Space)
    assert disclosure.is_open


def test_text_is_text(scrolled):
    disclosure, _ = scrolled
    assert disclosure._paragraph.textFormat() is Qt.TextFormat.PlainText
    assert disclosure._paragraph.text() == "Because 1 < 2 & <b>nothing</b> else."


def test_another_text_leaves_it_as_it_is(scrolled):
    disclosure, _ = scrolled
    disclosure.set_open(True)
    disclosure.set_text("Another reason.")
    assert disclosure.is_open
    assert disclosure._paragraph.text() == "Another reason."


def test_it_gives_way_where_room_is_short_and_comes_back(scrolled, qtbot):
    disclosure, area = scrolled
    disclosure.set_open(True)
    area.resize(300, 120)
    qtbot.waitUntil(lambda: not disclosure._paragraph.isVisible())
    assert disclosure._button.isVisible()
    area.resize(300, 400)
    qtbot.waitUntil(lambda: disclosure._paragraph.isVisible())


def test_whoever_opens_it_in_little_room_has_it_open(scrolled, qtbot):
    disclosure, area = scrolled
    area.resize(300, 120)
    qtbot.waitUntil(lambda: not disclosure._room)
    qtbot.mouseClick(disclosure._button, Qt.MouseButton.LeftButton)
    assert disclosure._paragraph.isVisible()


def test_what_is_opened_is_scrolled_into_view(scrolled, qtbot):
    disclosure, area = scrolled
    above = QLabel("above")
    above.setFixedHeight(390)
    area.widget().layout().insertWidget(0, above)
    disclosure.set_text("Because. " * 60)
    disclosure.set_open(True)
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    seen = disclosure.visibleRegion().boundingRect()
    assert seen.top() == 0
    assert seen.height() > 150
    assert disclosure._paragraph.isVisible()
