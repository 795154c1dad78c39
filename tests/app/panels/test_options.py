"""The options of training: what is shown is what holds, and what is typed is asked for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from core.presets import open_preset
from core.presets.changes import Refusal
from core.run.training import Goal
from viz_app.panels.training.options import OptionsPanel
from viz_app.widgets.fields.number_field import NumberField


@pytest.fixture
def panel(shown):
    panel = shown(OptionsPanel(), 340, 700)
    panel.show_experiment(open_preset("digits", optimizer="adam", optimizer_parameters="beta_1=0.5", held_back=300))
    panel.show_goal(Goal(epochs=10))
    return panel


def field(panel, label):
    (found,) = (
        one.buddy() for one in panel.findChildren(QLabel) if one.text() == label and one.isVisible() and one.buddy()
    )
    return found


def switch(panel, label):
    (found,) = (one for one in panel.findChildren(QCheckBox) if one.text() == label)
    return found


def typed(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("label", "text", "asked"),
    [
        ("Held back", "180", {"held_back": 180}),
        ("L1 penalty", "1/1000", {"l1": 0.001}),
        ("L2 penalty", "0,01", {"l2": 0.01}),
        ("Beta 1", "0.8", {"optimizer_parameters": "beta_1=0.8"}),
        ("Beta 1", "0.9", {"optimizer_parameters": ""}),
        ("Epsilon", "1e-3", {"optimizer_parameters": "beta_1=0.5,epsilon=0.001"}),
    ],
)
def test_a_number_that_is_typed_is_asked_for(panel, qtbot, label, text, asked):
    with qtbot.waitSignal(panel.options_requested) as signal:
        typed(qtbot, field(panel, label), text)
    assert signal.args == [asked]


def test_the_numbers_of_another_optimizer_take_the_place_of_the_first(panel):
    panel.show_experiment(open_preset("digits", optimizer="momentum"))
    assert field(panel, "Momentum").value() == 0.9
    assert not [one for one in panel.findChildren(QLabel) if one.text() == "Beta 1" and one.isVisible()]
    panel.show_experiment(open_preset("digits"))
    assert not [one for one in panel.findChildren(QLabel) if one.text() == "SGD" and one.isVisible()]


def test_a_switched_number_holds_only_while_it_is_on(panel, qtbot):
    with qtbot.waitSignal(panel.options_requested) as signal:
        switch(panel, "Norm clipped at").setChecked(True)
    assert signal.args == [{"clip_norm": 1.0}]
    with qtbot.waitSignal(panel.options_requested) as signal:
        switch(panel, "Norm clipped at").setChecked(False)
    assert signal.args == [{"clip_norm": None}]


def test_when_it_stops(panel, qtbot):
    with qtbot.waitSignal(panel.goal_requested) as signal:
        switch(panel, "accuracy above, %").setChecked(True)
    assert signal.args == [Goal(epochs=10, accuracy_above=0.95)]
    with qtbot.waitSignal(panel.goal_requested) as signal:
        switch(panel, "at epoch").setChecked(False)
    assert signal.args == [Goal(accuracy_above=0.95)]
    with qtbot.assertNotEmitted(panel.goal_requested):
        panel.show_goal(Goal(epochs=3, loss_below=0.2, patience=4))
    assert switch(panel, "loss below").isChecked()


def test_layers_are_frozen(panel, qtbot):
    boxes = [box for box in panel.findChildren(QCheckBox) if "dense" in box.text()]
    assert len(boxes) == 2
    with qtbot.waitSignal(panel.options_requested) as signal:
        boxes[0].setChecked(True)
    assert signal.args == [{"frozen": ("1",)}]


def test_a_schedule_that_is_none_stays_to_be_seen_with_the_reason(panel, qtbot):
    box = panel.findChild(QComboBox)
    box.setEditText("cosine:-3")
    with qtbot.waitSignal(panel.options_requested) as signal:
        box.activated.emit(0)
    assert signal.args == [{"schedule": "cosine:-3"}]
    panel.show_experiment(open_preset("digits"))
    panel.show_refusals({"schedule": Refusal("cosine:-3", "Expected something else."), "l2": Refusal(-1, "No.")})
    assert box.currentText() == "cosine:-3"
    assert box.toolTip() == "Expected something else."
    assert box.property("invalid")
    assert field(panel, "L2 penalty").toolTip() == "No."
    panel.show_experiment(open_preset("digits"))
    assert not box.property("invalid")


def test_showing_asks_for_nothing(panel, qtbot):
    with qtbot.assertNotEmitted(panel.options_requested), qtbot.assertNotEmitted(panel.goal_requested):
        for options in (
            {"l1": 0.1, "clip_value": 3.0, "shuffle": True},
            {"schedule": "cosine:100", "held_back": 5},
            {},
        ):
            panel.show_experiment(open_preset("digits", **options))
    assert all(isinstance(box.value(), float | int) for box in panel.findChildren(NumberField))
