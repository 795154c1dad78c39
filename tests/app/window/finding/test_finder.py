import pytest
from PySide6.QtCore import Qt

from core.presets import open_preset
from viz_app.widgets.timeline.timeline import Timeline

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(open_window):
    return open_window("attention")


def _search(qtbot, window, text):
    qtbot.keyClick(window, Qt.Key.Key_F, CTRL)
    qtbot.keyClicks(window.parts.finder.field, text)
    return window.parts.finder


def test_what_is_typed_is_found_at_once_and_enter_goes_there(qtbot, window):
    finder = _search(qtbot, window, "softmax")
    assert finder.isVisible()
    assert finder.field.hasFocus()
    assert finder.results.count() > 2
    before = window.session.frame.cursor
    qtbot.keyClick(finder.field, Qt.Key.Key_Down)
    wanted = finder.results.currentItem().data(Qt.ItemDataRole.UserRole)
    assert finder.results.currentRow() == 1
    assert window.session.frame.cursor == before
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert not finder.isVisible()
    assert window.session.frame.cursor.step in (wanted.first, wanted.last)
    qtbot.keyClick(window, Qt.Key.Key_Right)  # the stage has the keyboard again
    assert window.session.frame.cursor.step > wanted.first


def test_esc_returns_and_nothing_found_is_said(qtbot, window):
    here = window.session.frame.cursor
    finder = _search(qtbot, window, "no such")
    assert finder.results.count() == 0
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.isVisible()
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    assert not finder.isVisible()
    assert window.session.frame.cursor == here
    _search(qtbot, window, "delta")
    window.session.opening.open_preset("worked-2-2-2")
    assert not finder.isVisible()


def test_bookmarks_are_listed_gone_to_and_shown_on_the_timeline(qtbot, window):
    timeline, navigation = window.panels[Timeline], window.session.navigation
    navigation.go_to_step(4)
    plain = timeline.grab().toImage()
    qtbot.keyClick(window, Qt.Key.Key_M)
    marked = timeline.grab().toImage()
    corner = timeline.segment(4).topRight().toPoint()
    assert plain.pixelColor(corner.x() - 2, corner.y() + 2) != marked.pixelColor(corner.x() - 2, corner.y() + 2)
    navigation.go_to_step(20)
    qtbot.keyClick(window, Qt.Key.Key_M)
    navigation.first()
    places = []
    for modifiers in (Qt.KeyboardModifier.NoModifier,) * 3 + (SHIFT,):
        qtbot.keyClick(window, Qt.Key.Key_N, modifiers)
        places.append(window.session.frame.cursor.step)
    assert places == [4, 20, 4, 20]
    qtbot.keyClick(window, Qt.Key.Key_M, CTRL)
    assert window.parts.finder.results.count() == 2
    qtbot.keyClick(window.parts.finder.field, Qt.Key.Key_Return)
    assert window.session.frame.cursor.step == 4
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert window.session.bookmarks.steps == (20,)


def test_bookmarks_of_another_network_are_not_shown(window):
    session, messages = window.session, []
    session.message.connect(messages.append)
    session.bookmarks.go_next()
    assert messages == ["No step is bookmarked yet; M bookmarks the one that is shown."]
    session.bookmarks.set_keys(frozenset({"attention_q_1", "loss"}))
    session.opening.open_preset("worked-2-2-2")
    assert session.bookmarks.steps == (open_preset("worked-2-2-2").program.producers["loss"].number,)
