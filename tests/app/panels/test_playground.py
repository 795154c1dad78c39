"""The playground in the real window: points that are added, dragged and removed, inputs and layers that change."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QToolButton

from core.data.guest import Guest
from core.layers import Dense, Feature
from core.network import Network
from core.presets import open_preset
from core.presets.playground import PlaygroundSettings
from viz_app.panels.data import DataPanel
from viz_app.panels.playground.panel import PlaygroundPanel
from viz_app.panels.playground.settings import PlaneSettingsPanel
from viz_app.picture.elements import Relief, Scatter
from viz_app.session.session import Session
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.samples.samples import SampleStrip
from viz_app.window.docking.docks import PLAYGROUND
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
EMPTY = (-5.7, 5.7)
"""A corner of the plane without points."""


@pytest.fixture
def window(open_window):
    return open_window("playground", (1280, 900))


@pytest.fixture
def view(window):
    return window.panels[PlaygroundPanel].view


@pytest.fixture
def choices(window):
    return window.panels[PlaneSettingsPanel]


@pytest.fixture
def type_number(qtbot, choices):
    """Return a function that types a number into the field with a name, and finishes it."""

    def write(name, text):
        box = next(box for box in choices.findChildren(NumberField) if box.accessibleName().startswith(name))
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)

    return write


@pytest.fixture
def choose(choices):
    """Return a function that chooses an entry of a list, as the mouse does."""

    def pick(name, text):
        box = next(box for box in choices.findChildren(QComboBox) if box.accessibleName() == name)
        box.setCurrentIndex(box.findText(text))
        box.activated.emit(box.currentIndex())

    return pick


def press(choices, name):
    button = next(one for one in choices.findChildren(QToolButton) if one.accessibleName() == name)
    button.click()


def at(view, place):
    """Return the point of the widget at a place of the plane."""
    return QPointF(*view.spot.to_picture(*place)).toPoint()


def click(view, place, button=LEFT):
    QTest.mouseClick(view, button, Qt.KeyboardModifier.NoModifier, at(view, place))


def drag(view, start, end):
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for part in (3, 2, 1):
        QTest.mouseMove(view, start + (end - start) / part)
        QApplication.processEvents()
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, end)


def points(window):
    return window.session.experiment.settings.drawn()


def lonely(window):
    """Return the sample of a point that is trained on, far from every other one."""
    places = np.array(points(window))[:, :2]
    distances = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) + 99 * np.eye(len(places))
    return int(distances.min(axis=1)[:140].argmax())


def iteration(window):
    return window.session.frame.cursor.iteration


def test_a_click_adds_a_point_of_the_second_class_and_the_right_button_one_of_the_first(window, view):
    before = points(window)
    for button, label in ((LEFT, 1.0), (RIGHT, 0.0)):
        click(view, EMPTY, button)
        after = points(window)
        added = set(after) - set(before)
        assert len(after) == len(before) + 1
        ((x1, x2, target),) = added
        assert (x1, x2) == pytest.approx(EMPTY, abs=0.05)
        assert target == label
        assert len(window.session.experiment.held_back) == 60
        assert after.index((x1, x2, target)) in window.session.experiment.trained_on
        assert view.selected == after.index((x1, x2, target))
        QTest.keyClick(view, Qt.Key.Key_Delete)
        assert points(window) == before


def test_a_point_is_dragged_and_stays_the_same_sample(window, view):
    before, sample = points(window), lonely(window)
    drag(view, at(view, before[sample][:2]), at(view, EMPTY))
    after = points(window)
    assert after[sample][:2] == pytest.approx(EMPTY, abs=0.05)
    assert after[sample][2] == before[sample][2]
    assert after[:sample] + after[sample + 1 :] == before[:sample] + before[sample + 1 :]


def test_a_point_that_is_dragged_out_of_the_plane_is_removed(window, view):
    before, sample = points(window), lonely(window)
    drag(view, at(view, before[sample][:2]), QPoint(2, view.height() - 3))
    assert points(window) == before[:sample] + before[sample + 1 :]


def test_delete_removes_the_point_that_was_clicked_and_nothing_else_twice(window, view):
    before, sample = points(window), lonely(window)
    click(view, before[sample][:2])
    assert view.selected == sample
    assert points(window) == before
    QTest.keyClick(view, Qt.Key.Key_Delete)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert points(window) == before[:sample] + before[sample + 1 :]


def test_removing_a_point_that_is_held_back_leaves_what_is_trained_on(window, view):
    before = points(window)
    view.point_removed.emit(170)
    assert len(window.session.experiment.held_back) == 59
    assert points(window)[:140] == before[:140]
    assert points(window)[140:] == before[140:170] + before[171:]


def test_the_network_goes_on_from_where_it_is_with_other_points(window, view):
    window.session.navigation.go_to_iteration(25)
    trace, weights = window.session.trace, window.session.frame.parameters["w_1"].copy()
    losses = window.session.frame.losses
    click(view, EMPTY)
    assert window.session.trace is trace
    assert iteration(window) == 25
    np.testing.assert_array_equal(window.session.frame.parameters["w_1"], weights)
    assert window.session.frame.losses == losses
    assert any(140 in window.session.experiment.samples(number) for number in range(25, 41))


def test_going_back_shows_the_points_that_were_there_then(window, view):
    window.session.navigation.go_to_iteration(5)
    click(view, EMPTY)
    now = window.panels[PlaygroundPanel]._points
    assert len(now) == 201
    window.session.navigation.go_to_iteration(4)
    assert len(window.panels[PlaygroundPanel]._points) == 200
    window.session.navigation.go_to_iteration(5)
    assert window.panels[PlaygroundPanel]._points == now


def test_restart_begins_anew_with_the_points_as_they_are_now(window, view):
    first = window.session.frame.parameters["w_1"].copy()
    window.session.navigation.go_to_iteration(5)
    click(view, EMPTY)
    window.parts.actions["restart"].trigger()
    assert iteration(window) == 0
    assert len(window.panels[PlaygroundPanel]._points) == 201
    assert window.session.experiment.earlier == ()
    np.testing.assert_array_equal(window.session.frame.parameters["w_1"], first)


def test_another_kind_of_points_begins_anew_and_forgets_what_was_moved(window, view, choose):
    window.session.navigation.go_to_iteration(5)
    click(view, EMPTY)
    choose("Points", "Spirals")
    assert window.session.experiment.dataset.name == "Spirals"
    assert iteration(window) == 0
    assert len(points(window)) == 200
    assert view.selected is None


def test_draw_again_forgets_what_was_moved(window, view, choices):
    (again,) = choices.findChildren(QPushButton)
    assert not again.isEnabled()
    before = points(window)
    click(view, EMPTY)
    assert again.isEnabled()
    again.click()
    assert points(window) == before


def test_heights_are_added_at_the_ends_of_the_scale(window, view, choose):
    choose("Points", "Regression: plane")
    for button, height in ((LEFT, 1.0), (RIGHT, -1.0)):
        place = (EMPTY[0], height * EMPTY[1])
        click(view, place, button)
        assert points(window)[-61][2] == height
    assert "at 1" in window.panels[PlaygroundPanel].line or "x₁" in window.panels[PlaygroundPanel].line


def test_inputs_are_switched_on_and_off_and_each_is_a_step(window, choices):
    press(choices, "Give the network x₁²")
    keys = [step.output.key for step in window.session.trace.program.steps]
    assert "x1_squared_1" in keys
    assert window.session.experiment.settings.features == (Feature.X1, Feature.X2, Feature.X1_SQUARED)
    for name in ("x₁", "x₂"):
        press(choices, f"Give the network {name}")
    assert window.session.experiment.settings.features == (Feature.X1_SQUARED,)
    assert len(window.panels[PlaygroundPanel]._plane.layers[0].surfaces) == 1


def test_the_last_input_stays_and_the_reason_is_said(window, choices):
    for name in ("x₁", "x₂"):
        press(choices, f"Give the network {name}")
    assert window.session.experiment.settings.features == (Feature.X2,)
    assert "at least one input" in choices._reason.text()
    assert choices._reason.isVisible()
    press(choices, "Give the network x₁x₂")
    assert not choices._reason.isVisible()


def test_layers_are_added_changed_and_removed(window, choices, type_number, choose):
    press(choices, "One more hidden layer")
    type_number("Neurons in hidden layer 1", "5")
    choose("Activation of the hidden layers", "ReLU")
    assert window.session.experiment.settings.units == (5, 4, 4)
    assert {type(step.op).__name__ for step in window.session.trace.program.steps if step.output.name == "out"} == {
        "ReLU",
        "Softmax",
    }
    for _ in range(3):
        press(choices, "One hidden layer less")
    assert window.session.experiment.settings.units == ()
    assert not next(one for one in choices.findChildren(QToolButton) if one.text() == "−").isEnabled()


def test_numbers_of_the_points(window, type_number):
    type_number("How many points are held", "20")
    type_number("How many points", "50")
    type_number("Noise", "0")
    type_number("Seed", "7")
    settings = window.session.experiment.settings
    assert (settings.count, settings.noise, settings.data_seed) == (50, 0, 7)
    assert len(window.session.experiment.held_back) == 20
    assert len(window.session.experiment.dataset) == 50


def test_too_few_points_are_refused_and_the_run_stays(window, choices, type_number):
    window.session.navigation.go_to_iteration(7)
    type_number("How many points", "40")
    assert len(points(window)) == 200
    assert iteration(window) == 7
    assert "at most 39 samples held back" in choices._reason.text()
    box = next(box for box in choices.findChildren(NumberField) if box.accessibleName() == "How many points")
    assert box.text() == "40"
    type_number("How many points", "90")
    assert len(points(window)) == 90
    assert not choices._reason.isVisible()
    assert box.text() == "90"


def test_points_cannot_all_be_removed(window, view, type_number):
    type_number("How many points are held", "0")
    type_number("How many points", "10")
    window.session.navigation.go_to_iteration(3)
    view.point_removed.emit(0)
    assert len(points(window)) == 10
    assert iteration(window) == 3
    assert "batch size from 1 to 9" in window.panels[PlaygroundPanel].line
    click(view, EMPTY)
    assert len(points(window)) == 11
    assert "batch" not in window.panels[PlaygroundPanel].line


def test_a_click_on_a_neuron_goes_to_its_step_and_focuses_its_column(window, view):
    window.session.navigation.go_to_iteration(2)
    neuron = next(
        one for one in view.picture.elements if isinstance(one, Relief) and one.key == "out_2" and one.cell[1] == 3
    )
    QTest.mouseClick(view, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(*(round(one) for one in neuron.rect.center)))
    frame = window.session.frame
    assert frame.step.output.key == "out_2"
    assert frame.detail.focus.key == "out_2"
    assert frame.detail.focus.index == (0, 3)
    assert iteration(window) == 2


def test_the_plane_follows_the_parameters_of_the_frame(window, view):
    panel = window.panels[PlaygroundPanel]
    before = panel._plane
    window.session.navigation.step(1)
    assert panel._plane is before
    window.session.navigation.go_to_iteration(1)
    assert panel._plane is not before
    np.testing.assert_array_equal(panel._plane.parameters["w_1"], window.session.frame.parameters["w_1"])


def test_the_line_tells_what_the_network_answers_under_the_mouse(window, view):
    panel = window.panels[PlaygroundPanel]
    assert "Click" in panel.line
    QTest.mouseMove(view, at(view, (0.0, 0.0)))
    QTest.mouseMove(view, at(view, (5.7, 5.7)))
    assert panel.line.startswith("x₁, x₂ = ")
    assert "blue 0." in panel.line
    assert "orange 0." in panel.line
    view.place_hovered.emit(None, None)
    assert "Click" in panel.line


def test_the_line_tells_which_sample_is_under_the_mouse(window, view):
    sample = lonely(window)
    QTest.mouseMove(view, at(view, EMPTY))
    QTest.mouseMove(view, at(view, points(window)[sample][:2]))
    assert window.panels[PlaygroundPanel].line.startswith(f"Sample {sample} at ")


def test_the_right_button_on_a_point_adds_none(window, view):
    before, sample = points(window), lonely(window)
    click(view, before[sample][:2], RIGHT)
    assert points(window) == before
    assert view.selected == sample
    QTest.mouseDClick(view, RIGHT, Qt.KeyboardModifier.NoModifier, at(view, before[sample][:2]))
    assert points(window) == before


def test_training_goes_on_while_points_are_added_and_the_plane_moves(window, view, qtbot):
    trainer, panel = window.session.trainer, window.panels[PlaygroundPanel]
    first = panel._plane
    window.parts.actions["train"].trigger()
    qtbot.waitUntil(lambda: iteration(window) > 20)
    assert panel._plane is not first
    reached = iteration(window)
    click(view, EMPTY)
    assert trainer.training
    assert len(points(window)) == 201
    qtbot.waitUntil(lambda: iteration(window) > reached + 20)
    np.testing.assert_array_equal(panel._plane.parameters["w_1"], window.session.frame.parameters["w_1"])
    trainer.pause()
    assert len(window.session.experiment.earlier) == 1


def test_training_stops_where_another_network_is_asked_for(window, choices, qtbot):
    window.parts.actions["train"].trigger()
    qtbot.waitUntil(lambda: iteration(window) > 5)
    press(choices, "Give the network x₁²")
    assert not window.session.trainer.training
    assert iteration(window) == 0


WIDER = Network((2,), (Dense(6, "tanh"), Dense(3, "relu"), Dense(2, "softmax")))


def test_an_edited_network_is_drawn_and_stays_with_other_points(window, view, choices, choose):
    assert window.session.opening.edit(WIDER, "cross_entropy")
    layers = window.panels[PlaygroundPanel]._plane.layers
    assert [len(layer.surfaces) for layer in layers] == [2, 6, 3]
    click(view, EMPTY)
    choose("Points", "XOR")
    assert window.session.experiment.network == WIDER
    window.session.navigation.go_to_iteration(3)
    click(view, EMPTY)
    window.parts.actions["restart"].trigger()
    assert window.session.experiment.network == WIDER
    assert iteration(window) == 0


def test_an_edited_network_gives_way_to_inputs_and_layers_that_are_chosen(window, choices, choose):
    assert window.session.opening.edit(WIDER, "cross_entropy")
    press(choices, "Give the network x₁²")
    assert "x1_squared_1" in window.session.trace.program.values
    assert window.session.opening.edit(WIDER, "cross_entropy")
    choose("Points", "Regression: hills")
    assert window.session.experiment.dataset.labels is None
    assert window.session.experiment.loss == "squared_error"


def test_the_dock_is_there_for_the_playground_alone(window):
    dock = window.parts.docks[PLAYGROUND.title]
    assert dock.isVisible()
    assert dock.toggleViewAction().isVisible()
    window.session.opening.open_preset("digits")
    assert not dock.isVisible()
    assert not dock.toggleViewAction().isVisible()
    assert window.panels[PlaneSettingsPanel].isHidden()
    window.parts.docks.reset()
    window.resize(1280, 900)
    assert not dock.isVisible()
    window.session.opening.open_preset("playground")
    assert dock.isVisible()
    assert not window.panels[PlaneSettingsPanel].isHidden()


def test_a_dock_that_was_closed_stays_closed_while_the_playground_is_open(window, view):
    dock = window.parts.docks[PLAYGROUND.title]
    dock.close()
    window.session.opening.set_settings(noise=1.0)
    window.session.navigation.go_to_iteration(3)
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    panel = window.panels[PlaygroundPanel]
    assert panel._plane.parameters["w_1"] is window.session.frame.parameters["w_1"]


def test_a_folded_dock_has_no_tab_any_more_once_it_is_not_there(window, qtbot):
    window.resize(700, 500)
    docks = window.parts.docks
    dock = docks[PLAYGROUND.title]
    assert dock in docks.folding.folded
    window.session.opening.open_preset("digits")
    assert dock not in docks.folding.folded
    assert not docks.folding.tab(dock).isVisible()
    window.resize(1280, 900)
    assert not dock.isVisible()


def test_added_points_are_plain_data_that_open_the_same_experiment_again(window, view):
    click(view, EMPTY)
    settings = window.session.experiment.settings
    again = PlaygroundSettings(**vars(replace(settings))).open(window.session.experiment.now)
    np.testing.assert_array_equal(again.dataset.inputs, window.session.experiment.dataset.inputs)
    assert all(type(number) is float for point in settings.points for number in point)


def test_leaving_in_the_middle_of_a_drag_and_other_data_below_it_harm_nothing(window, view):
    sample = lonely(window)
    start = at(view, points(window)[sample][:2])
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, start + QPoint(30, 10))
    window.session.opening.set_settings(count=100)
    QTest.mouseMove(view, start + QPoint(40, 20))
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(40, 20))
    assert len(points(window)) == 100
    window.session.opening.open_preset("digits")
    assert window.session.experiment.preset == "digits"


def test_the_samples_are_drawn_as_points_of_a_small_plane(window):
    strip = window.panels[DataPanel].findChild(SampleStrip)
    image = strip.grab().toImage()
    for place, sample in enumerate(strip.samples()):
        x1, x2, target = points(window)[sample]
        box = strip.box(place)
        x, y = box.center().x() + x1 / 6 * box.width() / 2, box.center().y() - x2 / 6 * box.height() / 2
        color = image.pixelColor(round(x), round(y))
        assert (color.red() > color.blue()) is (target == 1)


def test_the_dock_stands_beside_the_inspector_whatever_was_open_when_the_window_was_closed(qtbot, tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for preset in ("digits", "playground", "digits", "playground"):
        window = MainWindow(Session(open_preset(preset)), Preferences(store))
        qtbot.addWidget(window)
        window.resize(1280, 900)
        window.show()
        qtbot.waitExposed(window)
        dock, inspector = (window.parts.docks[title] for title in (PLAYGROUND.title, "Inspector"))
        assert dock.isHidden() is (preset == "digits")
        assert (dock in window.tabifiedDockWidgets(inspector)) is (preset == "playground")
        if preset == "playground":
            panel = window.panels[PlaygroundPanel]
            qtbot.waitUntil(lambda shown=panel: not shown.visibleRegion().isEmpty())
        window.close()


def test_an_own_point_stands_in_the_plane_in_the_colour_of_its_label(window):
    session, panel = window.session, window.panels[PlaygroundPanel]

    def guests():
        elements, plane = panel.view.picture.elements, panel.view.spot.rect
        scatters = [part for part in elements if isinstance(part, Scatter) and part.rect == plane]
        return [(part.centers[0].tolist(), part.heights.tolist()) for part in scatters[1:]]

    assert guests() == []
    session.guests.show(Guest(np.array([2.0, -3.0]), title="Mine"))
    ((center, heights),) = guests()
    assert heights == [0.0]  # nobody has said which it is
    spot = panel.view.spot
    assert spot.to_plane(*center) == pytest.approx((2.0, -3.0))
    session.guests.set_label(1)
    assert guests() == [(center, [1.0])]
    session.guests.dismiss()
    assert guests() == []
