"""The panel of layers: numbers, bars and histograms of whatever is measured."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel

from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.told.layer_stats import Idle, LayerStats, layer_keys, measure, warned
from viz_app.frame.told.measured import LayerHistory, Measured, What
from viz_app.paint.theme import DARK
from viz_app.panels.training.layer_stats import LayerStatsPanel
from viz_app.widgets.charts.histogram_view import bins_used, image_of


@pytest.fixture
def panel(shown):
    return shown(LayerStatsPanel(), 340, 420)


def measured(preset="digits", iterations=3, upto=None, number=None, **options):
    trace = open_preset(preset, **options).trace()
    keys = layer_keys(trace.program)
    histories = tuple(LayerHistory(one) for one in keys)
    last = len(trace.program.steps) - 1
    for iteration in range(iterations):
        trace.run_to(Cursor(iteration, last))
        known = dict(trace.known(iteration))
        if number is not None:
            known = {key: np.full_like(array, number) for key, array in known.items()}
        stats = measure(keys, known)
        for history, layer in zip(histories, stats, strict=True):
            history.take(iteration, layer, known, 4096)
    if upto is not None:
        producers = trace.program.producers
        known = {key: known[key] for key in known if key not in producers or producers[key].number <= upto}
        stats = measure(keys, known)
    return Measured(iterations - 1, stats, histories)


def test_the_numbers_of_every_layer_stand_in_a_row(panel):
    told = measured(batch_size=16)
    panel.show_measured(told)
    first, second = panel.table.texts(0), panel.table.texts(1)
    assert float(first[0]) == pytest.approx(told.layers[0].gradient, rel=0.01)
    assert first[3] == f"{told.layers[0].idle:.0%}"
    assert second[3] == ""  # softmax is neither dead nor saturated
    assert panel.table.headings == ("gradient", "output", "update", "dead")


def test_what_is_not_computed_yet_has_a_dash(panel):
    panel.show_measured(measured(upto=2))
    assert panel.table.texts(0)[0] == panel.table.texts(0)[2] == "–"
    assert panel.table.texts(0)[1] != "–"
    assert "not computed yet" in panel.table.tip(20, 40)


def test_the_headings_say_what_makes_neurons_idle(panel):
    panel.show_measured(measured("playground"))
    assert panel.table.headings[3] == "saturated"
    both = (LayerStats(1, "a", idle=0.0, why_idle=Idle.DEAD), LayerStats(2, "b", idle=0.5, why_idle=Idle.SATURATED))
    panel.table.show_measured(Measured(0, both, measured().histories))
    assert panel.table.headings[3] == "idle"


def test_a_gradient_that_vanishes_or_explodes_is_said_in_words_and_a_tip(panel):
    histories = measured().histories
    norms = (2e3, 1e-9)
    layers = warned(LayerStats(place, "dense", norm, trained=True) for place, norm in enumerate(norms, 1))
    panel.show_measured(Measured(0, layers, histories))
    assert [panel.table.texts(row)[4] for row in range(2)] == ["exploding", "vanishing"]
    row = panel.table.fontMetrics().height() * 4
    assert "vanishing" in panel.table.tip(10, row)


def test_a_click_on_a_layer_chooses_its_histogram(panel, qtbot):
    panel.show_measured(measured("conv-digits"))
    chooser = panel.findChildren(QComboBox)[0]
    line = panel.table.fontMetrics().height()
    qtbot.mouseClick(panel.table, Qt.MouseButton.LeftButton, pos=QPoint(30, 7 * line))
    assert chooser.currentIndex() == panel.table.row_at(7 * line) == 2
    assert chooser.currentText() == "3  conv 16 @ 5 × 5, ReLU"


def test_every_layer_and_kind_is_drawn_or_says_why_not(panel, qtbot):
    told = measured("conv-digits", batch_size=2)
    panel.show_measured(told)
    layer, what = panel.findChildren(QComboBox)
    for row in range(layer.count()):
        for kind in range(what.count()):
            layer.setCurrentIndex(row)
            what.setCurrentIndex(kind)
            assert not panel.grab().isNull()
            has_none = list(What)[kind] is not What.OUTPUTS and not told.layers[row].trained
            assert panel.view.empty is has_none


@pytest.mark.parametrize("size", [(200, 120), (340, 200), (340, 500), (700, 900)])
@pytest.mark.parametrize("number", [np.nan, np.inf, 0.0, 3e38, 1e-45, -2.0])
def test_any_number_is_drawn_in_any_size(panel, number, size):
    panel.show_measured(measured(number=number))
    panel.resize(*size)
    panel.set_theme(DARK)
    for what in range(3):
        panel.findChildren(QComboBox)[1].setCurrentIndex(what)
        assert not panel.grab().isNull()
    assert len(panel.table.texts(0)[0]) <= 9


def test_a_dead_network_is_said_to_be_dead(panel):
    panel.show_measured(measured(number=0.0))
    assert panel.table.texts(0) == ("0", "0", "0", "100%", "no gradient")


def test_other_layers_are_other_choices(panel):
    panel.show_measured(measured("conv-digits"))
    panel.show_measured(measured("digits"))
    layer = panel.findChildren(QComboBox)[0]
    assert [layer.itemText(row) for row in range(layer.count())] == ["1  dense 32, ReLU", "2  dense 10, Softmax"]


def test_where_nothing_is_trained_it_says_so(panel):
    panel.show_experiment(open_preset("digits"))
    assert panel.findChild(QLabel).isHidden()
    panel.show_experiment(open_preset("conv-kernel"))
    assert panel.findChild(QLabel).text().endswith(".")
    assert not panel.findChild(QLabel).isHidden()


def test_somebody_looks_while_it_is_seen(shown, qtbot):
    panel = LayerStatsPanel()
    with qtbot.waitSignal(panel.wanted_changed) as told:
        shown(panel)
    assert told.args == [True]
    with qtbot.waitSignal(panel.wanted_changed) as told:
        panel.hide()
    assert told.args == [False]


def test_a_histogram_is_shaded_by_its_most_apart_from_zeros():
    counts = np.array([[0, 900, 4, 1, 0], [0, 0, 0, 0, 0]])
    assert bins_used(counts, 1) == (1, 4)
    assert bins_used(np.zeros((3, 5), int), 2) == (2, 3)
    image = image_of(counts, slice(1, 2), DARK)
    colors = [image.pixel(0, y) for y in range(5)]  # from above: the last bin first
    end = image.pixel(0, 3)
    assert (image.width(), image.height()) == (2, 5)
    assert colors[2] == end  # 4 is the most that is no zero
    assert colors[1] not in (end, colors[0])
    assert colors[0] == image.pixel(1, 2)  # nothing
