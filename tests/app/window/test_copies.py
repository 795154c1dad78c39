"""What is copied is what is shown, in a form that others read."""

import re

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from viz_app.frame.words.copied import as_latex, as_rows
from viz_app.panels.stage import StagePanel


@pytest.fixture
def window(open_window):
    return open_window(size=(1000, 700))


def copied(window, name):
    window.parts.actions[name].trigger()
    return QGuiApplication.clipboard().text()


def test_numbers_are_exact_and_come_back_from_a_spreadsheet(window):
    window.session.navigation.go_to(0, 0, None)
    window.session.cells.focus("w_1", (1, 0))
    text = copied(window, "copy_numbers")
    numbers = np.array([line.split("\t") for line in text.strip().split("\n")], np.float64)
    np.testing.assert_array_equal(numbers, window.session.trace.array("w_1"))


def test_without_a_focus_it_is_what_the_step_has_made(window):
    window.session.navigation.go_to(0, 1, None)
    numbers = np.array(copied(window, "copy_numbers").split(), np.float64)
    np.testing.assert_array_equal(numbers, window.session.trace.array("net_1").ravel())


def test_a_matrix_of_latex_has_the_digits_that_are_read(window):
    window.session.navigation.go_to(0, 0, None)
    window.session.cells.focus("w_1", (0, 0))
    text = copied(window, "copy_latex")
    assert text == "w_{1} = \\begin{pmatrix}\n  0.15 & 0.25 \\\\\n  0.2 & 0.3\n\\end{pmatrix}"


def test_a_formula_is_tex_and_a_picture_is_the_stage(window):
    window.session.navigation.go_to(0, 2, None)
    assert copied(window, "copy_formula") == window.session.frame.equation
    window.parts.actions["copy_picture"].trigger()
    canvas = window.panels[StagePanel].canvas
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (2 * canvas.width(), 2 * canvas.height())


def test_a_large_map_is_written_beside_the_window_and_only_the_last_one_asked_for_is_copied(open_window, qtbot):
    window = open_window("mlp-784-800-10", size=(1000, 700))
    window.session.navigation.go_to(0, 3, None)
    QGuiApplication.clipboard().setText("before")
    window.session.cells.focus("w_2", (1, 0))
    assert copied(window, "copy_numbers") == "before", "more than 5,000 numbers do not hold the window"
    window.session.cells.focus("x", (0, 0))
    pixels = copied(window, "copy_numbers")
    np.testing.assert_array_equal(
        np.array(pixels.split(), np.float32).reshape(-1, 784), window.session.trace.array("x").reshape(-1, 784)
    )
    qtbot.wait(300)
    assert QGuiApplication.clipboard().text() == pixels, "what was given up is not copied in the place of it"
    window.session.cells.focus("w_2", (1, 0))
    window.parts.actions["copy_numbers"].trigger()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != pixels, timeout=10_000)
    numbers = np.array(
        [line.split("\t") for line in QGuiApplication.clipboard().text().strip().split("\n")], np.float32
    )
    np.testing.assert_array_equal(numbers, window.session.trace.array("w_2"))


def test_a_large_matrix_of_latex_is_written_as_the_window_writes(open_window, qtbot):
    window = open_window("mlp-784-800-10", size=(1000, 700))
    window.parts.actions["decimal_comma"].trigger()
    window.session.navigation.go_to(0, 3, None)
    window.session.cells.focus("w_2", (1, 0))
    QGuiApplication.clipboard().setText("before")
    window.parts.actions["copy_latex"].trigger()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "before", timeout=10_000)
    text = QGuiApplication.clipboard().text()
    assert "0," in text
    assert text == as_latex(window.session.frame.detail.view)


def test_what_is_not_computed_yet_is_left_empty_and_numbers_of_all_kinds_are_written(window):
    window.session.navigation.go_to(0, 0, 0)
    view = window.session.frame.result
    assert as_rows(view).count("\t") == 1
    assert re.fullmatch(r"\S+\t\n", as_rows(view))
    kept = window.session.trace.array("w_1")
    strange = np.array([[np.nan, -np.inf], [1.5e-9, 0]], np.float32)
    (weights,) = (one for one in window.session.frame.operands if one.array is kept)
    text = as_latex(type(weights)(weights.value, weights.tex, weights.name, strange, weights.levels))
    assert r"\mathrm{NaN} & -\infty" in text
    assert r"1.5 \cdot 10^{-9} & 0" in text
