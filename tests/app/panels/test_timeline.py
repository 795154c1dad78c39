from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from core.notation import plain, symbol
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from tests.app.panels.test_network import deep
from tests.steps import MANY, telling
from viz_app.frame.frame import resolve
from viz_app.paint.theme import DARK, LIGHT
from viz_app.widgets.timeline.timeline import Timeline


@pytest.fixture
def timeline(shown, frame_at):
    timeline = shown(Timeline(), 1000, 80)
    timeline.show_frame(frame_at("sum_1"))
    return timeline


def _middle(timeline, step):
    return timeline.segment(step).center().toPoint()


def test_every_step_has_its_segment_in_order(timeline):
    assert [timeline.step_at(_middle(timeline, step)) for step in range(25)] == list(range(25))
    assert timeline.step_at(QPoint(-50, 60)) == 0
    assert timeline.step_at(QPoint(5000, 60)) == 24


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
    assert QToolTip.text() == "step 14 · backward · layer 1: dense 32, ReLU · δ₁ = ∂L/∂out₁ ⊙ relu'(net₁)"
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


def _frames(experiment, steps):
    trace = experiment.trace()
    return [resolve(trace, Cursor(0, step)) for step in steps]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("width", "pixels"), [(1280, 13), (1920, 13), (1280, 26), (500, 13)])
def test_the_current_step_and_its_neighbours_have_their_names(shown, preset, width, pixels):
    experiment = open_preset(preset)
    timeline = Timeline()
    font = timeline.font()
    font.setPixelSize(pixels)
    timeline.setFont(font)
    shown(timeline, width, timeline.sizeHint().height())
    program = experiment.program
    named = {}
    steps = {step.number for step in telling(program)}
    for frame in _frames(experiment, steps):
        timeline.show_frame(frame)
        names = timeline.names()
        assert names[frame.step.number] == plain(symbol(program, frame.step.output))
        assert len(names) >= (2 if len(program.steps) > MANY else min(len(program.steps), 3))
        named |= names
        box = timeline.segment(frame.step.number)
        assert 0 <= box.left() < box.right() <= width
        assert box.bottom() <= timeline.height()
    assert steps <= named.keys()


def test_with_room_for_all_names_there_is_one_strip(timeline):
    assert len(timeline.names()) == 25


def test_many_steps_stand_on_pages_below_an_overview_of_all(shown, qtbot):
    experiment = deep(200)
    count = len(experiment.program.steps)
    assert count > 2000
    timeline = shown(Timeline(), 1000, 80)
    (first, later) = _frames(experiment, (0, count // 2))
    timeline.show_frame(first)
    page = timeline.names()
    with qtbot.waitSignal(timeline.step_requested) as asked:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(500, _middle(timeline, count // 2).y()))
    assert abs(asked.args[0] - count // 2) <= 2
    timeline.show_frame(later)
    assert 10 <= len(timeline.names()) < 60
    assert not timeline.names().keys() & page.keys()
    for step in timeline.names():
        assert timeline.step_at(_middle(timeline, step)) == step


def test_dragging_in_a_page_stays_in_it(shown, qtbot):
    timeline = shown(Timeline(), 400, 80)
    (frame,) = _frames(open_preset("digits"), (0,))
    timeline.show_frame(frame)
    last = max(timeline.names())
    asked = []
    timeline.step_requested.connect(asked.append)
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=_middle(timeline, 1))
    QApplication.sendEvent(timeline, _move(timeline, QPoint(900, 2)))
    assert asked == [1, last]


@pytest.mark.parametrize("width", [1000, 400])
def test_the_chosen_step_covers_no_neighbour(shown, width):
    timeline = shown(Timeline(), width, 80)
    frames = _frames(open_preset("digits", optimizer="adam"), range(12, 20))
    for here, following in pairwise(frames):
        step = here.step.number
        timeline.show_frame(here)
        if step + 2 not in timeline.names() or step - 1 not in timeline.names():
            continue
        chosen = timeline.grab().toImage()
        before, after = timeline.segment(step - 1).toAlignedRect(), timeline.segment(step + 2).toAlignedRect()
        timeline.show_frame(following)
        other = timeline.grab().toImage()
        for box in (before, after):
            inner = box.adjusted(1, 0, -1, 0)
            assert chosen.copy(inner) == other.copy(inner)
    assert len(frames) == 8


def _move(widget, place):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(place), widget.mapToGlobal(QPointF(place)), left, left, none)
