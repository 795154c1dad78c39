"""The quiz: what it covers is told nowhere in the window or the presentation, and typed answers are judged."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget

from core.run.breakpoints import AtNumber, Side
from viz_app.frame.quiz.covering import Extent
from viz_app.frame.words.numbers import number
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.panels.editor import EditorPanel
from viz_app.panels.kernel.panel import KernelPanel
from viz_app.panels.playground.settings import PlaneSettingsPanel
from viz_app.panels.quiz import QuizPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.options import OptionsPanel
from viz_app.panels.training.watch import WatchPanel
from viz_app.picture.elements import Heatmap, Legend, Text
from viz_app.widgets.pictures.canvas import Canvas
from viz_app.widgets.pictures.curtain import Curtain
from viz_app.widgets.texts.line import Line
from viz_app.window.exporting.export_dialog import ExportDialog
from viz_app.window.panels import ShowsFrames
from viz_app.window.presentation.quizzing import CURTAINED, telling
from viz_app.window.presentation.window import PresentationWindow

Key = Qt.Key
_NUMBER = re.compile(r"\d*\.?\d+(?:e\W?\d+)?")


@pytest.fixture
def window(open_window):
    return open_window()


def quiz(window):
    return window.panels[QuizPanel]


def press(widget, *keys):
    for key in keys:
        QTest.keyClick(widget.window().windowHandle(), key)


def seen(window):
    """Yield every text that a person can see in a window, read in a tip, have read aloud, or paste."""
    drawn = [curtain.parentWidget() for curtain in window.findChildren(Curtain) if curtain.drawn]
    for widget in window.findChildren(QWidget):
        if any(panel is widget or panel.isAncestorOf(widget) for panel in drawn) or not widget.isVisible():
            continue
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
        if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
            yield widget.text()
        elif isinstance(widget, Line):
            yield from widget._forms
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _cells(widget.model())
        elif isinstance(widget, Canvas):
            yield from _told(widget.picture)
    for name in ("copy_numbers", "copy_latex", "copy_formula"):
        window.parts.actions[name].trigger()
        yield QGuiApplication.clipboard().text()
    yield window.panels[StagePanel].line


def _cells(model: QAbstractItemModel):
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.data(index, role) or "")


def _told(picture):
    for element in picture.elements:
        if isinstance(element, Text):
            yield element.text
        elif isinstance(element, Legend):
            yield from (number(element.levels.low, 3), number(element.levels.high, 3))
        elif isinstance(element, Heatmap) and element.map.array is not None:
            cells = element.grid.picture(element.map.array).ravel()
            yield " ".join(number(float(cell), 8) for cell in cells[np.isfinite(cells)])


def forms(value):
    """Return what gives a number away: as it is written with three digits or more."""
    return {number(abs(value), digits) for digits in range(3, 9)}


def covered_number(session):
    frame = session.frame
    index = frame.question.index
    return float(session.shown.array(frame.step.output.key, frame.cursor.iteration)[index])


def giveaways(window, value):
    """Return the texts that tell a number, apart from those whose operands are that number."""
    others = np.concatenate([view.array.ravel() for view in window.session.frame.operands])
    if len(number(abs(value), 6)) < 6 or np.isclose(np.abs(others), abs(value), rtol=1e-2).any():
        return None
    return [text for text in seen(window) if forms(value) & set(_NUMBER.findall(text.replace(",", "")))]


def test_no_text_in_the_window_tells_what_is_covered(window):
    """Step by step through an iteration that has been run before, with all that remembers its numbers."""
    session = window.session
    session.watches.add(window.panels[WatchPanel].target)
    session.navigation.go_to(3, 0)
    session.navigation.go_to(2, 0)
    press(window, Key.Key_Q)
    told = 0
    for step in session.frame.program.steps:
        session.navigation.go_to(2, step.number)
        assert session.quiz.covers
        found = giveaways(window, covered_number(session))
        if found is not None:
            told += 1
            assert found == [], step.output.key
    assert told > 8
    press(window, Key.Key_Q)
    assert not session.quiz.on
    assert giveaways(window, float(session.frame.result.array.ravel()[0])) != []  # the check finds what is told


@pytest.mark.parametrize("preset", ["digits", "playground"])
def test_no_text_tells_the_output_or_the_loss_of_a_guest_or_a_batch(open_window, preset):
    window = open_window(preset, batch_size=3)
    session, program = window.session, window.session.frame.program
    session.navigation.go_to(1, program.producers[program.loss].number)
    if preset == "digits":
        session.guests.show_sample(9)
    session.quiz.set_on(True)
    told = 0
    for key in (program.output, "losses", program.loss, "delta_1"):
        session.navigation.go_to_value(key)
        found = giveaways(window, covered_number(session))
        told += found is not None
        assert not found, key
    assert told > 1


def test_the_frame_that_is_prefetched_is_covered_as_well(window, qtbot):
    session = window.session
    session.quiz.set_on(True)
    with qtbot.waitSignal(session.frame_prefetched) as told:
        session.navigation.go_to(0, 1)
    assert told.args[0].question.covers
    press(window, Key.Key_Right)
    assert session.frame is told.args[0]
    session.navigation.go_to(0, 1)
    with qtbot.waitSignal(session.frame_prefetched):
        session.navigation.go_to(0, 1)
    session.quiz.set_on(False)
    press(window, Key.Key_Right)
    assert session.frame.question is None  # what was prefetched for the quiz is not shown after it


def test_every_panel_shows_covered_frames_or_has_a_curtain(window):
    session = window.session
    press(window, Key.Key_Q)
    for kind in CURTAINED:
        only = Qt.FindChildOption.FindDirectChildrenOnly
        for part in telling(window.panels[kind]):
            (curtain,) = part.findChildren(Curtain, options=only)
            assert curtain.drawn
            assert curtain.geometry() == part.rect()
    press(window, Key.Key_Return)
    assert not any(curtain.drawn for curtain in window.findChildren(Curtain))
    assert not session.quiz.covers
    press(window, Key.Key_Right)
    assert all(curtain.drawn for curtain in window.findChildren(Curtain))
    told_otherwise = {type(panel) for panel in window.panels if not isinstance(panel, ShowsFrames)}
    given = {EditorPanel, DataOfferPanel, OptionsPanel, KernelPanel, PlaneSettingsPanel}
    assert told_otherwise - set(CURTAINED) == given  # they show what is given, and no numbers of the run


def test_an_answer_is_typed_and_judged_and_the_first_one_counts(window):
    session, panel = window.session, quiz(window)
    press(window, Key.Key_Q)
    assert panel.isVisible()
    for text in ("abc", "1/0", "--", "9" * 60, "  "):  # rubbish is no answer, and costs nothing
        panel.field.setText(text)
        panel.field.returnPressed.emit()
        assert panel.said.startswith("Expected a number")
        assert (panel.score, session.quiz.covers) == ("Right: 0/0", True)
    panel.field.clear()
    value = covered_number(session)
    press(window, Key.Key_A)
    assert QApplication.focusWidget() is panel.field
    QTest.keyClicks(panel.field, f"-{value:.3g}")
    press(window, Key.Key_Return)
    assert panel.said == "Close: the sign is wrong."
    assert (panel.score, session.quiz.covers) == ("Right: 0/1", True)
    QTest.keyClicks(panel.field, f"{value:.3g}".replace(".", ","))  # what is wrong is selected
    press(window, Key.Key_Return)
    assert panel.said == "Right."
    assert panel.score == "Right: 0/1"  # the first answer counts
    assert not session.frame.result.covers((0, 0))
    assert session.frame.result.covers((0, 1))
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas
    session.cells.focus(session.frame.result.key, (0, 1))
    press(window, Key.Key_A)
    QTest.keyClicks(panel.field, f"{covered_number(session):.4g}")
    press(window, Key.Key_Return)
    assert panel.score == "Right: 1/2"
    assert not session.quiz.covers


def test_a_click_asks_for_a_cell_and_another_one_reveals_it(window):
    session = window.session
    press(window, Key.Key_Q)
    canvas = window.panels[StagePanel].canvas

    def click(index):
        heatmap = next(e for e in canvas.picture.heatmaps if e.map.key == session.frame.result.key and not e.terms)
        row, column = heatmap.grid.places(np.array([index]))[0]
        rows, columns = heatmap.grid.size
        x = heatmap.rect.x + (column + 0.5) * heatmap.rect.width / columns
        y = heatmap.rect.y + (row + 0.5) * heatmap.rect.height / rows
        at = QPoint(*map(round, canvas.view.to_widget(x, y)))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)

    click((0, 1))
    assert session.frame.question.index == (0, 1)
    assert session.frame.result.covers((0, 1))
    click((0, 1))
    assert not session.frame.result.covers((0, 1))
    assert session.frame.result.covers((0, 0))


def test_one_cell_or_the_whole_result(window):
    session, panel = window.session, quiz(window)
    press(window, Key.Key_Q)
    window.parts.actions.groups["extent"].actions()[1].trigger()
    assert session.quiz.extent is Extent.CELL
    assert np.isnan(session.frame.result.array).sum() == 1
    assert panel._extent.currentData() == Extent.CELL
    press(window, Key.Key_Right, Key.Key_Down)
    assert session.frame.question.index == (0, 0)
    press(window, Key.Key_Right)
    assert session.frame.question.index == (0, 1)
    assert np.isnan(session.frame.result.array).sum() == 1
    press(window, Key.Key_Return)  # another run is asked anew
    assert not session.quiz.covers
    session.opening.open_preset("sigmoid-3-4-2")
    assert session.quiz.covers


def test_what_tells_numbers_elsewhere_is_refused_meanwhile(window):
    session = window.session
    press(window, Key.Key_Q)
    window.parts.actions["export"].trigger()
    assert not window.findChildren(ExportDialog)
    assert "quiz" in window.panels[StagePanel].line
    window.parts.actions["save_map"].trigger()
    assert window.panels[StagePanel].line.endswith("reveal them (Return), then save.")
    session.navigation.go_to_value("grad_w_1")
    session.cells.focus("grad_w_1", (0, 0))
    assert not window.parts.actions["check_gradient"].isEnabled()
    key = session.frame.program.steps[0].output.key
    session.breakpoints.add(AtNumber(key, (0, 0), Side.ABOVE, -100.0))
    session.navigation.restart()
    session.navigation.last()
    session.navigation.advance(1)
    assert session.place.step == 0
    line = window.panels[StagePanel].line
    assert line.startswith("A breakpoint halts here")
    assert not forms(covered_number(session)) & set(_NUMBER.findall(line))


def test_it_works_in_the_presentation_too(window, qtbot):
    session = window.session
    press(window, Key.Key_F5)
    (shown,) = window.findChildren(PresentationWindow)
    shown.showNormal()
    shown.resize(1280, 720)
    with qtbot.waitActive(shown):
        shown.activateWindow()
    press(shown, Key.Key_Q)
    assert shown.quiz.isVisible()
    assert quiz(window).isVisible()
    assert giveaways(window, covered_number(session)) == []
    press(shown, Key.Key_A)
    assert QApplication.focusWidget() is shown.quiz.field
    QTest.keyClicks(shown.quiz.field, "0.")
    assert not shown.black.isVisible()  # a point that is typed is no black screen
    press(shown, Key.Key_PageDown)
    assert session.place.step == 1  # the remote steps whatever is typed
    QTest.keyClicks(shown.quiz.field, f"{covered_number(session):.3g}")
    press(shown, Key.Key_Return)
    assert shown.quiz.said == quiz(window).said == "Right."
    assert shown.quiz.score == quiz(window).score == "Right: 1/1"
    assert QApplication.focusWidget() is shown.stage.canvas
    press(shown, Key.Key_Return)
    assert not session.quiz.covers
    press(shown, Key.Key_Q)
    assert not shown.quiz.isVisible()


def test_a_block_that_is_folded_is_not_asked_for(open_window):
    window = open_window("lstm")
    navigation, panel = window.session.navigation, quiz(window)
    window.parts.actions["quiz"].trigger()
    said = set()
    for _ in range(12):
        asked = window.session.frame.block is None
        said.add(asked)
        assert panel._question.text().endswith("= ?") is asked
        navigation.step(1)
    assert said == {True, False}
