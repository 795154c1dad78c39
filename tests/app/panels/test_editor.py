"""The network editor: layers are added, moved, changed and taken away by hand; what does not fit is said in place."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from core.editing import edited
from core.experiment import Edit, Experiment
from core.iteration import LOSSES
from core.layers import Conv2d, Dense, Feature, Features, Flatten, MaxPool2d, Node, Sum
from core.network import Graph, Input
from core.presets import PRESETS, open_preset
from tests.core.editing.networks import BLOCK
from tests.core.editing.networks import experiment as small_experiment
from viz_app.paint.theme import DARK
from viz_app.panels.editor import EditorPanel

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def panel(qtbot):
    """Return the editor with the digits in it."""
    return opened(qtbot, open_preset("digits"))


def opened(qtbot, experiment: Experiment) -> EditorPanel:
    panel = EditorPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show_experiment(experiment)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


def rows(panel):
    return panel.form.layers.rows


def names(panel):
    return [row.title.text() for row in rows(panel)]


def edges(panel):
    return [edge.label.text().removeprefix("↓").strip() for edge in panel.form.layers.edges]


def said(panel):
    """Return what stands below the list, where something does not fit."""
    return "" if panel.form.problem.isHidden() else panel.form.problem.text()


def control(panel, place, name):
    return rows(panel)[place].boxes[name].control


def type_into(widget, text):
    widget.setFocus()
    QTest.keyClick(widget, Key.Key_A, Modifier.ControlModifier)
    QTest.keyClick(widget, Key.Key_Delete)
    QTest.keyClicks(widget, text)


def choose(box, text):
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def layers(panel):
    return [part.layer() for part in panel.desk.draft.parts]


def press(panel, keys):
    QTest.keySequence(QApplication.focusWidget() or panel, keys)


def test_it_shows_the_layers_their_shapes_and_their_parameters(panel):
    assert names(panel) == ["1 · dense 32, ReLU", "2 · dense 10, Softmax"]
    assert edges(panel) == ["64 from the data", "32", "10"]
    assert [row.about.text() for row in rows(panel)] == ["2,080 parameters", "330 parameters"]
    assert [row.keeping.text() for row in rows(panel)] == ["· keeps its weights"] * 2
    assert panel.form.summary.text() == "2,410 parameters in 2 layers; nothing has been changed."
    assert said(panel) == ""
    assert not panel.form.apply.isEnabled()


def test_shapes_follow_every_letter_that_is_typed(panel):
    field = control(panel, 0, "units")
    type_into(field, "1")
    assert edges(panel)[1] == "1"
    QTest.keyClicks(field, "28")
    assert edges(panel)[1] == "128"
    assert names(panel)[0] == "1 · dense 128, ReLU"
    assert [row.keeping.text() for row in rows(panel)] == ["· begins anew"] * 2
    assert field.text() == "128"


def test_what_cannot_be_read_is_said_as_it_is_typed_and_nothing_can_be_applied(panel):
    control(panel, 0, "bias").click()
    told = "2,378 parameters in 2 layers; 2 of 2 keep their weights of the shown iteration."
    assert panel.form.summary.text() == told
    field = control(panel, 0, "units")
    type_into(field, "0")
    assert said(panel) == "Layer 1, units: expected a whole number from 1 to 4,096; got '0'."
    assert rows(panel)[0].error.text() == "Units: expected a whole number from 1 to 4,096; got '0'."
    assert rows(panel)[0].error.isVisible()
    assert not panel.form.apply.isEnabled()
    assert field.property("invalid")
    assert layers(panel)[0] == Dense(32, bias=False)
    QTest.keyClick(field, Key.Key_Escape)
    assert (said(panel), field.text(), field.property("invalid")) == ("", "32", False)
    assert panel.form.apply.isEnabled()


def test_a_text_that_cannot_be_read_is_given_up_with_escape(qtbot):
    panel = opened(qtbot, open_preset("conv-digits"))
    field = control(panel, 0, "kernel")
    type_into(field, "3 × 3")
    assert layers(panel)[0] == Conv2d(8, (3, 3))
    QTest.keyClicks(field, "x")
    assert said(panel).startswith("Layer 1, kernel: expected a whole number from 1 to 100, or 2 of them with × between")
    QTest.keyClick(field, Key.Key_Escape)
    assert (said(panel), field.text()) == ("", "3 × 3")
    assert panel.isVisible()


def test_the_layer_that_does_not_fit_says_why_in_place(qtbot):
    panel = opened(qtbot, open_preset("conv-digits"))
    rows(panel)[4].buttons["remove"].click()
    assert edges(panel) == [
        "1 × 28 × 28 from the data",
        "8 × 24 × 24",
        "8 × 12 × 12",
        "16 × 8 × 8",
        "16 × 4 × 4",
        "does not fit",
    ]
    broken = rows(panel)[4]
    assert broken.property("broken")
    assert broken.error.text().startswith("Does not fit. Expected rows of numbers")
    assert broken.about.text() == "parameters not known yet"
    assert [row.keeping.text() for row in rows(panel)] == ["· keeps its weights", "", "· keeps its weights", "", ""]
    assert said(panel).startswith("Layer 5 (dense 10, Softmax) does not fit: expected rows of numbers")
    assert not panel.form.apply.isEnabled()
    (mend,) = panel.form.mend_buttons
    assert mend.text() == "Put flatten before it"
    mend.click()
    assert layers(panel)[4] == Flatten()
    assert said(panel) == ""
    assert not rows(panel)[5].property("broken")
    assert panel.form.mend_buttons == []


def test_what_comes_after_a_layer_that_does_not_fit_is_not_known(qtbot):
    panel = opened(qtbot, open_preset("conv-digits"))
    type_into(control(panel, 0, "kernel"), "99")
    assert edges(panel)[1:] == ["does not fit", *["?"] * 5]
    assert panel.form.summary.text() == "6 layers; how many parameters they have is not known yet."


def test_the_output_has_to_fit_the_data(panel):
    type_into(control(panel, 1, "units"), "12")
    assert said(panel) == "The last layer has 12 outputs; the data have 10 classes."
    assert not panel.form.apply.isEnabled()
    panel.form.mend_buttons[0].click()
    assert layers(panel)[1].units == 10
    assert said(panel) == ""


def test_there_is_nothing_to_apply_until_something_has_changed(panel):
    assert not panel.form.apply.isEnabled()
    rows(panel)[0].buttons["duplicate"].click()
    assert panel.form.apply.isEnabled()
    rows(panel)[1].buttons["remove"].click()
    assert not panel.form.apply.isEnabled()
    rows(panel)[0].buttons["duplicate"].click()
    rows(panel)[0].buttons["remove"].click()  # the same network, but this layer is a new one
    assert layers(panel) == list(open_preset("digits").network.layers)
    assert panel.form.apply.isEnabled()


@pytest.mark.parametrize("preset", PRESETS)
def test_the_editor_opens_on_every_preset(qtbot, preset):
    panel = opened(qtbot, open_preset(preset))
    assert (panel.desk is None) is bool(panel.form.blocked.text())
    if panel.desk is not None:
        assert said(panel) == ""
        assert len(rows(panel)) == len(open_preset(preset).network.layers)


def test_layers_are_added_where_they_are_wanted(panel):
    edge = panel.form.layers.edges[1]
    edge.menu.action_for(Dense).trigger()
    assert layers(panel)[1] == Dense(32)
    assert names(panel)[1] == "2 · dense 32, ReLU"
    assert QApplication.focusWidget() is control(panel, 1, "units")
    panel.form.add_menu.action_for(Flatten).trigger()  # below the one that has the keyboard
    assert [type(layer) for layer in layers(panel)] == [Dense, Dense, Flatten, Dense]
    assert said(panel) == ""


def test_the_menu_lists_layers_by_kind_with_what_they_do(panel):
    menu = panel.form.add_menu
    menu.fill()
    entries = [(action.text(), action.isEnabled()) for action in menu.actions()]
    headings = [text for text, enabled in entries if not enabled]
    assert headings == ["Rows and sequences", "Images", "Other", "Normalisation"]
    assert entries[1] == ("Dense", True)
    assert menu.action_for(MaxPool2d).toolTip() == "Keep the largest number of every window."


def test_layers_are_duplicated_and_removed(panel):
    rows(panel)[0].buttons["duplicate"].click()
    assert layers(panel)[:2] == [Dense(32), Dense(32)]
    assert [row.keeping.text() for row in rows(panel)] == [
        "· keeps its weights",
        "· begins anew",
        "· keeps its weights",
    ]
    rows(panel)[0].buttons["remove"].click()
    rows(panel)[0].buttons["remove"].click()
    assert len(rows(panel)) == 1
    assert not rows(panel)[0].buttons["remove"].isEnabled()
    press(panel, "Ctrl+Del")
    assert said(panel) == "Expected at least one layer; this is the only one."
    assert len(rows(panel)) == 1


def test_layers_are_moved_by_buttons_and_by_keys(qtbot):
    panel = opened(qtbot, open_preset("sigmoid-3-4-2"))
    first = rows(panel)[0]
    first.buttons["down"].click()
    assert [layer.units for layer in layers(panel)] == [2, 4]
    assert rows(panel)[1] is first
    field = control(panel, 1, "units")
    field.setFocus()
    press(panel, "Alt+Up")
    assert [layer.units for layer in layers(panel)] == [4, 2]
    assert QApplication.focusWidget() is field
    press(panel, "Alt+Up")  # it is the first
    press(panel, "Alt+Down")
    assert [layer.units for layer in layers(panel)] == [2, 4]


def drag(panel, place, goal, *, release=True):
    """Drag a row by its handle over the middle of another."""
    QApplication.processEvents()
    handle, to = rows(panel)[place].handle, rows(panel)[goal]
    start = handle.rect().center()
    below = QPoint(0, 4 if goal > place else -4)
    end = handle.mapFromGlobal(to.mapToGlobal(to.rect().center()) + below)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Modifier.NoModifier, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(handle, start + (end - start) * part)
        QApplication.processEvents()
    if release:
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Modifier.NoModifier, end)


def test_layers_are_dragged(qtbot):
    panel = opened(qtbot, open_preset("attention"))
    before = names(panel)
    drag(panel, 0, 2)
    assert [type(layer).__name__ for layer in layers(panel)] == ["LastToken", "Dense", "SelfAttention"]
    drag(panel, 2, 0)
    assert names(panel) == before
    assert not panel.form.layers.findChild(QWidget, "drop").isVisible()


def test_a_drag_is_given_up_with_escape(qtbot):
    panel = opened(qtbot, open_preset("attention"))
    before = names(panel)
    line = panel.form.layers.findChild(QWidget, "drop")
    rows(panel)[0].handle.setFocus()
    drag(panel, 0, 2, release=False)
    assert line.isVisible()
    QTest.keyClick(rows(panel)[0].handle, Key.Key_Escape)
    assert not line.isVisible()
    QTest.mouseRelease(rows(panel)[0].handle, Qt.MouseButton.LeftButton)
    assert names(panel) == before
    assert panel.desk.history.past == ()


def test_changes_are_undone_and_made_again(panel):
    field = control(panel, 0, "units")
    type_into(field, "128")
    choose(control(panel, 0, "activation"), "Tanh")
    control(panel, 0, "bias").click()
    assert layers(panel)[0] == Dense(128, "tanh", bias=False)
    field.setFocus()
    for expected in (Dense(128, "tanh"), Dense(128), Dense(32)):
        press(panel, "Ctrl+Z")
        assert layers(panel)[0] == expected
    assert field.text() == "32"
    assert not panel.form.undo.isEnabled()
    press(panel, "Ctrl+Z")
    press(panel, "Ctrl+Shift+Z")
    assert field.text() == "128"
    panel.form.redo.click()
    press(panel, "Ctrl+Y")
    assert layers(panel)[0] == Dense(128, "tanh", bias=False)
    assert not panel.form.redo.isEnabled()


def test_undoing_forgets_what_cannot_be_read(panel):
    field = control(panel, 0, "units")
    type_into(field, "64")
    control(panel, 0, "bias").click()
    type_into(field, "64 no")
    assert said(panel)
    press(panel, "Ctrl+Z")
    assert said(panel) == ""
    assert field.text() == "64"
    assert control(panel, 0, "bias").isChecked()


def test_typing_into_a_field_again_is_another_change(panel):
    field, other = control(panel, 0, "units"), control(panel, 1, "units")
    type_into(field, "16")
    other.setFocus()
    type_into(field, "17")
    press(panel, "Ctrl+Z")
    assert field.text() == "16"


def test_the_loss_is_chosen_and_has_to_fit(panel):
    choose(control(panel, 1, "activation"), "linear")
    assert said(panel).startswith("Expected outputs that are probabilities")
    assert panel.form.mend_buttons[0].text() == "Set activation to Softmax"
    panel.form.loss.setCurrentIndex(tuple(LOSSES).index("squared_error"))
    panel.form.loss.activated.emit(panel.form.loss.currentIndex())
    assert said(panel) == ""
    assert panel.desk.draft.loss == "squared_error"


def test_every_kind_of_field_changes_the_layer(qtbot):
    panel = opened(qtbot, open_preset("conv-digits"))
    type_into(control(panel, 0, "filters"), "4")
    type_into(control(panel, 0, "stride"), "2")
    type_into(control(panel, 0, "padding"), "same")
    type_into(control(panel, 0, "dilation"), "1 2")
    choose(control(panel, 0, "initialiser"), "Glorot")
    control(panel, 0, "bias").click()
    control(panel, 5, "frozen").boxes[1].click()
    assert layers(panel)[0] == Conv2d(4, 5, 2, "same", (1, 2), bias=False, initialiser="glorot")
    assert layers(panel)[5].frozen == frozenset({"bias"})
    type_into(control(panel, 5, "output_names"), "a, b")
    assert "expected 10 output names; got 2" in rows(panel)[5].error.text()


def test_what_is_proposed_names_what_is_kept(panel, qtbot):
    panel.form.layers.edges[1].menu.action_for(Dense).trigger()
    with qtbot.waitSignal(panel.apply_requested) as asked:
        panel.form.apply.click()
    (proposal,) = asked.args
    assert [layer.units for layer in proposal.network.layers] == [32, 32, 10]
    assert proposal.kept == {"w_1": "w_1", "b_1": "b_1", "w_3": "w_2", "b_3": "b_2"}
    assert proposal.loss == "cross_entropy"


def test_a_draft_stays_while_options_change_and_goes_with_its_network(panel):
    type_into(control(panel, 0, "units"), "64")
    panel.show_experiment(open_preset("digits", batch_size=4))
    assert names(panel)[0] == "1 · dense 64, ReLU"
    panel.show_experiment(open_preset("attention"))
    assert len(rows(panel)) == 3
    assert not panel.form.undo.isEnabled()


def test_a_batch_that_grows_too_large_for_the_draft_is_said(panel):
    type_into(control(panel, 0, "units"), "4096")
    rows(panel)[0].buttons["duplicate"].click()
    type_into(control(panel, 1, "units"), "2048")
    assert said(panel) == ""
    panel.show_experiment(open_preset("digits", batch_size=1797))
    assert said(panel).startswith("One iteration takes ")


def test_nothing_is_looked_at_until_the_editor_is_shown(qtbot):
    panel = EditorPanel()
    qtbot.addWidget(panel)
    panel.show_experiment(open_preset("digits"))
    panel.set_theme(DARK)
    panel.set_em(20.0)
    assert panel.desk is None
    assert panel.findChildren(QLabel) == []


def graph_experiment() -> Experiment:
    nodes = (
        Node("hidden", Dense(64), ("x",)),
        Node("sum", Sum(), ("hidden", "x")),
        Node("end", Dense(10, "softmax"), ("sum",)),
    )
    return edited(open_preset("digits"), Edit(Graph({"x": Input((64,))}, nodes, "end"), "cross_entropy", {}))


def test_a_graph_is_listed_and_comes_by_file(qtbot):
    panel = opened(qtbot, graph_experiment())
    assert panel.desk is None
    assert panel.form.blocked.isVisible()
    assert "is a graph" in panel.form.blocked.text()
    assert panel.form.overview.text().splitlines() == [
        "x: 64 from the data",
        "1 · hidden: dense 64, ReLU · reads x · gives 64 · 4,160 parameters",
        "2 · sum: sum · reads hidden, x · gives 64 · no parameters",
        "3 · end: dense 10, Softmax · reads sum · gives 10 · 650 parameters",
    ]
    for hidden in (panel.form.apply, panel.form.add_button, panel.form.undo, panel.form.loss, panel.form.layers):
        assert not hidden.isVisible()
    press(panel, "Ctrl+Z")
    panel.show_experiment(open_preset("digits"))
    assert panel.form.apply.isVisible()
    assert not panel.form.blocked.isVisible()


def test_a_block_is_moved_and_kept_whole(qtbot):
    panel = opened(qtbot, small_experiment("rows"))
    assert names(panel)[1] == "2 · two in one"
    assert rows(panel)[1].boxes == {}
    assert "What is inside comes by file." in [label.text() for label in rows(panel)[1].findChildren(QLabel)]
    rows(panel)[1].buttons["duplicate"].click()
    assert [row.keeping.text() for row in rows(panel)][1:3] == ["· keeps its weights", "· begins anew"]
    rows(panel)[1].buttons["remove"].click()
    assert said(panel) == ""
    assert layers(panel)[1] == BLOCK


def test_features_are_chosen_and_one_at_least_is_needed(qtbot):
    panel = opened(qtbot, open_preset("playground"))
    panel.form.layers.edges[0].menu.action_for(Features).trigger()
    boxes = control(panel, 0, "chosen").boxes
    assert [box.text() for box in boxes][1:3] == ["x2", "x1 squared"]
    for box in boxes[3:]:
        box.click()
    assert edges(panel)[1] == "3"
    assert layers(panel)[0] == Features(frozenset({Feature.X1, Feature.X2, Feature.X1_SQUARED}))
    for box in boxes[:3]:
        box.click()
    assert rows(panel)[0].error.text() == "Does not fit. Expected at least one feature; got none."


@pytest.mark.parametrize("preset", ["conv-kernel", "batched-product"])
def test_what_is_not_trained_cannot_be_edited_and_says_so(qtbot, preset):
    panel = opened(qtbot, open_preset(preset))
    assert panel.form.blocked.text() == f"The network of {preset} cannot be edited: it is not trained on samples."


def test_the_keyboard_comes_by_the_fields_in_order(qtbot):
    panel = opened(qtbot, open_preset("attention"))
    rows(panel)[2].buttons["up"].click()
    stops = [stop for row in rows(panel) for stop in row.stops if stop.isEnabled()]
    reached = []
    stops[0].setFocus()
    for _ in range(60):
        reached.append(QApplication.focusWidget())
        QTest.keyClick(reached[-1] or panel, Key.Key_Tab)
    assert [widget for widget in reached if widget in stops][: len(stops)] == stops


def test_everything_has_a_name_for_screen_readers(qtbot):
    panel = opened(qtbot, open_preset("conv-digits"))
    for number, row in enumerate(rows(panel), 1):
        for box in row.boxes.values():
            assert box.control.accessibleName() == f"{box.field.title} of layer {number}"
        assert all(button.accessibleName() for button in row.buttons.values())


MANY = 60


def long_draft(qtbot, count=MANY):
    """Return the editor with many layers, as many as can be edited."""
    panel = opened(qtbot, open_preset("digits"))
    draft = panel.desk.draft
    while len(draft.parts) < count:
        draft = draft.add(1, Dense)
    panel._take(lambda _: draft)
    settle(panel, qtbot)
    return panel


def settle(panel, qtbot):
    for _ in range(3):  # what was made is laid out, and shows or hides others
        QApplication.processEvents()
        qtbot.waitUntil(lambda: not panel.form.layers.busy)


def made(panel):
    return [place for place, row in enumerate(rows(panel)) if row.made is not None]


def seen(panel):
    """Return the places of the rows that are in view."""
    area = panel.form.area.viewport()
    tops = [row.mapTo(area, QPoint(0, 0)).y() for row in rows(panel)]
    return [
        place
        for place, (row, top) in enumerate(zip(rows(panel), tops, strict=True))
        if top < area.height() and top + row.height() > 0
    ]


def test_a_long_network_has_the_fields_of_what_is_seen_and_no_others(qtbot):
    panel = long_draft(qtbot)
    bar = panel.form.area.verticalScrollBar()
    for share in (0, 0.5, 1, 0.2):
        bar.setValue(round(share * bar.maximum()))
        settle(panel, qtbot)
        there = seen(panel)
        assert len(there) >= 4
        assert set(there) <= set(made(panel)), share
        assert len(made(panel)) <= 3 * len(there) + 6, share
    assert bar.maximum() > 4000  # the others keep their room


def test_no_row_is_a_window_of_its_own_while_it_is_made(qtbot, qapp):
    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                windows.append(watched)
            return False

    windows = []
    watch = Watch()
    qapp.installEventFilter(watch)
    try:
        panel = opened(qtbot, open_preset("conv-digits"))
        panel.form.layers.edges[1].menu.action_for(Dense).trigger()
    finally:
        qapp.removeEventFilter(watch)
    assert windows == [panel]


def test_what_cannot_be_read_stays_written_however_far_away_it_is(qtbot):
    panel = long_draft(qtbot)
    type_into(control(panel, 3, "units"), "many")
    control(panel, 0, "units").setFocus()
    bar = panel.form.area.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    settle(panel, qtbot)
    assert 3 in made(panel)
    assert control(panel, 3, "units").text() == "many"
    assert said(panel).startswith("Layer 4, units: expected a whole number")


def test_scrolling_up_moves_what_is_seen_by_as_much_though_rows_above_get_another_height(qtbot):
    panel = opened(qtbot, open_preset("conv-digits"))
    draft = panel.desk.draft
    for place in range(MANY - len(draft.parts)):
        draft = draft.add(1, (Conv2d, MaxPool2d, Flatten)[place % 3])
    panel._take(lambda _: draft)
    area, bar = panel.form.area.viewport(), panel.form.area.verticalScrollBar()
    settle(panel, qtbot)
    bar.setValue(bar.maximum() // 2)
    settle(panel, qtbot)
    for _ in range(20):
        row = rows(panel)[seen(panel)[1]]
        before = row.mapTo(area, QPoint(0, 0)).y()
        bar.setValue(bar.value() - 90)
        settle(panel, qtbot)
        assert abs(row.mapTo(area, QPoint(0, 0)).y() - before - 90) <= 2


def test_the_keyboard_comes_by_all_layers_of_a_long_network(qtbot):
    panel = long_draft(qtbot, 20)
    rows(panel)[0].handle.setFocus()
    reached = []
    while panel.form.layers.isAncestorOf(widget := QApplication.focusWidget()):
        reached.append(widget)
        QTest.keyClick(widget, Key.Key_Tab)
        settle(panel, qtbot)
    assert len(reached) > 10 * 20
    assert reached[-1] is panel.form.layers.edges[-1].add
