"""Drawing an input: what is drawn is what is seen, what enters the network, and what it answers to."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.data.normalising import By
from core.images.photo import Photo
from core.images.preparation import prepare
from core.images.settings import Preparation
from core.images.wanted import wanted_of
from core.presets import open_preset
from tests.app.own_input import ONE, THREE, drawing, opened, pen_stroke, places, stroke
from viz_app.panels.own_input.drawing import Drawings
from viz_app.widgets.drawing.paper import Brush, Paper

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier


def ink(page):
    return 1 - page.pad.paper.pixels / 255


def settled(qtbot, window, page):
    """Wait until the network is run on the drawing."""
    qtbot.waitUntil(lambda: guest(window) is not None and np.array_equal(guest(window).inputs, page.drawn.inputs))


def guest(window):
    return window.session.guests.guest


@pytest.mark.parametrize("preset", ["digits", "mlp-784-800-10", "mlp-768-800-10", "conv-digits"])
def test_what_is_drawn_enters_the_network_prepared_as_a_photo_of_it_and_is_what_is_shown(open_window, qtbot, preset):
    window = open_window(preset)
    page = drawing(window)
    stroke(page.pad)
    settled(qtbot, window, page)
    session, wanted = window.session, wanted_of(window.session.experiment)
    photo = Photo(np.pad(page.pad.paper.pixels, 40, constant_values=255), "a photo of the paper")
    settings = Preparation(even_light=False, threshold=0.5, specks=0.0)
    expected = prepare(photo, wanted, settings).inputs
    assert np.array_equal(guest(window).inputs, expected)
    assert np.array_equal(page.view.numbers, expected)
    assert np.array_equal(session.shown.array("x", session.place.iteration)[0], expected)
    assert guest(window).target is None


@pytest.mark.parametrize("preset", ["digits", "mlp-784-800-10", "conv-digits"])
@pytest.mark.parametrize(("points", "digit"), [(THREE, "3"), (ONE, "1")])
def test_a_trained_network_recognises_a_clear_digit(open_window, qtbot, preset, points, digit):
    window = open_window(preset, start="trained")
    page = drawing(window)
    stroke(page.pad, points)
    answers = opened(window).answer.bars.answers
    qtbot.waitUntil(lambda: bool(opened(window).answer.bars.answers))
    answers = opened(window).answer.bars.answers
    assert answers[0].name == digit
    assert answers[0].share > 0.5


def test_the_prediction_follows_in_the_middle_of_a_stroke_and_the_run_waits_for_its_end(open_window, qtbot):
    window = open_window("digits", start="trained")
    page, bars = drawing(window), window.panels[type(opened(window))].answer.bars
    assert bars.answers == ()
    first, *others = places(page.pad, THREE)
    QTest.mousePress(page.pad, Button.LeftButton, Modifier.NoModifier, first)
    told = []
    for place in others:
        QTest.mouseMove(page.pad, place)
        drawn = page.drawn.inputs
        expected = window.session.guests.predict(drawn)
        qtbot.waitUntil(lambda: bool(bars.answers))
        qtbot.waitUntil(lambda drawn=drawn: np.array_equal(page.view.numbers, drawn))
        told.append(bars.answers)
        best = int(np.argmax(expected))
        assert bars.answers[0].name == str(best)
    assert len(set(told)) > 3
    QTest.mouseRelease(page.pad, Button.LeftButton, Modifier.NoModifier, others[-1])
    settled(qtbot, window, page)


def test_the_right_button_and_the_eraser_take_ink_away(open_window):
    window = open_window("digits")
    page = drawing(window)
    across = ((0.2, 0.5), (0.8, 0.5))
    stroke(page.pad, across)
    total = ink(page).sum()
    stroke(page.pad, ((0.5, 0.3), (0.5, 0.7)), Button.RightButton)
    once = ink(page).sum()
    assert 0 < once < total
    page.tools.eraser.click()
    stroke(page.pad, across)
    assert ink(page).sum() < 0.05 * total
    page.tools.brush.click()
    stroke(page.pad, across)
    assert ink(page).sum() > 0.9 * total


def test_a_pen_draws_as_wide_as_it_is_pressed_and_erases_with_its_other_end(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    down = ((0.3, 0.1), (0.3, 0.5), (0.3, 0.9))
    pen_stroke(page.pad, down, (0.2, 0.2, 0.2))
    thin = ink(page).sum()
    page.tools.undo.click()
    pen_stroke(page.pad, down, (1.0, 1.0, 1.0))
    wide = ink(page).sum()
    assert 3 < wide / thin < 7
    settled(qtbot, window, page)
    page.tools.width_slider.setValue(80)
    pen_stroke(page.pad, down, (1.0, 1.0, 1.0), eraser=True)
    assert page.pad.paper.blank


def test_a_finger_draws_and_a_second_one_does_not_disturb_it(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    device = QTest.createTouchDevice()
    (start, middle, end), pad = places(page.pad, ONE), page.pad
    QTest.touchEvent(pad, device).press(0, start, pad).commit()
    QTest.touchEvent(pad, device).move(0, middle, pad).press(1, QPoint(5, 5), pad).commit()
    QTest.touchEvent(pad, device).move(0, end, pad).stationary(1).commit()
    QTest.touchEvent(pad, device).release(0, end, pad).release(1, QPoint(5, 5), pad).commit()
    down, across = np.nonzero(ink(page) > 0.5)
    side = page.pad.paper.pixels.shape[0]
    assert down.min() < 0.16 * side < 0.84 * side < down.max()
    assert np.ptp(across) < 0.1 * side
    assert not page.pad.paper.drawing


def test_the_keyboard_draws(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    assert page.pad.hasFocus()
    QTest.keyClick(page.pad, Key.Key_Left, Modifier.ShiftModifier)
    assert page.pad.paper.blank
    QTest.keyClick(page.pad, Key.Key_Space)
    for _ in range(10):
        QTest.keyClick(page.pad, Key.Key_Down)
    QTest.keyClick(page.pad, Key.Key_Space)
    QTest.keyClick(page.pad, Key.Key_Right)
    down, across = np.nonzero(ink(page) > 0.5)
    assert np.ptp(down) == pytest.approx(80 + page.pad.width_chosen, abs=3)
    assert np.ptp(across) == pytest.approx(page.pad.width_chosen, abs=3)
    settled(qtbot, window, page)


def test_keys_undo_redo_and_clear_and_choose_the_tool(open_window):
    window = open_window("digits")
    page, paper = drawing(window), drawing(window).pad.paper
    stroke(page.pad)
    drawn = paper.pixels.copy()
    QTest.keyClick(page.pad, Key.Key_Z, Modifier.ControlModifier)
    assert paper.blank
    QTest.keyClick(page.tools.undo, Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert np.array_equal(paper.pixels, drawn)
    QTest.keyClick(page.pad, Key.Key_Delete)
    assert paper.blank
    QTest.keyClick(page.pad, Key.Key_Z, Modifier.ControlModifier)
    assert np.array_equal(paper.pixels, drawn)
    width = page.pad.width_chosen
    for key, (erases, soft, wider) in {
        Key.Key_E: (True, False, 0),
        Key.Key_S: (True, True, 0),
        Key.Key_B: (False, True, 0),
        Key.Key_BracketRight: (False, True, 4),
        Key.Key_BracketLeft: (False, True, 0),
    }.items():
        QTest.keyClick(page.pad, key)
        assert (page.pad.erases, page.pad.soft, page.pad.width_chosen - width) == (erases, soft, wider)


def test_buttons_are_offered_where_they_do_something(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    offered = lambda: [b.isEnabled() for b in (page.tools.undo, page.tools.redo, page.tools.clear, page.step)]  # noqa: E731
    assert offered() == [False] * 4
    stroke(page.pad)
    qtbot.waitUntil(lambda: offered() == [True, False, True, True])
    page.tools.undo.click()
    qtbot.waitUntil(lambda: offered() == [False, True, False, True])


def test_a_cleared_paper_enters_as_zeros(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    stroke(page.pad)
    settled(qtbot, window, page)
    page.tools.clear.click()
    settled(qtbot, window, page)
    assert not guest(window).inputs.any()


def test_another_network_gets_the_same_drawing_in_its_own_size(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    stroke(page.pad)
    settled(qtbot, window, page)
    drawn = page.pad.paper.pixels.copy()
    for preset, shape in {"conv-digits": (1, 28, 28), "mlp-768-800-10": (768,), "conv-kernel": (1, 64, 64)}.items():
        window.session.opening.open_preset(preset)
        qtbot.waitUntil(lambda shape=shape: page.view.numbers.shape == shape)
        assert np.array_equal(page.pad.paper.pixels, drawn)
        page.step.click()
        settled(qtbot, window, page)
        assert np.array_equal(window.session.shown.array("x", 0)[0], page.view.numbers)


def test_a_picture_of_the_paper_is_what_the_kernel_slides_over(open_window, qtbot):
    window = open_window("conv-kernel")
    page = drawing(window)
    stroke(page.pad, ((0.5, 0.1), (0.5, 0.9)))
    settled(qtbot, window, page)
    image = guest(window).inputs[0]
    assert image[32, 32] < 0.1 < 0.9 < image[32, 5]


def test_closing_keeps_the_guest_and_back_to_data_sends_it_away_and_the_drawing_stays(open_window, qtbot):
    window = open_window("digits")
    page, session = drawing(window), window.session
    before = session.shown.array("x", 0).copy()
    stroke(page.pad)
    settled(qtbot, window, page)
    window.parts.own_input.close()
    assert guest(window) is not None
    panel = opened(window)
    assert "Drawing" in panel.answer.state.text()
    panel.answer.back.click()
    assert guest(window) is None
    assert np.array_equal(session.shown.array("x", 0), before)
    assert not page.pad.paper.blank
    page.step.click()
    settled(qtbot, window, page)


def test_what_has_just_been_drawn_is_not_lost_when_the_window_closes(open_window):
    window = open_window("digits")
    page = drawing(window)
    stroke(page.pad)
    window.parts.own_input.close()
    assert np.array_equal(guest(window).inputs, page.drawn.inputs)


def test_a_stroke_that_is_in_the_way_when_the_window_closes_ends(open_window):
    window = open_window("digits")
    page = drawing(window)
    first, second, _ = places(page.pad, ONE)
    QTest.mousePress(page.pad, Button.LeftButton, Modifier.NoModifier, first)
    QTest.mouseMove(page.pad, second)
    window.parts.own_input.close()
    assert not page.pad.paper.drawing
    assert np.array_equal(guest(window).inputs, page.drawn.inputs)
    assert guest(window).inputs.any()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_paper_is_white_and_the_ink_dark_in_every_theme(open_window, qtbot, theme):
    window = open_window("digits")
    window.parts.appearance.set_theme(theme)
    page = drawing(window)
    stroke(page.pad, ONE)
    QTest.mouseMove(page.pad, QPoint(1, 1))
    picture = page.pad.grab().toImage()
    middle, corner = places(page.pad, ((0.5, 0.5), (0.1, 0.5)))
    assert picture.pixelColor(middle * picture.devicePixelRatio()) == QColor("black")
    assert picture.pixelColor(corner * picture.devicePixelRatio()) == QColor("white")


def test_the_prediction_is_that_of_the_iteration_that_is_shown(open_window, qtbot):
    window = open_window("digits")
    page, bars = drawing(window), opened(window).answer.bars
    stroke(page.pad)
    settled(qtbot, window, page)
    before = bars.answers
    window.session.navigation.go_to(30, 0)
    qtbot.waitUntil(lambda: bars.answers != before)
    expected = window.session.guests.predict(page.drawn.inputs)
    assert bars.answers[0].name == str(int(np.argmax(expected)))


def test_a_hovered_number_is_told(open_window, qtbot):
    window = open_window("digits")
    page = drawing(window)
    stroke(page.pad, ONE)
    qtbot.waitUntil(lambda: page.view.numbers is not None and page.view.numbers.any())
    told = []
    page.view.described.connect(told.append)
    box = page.view.picture.heatmaps[0].rect
    at = QPointF(box.x + 3.5 * box.width / 8, box.y + 2.5 * box.height / 8).toPoint()
    QTest.mouseMove(page.window().windowHandle(), page.view.mapTo(page.window(), at))
    QApplication.processEvents()
    number = page.view.numbers.reshape(8, 8)[2, 3]
    assert told[-1].startswith("row 2, column 3: ")
    assert float(told[-1].split(": ")[1]) == pytest.approx(number, rel=1e-3)


def test_for_data_of_light_things_on_black_that_are_no_digits_the_paper_is_inverted():
    experiment = open_preset("mlp-784-800-10")
    named = replace(experiment, dataset=replace(experiment.dataset, class_names=tuple("abcdefghij")))
    paper = Paper()
    assert not Drawings(named).prepared(paper.pixels).inputs.any()
    paper.begin(Brush(40), 210, 210)
    image = Drawings(named).prepared(paper.pixels).inputs.reshape(28, 28)
    assert image[14, 14] > 0.9
    assert image[0, 0] == 0
    light = replace(experiment.dataset, class_names=tuple("abcdefghij"), inputs=1 - experiment.dataset.inputs)
    image = Drawings(replace(experiment, dataset=light)).prepared(paper.pixels).inputs.reshape(28, 28)
    assert image[14, 14] < 0.1
    assert image[0, 0] == 1


def test_a_drawing_for_normalised_data_is_normalised_and_so_is_a_blank_paper():
    experiment = open_preset("digits")
    dataset = experiment.dataset.normalised(By.WHOLE)
    drawings = Drawings(experiment), Drawings(replace(experiment, dataset=dataset))
    paper = Paper()
    for _ in range(2):
        before, after = (each.prepared(paper.pixels).inputs for each in drawings)
        assert np.array_equal(after, dataset.normalisation.apply(before))
        paper.begin(Brush(40), 210, 210)
