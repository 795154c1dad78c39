"""A click on the name of a block in the network asks to fold or unfold it; what a value is kept for is told."""

import pytest
from PySide6.QtCore import QPoint, Qt

from core.run.trace import Cursor
from tests.large import transformer
from viz_app.frame.frame import Focus, ViewOptions, resolve
from viz_app.frame.outline import folded_all
from viz_app.panels.inspector.kept import kept_text
from viz_app.panels.network import NetworkPanel
from viz_app.picture.elements import Panel, Stroke

_EXPERIMENT = transformer(2)


@pytest.fixture(scope="module")
def trace():
    return _EXPERIMENT.trace()


def _options(*unfolded):
    return ViewOptions(folds=folded_all(_EXPERIMENT.program) - set(unfolded))


def test_a_click_on_a_block_asks_for_its_fold(shown, trace, qtbot):
    panel, asked = shown(NetworkPanel(), 300, 900), []
    panel.fold_requested.connect(asked.append)
    panel.show_frame(resolve(trace, Cursor(), _options("2")))
    heads = [e for e in panel.canvas.picture.elements if isinstance(e, Panel) and e.fold is not None]
    assert {"2", "2/forward"} <= {head.fold for head in heads}
    head = next(head for head in heads if head.fold == "2")
    qtbot.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(*map(round, head.rect.center)))
    assert asked == ["2"]


def test_wires_are_drawn_beside_the_cards_and_within_the_panel(shown, trace):
    panel = shown(NetworkPanel(), 300, 900)
    panel.show_frame(resolve(trace, Cursor(), _options("2")))
    strokes = [e for e in panel.canvas.picture.elements if isinstance(e, Stroke)]
    assert strokes
    assert all(0 <= x <= panel.canvas.width() for stroke in strokes for x, _ in stroke.points)


def test_a_folded_network_resolves_little(trace):
    folded, whole = (resolve(trace, Cursor(), options) for options in (_options(), ViewOptions()))
    assert sum(len(layer.maps) for layer in folded.layers) < sum(len(layer.maps) for layer in whole.layers) / 2


def test_the_inspector_says_what_a_value_is_kept_for(trace):
    program = trace.program
    step = program.producers["forward_wide_net_2"].number
    text = kept_text(resolve(trace, Cursor(0, step)))
    assert "takes 1.0 kB, kept for backward:" in text
    assert f'<a href="{program.consumers["forward_wide_net_2"][-1].number}">' in text
    focused = kept_text(resolve(trace, Cursor(0, step), focus=Focus("forward_wide_sum_2", (0, 0))))
    assert focused.endswith("no later phase reads it.")
    block = next(span for span in program.spans if span.fold == "2")
    assert "that later phases read: backward:" in kept_text(resolve(trace, Cursor(0, block.last), _options()))
