"""Typing an input: fields begin with the sample, take what a person writes, and lose nothing that they refuse."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.presets import open_preset
from core.visiting import input_of
from tests.app.own_input import opened, type_into, typing
from viz_app.panels.own_input.naming import names_of
from viz_app.widgets.fields.number_field import NumberField

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture(autouse=True)
def cleared_clipboard():
    yield
    QApplication.clipboard().clear()


def names(cells):
    return tuple(field.accessibleName() for field in cells.fields)


def texts(page):
    cells = [page.form.inputs, *([page.form.targets] if page.form.targets else [])]
    return [field.text() for each in cells for field in each.fields]


def fields(page):
    return [*page.form.inputs.fields, *page.form.targets.fields]


def guest(window):
    return window.session.guests.guest


def paste_into(field, text):
    QApplication.clipboard().setText(text)
    field.setFocus()
    QTest.keyClick(field, Key.Key_V, Modifier.ControlModifier)


def test_the_worked_example_begins_with_its_own_numbers_under_its_own_names(open_window):
    page = typing(open_window("worked-2-2-2"))
    assert names(page.form.inputs) == ("x₁", "x₂")
    assert names(page.form.targets) == ("o1", "o2")
    assert texts(page) == ["0.05", "0.1", "0.01", "0.99"]


@pytest.mark.parametrize("preset", ["worked-2-2-2", "sigmoid-3-4-2", "playground", "digits", "rgb-kernel-2x2x3"])
def test_every_field_holds_exactly_what_the_data_have(open_window, preset):
    window = open_window(preset)
    page, experiment = typing(window), window.session.experiment
    window.session.navigation.go_to(2, 0)
    if experiment.dataset is None:
        expected = experiment.batch(2)["x"][0]
    else:
        sample = experiment.samples(2)[0]
        expected = experiment.dataset.inputs[sample]
        assert np.array_equal(page.form.target, experiment.dataset.targets[sample])
    assert np.array_equal(page.form.inputs.numbers, expected)
    assert [field.value() for field in page.form.inputs.fields] == expected.ravel().tolist()
    assert guest(window) is None


@pytest.mark.parametrize(("text", "number"), [("0,25", 0.25), ("3/8", 0.375), (".5", 0.5), ("1e-3", 0.001)])
def test_what_is_typed_enters_the_network_with_all_beside_it(open_window, text, number):
    window = open_window("worked-2-2-2")
    page = typing(window)
    type_into(page.form.inputs.fields[1], text)
    assert guest(window).inputs.tolist() == [0.05, number]
    assert guest(window).target.tolist() == [0.01, 0.99]
    assert window.session.shown.array("x", 0).tolist() == [[0.05, number]]
    type_into(page.form.targets.fields[0], "1/4")
    assert guest(window).target.tolist() == [0.25, 0.99]
    assert window.session.shown.array("y", 0).tolist() == [[0.25, 0.99]]


def test_the_answer_beside_the_fields_is_that_of_the_numbers_in_them(open_window):
    window = open_window("worked-2-2-2")
    page, bars = typing(window), opened(window).answer.bars
    assert [answer.name for answer in bars.answers] == ["o1", "o2"]
    before = bars.answers
    type_into(page.form.inputs.fields[0], "9")
    assert bars.answers != before
    expected = window.session.guests.predict(np.array([9, 0.1]))
    assert [answer.share for answer in bars.answers] == pytest.approx(expected.tolist())


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1e400", "nan", "-1"])
def test_what_cannot_be_read_is_marked_with_its_reason_and_nothing_is_lost(open_window, text):
    window = open_window("worked-2-2-2")
    page = typing(window)
    type_into(page.form.inputs.fields[0], "0.75")
    before, field = guest(window), page.form.inputs.fields[1]
    type_into(field, text)
    assert (field.text(), field.property("invalid")) == (text, True)
    assert page.reason.text() == field.toolTip()
    assert page.reason.text().startswith("Expected a number")
    assert guest(window) is before
    assert page.form.inputs.fields[0].text() == "0.75"
    QTest.keyClick(field, Key.Key_Escape)
    assert (field.text(), field.property("invalid")) == ("0.1", False)


def test_return_and_tab_lead_through_inputs_and_targets_in_order(open_window):
    page = typing(open_window("worked-2-2-2"))
    for end in (Key.Key_Return, Key.Key_Tab):
        fields(page)[0].setFocus()
        seen = []
        for _ in range(4):
            focused = QApplication.focusWidget()
            seen.append(focused.accessibleName())
            QTest.keyClick(focused, end)
        assert seen == ["x₁", "x₂", "o1", "o2"]


@pytest.mark.parametrize("text", ["0,3\t0,4\t0,2\t0,8\n", "0.3;0.4;0.2;0.8", "0.3, 0.4, 0.2, 0.8", "3/10 4/10 1/5 4/5"])
def test_a_row_from_a_spreadsheet_fills_inputs_and_targets(open_window, text):
    window = open_window("worked-2-2-2")
    page = typing(window)
    paste_into(page.form.inputs.fields[0], text)
    assert texts(page) == ["0.3", "0.4", "0.2", "0.8"]
    assert guest(window).inputs.tolist() == [0.3, 0.4]
    assert guest(window).target.tolist() == [0.2, 0.8]


def test_a_row_is_pasted_from_the_field_on_that_has_the_keyboard(open_window):
    window = open_window("worked-2-2-2")
    page = typing(window)
    paste_into(page.form.inputs.fields[1], "0,7\t0,6")
    assert texts(page) == ["0.05", "0.7", "0.6", "0.99"]
    paste_into(page.form.targets.fields[0], "0,2\t0,3")
    assert texts(page) == ["0.05", "0.7", "0.2", "0.3"]
    page.form.inputs.fields[0].selectAll()
    paste_into(page.form.inputs.fields[0], "0,5")
    QTest.keyClick(page.form.inputs.fields[0], Key.Key_Return)
    assert texts(page) == ["0.5", "0.7", "0.2", "0.3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t3\t4\t5", "Expected at most 4 numbers from the first field on; got 5."),
        ("0,5\tlots\t0", "Cell 2 of 3, for x₂: Expected a number from 0 to 1e30"),
        ("0,5\t\t0", "Cell 2 of 3, for x₂: Expected a number from 0 to 1e30"),
        ("0,5\t1\t7", "Cell 3 of 3, for o1: Expected a number from 0 to 1"),
    ],
)
def test_a_row_is_taken_whole_or_not_at_all(open_window, text, said):
    window = open_window("worked-2-2-2")
    page = typing(window)
    before = texts(page)
    paste_into(page.form.inputs.fields[0], text)
    assert texts(page) == before
    assert guest(window) is None
    assert page.reason.text().startswith(said)
    QApplication.clipboard().setText(text)
    page.paste.click()
    assert texts(page) == before
    assert page.reason.text().startswith(said)


def test_pasting_with_nothing_in_the_clipboard_says_so(open_window):
    window = open_window("worked-2-2-2")
    page = typing(window)
    QApplication.clipboard().clear()
    page.paste.click()
    assert page.reason.text() == "Expected a row of numbers in the clipboard; there is no text in it."
    assert guest(window) is None


def test_a_column_of_64_numbers_is_pasted_into_an_image(open_window):
    window = open_window("digits")
    page = typing(window)
    numbers = [k / 64 for k in range(64)]
    QApplication.clipboard().setText("\n".join(f"{number}".replace(".", ",") for number in numbers))
    page.paste.click()
    assert guest(window).inputs.tolist() == numbers


def test_a_class_is_chosen_typed_or_guessed(open_window):
    window = open_window("digits")
    page, choice = typing(window), typing(window).form.choice

    def choose(text):
        choice.setCurrentIndex(choice.findText(text))
        choice.activated.emit(choice.currentIndex())

    assert choice.currentText() == "Label 0"
    choose("Label 7")
    assert np.array_equal(guest(window).target, np.eye(10)[7])
    assert page.form.targets.fields[7].text() == "1"
    choose("Own guess")
    assert guest(window).target is None
    assert not page.form.targets.isVisible()
    choose("Label 2")
    type_into(page.form.targets.fields[2], "0,5")
    assert "add up to 1" in page.reason.text()
    assert page.form.targets.fields[2].property("invalid")
    assert np.array_equal(guest(window).target, np.eye(10)[2])
    type_into(page.form.targets.fields[3], "1/2")
    assert choice.currentText() == "Numbers as typed"
    assert guest(window).target[[2, 3]].tolist() == [0.5, 0.5]
    assert page.reason.text() == ""
    assert not page.form.targets.fields[2].property("invalid")


def test_a_label_that_is_given_in_the_main_window_is_shown_here_too(open_window):
    window = open_window("digits")
    page = typing(window)
    type_into(page.form.inputs.fields[9], "0,5")
    window.session.guests.set_label(4)
    assert page.form.choice.currentText() == "Label 4"
    window.session.guests.set_label(None)
    assert page.form.choice.currentText() == "Own guess"
    assert page.form.inputs.fields[9].text() == "0.5"


def test_what_was_typed_stays_while_the_run_goes_on_and_goes_with_the_network(open_window):
    window = open_window("sigmoid-3-4-2")
    page = typing(window)
    type_into(page.form.inputs.fields[0], "0,125")
    window.session.navigation.go_to(3, 0)
    window.session.opening.set_options(batch_size=2)
    assert page.form.inputs.fields[0].text() == "0.125"
    window.session.opening.open_preset("worked-2-2-2")
    assert texts(page) == ["0.05", "0.1", "0.01", "0.99"]


def test_as_the_sample_begins_again_and_run_on_the_numbers_brings_them_back(open_window):
    window = open_window("worked-2-2-2")
    page = typing(window)
    type_into(page.form.inputs.fields[0], "0,125")
    opened(window).answer.back.click()
    assert guest(window) is None
    assert page.form.inputs.fields[0].text() == "0.125"
    page.step.click()
    assert guest(window).inputs.tolist() == [0.125, 0.1]
    page.begin.click()
    assert texts(page) == ["0.05", "0.1", "0.01", "0.99"]


def test_an_input_that_came_another_way_is_shown_until_somebody_types(open_window):
    window = open_window("digits")
    page = typing(window)
    window.session.guests.show_sample(17)
    dataset = window.session.experiment.dataset
    assert np.array_equal(page.form.inputs.numbers, dataset.inputs[17])
    window.session.guests.dismiss()
    assert np.array_equal(page.form.inputs.numbers, dataset.inputs[0])


def test_points_of_the_plane_stay_within_it(open_window):
    window = open_window("playground")
    page = typing(window)
    assert names(page.form.inputs) == ("x₁", "x₂")
    type_into(page.form.inputs.fields[0], "-6")
    assert guest(window).inputs[0] == -6
    type_into(page.form.inputs.fields[0], "6,5")
    assert page.reason.text().startswith("Expected a number from −6 to 6")


def test_every_field_and_button_has_a_name_and_can_be_reached_by_tab(open_window, qtbot):
    window = open_window("digits")
    page = typing(window)
    wanted = {*fields(page), page.form.choice, page.step, page.paste, page.begin}
    reached, widget = set(), page
    for _ in range(300):
        widget = widget.nextInFocusChain()
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
    assert wanted <= reached
    for field in page.findChildren(NumberField):
        assert field.accessibleName()


def test_the_wheel_passes_over_a_field_without_changing_it(open_window):
    window = open_window("digits")
    page = typing(window)
    before, field = texts(page), page.form.inputs.fields[20]
    QTest.wheelEvent(
        window.parts.own_input.windowHandle(), field.mapTo(field.window(), field.rect().center()), QPoint(0, -120)
    )
    assert texts(page) == before


def test_targets_stand_below_the_inputs_where_there_is_no_room_beside_them(open_window):
    window = open_window("digits")
    page = typing(window)

    def stands():
        QApplication.processEvents()
        inputs, targets = (each.mapTo(page, QPoint(0, 0)) for each in (page.form.inputs, page.form.targets))
        return "beside" if targets.x() > inputs.x() else "below" if targets.y() > inputs.y() else "over"

    window.parts.own_input.resize(1300, 700)
    assert stands() == "beside"
    window.parts.own_input.resize(880, 700)
    assert stands() == "below"
    window.parts.own_input.resize(1300, 700)
    assert stands() == "beside"


def test_columns_of_the_data_that_the_network_has_no_names_for_are_called_as_there():
    experiment = open_preset("sigmoid-3-4-2")
    entry = input_of(experiment.program)
    assert names_of(experiment, entry) == ("x₁", "x₂", "x₃")
    named = replace(experiment, dataset=replace(experiment.dataset, column_names=("red", "green", "blue")))
    assert names_of(named, entry) == ("red", "green", "blue")
