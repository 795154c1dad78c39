"""The network panel keeps the current layer in view, and arranges no more than what can be seen."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from core.data.digits import digits
from core.experiment import Experiment
from core.layers import Dense, Layer, LayerNorm, RMSNorm
from core.network import Network
from core.options import Options, Rates
from core.preset import network_experiment
from core.presets import open_preset
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import resolve
from viz_app.frame.outline import first_folds
from viz_app.frame.views import ViewOptions
from viz_app.panels.network import NetworkPanel
from viz_app.picture.elements import Panel, Rect, rect_of
from viz_app.picture.network import arrange_network, current_parts

LAYERS = 60


def deep(layers: int = LAYERS) -> Experiment:
    return of_digits(*(Dense(8, "relu") for _ in range(layers - 1)), Dense(10, "softmax"))


def of_digits(*stack: Layer) -> Experiment:
    dataset = digits((8, 8))
    network = Network(dataset.sample_shape, stack, dataset.row_image)
    return network_experiment("digits", network, dataset, Options(), loss="cross_entropy", rates=Rates(0.01))


@pytest.fixture(scope="module")
def trace() -> Trace:
    return deep().trace()


@pytest.fixture
def panel(shown, trace):
    panel = shown(NetworkPanel(), 280, 400)
    panel.show_frame(resolve(trace, Cursor()))
    QApplication.processEvents()
    return panel


def seen(panel):
    return Rect(0, panel.verticalScrollBar().value(), panel.canvas.width(), panel.viewport().height())


def in_view(panel, part):
    room = seen(panel)
    return room.y <= part.y and part.bottom <= room.bottom


def settled(panel, qtbot):
    qtbot.waitUntil(lambda: not panel.scrolling)


def turn_wheel(panel, notches):
    place = QPoint(100, 100)
    everywhere = QPointF(place), QPointF(panel.viewport().mapToGlobal(place))
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(panel.viewport(), QWheelEvent(*everywhere, QPoint(), QPoint(0, 120 * notches), *none, False))


def first_of(trace, layer, phase="forward"):
    return next(step.number for step in trace.program.steps if step.layer == layer and step.phase == phase)


@pytest.mark.parametrize("layer", [1, 2, 30, LAYERS])
@pytest.mark.parametrize("phase", ["forward", "backward", "update"])
def test_the_current_layer_is_in_view_and_marked(panel, trace, qtbot, layer, phase):
    frame = resolve(trace, Cursor(0, first_of(trace, layer, phase)))
    panel.show_frame(frame)
    settled(panel, qtbot)
    card = current_parts(frame, panel.canvas.width(), panel.canvas.picture.em)[0]
    assert in_view(panel, card)
    outlined = [element.rect for element in panel.canvas.picture.elements
                if isinstance(element, Panel) and element.outline == phase and element.key is None]  # fmt: skip
    assert outlined == [card]


def test_a_layer_that_is_too_high_shows_the_row_of_what_is_made(panel, trace, qtbot):
    panel.resize(280, 140)
    for step in range(60):
        frame = resolve(trace, Cursor(0, step))
        panel.show_frame(frame)
        settled(panel, qtbot)
        assert in_view(panel, current_parts(frame, panel.canvas.width(), panel.canvas.picture.em)[-1]) or (
            len(current_parts(frame, panel.canvas.width(), panel.canvas.picture.em)) == 1
        )


def test_who_scrolls_is_left_alone_until_the_next_layer(panel, trace, qtbot):
    first = first_of(trace, 20)
    panel.show_frame(resolve(trace, Cursor(0, first)))
    settled(panel, qtbot)
    turn_wheel(panel, -8)
    there = panel.verticalScrollBar().value()
    panel.show_frame(resolve(trace, Cursor(0, first + 1)))
    settled(panel, qtbot)
    assert panel.verticalScrollBar().value() == there
    frame = resolve(trace, Cursor(0, first_of(trace, 21)))
    panel.show_frame(frame)
    settled(panel, qtbot)
    assert in_view(panel, current_parts(frame, panel.canvas.width(), panel.canvas.picture.em)[0])


def test_a_layer_that_is_in_view_is_not_scrolled(panel, trace, qtbot):
    panel.resize(280, 900)
    panel.show_frame(resolve(trace, Cursor(0, 0)))
    settled(panel, qtbot)
    before = panel.verticalScrollBar().value()
    panel.show_frame(resolve(trace, Cursor(0, first_of(trace, 2))))
    settled(panel, qtbot)
    assert panel.verticalScrollBar().value() == before


def test_what_is_in_view_is_arranged_wherever_one_scrolls(panel, trace):
    whole = arrange_network(resolve(trace, Cursor()), panel.canvas.width(), panel.canvas.picture.em)
    bar = panel.verticalScrollBar()
    for place in range(0, bar.maximum() + 1, 977):
        bar.setValue(place)
        room = seen(panel)
        expected = {repr(rect_of(element)) for element in whole.elements if rect_of(element).overlaps(room)}
        there = {repr(rect_of(element)) for element in panel.canvas.picture.elements}
        assert expected <= there
        assert len(panel.canvas.picture.elements) < len(whole.elements) / 3


def test_a_part_of_the_network_is_a_part_of_its_picture(trace):
    frame = resolve(trace, Cursor(0, 30))
    whole, part = (arrange_network(frame, 270, 13, room) for room in (None, Rect(0, 900, 270, 400)))
    assert (part.width, part.height) == (whole.width, whole.height)
    assert [rect_of(e) for e in part.elements] == [
        rect_of(e) for e in whole.elements if any(rect_of(e) == rect_of(other) for other in part.elements)
    ]
    assert 0 < len(part.elements) < len(whole.elements)


@pytest.mark.parametrize("norm", [LayerNorm(), RMSNorm()])
def test_what_belongs_to_pixels_is_drawn_as_their_image(norm):
    """A shift of pixels is a vector, and their scale is a vector of weights."""
    trace = of_digits(norm, Dense(10, "softmax")).trace()
    picture = arrange_network(resolve(trace, Cursor(0, len(trace.program.steps) - 1)), 280, 14)
    for heatmap in picture.heatmaps:
        assert heatmap.grid.picture(heatmap.map.array).shape == heatmap.grid.size, heatmap.map.key
    sizes = {heatmap.map.key: heatmap.grid.size for heatmap in picture.heatmaps}
    assert sizes["x"] == (8, 8)
    assert sizes.get("shift_1", (8, 8)) == (8, 8)


def test_thumbnails_are_painted_however_far_down_they_are(panel, trace, qtbot):
    frame = resolve(trace, Cursor(0, first_of(trace, LAYERS)))
    panel.show_frame(frame)
    settled(panel, qtbot)
    image = panel.viewport().grab().toImage()
    maps = [heatmap for heatmap in panel.canvas.picture.heatmaps if in_view(panel, heatmap.rect)]
    assert maps
    for heatmap in maps:
        left, y = round(heatmap.rect.x), round(heatmap.rect.center[1]) - panel.verticalScrollBar().value()
        line = {image.pixel(left + x, y) for x in range(round(heatmap.rect.width))}
        assert line != {image.pixel(left - 6, y)}, heatmap.map.key


def test_what_is_in_view_is_arranged_when_blocks_unfold(panel, qtbot):
    """The picture grows, so the bar moves while it is arranged."""
    trace = open_preset("transformer").trace()
    panel.show_frame(resolve(trace, Cursor(), ViewOptions(folds=first_folds(trace.program))))
    QApplication.processEvents()
    for step in (107, 60, 150):
        panel.show_frame(frame := resolve(trace, Cursor(0, step)))
        settled(panel, qtbot)
        whole = arrange_network(frame, panel.canvas.width(), panel.canvas.picture.em)
        expected = {repr(rect_of(element)) for element in whole.elements if rect_of(element).overlaps(seen(panel))}
        assert expected <= {repr(rect_of(element)) for element in panel.canvas.picture.elements}, step
