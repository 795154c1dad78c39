import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox

from viz_app.paint.theme import DARK
from viz_app.panels.curves import CurvesPanel


@pytest.fixture
def panel(shown):
    return shown(CurvesPanel(), 400, 200)


def test_says_so_while_there_is_no_loss(panel, frame_at):
    panel.show_frame(frame_at("sum_1"))
    assert panel.plot.empty
    assert panel.plot.points() == ()


def test_draws_the_losses_walked_so_far(panel, frame_at):
    frame = frame_at("loss", iteration=3)
    panel.show_frame(frame)
    assert not panel.plot.empty
    assert [i for i, _ in panel.plot.points()] == [0, 1, 2, 3]
    assert [loss for _, loss in panel.plot.points()] == pytest.approx([loss for _, loss in frame.losses])


def test_going_back_takes_losses_away(panel, frame_at):
    panel.show_frame(frame_at("loss", iteration=3))
    panel.show_frame(frame_at("sum_1", iteration=1))
    assert [i for i, _ in panel.plot.points()] == [0]
    panel.show_frame(frame_at("sum_1"))
    assert panel.plot.empty


def test_a_loss_that_is_not_finite_is_left_out(panel):
    panel.plot.show_losses(((0, 1.0), (1, math.nan), (2, 2.0)), 2)
    assert panel.plot.points() == ((0, 1.0), (2, 2.0))


def test_the_axis_becomes_logarithmic(panel, qtbot, frame_at):
    panel.set_theme(DARK)
    panel.show_frame(frame_at("loss", iteration=2))
    box = panel.findChild(QCheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert panel.plot._plot.getAxis("left").logMode
    assert len(panel.plot.points()) == 3


def test_a_new_loss_is_painted_soon(panel, qtbot, frame_at):
    panel.show_frame(frame_at("loss", iteration=1))
    QApplication.processEvents()
    before = _seen(panel)
    panel.show_frame(frame_at("loss", iteration=3))
    qtbot.waitUntil(lambda: _seen(panel) != before)
    qtbot.waitUntil(lambda: panel.plot._plot.updatesEnabled())


def _seen(panel):
    return panel.screen().grabWindow(panel.winId()).toImage()
