import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from viz_app.paint.theme import DARK, LIGHT
from viz_app.widgets.timeline import Timeline


@pytest.fixture
def timeline(shown, frame_at):
    timeline = shown(Timeline(), 1000, 80)
    timeline.show_frame(frame_at("sum_1"))
    return timeline


def _middle(timeline, step):
    return timeline.segment(step).center().toPoint()


def test_every_step_has_its_segment_in_order(timeline):
    assert [timeline.step_at(_middle(timeline, step).x()) for step in range(25)] == list(range(25))
    assert timeline.step_at(-50) == 0
    assert timeline.step_at(5000) == 24


def test_click_and_drag_scrub(timeline, qtbot):
    asked = []
    timeline.step_requested.connect(asked.append)
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=_middle(timeline, 4))
    QApplication.sendEvent(timeline, _move(timeline, _middle(timeline, 9)))
    assert asked == [4, 9]


def test_the_current_step_is_not_asked_for_again(timeline, qtbot):
    with qtbot.assertNotEmitted(timeline.step_requested):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=_middle(timeline, 0))


def test_tells_of_the_step_under_the_mouse(timeline):
    place = _middle(timeline, 14)
    QApplication.sendEvent(timeline, QHelpEvent(QEvent.Type.ToolTip, place, timeline.mapToGlobal(place)))
    assert QToolTip.text() == "step 14 · backward · δ₁ = ∂L/∂out₁ ⊙ relu'(net₁)"
    QToolTip.hideText()


def test_phases_have_the_colours_of_the_theme(timeline, frame_at):
    for theme in (LIGHT, DARK):
        timeline.set_theme(theme)
        timeline.show_frame(frame_at("new_b_2"))
        image = timeline.grab().toImage()
        for step, phase in ((0, "forward"), (6, "loss"), (12, "backward"), (20, "update")):
            box = timeline.segment(step)
            corner = QPoint(round(box.left()) + 4, round(box.top()) + 3)
            assert image.pixelColor(corner) == theme.color(phase)


def test_steps_to_come_are_pale_and_the_current_one_is_marked(timeline, frame_at):
    before = timeline.grab().toImage()
    timeline.show_frame(frame_at("net_1"))
    after = timeline.grab().toImage()
    corner = timeline.segment(1).topLeft().toPoint() + QPoint(4, 4)
    assert before.pixelColor(corner) != after.pixelColor(corner)


def test_the_step_that_made_a_nan_is_marked(shown, broken_session):
    broken_session.navigation.step(1)
    timeline = shown(Timeline(), 600, 80)
    timeline.show_frame(broken_session.frame)
    corner = timeline.segment(0).topLeft().toPoint() + QPoint(4, 4)
    assert timeline.grab().toImage().pixelColor(corner).name() == LIGHT.nan


def _move(widget, place):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(place), widget.mapToGlobal(QPointF(place)), left, left, none)
