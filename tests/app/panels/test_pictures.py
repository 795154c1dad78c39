import pytest
from PySide6.QtCore import QPoint, Qt

from viz_app.paint.theme import DARK
from viz_app.panels.network import NetworkPanel
from viz_app.panels.stage import StagePanel
from viz_app.picture.elements import Panel


@pytest.fixture
def stage(shown):
    return shown(StagePanel(), 900, 600)


@pytest.fixture
def network(shown):
    return shown(NetworkPanel(), 280, 500)


def _middle(rect):
    return QPoint(*(round(part) for part in rect.center))


def _map(panel, key):
    return next(heatmap for heatmap in panel.canvas.picture.heatmaps if heatmap.map.key == key)


def test_the_stage_fills_its_room(stage, frame_at):
    stage.show_frame(frame_at())
    picture = stage.canvas.picture
    assert (picture.width, picture.height) == (stage.canvas.width(), stage.canvas.height())
    stage.resize(700, 500)
    assert stage.canvas.picture.width == 700


def test_larger_text_is_arranged_anew(stage, frame_at):
    stage.show_frame(frame_at())
    stage.set_em(16.0)
    assert stage.canvas.picture.em == 16.0


def test_the_line_tells_of_the_cell(stage, frame_at, digits_trace):
    stage.show_frame(frame_at("sum_1", focus=("x", (0, 2))))
    assert stage.line == "x[0, 2] = 0.3125 · 3 × 64"
    stage.show_frame(frame_at("sum_1", focus=("loss", ())))
    assert stage.line == "L = not computed yet · scalar"


def test_a_message_is_shown(stage):
    stage.show_message("Expected a step.")
    assert stage.line == "Expected a step."


def test_clicking_a_cell_says_which(stage, qtbot, frame_at):
    stage.show_frame(frame_at("delta_1"))
    heatmap = _map(stage, "delta_1")
    with qtbot.waitSignal(stage.cell_clicked) as asked:
        qtbot.mouseClick(stage.canvas, Qt.MouseButton.LeftButton, pos=_middle(heatmap.rect))
    assert asked.args[0] == "delta_1"
    assert asked.args[2] is False


def test_a_thumbnail_asks_for_its_value(network, qtbot, frame_at):
    network.set_theme(DARK)
    network.show_frame(frame_at("sum_1"))
    panel = next(e for e in network.canvas.picture.elements if isinstance(e, Panel) and e.key == "w_1")
    with qtbot.waitSignal(network.value_requested) as asked:
        qtbot.mouseClick(network.canvas, Qt.MouseButton.LeftButton, pos=_middle(panel.rect))
    assert asked.args == ["w_1"]


def test_the_network_is_as_high_as_it_needs_to_be_and_scrolls(network, frame_at):
    network.show_frame(frame_at("sum_1"))
    assert network.canvas.height() == round(network.canvas.picture.height)
    assert network.canvas.width() == network.viewport().width()
    assert network.verticalScrollBar().maximum() > 0
    network.set_em(20.0)
    assert network.canvas.height() == round(network.canvas.picture.height)


def test_a_message_is_forgotten_where_the_place_is_another(shown, frame_at):
    panel = shown(StagePanel())
    panel.show_frame(frame_at("net_1"))
    panel.show_message("Nothing to see here.")
    panel.show_frame(frame_at("net_1"))
    assert panel.line == "Nothing to see here."
    panel.show_frame(frame_at("out_1"))
    assert panel.line != "Nothing to see here."


def test_a_magnified_part_stays_inside_a_step_and_goes_with_it(stage, frame_at):
    stage.show_frame(frame_at("sum_1"))
    whole = stage.canvas.view
    stage.canvas.zoom_by(4)
    magnified = stage.canvas.view
    stage.show_frame(frame_at("sum_1", focus=("x", (0, 2))))
    stage.show_frame(frame_at("sum_1", iteration=1))
    assert stage.canvas.view == magnified != whole
    stage.show_frame(frame_at("net_1"))
    assert stage.canvas.view == whole
