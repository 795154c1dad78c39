import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from core.ops.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.presets import PRESETS, open_preset
from core.presets.changes import Refusal
from core.run.trace import Cursor
from core.trained import trained_presets
from viz_app.frame.frame import ViewOptions, resolve
from viz_app.paint.theme import DARK
from viz_app.panels.data import DataPanel, answer
from viz_app.widgets.samples.samples import SampleStrip


@pytest.fixture
def panel(shown, digits, frame_at):
    panel = shown(DataPanel(PRESETS), 320, 600)
    panel.show_experiment(digits)
    panel.show_frame(frame_at())
    return panel


def test_showing_asks_for_nothing(panel, qtbot, frame_at):
    signals = [panel.preset_requested, panel.options_requested, panel.row_requested]
    asked = []
    for signal in signals:
        signal.connect(asked.append)
    panel.show_frame(frame_at("out_2"))
    panel.show_experiment(open_preset("sigmoid-3-4-2", sample=3))
    assert asked == []
    assert panel._preset.currentData() == "sigmoid-3-4-2"
    assert panel._sample.value() == panel._slider.value() == 3


def test_shows_the_options_and_the_bounds_of_the_data(panel):
    assert panel._batch.value() == 3
    assert panel._batch.maximum() == 1797
    assert panel._sample.maximum() == 1796
    assert panel._row.maximum() == 2
    assert panel._rate.value() == pytest.approx(0.1)
    panel.show_experiment(open_preset("worked-2-2-2"))
    assert panel._batch.maximum() == 1
    assert not panel._batch.isEnabled()


@pytest.mark.parametrize(
    ("field", "typed", "option", "value"),
    [
        ("_sample", "25", "sample", 25),
        ("_batch", "16", "batch_size", 16),
        ("_seed", "7", "seed", 7),
        ("_rate", "0.5", "learning_rate", 0.5),
    ],
)
def test_a_typed_number_asks_for_one_option_once(panel, qtbot, field, typed, option, value):
    asked = []
    panel.options_requested.connect(asked.append)
    box = getattr(panel, field)
    box.selectAll()
    qtbot.keyClicks(box, typed)
    assert asked == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert asked == [{option: value}]


def test_choices_and_boxes_ask_for_their_option(panel, qtbot):
    asked = []
    panel.options_requested.connect(asked.append)
    panel._same.click()
    panel._jacobian.click()
    qtbot.keyClick(panel._dtype, Qt.Key.Key_Down)
    assert asked == [{"same_samples": True}, {"through_jacobian": True}, {"dtype": "float64"}]


def test_a_preset_is_asked_for_by_name(panel, qtbot):
    with qtbot.waitSignal(panel.preset_requested) as asked:
        qtbot.keyClick(panel._preset, Qt.Key.Key_Down)
    assert asked.args == ["mlp-784-800-10"]


def test_clicking_a_thumbnail_asks_for_its_sample(panel, qtbot):
    strip = panel._strip
    shown = strip.samples()
    at = strip.box(len(shown) - 1).center().toPoint()
    with qtbot.waitSignal(panel.options_requested) as asked:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(at))
    assert asked.args == [{"sample": shown[-1]}]


def test_the_strip_draws_in_both_themes(panel, digits):
    light = panel._strip.grab().toImage()
    panel.set_theme(DARK)
    assert panel._strip.grab().toImage() != light


def test_says_target_and_answer_of_the_row_shown(digits, frame_at, digits_trace):
    assert answer(digits, frame_at("sum_1")) == "Sample 0 · target 0 · network not computed yet"
    said = answer(digits, frame_at("out_2", options=ViewOptions(sample=2)))
    probabilities = digits_trace.array("out_2")[2]
    assert said == f"Sample 2 · target 2 · network {probabilities.argmax()} ({probabilities.max():.0%})"


def test_a_slice_beyond_the_batch_can_be_chosen(shown):
    stack = open_preset("batched-product")
    panel = shown(DataPanel(PRESETS), 320, 600)
    panel.show_experiment(stack)
    trace = stack.trace()
    for cursor in (Cursor(0, step) for step in range(len(trace.program.steps))):
        for chosen in range(3):
            panel.show_frame(resolve(trace, cursor, ViewOptions(sample=chosen)))
    assert panel._row.value() == 0


def test_an_option_that_cannot_be_stays_to_be_seen_with_the_reason(panel):
    panel.show_refusals({"batch_size": Refusal(1797, "Too much to show."), "optimizer": Refusal("adam", "No.")})
    assert (panel._batch.text(), panel._batch.value(), panel._batch.toolTip()) == ("1797", 3, "Too much to show.")
    panel.show_experiment(open_preset("worked-2-2-2"))
    assert not panel._batch.property("invalid")


@pytest.mark.parametrize(("typed", "rate"), [("0,5", 0.5), ("1e9", 1e9), ("3/8", 0.375), ("1e-8", 1e-8)])
def test_a_rate_is_taken_as_it_is_meant(panel, qtbot, typed, rate):
    panel._rate.selectAll()
    qtbot.keyClicks(panel._rate, typed)
    with qtbot.waitSignal(panel.options_requested) as asked:
        qtbot.keyClick(panel._rate, Qt.Key.Key_Return)
    assert asked.args == [{"learning_rate": rate}]


@pytest.mark.parametrize("field", ["_sample", "_batch", "_row", "_seed", "_rate"])
@pytest.mark.parametrize("typed", ["", "abc", "-1", "1e400", "0.5.5"])
def test_rubbish_asks_for_nothing_and_is_marked(panel, qtbot, field, typed):
    box, asked = getattr(panel, field), []
    panel.options_requested.connect(asked.append)
    panel.row_requested.connect(asked.append)
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert asked == []
    assert box.text() == typed
    assert box.toolTip().startswith("Expected ")


def test_says_numbers_where_there_are_no_classes(small):
    said = answer(small, resolve(small.trace(), Cursor(0, small.program.producers["out_2"].number)))
    assert said == "Sample 0 · target 0.01, 0.99 · network 0.7514, 0.7729"


def test_an_optimizer_is_asked_for_at_its_own_rate(panel, qtbot):
    with qtbot.waitSignal(panel.options_requested) as asked:
        qtbot.keyClick(panel._optimizer, Qt.Key.Key_End)
    assert asked.args == [{"optimizer": "adamw", "learning_rate": None}]


def test_the_optimizer_that_is_open_already_keeps_its_rate(panel):
    asked = []
    panel.options_requested.connect(asked.append)
    panel._optimizer.activated.emit(panel._optimizer.currentIndex())
    assert asked == []


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_shows_the_optimizer_and_its_rate(panel, name):
    experiment = open_preset("digits", optimizer=name)
    panel.show_experiment(experiment)
    assert panel._optimizer.currentData() == name
    assert panel._rate.value() == pytest.approx(experiment.program.hyperparameters["eta"])
    assert float(panel._rate.text().replace(",", ".")) == panel._rate.value()


def test_no_optimizer_where_nothing_is_trained(panel):
    trained = (panel._optimizer, panel._labels[panel._optimizer], panel._rate)
    assert all(widget.isVisible() for widget in trained)
    panel.show_experiment(open_preset("conv-kernel"))
    assert not any(widget.isVisible() for widget in trained)
    panel.show_experiment(open_preset("digits"))
    assert all(widget.isVisible() for widget in trained)


def test_the_name_of_every_optimizer_has_room_in_the_narrowest_panel(panel, qtbot):
    narrowest = panel.minimumSizeHint().width()
    panel.resize(narrowest, 600)
    qtbot.waitUntil(lambda: panel.width() == narrowest)
    box = panel._optimizer
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, box).width()
    names = [box.itemText(place) for place in range(box.count())]
    assert max(box.fontMetrics().horizontalAdvance(name) for name in names) <= room


@pytest.mark.parametrize("name", ["digits", "sigmoid-3-4-2", "worked-2-2-2", "attention", "conv-kernel"])
def test_the_jacobian_is_offered_only_where_it_changes_something(qtbot, name):
    panel = DataPanel(PRESETS)
    qtbot.addWidget(panel)
    panel.show_experiment(open_preset(name))
    assert panel._jacobian.isVisibleTo(panel) == (name in ("digits", "attention"))


def test_the_losses_that_suit_the_outputs_can_be_chosen(panel, qtbot):
    asked = []
    panel.options_requested.connect(asked.append)
    assert [panel._loss.itemData(i) for i in range(panel._loss.count())] == list(LOSSES)
    assert panel._loss.currentData() == "cross_entropy"
    qtbot.keyClick(panel._loss, Qt.Key.Key_Down)
    assert asked == [{"loss": "binary_cross_entropy"}]


def test_a_loss_with_a_limit_is_shown_and_stays(panel, qtbot):
    panel.show_experiment(open_preset("digits", loss="huber_error:0.5"))
    asked = []
    panel.options_requested.connect(asked.append)
    assert (panel._loss.currentText(), panel._loss.currentData()) == ("Huber error", "huber_error:0.5")
    panel._loss.activated.emit(panel._loss.currentIndex())
    assert asked == []


@pytest.mark.parametrize("preset", PRESETS)
def test_trained_weights_can_be_chosen_where_they_are_shipped(panel, preset):
    panel.show_experiment(open_preset(preset))
    assert panel._start.isVisibleTo(panel) is (preset in trained_presets())
    assert panel._loss.isVisibleTo(panel) is bool(open_preset(preset).loss)


def test_trained_weights_are_asked_for(panel, qtbot):
    asked = []
    panel.options_requested.connect(asked.append)
    assert panel._start.currentText() == "Random weights"
    qtbot.keyClick(panel._start, Qt.Key.Key_Down)
    assert asked == [{"start": "trained"}]
    panel.show_experiment(open_preset("digits", start="trained"))
    assert panel._start.currentText() == "Trained weights"


def test_the_tip_of_the_samples_says_what_they_are_and_whose(qtbot):
    panel = DataPanel(PRESETS)
    qtbot.addWidget(panel)
    panel.show_experiment(open_preset("digits"))
    tip = panel.findChild(SampleStrip).toolTip()
    assert tip.startswith("Handwritten digits, 8 × 8\n1,797 samples · 8 × 8 · 10 classes\n")
    assert "CC BY 4.0" in tip
