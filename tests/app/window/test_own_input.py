"""The window for an input of one's own: it opens, says what fits, and stays out of the run's way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from core.presets import PRESETS
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.numbers import NumbersPage
from viz_app.widgets.fields.number_field import NumberField
from viz_app.window.docking.title_button import TitleButton


@pytest.fixture
def window(open_window):
    return open_window("digits")


def opened(window) -> OwnInputPanel:
    """Open the window with its key."""
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    return window.panels[OwnInputPanel]


def test_it_opens_by_its_key_and_by_the_button_in_the_title_of_the_data(window):
    panel = opened(window)
    assert panel.isVisible()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    buttons = {button.text(): button for button in window.parts.docks["Data"].findChildren(TitleButton)}
    button = buttons["Own input…"]
    button.click()
    assert panel.isVisible()
    window.close()
    assert not panel.isVisible()


@pytest.mark.parametrize("name", PRESETS)
def test_every_page_fits_or_says_in_one_sentence_why_not(window, name):
    window.session.opening.open_preset(name)
    panel = opened(window)
    for page in panel.pages:
        panel.choose(type(page))
        assert page.isVisible() is not bool(panel.reason)
        assert not panel.reason or (panel.reason.endswith(".") and panel.reason.count(". ") == 0)


def test_buttons_in_the_title_of_one_dock_stand_beside_each_other(window):
    dock = window.parts.docks["Data"]
    first = dock.findChild(TitleButton)
    second = TitleButton(dock, window.parts.actions["edit_network"])
    second.show()
    assert not first.geometry().intersects(second.geometry())
    assert dock.rect().contains(second.geometry())


def test_a_field_with_the_keyboard_is_left_when_its_page_goes(window, qtbot):
    """What stands in it may be taken, or the field may go: not while Qt hides the page."""
    window.session.opening.open_preset("worked-2-2-2")
    panel = opened(window)
    for number in range(2):
        panel.choose(NumbersPage)
        field = next(one for one in panel.page.findChildren(NumberField) if one.isVisible())
        panel.window().activateWindow()
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        QTest.keyClicks(field, "0.5" if number else "abc")
        window.session.opening.open_preset("conv-digits")
        assert panel.reason
        QTest.qWait(1)
        assert not (isValid(field) and field.hasFocus())
        window.session.opening.open_preset("worked-2-2-2")
        assert not panel.reason
