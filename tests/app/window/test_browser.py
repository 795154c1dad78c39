"""The browser of samples, as a person uses it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from core.data.guest import Guest
from viz_app.panels.browser import BrowserPanel
from viz_app.panels.stage import StagePanel

Key = Qt.Key


@pytest.fixture
def window(open_window):
    return open_window("digits", start="trained")


@pytest.fixture
def panel(window, qtbot):
    """Return the browser, opened with its key."""
    QTest.keyClick(window, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    panel = window.panels[BrowserPanel]
    qtbot.waitUntil(lambda: panel.form.grid.complete)
    return panel


def choose(box, text):
    place = next(n for n in range(box.count()) if box.itemText(n).startswith(text))
    box.setCurrentIndex(place)
    box.activated.emit(place)


def go_to(panel, text):
    panel.form.number.setFocus()
    panel.form.number.selectAll()
    QTest.keyClicks(panel.form.number, text)
    QTest.keyClick(panel.form.number, Key.Key_Return)


def told(panel):
    return panel.form.status.text


def labels(panel):
    return {label.text() for label in panel.findChildren(QLabel) if not label.isHidden()}


def everything(window):
    session = window.session
    return session.experiment, session.trace, session.place, session.frame


def test_it_opens_by_its_key_and_by_the_button_in_the_title_and_closes_with_esc(window, panel):
    assert panel.isVisible()
    QTest.keyClick(panel.form.grid, Key.Key_Escape)
    assert not panel.isVisible()
    button = next(b for b in window.parts.docks["Data"].findChildren(QToolButton, "small") if b.text() == "Samples…")
    button.click()
    assert panel.isVisible()


def test_it_says_whose_the_data_are(panel):
    assert panel.form.name.text() == "Handwritten digits, 8 × 8"
    assert panel.form.summary.text() == "1,797 samples · 8 × 8 · 10 classes"
    assert "CC BY 4.0" in panel.form.source.text
    assert "CC BY 4.0" in panel.form.source.toolTip()


def test_samples_of_a_class_of_those_held_back(window, panel):
    dataset = window.session.experiment.dataset
    assert not panel.form.parts.isEnabled()
    window.session.opening.set_options(held_back=200)
    assert panel.form.parts.isEnabled()
    choose(panel.form.classes, "7 (")
    choose(panel.form.parts, "Held back")
    samples = panel.form.grid.samples
    assert len(samples) > 10
    assert set(dataset.labels[samples]) == {7}
    assert samples.min() >= 1597
    assert told(panel) == f"{len(samples)} of 1,797 samples."
    choose(panel.form.parts, "Trained on")
    assert panel.form.grid.samples.max() < 1597


def test_wrong_ones_are_judged_on_the_weights_of_the_shown_iteration(window, panel, qtbot):
    session = window.session
    choose(panel.form.verdicts, "Wrong")
    assert "judg" in told(panel).lower()
    qtbot.waitUntil(lambda: panel.browsed.guesses is not None, timeout=20_000)
    wrong = panel.form.grid.samples
    guesses = session.trace.run.state(0)
    hidden = np.maximum(session.experiment.dataset.inputs @ guesses["w_1"] + guesses["b_1"], 0)
    answers = (hidden @ guesses["w_2"] + guesses["b_2"]).argmax(axis=1)
    assert wrong.tolist() == np.flatnonzero(answers != session.experiment.dataset.labels).tolist()
    assert panel.browsed.told(int(wrong[0])).guess == str(answers[wrong[0]])
    assert f"The network takes it for {answers[panel.form.grid.current]}." in labels(panel)
    session.navigation.go_to_iteration(30)
    qtbot.waitUntil(lambda: panel.browsed.guesses is not None and not np.array_equal(panel.form.grid.samples, wrong))
    panel.form.close_button.click()
    session.navigation.go_to_iteration(2)
    assert not panel.isVisible()


def test_a_number_leads_to_its_sample_and_a_wrong_one_says_why_not(window, panel):
    go_to(panel, "1500")
    assert panel.form.grid.current == 1500
    assert "Sample 1,500" in labels(panel)
    go_to(panel, "1797")
    assert told(panel) == "Expected a whole number from 0 to 1,796; got '1797'."
    assert panel.form.grid.current == 1500
    choose(panel.form.classes, "3 (")
    dataset = window.session.experiment.dataset
    other = int(np.flatnonzero(dataset.labels != 3)[5])
    go_to(panel, str(other))
    assert told(panel) == f"Sample {other} is not among those that are chosen above."


def test_return_shows_the_sample_in_the_stage_and_marks_it(window, panel):
    go_to(panel, "41")
    QTest.keyClick(panel.form.grid, Key.Key_Return)
    session = window.session
    assert session.guests.guest.sample == 41
    assert panel.browsed.shown == (41,)
    expected = session.experiment.dataset.inputs[41].reshape(-1)
    assert np.array_equal(session.shown.array("x")[0], expected)
    assert told(panel) == "Sample 41 is stepped now; Back to data, in the panel Data, ends that."
    session.guests.dismiss()
    assert panel.browsed.shown == session.experiment.samples(0)


def test_a_guest_of_ones_own_takes_the_place_of_the_first_sample(window, panel):
    window.session.opening.set_options(batch_size=3)
    window.session.guests.show(Guest(np.zeros(64), title="Nothing"))
    assert [sample in panel.browsed.shown for sample in (0, 1, 2, 3)] == [False, True, True, False]


def test_the_run_can_start_from_a_sample(window, panel):
    go_to(panel, "99")
    panel.form.detail.start.click()
    assert window.session.experiment.now.sample == 99
    assert window.session.experiment.samples(0)[0] == 99
    assert panel.browsed.shown[0] == 99
    assert told(panel) == "The run begins with sample 99."


def test_what_the_run_takes_is_marked_as_it_goes_on(window, panel):
    window.session.navigation.go_to_iteration(5)
    assert panel.browsed.shown == window.session.experiment.samples(5)
    assert panel.form.grid.current == 0


def test_a_target_is_changed_marked_and_undone(window, panel):
    own = window.session.experiment.dataset
    go_to(panel, "12")
    choose(panel.form.detail.target.classes, "9")
    session = window.session
    assert session.experiment.dataset.labels[12] == 9
    assert panel.form.grid.current == 12
    assert panel.browsed.told(12).changed
    assert f"Changed; it came as {own.class_name(int(own.labels[12]))}." in labels(panel)
    assert not panel.form.undo.isHidden()
    QTest.keyClick(panel.form.grid, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.experiment.dataset is own
    assert panel.form.undo.isHidden()
    assert panel.form.detail.target.classes.currentText() == own.class_name(int(own.labels[12]))


def test_all_targets_are_undone_at_once(window, panel):
    own = window.session.experiment.dataset
    for sample in (3, 5, 8):
        go_to(panel, str(sample))
        choose(panel.form.detail.target.classes, "0")
    assert window.session.experiment.dataset.labels[[3, 5, 8]].tolist() == [0, 0, 0]
    panel.form.undo.click()
    assert window.session.experiment.dataset is own


def test_a_changed_class_is_counted_and_found(window, panel):
    before = int(panel.form.classes.itemText(1).split("(")[1].rstrip(")"))
    go_to(panel, "5")
    choose(panel.form.detail.target.classes, "0")
    assert panel.form.classes.itemText(1) == f"0 ({before + 1})"
    choose(panel.form.classes, "0 (")
    assert 5 in panel.form.grid.samples


def test_numbers_of_a_target_are_typed_with_a_decimal_comma(window, panel):
    window.session.opening.open_preset("worked-2-2-2")
    assert not panel.form.classes.isVisible()
    assert not panel.form.verdicts.isEnabled()
    field = panel.form.detail.target.numbers[1]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0,5")
    QTest.keyClick(field, Key.Key_Return)
    assert window.session.trace.array("y").tolist() == [[np.float32(0.01), 0.5]]
    assert "Changed; it came as 0.01, 0.99." in labels(panel)
    before = everything(window)
    field.selectAll()
    QTest.keyClicks(field, "much")
    QTest.keyClick(field, Key.Key_Return)
    assert everything(window) == before
    assert told(panel).startswith("Expected a number")


def test_a_target_that_the_loss_refuses_leaves_all_as_it_was(window, panel):
    window.session.opening.open_preset("worked-2-2-2")
    assert window.session.opening.set_options(loss="binary_cross_entropy")
    before = everything(window)
    field = panel.form.detail.target.numbers[0]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, Key.Key_Return)
    assert everything(window) == before
    assert field.text() == "0.01"
    assert "expected targets from 0 to 1" in window.panels[StagePanel].line


@pytest.mark.parametrize("preset", ["conv-digits", "attention", "playground", "worked-2-2-2", "sigmoid-3-4-2"])
def test_other_data_are_shown_when_they_come(window, panel, qtbot, preset):
    choose(panel.form.classes, "3 (")
    window.session.opening.open_preset(preset)
    dataset = window.session.experiment.dataset
    assert len(panel.form.grid.samples) == len(dataset)
    assert panel.form.name.text() == dataset.name
    assert panel.form.grid.current is not None
    qtbot.waitUntil(lambda: panel.form.grid.complete)


def test_where_there_are_no_data_it_says_so_and_nothing_breaks(window, panel):
    window.session.opening.open_preset("conv-kernel")
    assert panel.form.name.text() == "No data set"
    assert panel.form.grid.isHidden()
    QTest.keyClick(panel, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.session.opening.open_preset("digits")
    assert panel.form.grid.isVisible()


def test_it_takes_no_part_while_it_is_closed(window, panel):
    panel.form.close_button.click()
    before = panel.browsed
    window.session.navigation.go_to_iteration(4)
    assert panel.browsed is before
    window.parts.actions["browse_data"].trigger()
    assert panel.browsed.shown == window.session.experiment.samples(4)


def test_it_follows_the_theme_and_the_size_of_text(window, panel, qtbot):
    side = panel.form.grid.box(0).width()
    window.parts.appearance.set_scale(200)
    QApplication.processEvents()
    assert panel.form.grid.box(0).width() > 1.3 * side
    window.parts.appearance.set_theme("dark")
    qtbot.waitUntil(lambda: panel.form.grid.complete)
    assert replace(panel.browsed, shown=()) is not None
