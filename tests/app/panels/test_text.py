"""The page on which a text is typed and continued: what is asked there is done, and what came is told."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.text import TextPage


@pytest.fixture
def opened(open_window):
    window = open_window("transformer", start="trained")
    window.parts.actions["own_input"].trigger()
    panel = window.panels[OwnInputPanel]
    return window, panel, panel.page_of(TextPage)


def test_a_text_is_typed_and_continued(opened, qtbot):
    window, panel, page = opened
    assert panel.page is page
    assert not panel.answer.isVisible()
    assert not page.next.isEnabled()
    QTest.keyClicks(page.text, "the ri")
    assert page.bars.answers[0].name == "v"
    page.temperature.setValue(0)
    assert page.bars.answers[0].text == "100%"
    page.next.click()
    page.next.click()
    assert page.came.text().count("ve") == 1
    assert window.session.frame.inference
    assert window.parts.actions["inference"].isChecked()
    page.on.click()
    assert page.stop.isEnabled()
    qtbot.waitUntil(lambda: len(window.session.writing.text) > len("the river mo"))
    page.stop.click()
    assert "12 characters" in page.note.text()
    page.again.click()
    assert window.session.writing.text == "the ri"
    window.parts.actions["inference"].trigger()
    assert not window.session.frame.inference
    assert "The stage shows" not in page.note.text()
    page.text.selectAll()
    QTest.keyClick(page.text, Qt.Key.Key_3)
    assert page.reason.text() == "Expected a text of the characters a to z and spaces; got '3'."
    assert not page.next.isEnabled()
    window.session.opening.open_preset("digits")
    assert panel.reason or panel.page is not page
    panel.choose(TextPage)
    assert panel.reason == "digits does not read text, so it cannot continue one; the preset transformer does."
    assert panel.answer.isVisible()


def test_weights_that_have_learnt_nothing_are_offered_trained_ones(opened):
    window, _, page = opened
    assert not page.trained.isVisible()
    window.session.opening.set_options(start="scratch")
    QTest.keyClicks(page.text, "sto")
    assert page.trained.isVisible()
    page.trained.click()
    assert window.session.experiment.now.start == "trained"
    assert not page.trained.isVisible()
    assert page.text.text() == "sto"
    assert page.bars.answers
