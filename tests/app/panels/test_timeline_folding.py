"""The timeline of many steps: folded blocks are segments, zoom changes how many stand on a page."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from core.run.trace import Cursor
from tests.large import transformer
from viz_app.frame.frame import ViewOptions, resolve
from viz_app.frame.outline import folded_all
from viz_app.widgets.timeline.timeline import Timeline

_EXPERIMENT = transformer(3)
_FOLDED = ViewOptions(folds=folded_all(_EXPERIMENT.program))


@pytest.fixture(scope="module")
def trace():
    return _EXPERIMENT.trace()


@pytest.fixture
def timeline(shown, trace):
    timeline = shown(Timeline(), 1500, 80)
    timeline.show_frame(resolve(trace, Cursor(), _FOLDED))
    return timeline


def _turn(timeline, notches):
    at = QPointF(700, 60)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    everywhere = at, QPointF(timeline.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(timeline, QWheelEvent(*everywhere, QPoint(), QPoint(0, 120 * notches), *none, False))


def test_a_folded_block_is_one_segment_with_its_name(timeline, trace):
    names = timeline.names()
    assert any(name == "▸ transformer block, 2 heads × 3" for name in names.values())
    assert len(names) == len(resolve(trace, Cursor(), _FOLDED).outline)
    last = next(step for step, name in names.items() if "× 3" in name)
    first = next(span.first for span in trace.program.spans if span.last == last and span.unit.count == 3)
    assert timeline.segment(first) == timeline.segment(last)
    assert timeline.step_at(timeline.segment(first).center()) == last
    assert timeline.tip(last) == f"transformer block, 2 heads × 3 · forward · 141 steps, from {first} to {last}"


def test_what_is_unfolded_shows_its_parts(timeline, trace):
    inside = ViewOptions(folds=_FOLDED.folds - {"2-4", "3"})
    step = trace.program.producers["sum_3"].number
    timeline.show_frame(resolve(trace, Cursor(0, step), inside))
    names = set(timeline.names().values())
    assert {"▸ attention_norm", "▸ attention", "sum₃"} <= names


def test_the_wheel_zooms_and_every_segment_with_room_has_its_name(timeline, trace):
    timeline.show_frame(resolve(trace, Cursor(0, 20)))
    usual = timeline.segment(20).width()
    _turn(timeline, -6)
    narrow = timeline.segment(20).width()
    assert narrow < usual
    unnamed = len(timeline.names())
    _turn(timeline, 12)
    assert timeline.segment(20).width() > usual
    assert timeline.names()[20]
    assert unnamed < len(trace.program.steps)
    for _ in range(40):
        timeline.zoom_out()
    assert timeline.segment(20).width() > 0
    assert not timeline.grab().isNull()


def test_the_page_follows_the_current_step_after_zooming(timeline, trace):
    for notches in (6, -9):
        _turn(timeline, notches)
        for step in (len(trace.program.steps) - 1, 20, 21, 90):
            timeline.show_frame(resolve(trace, Cursor(0, step)))
            here = timeline.segment(step)
            assert timeline.rect().contains(here.toRect())
            assert timeline.step_at(QPointF(here.center().x(), timeline.height() - 20)) == step, "another page is shown"


def test_copies_that_are_hidden_have_no_segment(timeline, trace):
    hidden = ViewOptions(hide_copies=True)
    frame = resolve(trace, Cursor(0, 20), hidden)
    timeline.show_frame(frame)
    copies = [step.number for step in trace.program.steps if step.op.title in ("Reshape", "Transpose")]
    assert copies
    assert not set(copies) & {stop.last for stop in frame.outline.stops}
    assert not set(copies) & timeline.names().keys()
