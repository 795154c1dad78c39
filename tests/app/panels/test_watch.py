"""The panel of watches and breakpoints: it offers what the place suggests, and asks for what is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QPushButton, QTableWidget

from core.run.breakpoints import AtNorm, AtNumber, AtStep, Side
from viz_app.frame.told.watch import Watch, Watched
from viz_app.panels.training.watch import WatchPanel
from viz_app.widgets.fields.number_field import NumberField


@pytest.fixture
def panel(shown):
    return shown(WatchPanel(), 320, 400)


def made(panel, qtbot, kind, number=None):
    panel.findChild(QComboBox).setCurrentIndex(kind)
    if number is not None:
        panel.findChild(NumberField).setValue(number)
    halt = panel.findChildren(QPushButton)[1]
    with qtbot.waitSignal(panel.breakpoint_requested) as asked:
        qtbot.mouseClick(halt, Qt.MouseButton.LeftButton)
    return asked.args[0]


def test_it_offers_the_focused_cell_or_what_the_step_has_made(panel, frame_at):
    panel.show_frame(frame_at("net_1"))
    assert panel.target == Watch("net_1")
    assert panel.choices[0] == "at the step of net₁"
    assert "a cell of net₁" in panel.choices[1]
    panel.show_frame(frame_at("net_1", focus=("w_1", (3, 2))))
    assert panel.target == Watch("w_1", (3, 2))
    assert "w₁[3, 2]" in panel.choices[1]


def test_every_kind_of_breakpoint_can_be_asked_for(panel, qtbot, frame_at):
    panel.show_frame(frame_at("net_1", focus=("net_1", (0, 2))))
    assert made(panel, qtbot, 0) == AtStep("net_1")
    assert made(panel, qtbot, 1, 0.5) == AtNumber("net_1", (0, 2), Side.ABOVE, 0.5)
    assert made(panel, qtbot, 2, -3.0) == AtNumber("net_1", (0, 2), Side.BELOW, -3.0)
    assert made(panel, qtbot, 3, 2.0) == AtNorm(2.0)


def test_the_norm_of_a_gradient_is_offered_at_the_gradient(panel, qtbot, frame_at):
    frame = frame_at("net_1")
    key = frame.program.gradients["w_1"]
    panel.show_frame(frame_at(key))
    assert len(panel.choices) == 5
    assert made(panel, qtbot, 4, 2.0) == AtNorm(2.0, "w_1")


def test_a_norm_of_0_is_refused_beside_the_number(panel, qtbot, frame_at):
    panel.show_frame(frame_at("net_1"))
    panel.findChild(QComboBox).setCurrentIndex(3)
    panel.findChild(NumberField).setValue(0)
    with qtbot.assertNotEmitted(panel.breakpoint_requested):
        qtbot.mouseClick(panel.findChildren(QPushButton)[1], Qt.MouseButton.LeftButton)
    assert "more than 0" in panel.findChild(NumberField).toolTip()


def test_watched_numbers_stand_in_rows_and_can_be_removed(panel, qtbot, frame_at):
    panel.show_frame(frame_at("net_1"))
    panel.show_watched([Watched(Watch("w_1", (0, 1)), 0.5, 0.25, 7), Watched(Watch("net_1"), None, None, None)])
    table = panel.findChild(QTableWidget)
    texts = [[table.item(row, column).text() for column in range(4)] for row in range(2)]
    assert texts == [["w₁[0, 1]", ".5", ".25", ".25"], ["‖net₁‖", "–", "–", "–"]]
    table.selectRow(1)
    with qtbot.waitSignal(panel.unwatch_requested) as asked:
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert asked.args == [Watch("net_1")]
    panel.show_watched([])
    assert table.isHidden()


def test_breakpoints_can_be_switched_and_removed(panel, qtbot, frame_at):
    panel.show_frame(frame_at("net_1"))
    one = AtNumber("w_1", None, Side.ABOVE, 2.0)
    panel.show_breakpoints([(one, True), (AtStep("nowhere"), True)])
    listed = panel.findChild(QListWidget)
    assert [listed.item(row).text() for row in range(2)] == ["w₁ (any cell) above 2", "not in this network"]
    with qtbot.waitSignal(panel.breakpoint_switched) as asked:
        listed.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert asked.args == [one, False]
    listed.setCurrentRow(0)
    with qtbot.waitSignal(panel.breakpoint_removed) as asked:
        qtbot.keyClick(listed, Qt.Key.Key_Delete)
    assert asked.args == [one]


def test_what_the_forward_pass_alone_does_not_have_is_still_watched(open_window):
    window = open_window("digits")
    window.session.watches.add(Watch("new_w_1"))
    window.parts.actions["inference"].trigger()
    assert list(window.session.watches) == [Watch("new_w_1")]
