import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout

from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import resolve
from viz_app.paint.theme import DARK
from viz_app.panels.transport import TransportPanel
from viz_app.session.moving.player import SPEEDS
from viz_app.widgets.fields.number_field import NumberField


@pytest.fixture
def panel(shown):
    return shown(TransportPanel(SPEEDS), 1000, 60)


@pytest.mark.parametrize("name", ["first", "back", "play", "step", "last", "enter", "restart"])
def test_each_button_asks_for_its_action(panel, qtbot, frame_at, name):
    panel.show_frame(frame_at("net_1"))
    with qtbot.waitSignal(panel.action_requested) as asked:
        qtbot.mouseClick(panel.buttons[name], Qt.MouseButton.LeftButton)
    assert asked.args == [name]


def test_says_where_the_frame_is_and_asks_for_nothing(panel, qtbot, frame_at):
    frame = frame_at("delta_1", iteration=2, cell=5)
    with qtbot.assertNotEmitted(panel.iteration_requested), qtbot.assertNotEmitted(panel.step_requested):
        panel.show_frame(frame)
    assert [box.value() for box in panel.findChildren(NumberField)] == [2, frame.step.number]
    assert panel._where.text == "of 0–24 · backward · cell 5"


def test_a_typed_number_asks_to_go_there(panel, qtbot, frame_at):
    panel.show_frame(frame_at())
    iteration, step = panel.findChildren(NumberField)
    for box, signal in ((iteration, panel.iteration_requested), (step, panel.step_requested)):
        box.selectAll()
        with qtbot.waitSignal(signal) as asked:
            qtbot.keyClicks(box, "7")
            qtbot.keyClick(box, Qt.Key.Key_Return)
        assert asked.args == [7]


def test_buttons_that_would_do_nothing_are_disabled(panel, frame_at):
    panel.show_frame(frame_at("sum_1"))
    assert not panel.buttons["back"].isEnabled()
    assert not panel.buttons["leave"].isEnabled()
    panel.show_frame(frame_at("net_1", cell=0))
    assert panel.buttons["back"].isEnabled()
    assert panel.buttons["leave"].isEnabled()
    assert not panel.buttons["enter"].isEnabled()


def test_play_becomes_pause(panel):
    panel.set_theme(DARK)
    before = panel.buttons["play"].icon().cacheKey()
    panel.show_playing(True)
    assert "Pause" in panel.buttons["play"].toolTip()
    assert panel.buttons["play"].icon().cacheKey() != before


def test_shows_and_asks_for_a_speed(panel, qtbot):
    with qtbot.assertNotEmitted(panel.speed_requested):
        panel.show_speed(8.0)
    assert panel._speed.currentText() == "8 / s"
    with qtbot.waitSignal(panel.speed_requested) as asked:
        panel._speed.setFocus()
        qtbot.keyClick(panel._speed, Qt.Key.Key_Down)
    assert asked.args == [15.0]


@pytest.mark.parametrize("spare", [0, 60, 120, 180, 400])
def test_the_place_is_said_whole_and_the_words_beside_numbers_come_together(panel, qapp, frame_at, spare):
    panel.layout().setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # as in a dock
    panel.show_frame(frame_at("delta_1", iteration=2, cell=5))
    where, words = (
        panel._where,
        [label for label in panel.findChildren(QLabel) if label.text() in ("Iteration", "Step")],
    )
    panel.resize(panel.minimumSizeHint().width() + where.least_width + spare, 60)
    qapp.processEvents()
    assert where.shown.startswith("of 0–24")
    assert where.fontMetrics().horizontalAdvance(where.shown) <= where.width()
    assert len({label.isVisible() for label in words}) == 1


@pytest.mark.parametrize(
    ("preset", "fields", "told"),
    [("conv-kernel", 0, "forward"), ("batched-product", 1, "of 0–2 · forward"), ("digits", 2, "of 0–24 · forward")],
)
def test_what_has_nothing_to_choose_is_not_there(panel, preset, fields, told):
    panel.show_frame(resolve(open_preset("digits").trace(), Cursor()))
    panel.show_frame(resolve(open_preset(preset).trace(), Cursor()))
    shown = [widget for widget in (*panel.findChildren(NumberField), *panel.findChildren(QLabel)) if widget.isVisible()]
    assert len(shown) == 2 * fields, "a field and its name"
    assert panel._where.text == told
