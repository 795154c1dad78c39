"""The number fields of the real window: the same field everywhere, and what is refused can be read."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QSpinBox

from viz_app.panels.data import DataPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.transport import TransportPanel
from viz_app.widgets.fields.number_field import NumberField

Key = Qt.Key


@pytest.fixture
def open_window(open_window):
    """Return a function that opens a window which shows all fields that are tried."""
    return partial(open_window, size=(1280, 900))


def fields_of(window):
    return [field for field in window.findChildren(NumberField) if field.isVisible() and field.isEnabled()]


def state(window):
    session = window.session
    return session.experiment.now, session.experiment.settings, session.place


def type_into(qtbot, field, text, end=Key.Key_Return):
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, end)


@pytest.mark.parametrize("preset", ["digits", "conv-kernel", "batched-product"])
def test_every_number_is_typed_into_the_same_field_and_has_a_name(open_window, preset):
    window = open_window(preset)
    assert not [*window.findChildren(QSpinBox), *window.findChildren(QDoubleSpinBox)]
    buddies = {label.buddy() for label in window.findChildren(QLabel)}
    fields = fields_of(window)
    assert fields
    for field in fields:
        assert field.accessibleName() or field in buddies
        assert field.toolTip()


@pytest.mark.parametrize("preset", ["digits", "conv-kernel"])
@pytest.mark.parametrize("text", ["", "abc", "1e400", "1/0"])
def test_rubbish_changes_nothing_and_is_said_and_escape_takes_it_back(open_window, qtbot, preset, text):
    window = open_window(preset, **({"batch_size": 3} if preset == "digits" else {}))
    stage = window.panels[StagePanel]
    before = state(window)
    for field in fields_of(window):
        good = field.text()
        type_into(qtbot, field, text)
        assert field.hasFocus()
        assert (field.text(), field.property("invalid")) == (text, True)
        assert stage.line == field.toolTip()
        assert stage.line.startswith("Expected ")
        assert state(window) == before
        qtbot.keyClick(field, Key.Key_Escape)
        assert (field.text(), field.property("invalid")) == (good, False)
        assert QApplication.focusWidget() is stage.canvas
    assert state(window) == before


@pytest.mark.parametrize("preset", ["digits", "conv-kernel"])
def test_a_number_confirmed_gives_the_keyboard_back_to_the_stage(open_window, qtbot, preset):
    window = open_window(preset)
    for field in fields_of(window):
        type_into(qtbot, field, field.text())
        assert QApplication.focusWidget() is window.panels[StagePanel].canvas


@pytest.mark.parametrize(("text", "rate"), [("0,5", 0.5), ("1e9", 1e9), ("3/8", 0.375), ("1e-9", 1e-9)])
def test_the_rate_is_the_one_that_was_typed(open_window, qtbot, text, rate):
    window = open_window("digits")
    type_into(qtbot, window.panels[DataPanel]._rate, text)
    assert window.session.experiment.now.learning_rate == rate
    assert window.session.trace.run.hyperparameters(0)["eta"] == rate


def test_what_the_run_refuses_stays_to_be_seen_and_the_last_good_number_holds(open_window, qtbot, monkeypatch):
    monkeypatch.setattr("core.experiment.LARGEST_SHOWN", 1_000_000)
    window = open_window("digits")
    field = window.panels[DataPanel]._batch
    type_into(qtbot, field, "1797")
    assert window.session.experiment.now.batch_size == 1
    assert (field.text(), field.value(), field.property("invalid")) == ("1797", 1, True)
    assert "choose at most" in field.toolTip()
    assert window.panels[StagePanel].line == field.toolTip()
    type_into(qtbot, field, "2")
    assert window.session.experiment.now.batch_size == 2
    assert not field.property("invalid")


@pytest.mark.parametrize("text", ["4294967295", "4e9"])
def test_seeds_go_up_to_32_bits(open_window, qtbot, text):
    window = open_window("digits")
    field = window.panels[DataPanel]._seed
    type_into(qtbot, field, text)
    assert window.session.experiment.now.seed == int(float(text))
    type_into(qtbot, field, "4294967296")
    assert window.session.experiment.now.seed == int(float(text))
    assert field.toolTip() == "Expected a whole number from 0 to 4,294,967,295; got '4294967296'."


def test_pointing_at_a_cell_leaves_what_is_typed_alone(open_window, qtbot):
    window = open_window("digits")
    step = window.panels[TransportPanel].findChildren(NumberField)[1]
    step.setFocus()
    step.selectAll()
    qtbot.keyClicks(step, "1")
    window.session.cells.hover("sum_1", (0, 1))
    qtbot.keyClicks(step, "2")
    qtbot.keyClick(step, Key.Key_Return)
    assert window.session.frame.cursor.step == 12


def test_another_preset_forgets_what_was_refused(open_window, qtbot):
    window = open_window("digits")
    panel = window.panels[DataPanel]
    for field in (panel._seed, panel._rate):
        type_into(qtbot, field, "x")
    window.session.opening.open_preset("sigmoid-3-4-2")
    assert not any(field.property("invalid") for field in fields_of(window))
