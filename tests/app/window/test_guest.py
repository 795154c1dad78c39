"""The guest in the window: the panel of the data dock, its keys, and what other panels show meanwhile."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from core.data.guest import Guest
from core.presets import PRESETS
from core.visiting import input_of
from viz_app.panels.data import DataPanel
from viz_app.panels.guest import GuestPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.widgets.samples.samples import SampleStrip

LEFT = Qt.MouseButton.LeftButton
LARGE = 1600, 1000


def seven(window):
    """Return a sample of the data that is a seven, as a photo of a person's own."""
    dataset = window.session.experiment.dataset
    number = int(np.flatnonzero(dataset.labels == 7)[0])
    return Guest(np.array(dataset.inputs[number]), title="seven.png")


def button(window, text):
    panel = window.panels[GuestPanel]
    return next(one for one in panel.findChildren(QPushButton) if one.text().startswith(text))


def test_the_guest_takes_the_place_of_the_strip_and_gives_it_back(open_window, qtbot):
    window = open_window("digits", LARGE)
    panel, strip = window.panels[GuestPanel], window.panels[DataPanel].findChild(SampleStrip)
    assert not panel.isVisible()
    window.session.navigation.go_to(1, 4)
    window.session.guests.show(seven(window))
    assert panel.isVisible()
    assert not strip.isVisible()
    assert panel.title == "seven.png"
    assert panel.where == "On the weights of iteration 1"
    assert panel.said == "The run does not learn from it."
    qtbot.mouseClick(button(window, "Back to data"), LEFT)
    assert not panel.isVisible()
    assert strip.isVisible()
    assert (window.session.place.iteration, window.session.place.step) == (1, 4)
    assert window.session.guests.guest is None


def test_the_bars_are_the_outputs_the_likeliest_first(open_window):
    window = open_window("digits", LARGE)
    window.session.guests.show(seven(window))
    bars = window.panels[GuestPanel].bars
    for iteration in (0, 40):
        window.session.navigation.go_to_iteration(iteration)
        out = window.session.shown.array("out_2", iteration)[0]
        order = np.argsort(-out, kind="stable")[:5]
        assert [answer.name for answer in bars.answers] == [str(number) for number in order]
        assert [answer.leads for answer in bars.answers] == [True, False, False, False, False]
        assert bars.answers[0].text == f"{out.max():.0%}"
        assert bars.answers[0].share == pytest.approx(float(out.max()), abs=1e-6)


def test_a_label_is_chosen_by_its_name_and_given_back(open_window):
    window = open_window("digits", LARGE)
    window.session.guests.show(seven(window))
    box = window.panels[GuestPanel].findChild(QComboBox)
    guess = int(window.session.shown.array("out_2", 0)[0].argmax())
    assert box.currentText() == f"Network's guess: {guess}"
    box.setCurrentIndex(8)
    box.activated.emit(8)
    assert box.currentText() == "Label 7"
    assert window.session.guests.guest.target.argmax() == 7
    assert [answer.name for answer in window.panels[GuestPanel].bars.answers if answer.wanted] == ["7"]
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert window.session.guests.guest.target is None
    assert not any(answer.wanted for answer in window.panels[GuestPanel].bars.answers)


def test_the_class_of_a_sample_of_the_data_is_told_and_not_chosen(open_window):
    window = open_window("digits", LARGE)
    window.session.guests.show_sample(1234)
    panel, label = window.panels[GuestPanel], window.session.experiment.dataset.labels[1234]
    assert panel.title == "Sample 1,234"
    assert panel.target == f"Target: class {label}"
    assert not panel.findChild(QComboBox).isVisible()


def test_to_learn_and_to_take_it_back(open_window, qtbot):
    window = open_window("digits", LARGE)
    session = window.session
    usual = session.trace.run.state(1)["w_1"].tobytes()
    session.guests.show(seven(window))
    qtbot.mouseClick(button(window, "Let it learn"), LEFT)
    assert window.panels[GuestPanel].said == "This iteration learns from it."
    assert session.trace.run.state(1)["w_1"].tobytes() != usual
    qtbot.mouseClick(button(window, "Learnt"), LEFT)
    assert button(window, "Let it learn").isVisible()
    assert session.trace.run.state(1)["w_1"].tobytes() == usual


def test_after_it_has_learnt_the_data_say_from_whom(open_window):
    window = open_window("digits", LARGE)
    window.session.guests.show(seven(window))
    window.parts.actions["learn_guest"].trigger()
    window.parts.actions["leave_guest"].trigger()
    told = window.panels[DataPanel].findChild(object, "answer").text()
    assert told.startswith("seven.png · target")


def test_escape_lets_go_of_the_focus_then_of_the_operation_and_then_of_the_guest(open_window):
    window = open_window("digits", LARGE)
    session = window.session
    session.guests.show(seven(window))
    session.navigation.enter()
    session.cells.focus("x", (0, 3))
    escape = window.parts.actions["clear"]
    escape.trigger()
    assert (session.place.focus, session.place.cell is None, session.guests.guest is None) == (None, False, False)
    escape.trigger()
    assert (session.place.cell, session.guests.guest is None) == (None, False)
    escape.trigger()
    assert session.guests.guest is None
    escape.trigger()


def test_one_key_leads_back_to_the_data_and_does_nothing_without_a_guest(open_window, qtbot):
    window = open_window("digits", LARGE)
    action = window.parts.actions["leave_guest"]
    assert not action.isEnabled()
    window.session.guests.show(seven(window))
    assert action.isEnabled()
    assert window.parts.actions["learn_guest"].isEnabled()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_D)
    assert window.session.guests.guest is None
    assert not action.isEnabled()


def test_the_stage_says_who_is_stepped(open_window):
    window = open_window("digits", LARGE)
    texts = [element.text for element in picture(window) if hasattr(element, "text")]
    assert not any("seven.png" in text for text in texts)
    window.session.guests.show(seven(window))
    texts = [element.text for element in picture(window) if hasattr(element, "text")]
    assert any(text.startswith("seven.png · step 0") for text in texts)


def picture(window):
    return window.panels[StagePanel].canvas.picture.elements


def test_the_curve_is_the_runs(open_window):
    window, other = open_window("digits", LARGE), open_window("digits", LARGE)
    window.session.guests.show(seven(window))
    for one in (window, other):
        one.session.navigation.go_to_iteration(30)
    assert window.session.frame.losses.numbers.tolist() == other.session.frame.losses.numbers.tolist()
    assert window.panels[CurvesPanel].isVisible()


def test_restart_and_training_keep_the_guest(open_window, qtbot):
    window = open_window("digits", LARGE, batch_size=16)
    session = window.session
    session.guests.show(seven(window))
    window.parts.actions["train"].trigger()
    qtbot.waitUntil(lambda: session.place.iteration > 0, timeout=20_000)
    window.parts.actions["train"].trigger()
    reached = session.place.iteration
    assert session.guests.guest is not None
    assert window.panels[GuestPanel].where.startswith(f"On the weights of iteration {reached:,}")
    window.parts.actions["restart"].trigger()
    assert session.place.iteration == 0
    assert session.guests.guest is not None


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_network_shows_its_guest_or_says_why_not(open_window, qtbot, preset):
    window = open_window(preset, (1920, 1080))
    session, panel = window.session, window.panels[GuestPanel]
    entry = input_of(session.experiment.program)
    shape = (2, 2) if entry is None else entry.shape[1:]
    target = np.full(2, 0.5) if preset == "worked-2-2-2" else None
    guest = Guest(np.full(shape, 0.5), target, "Own input")
    if session.guests.show(guest):
        for size in ((1920, 1080), (1280, 720)):
            window.resize(*size)
            assert panel.isVisible()
            qtbot.waitUntil(lambda: panel.bars.height() == panel.bars.sizeHint().height() or not panel.bars.isVisible())
            for part in (panel.thumbnail, panel.bars, *panel.findChildren(QPushButton), *panel.findChildren(QComboBox)):
                if part.isVisible():
                    assert part.width() >= part.minimumSizeHint().width()
                    assert part.height() >= part.minimumSizeHint().height()
            window.grab()
        session.navigation.last()
    else:
        assert preset in ("attention", "batched-product", "transformer", "lstm")
        assert not panel.isVisible()
