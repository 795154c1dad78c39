"""The kernel in the real window: choose it, write it, slide it, and be told what does not fit."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox

from core.data.kernels import KERNELS
from core.data.pictures import PICTURES
from core.presets.changes import Refusal
from core.presets.convolution import KernelSettings
from viz_app.frame.frame import Mark
from viz_app.panels.data import DataPanel
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.kernel.panel import KernelPanel
from viz_app.panels.kernel.weights import parse_block, parse_number
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.picture.elements import Stroke
from viz_app.widgets.fields.number_field import NumberField

Key, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(open_window):
    return open_window("conv-kernel", (1280, 900))


@pytest.fixture
def panel(window):
    return window.panels[KernelPanel]


@pytest.fixture
def press(qtbot, window):
    """Return a function that presses keys where the keyboard is."""

    def keys(*pressed, modifiers=NONE):
        for key in pressed:
            qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)

    return keys


@pytest.fixture
def type_number(qtbot, window):
    """Return a function that types a number into the field with a name, and finishes it."""

    def write(name, text):
        box = next(box for box in window.panels[KernelPanel].findChildren(NumberField) if box.accessibleName() == name)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Key.Key_Return)

    return write


@pytest.fixture
def type_weight(qtbot, panel):
    """Return a function that types something into a cell of the kernel, and finishes it."""

    def write(row, column, text):
        table = panel._weights
        table.setFocus()
        table.setCurrentCell(row, column)
        for character in text:
            qtbot.keyClicks(QApplication.focusWidget(), character)
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
        qtbot.waitUntil(lambda: QApplication.focusWidget() is table)

    return write


@pytest.fixture
def choose(qtbot, window):
    """Return a function that chooses an entry of a list, as the mouse does."""

    def pick(name, text):
        box = next(box for box in window.panels[KernelPanel].findChildren(QComboBox) if box.accessibleName() == name)
        box.setCurrentIndex(box.findText(text))
        box.activated.emit(box.currentIndex())

    return pick


def settings(window):
    return window.session.experiment.settings


def array(window, key):
    return window.session.trace.array(key)


def shape(window):
    return array(window, "net_1").shape[2:]


def place(window):
    cursor = window.session.frame.cursor
    return cursor.iteration, cursor.step, cursor.cell


def written(panel):
    """Return what stands in the cells of the kernel."""
    table = panel._weights
    return [
        [table.item(row, column).text() for column in range(table.columnCount())] for row in range(table.rowCount())
    ]


def reasons(panel):
    """Return every reason that can be read."""
    return [label.text() for label in panel._reasons.values() if label.isVisible()]


def framed(panel):
    """Return the names of the fields with a red frame."""
    fields = [*panel.findChildren(NumberField), *panel.findChildren(QComboBox), panel._weights]
    return {field.accessibleName() for field in fields if field.property("invalid")}


def drawn(window):
    """Return every map of the stage: where it is, and its numbers."""
    return [
        (heatmap.rect, heatmap.map.array.tobytes()) for heatmap in window.panels[StagePanel].canvas.picture.heatmaps
    ]


def outline(window):
    """Return the corner and the size of the window on the image, in cells of the padded image, as it is drawn."""
    picture = window.panels[StagePanel].canvas.picture
    (stroke,) = [element for element in picture.elements if isinstance(element, Stroke)]
    image = next(heatmap for heatmap in picture.heatmaps if heatmap.map.key == "x")
    unit = image.rect.width / image.map.shape[3]
    xs, ys = zip(*stroke.points, strict=True)
    corner = (min(ys) - image.rect.y) / unit, (min(xs) - image.rect.x) / unit
    return tuple(round(length, 6) for length in (*corner, (max(ys) - min(ys)) / unit, (max(xs) - min(xs)) / unit))


# What is shown


def test_stands_only_where_there_is_a_kernel_to_change(window, panel):
    assert panel.isVisible()
    for preset in ("digits", "rgb-kernel-2x2x3", "attention"):
        window.session.opening.open_preset(preset)
        assert not panel.isVisible()
    window.session.opening.open_preset("conv-kernel")
    assert panel.isVisible()


@pytest.mark.parametrize("preset", ["conv-kernel", "batched-product", "rgb-kernel-2x2x3"])
def test_hides_what_means_nothing_without_training_and_samples(window, preset):
    window.session.opening.open_preset(preset)
    data = window.panels[DataPanel]
    gone = (data._strip, data._slider, data._sample, data._batch, data._row, data._answer)
    for field in (*gone, data._rate, data._seed, data._same, data._jacobian):
        assert not field.isVisible()
        assert not (field in data._labels and data._labels[field].isVisible())
    assert data._dtype.isVisible()
    window.session.opening.open_preset("digits")
    assert all(field.isVisible() for field in (*gone, data._rate, data._seed, data._same, data._jacobian))


def test_says_that_there_is_no_loss_where_nothing_is_trained(window):
    assert window.panels[CurvesPanel].plot.empty
    assert "no loss" in window.panels[CurvesPanel].plot._empty.text()
    window.session.opening.open_preset("digits")
    assert "no loss" not in window.panels[CurvesPanel].plot._empty.text()


def test_shows_the_settings_and_asks_for_nothing(window, panel):
    asked = []
    panel.settings_requested.connect(asked.append)
    window.session.opening.set_settings(
        weights=((1.0, -2.5),), stride=(2, 3), dilation=2, padding=(1, 2, 3, 4), image="heart"
    )
    assert written(panel) == [["1", "−2.5"]]
    assert panel._kernel.currentText() == "Custom"
    assert panel._image.currentText() == "Heart"
    shown = [[box.value() for box in field.boxes] for field in (panel._size, panel._stride, panel._dilation)]
    assert shown == [[1, 2], [2, 3], [2, 2]]
    assert [box.value() for box in panel._padding._sides] == [1, 2, 3, 4]
    assert asked == []


def test_says_what_a_colour_image_does_with_the_numbers(window, panel, choose):
    assert not panel._channels.isVisible()
    choose("Image", "Landscape")
    assert panel._channels.text() == "Each of the 3 channels gets these numbers, divided by 3."
    assert panel._channels.isVisible()
    np.testing.assert_allclose(array(window, "w_1")[0, 1], np.array(KERNELS["sobel-x"].weights) / 3, rtol=1e-6)


# What is chosen


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_can_be_chosen(window, panel, choose, name):
    choose("Kernel", KERNELS[name].title)
    np.testing.assert_array_equal(array(window, "w_1")[0, 0], np.array(KERNELS[name].weights, np.float32))
    assert [[parse_number(text) for text in row] for row in written(panel)] == [[*row] for row in KERNELS[name].weights]
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas


@pytest.mark.parametrize(
    ("image", "expected"), [("Heart", (1, 16, 16)), ("Landscape", (3, 96, 96)), ("Marbles", (3, 64, 64))]
)
def test_every_image_can_be_chosen(window, choose, image, expected):
    choose("Image", image)
    assert array(window, "x").shape[1:] == expected
    assert any(heatmap.map.array is array(window, "x") for heatmap in window.panels[StagePanel].canvas.picture.heatmaps)


def test_the_keyboard_chooses_a_kernel(window, panel, qtbot):
    panel._kernel.setFocus()
    qtbot.keyClick(panel._kernel, Key.Key_Down)
    assert settings(window).kernel == "sobel-y"


def test_a_number_makes_the_kernel_ones_own_at_once(window, panel, type_weight):
    before = array(window, "net_1").copy()
    type_weight(1, 2, "1/16")
    assert panel._kernel.currentText() == "Custom"
    assert settings(window).weights == ((-1, 0, 1), (-2, 0, 0.0625), (-1, 0, 1))
    assert array(window, "w_1")[0, 0, 1, 2] == 0.0625
    assert not np.array_equal(array(window, "net_1"), before)
    (shown,) = [
        heatmap.map for heatmap in window.panels[StagePanel].canvas.picture.heatmaps if heatmap.map.key == "net_1"
    ]
    assert shown.array is array(window, "net_1")


def test_custom_keeps_the_numbers_and_a_name_brings_its_own_back(window, panel, choose, type_weight):
    choose("Kernel", "Custom")
    assert settings(window).weights == KERNELS["sobel-x"].weights
    type_weight(0, 0, "7")
    choose("Kernel", "Sobel x")
    assert settings(window).weights is None
    assert written(panel)[0] == ["−1", "0", "1"]


@pytest.mark.parametrize(("text", "number"), [("0,5", 0.5), ("3/8", 0.375), ("-1e-3", -0.001), ("1e5", 100_000)])
def test_a_number_of_the_kernel_is_taken_as_it_is_meant(window, type_weight, text, number):
    type_weight(1, 1, text)
    assert settings(window).weights[1][1] == number


def test_keys_step_a_number_of_the_kernel(window, panel, press):
    panel._weights.setFocus()
    panel._weights.setCurrentCell(0, 2)
    press(Key.Key_F2)
    press(Key.Key_Down, Key.Key_Down, Key.Key_Return)
    QApplication.processEvents()
    assert settings(window).weights[0][2] == -1
    assert written(panel)[0][2].replace("−", "-") == "-1"


def test_what_is_no_number_stays_red_and_the_stage_stays_as_it_was(window, panel, choose, type_weight):
    type_weight(0, 0, "abc")
    assert written(panel)[0][0] == "abc"
    assert "such as 0.5, 1e−3 or 1/16; got 'abc'." in panel._typed.text()
    assert panel._typed.isVisible()
    assert framed(panel) == {"Numbers of the kernel"}
    assert settings(window).weights is None
    type_weight(2, 2, "4")
    assert settings(window).weights == ((-1, 0, 1), (-2, 0, 2), (-1, 0, 4))
    assert written(panel)[0][0] == "abc"
    assert panel._typed.isVisible()
    type_weight(0, 0, "3")
    assert not panel._typed.isVisible()
    assert framed(panel) == set()
    type_weight(0, 0, "1e9")
    assert panel._typed.isVisible()
    choose("Kernel", "Blur")
    assert not panel._typed.isVisible()
    assert written(panel)[0][0] == "0.0625"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\n3\t4\n", ((1, 2), (3, 4))),
        ("0,5\t1\n-1\t0\n", ((0.5, 1), (-1, 0))),
        ("1 2 3", ((1, 2, 3),)),
        ("[[1., 0., -1.],\n [2., 0., -2.]]", ((1, 0, -1), (2, 0, -2))),
        ("[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        ("1/9 1/9; −1 2", ((1 / 9, 1 / 9), (-1, 2))),
    ],
)
def test_a_block_of_numbers_is_pasted(window, panel, press, text, rows):
    QGuiApplication.clipboard().setText(text)
    panel._weights.setFocus()
    press(Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert settings(window).weights == rows
    assert array(window, "w_1").shape[2:] == (len(rows), len(rows[0]))
    assert [box.value() for box in panel._size.boxes] == [len(rows), len(rows[0])]


def test_one_number_is_pasted_into_its_cell(window, panel, press):
    QGuiApplication.clipboard().setText("9")
    panel._weights.setFocus()
    panel._weights.setCurrentCell(1, 1)
    press(Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert settings(window).weights == ((-1, 0, 1), (-2, 9, 2), (-1, 0, 1))


@pytest.mark.parametrize("text", ["", "hello", "1 2\n3", "1 " * 8, "1\n" * 8, "nan", "1e9"])
def test_what_is_no_block_of_numbers_is_not_pasted(window, panel, press, text):
    assert parse_block(text) is None
    QGuiApplication.clipboard().setText(text)
    panel._weights.setFocus()
    press(Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert panel._typed.text().startswith("Expected a block of at most 7 × 7 numbers")
    assert settings(window).weights is None


def test_another_size_keeps_the_middle_in_the_middle(window, panel, type_number):
    type_number("Size of the kernel, rows", "5")
    assert array(window, "w_1")[0, 0].tolist() == [[0, 0, 0], [-1, 0, 1], [-2, 0, 2], [-1, 0, 1], [0, 0, 0]]
    type_number("Size of the kernel, columns", "1")
    type_number("Size of the kernel, rows", "2")
    assert settings(window).weights == ((0,), (0,))
    assert array(window, "w_1").shape == (1, 1, 2, 1)


def test_stride_and_dilation_go_by_rows_and_columns(window, type_number):
    type_number("Stride, rows", "2")
    type_number("Stride, columns", "4")
    assert shape(window) == (32, 16)
    type_number("Dilation, columns", "3")
    assert window.session.frame.step.op.dilation == (1, 3)
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas


def test_padding_by_rule_by_one_amount_and_by_side(window, panel, choose, type_number):
    boxes = panel._padding._sides
    choose("Padding", "None")
    assert shape(window) == (62, 62)
    choose("Padding", "Same size")
    assert shape(window) == (64, 64)
    assert not any(box.isVisible() for box in (*boxes, panel._padding._one))
    choose("Padding", "One amount")
    assert settings(window).padding == 1
    type_number("Padding on every side", "3")
    assert shape(window) == (68, 68)
    choose("Padding", "Each side")
    assert settings(window).padding == (3, 3, 3, 3)
    assert all(box.isVisible() for box in boxes)
    type_number("Padding above", "0")
    type_number("Padding right", "9")
    assert settings(window).padding == (0, 3, 3, 9)
    assert shape(window) == (65, 74)


# What does not fit


def test_what_does_not_fit_is_said_below_its_field_and_the_last_good_state_stays(window, panel, choose, type_number):
    choose("Padding", "None")
    before = drawn(window)
    type_number("Dilation, rows", "40")
    assert framed(panel) == {"Dilation, rows", "Dilation, columns"}
    (reason,) = reasons(panel)
    assert reason.startswith("Expected a kernel that fits the image of 64 × 64: a padding of at least 17 rows")
    assert "a dilation of at most 31 × 31" in reason
    assert [box.value() for box in panel._dilation.boxes] == [40, 1]
    assert shape(window) == (62, 62)
    assert drawn(window) == before
    choose("Kernel", "Blur")
    assert settings(window).kernel == "blur"
    assert framed(panel) == {"Dilation, rows", "Dilation, columns"}
    type_number("Dilation, rows", "31")
    assert framed(panel) == set()
    assert reasons(panel) == []
    assert shape(window) == (2, 62)


def test_following_the_advice_elsewhere_makes_it_fit(window, panel, choose, type_number):
    choose("Padding", "One amount")
    type_number("Dilation, rows", "40")
    type_number("Padding on every side", "9")
    assert reasons(panel) == []
    assert (settings(window).dilation, settings(window).padding) == ((40, 1), 9)
    assert shape(window) == (2, 80)


@pytest.mark.parametrize("field", ["Stride", "Dilation"])
def test_zero_is_refused_and_others_are_not_blamed(window, panel, type_number, field):
    type_number(f"{field}, columns", "0")
    assert reasons(panel) == [
        f"Convolution: expected a {field.lower()} of at least 1 along rows and columns; got 1 × 0."
    ]
    assert framed(panel) == {f"{field}, rows", f"{field}, columns"}
    type_number(f"{field}, columns", "2")
    assert reasons(panel) == []


def test_a_kernel_and_an_image_that_do_not_fit(window, panel, choose, type_number):
    choose("Padding", "None")
    type_number("Dilation, rows", "9")
    type_number("Size of the kernel, rows", "7")
    assert array(window, "w_1").shape == (1, 1, 7, 3)
    choose("Image", "Heart")
    assert framed(panel) == {"Image"}
    assert array(window, "x").shape == (1, 1, 64, 64)
    choose("Image", "Shapes")
    assert framed(panel) == set()
    type_number("Dilation, rows", "31")
    type_number("Size of the kernel, rows", "3")
    assert framed(panel) == set()
    type_number("Size of the kernel, rows", "4")
    assert framed(panel) == {"Size of the kernel, rows", "Size of the kernel, columns"}
    assert len(written(panel)) == 4
    assert array(window, "w_1").shape == (1, 1, 3, 3)


@pytest.mark.parametrize("name", KERNELS)
def test_a_named_kernel_that_does_not_fit_is_said_and_taken_once_it_fits(window, panel, choose, type_number, name):
    choose("Padding", "None")
    for way in ("rows", "columns"):
        type_number(f"Size of the kernel, {way}", "1")
    type_number("Dilation, rows", "60")
    assert reasons(panel) == []
    choose("Kernel", KERNELS[name].title)
    (reason,) = reasons(panel)
    assert reason.startswith("Expected a kernel that fits")
    assert framed(panel) == {"Size of the kernel, rows", "Size of the kernel, columns"}
    assert len(written(panel)) == 3
    assert array(window, "w_1").shape == (1, 1, 1, 1)
    type_number("Dilation, rows", "1")
    assert reasons(panel) == []
    assert (settings(window).kernel, settings(window).weights) == (name, None)


@pytest.mark.parametrize("field", [field.name for field in fields(KernelSettings)])
def test_whatever_setting_is_refused_the_reason_can_be_read(window, panel, field):
    wanted = getattr(KernelSettings(), field)
    window.session.settings_refused.emit({field: Refusal(wanted, "It does not fit.")})
    assert reasons(panel) == ["It does not fit."]
    window.session.settings_refused.emit({})
    assert reasons(panel) == []


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "image": st.sampled_from([*PICTURES]), "kernel": st.sampled_from([*KERNELS]),
        "weights": st.sampled_from([None, ((1.0,),), ((1.0, 2.0),) * 7]),
        "stride": st.sampled_from([0, 1, (3, 99)]), "dilation": st.sampled_from([0, 1, (60, 1), 99]),
        "padding": st.sampled_from(["same", "valid", 0, (99, 0), (1, 2, 3, 4)]),
    },
)  # fmt: skip


@settings_of_hypothesis(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25, derandomize=True
)
@given(changes=st.lists(CHANGES, min_size=1, max_size=4))
def test_whatever_is_asked_for_the_panel_shows_what_is_or_says_why_not(window, panel, changes):
    for change in changes:
        all_fit = window.session.opening.set_settings(**change)
        assert all_fit == (reasons(panel) == [])
        assert bool(framed(panel)) != all_fit
    window.session.opening.open_preset("conv-kernel")


def test_what_is_typed_for_a_kernel_is_not_sent_to_another_preset(window, panel, qtbot):
    box = panel._stride.boxes[0]
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "3")
    window.session.opening.open_preset("attention")
    assert window.session.experiment.preset == "attention"
    assert (box.text(), box.value()) == ("1", 1)


def test_settings_that_a_preset_has_not_are_refused_in_one_sentence(window, qtbot):
    window.session.opening.open_preset("attention")
    with qtbot.waitSignal(window.session.message) as said:
        assert not window.session.opening.set_settings(image="heart", stride=3)
    assert said.args == ["Expected settings among heads, width, causal, warm_up; got 'image'."]


def test_in_a_low_window_the_reason_is_scrolled_to(window, panel, choose, type_number):
    window.resize(1280, 720)
    choose("Padding", "None")
    type_number("Size of the kernel, rows", "7")
    type_number("Dilation, rows", "40")
    reason = panel._reasons["dilation"]
    assert reason.visibleRegion().boundingRect().height() == reason.height()
    choose("Padding", "Each side")
    assert not panel._padding.visibleRegion().isEmpty()


def test_opening_another_run_forgets_what_did_not_fit(window, panel, type_number):
    type_number("Stride, rows", "0")
    window.session.opening.open_preset("conv-kernel")
    assert reasons(panel) == []
    assert [box.value() for box in panel._stride.boxes] == [1, 1]


# The place


def test_the_place_inside_stays_and_moves_in_proportion(window, choose, type_number, press):
    window.session.navigation.go_to(0, 0, 10 * 64 + 20)
    choose("Kernel", "Emboss")
    assert place(window) == (0, 0, 10 * 64 + 20)
    type_number("Stride, rows", "2")
    type_number("Stride, columns", "2")
    assert place(window) == (0, 0, 5 * 32 + 10)
    press(Key.Key_Right)
    assert place(window) == (0, 0, 5 * 32 + 11)


def test_a_cell_that_is_looked_at_stays(window, choose):
    window.session.cells.focus("x", (0, 0, 8, 8))
    choose("Kernel", "Blur")
    assert window.session.frame.detail.focus.index == (0, 0, 8, 8)
    choose("Image", "Heart")
    assert window.session.frame.detail.focus.index == (0, 0, 2, 2)


def test_other_numbers_keep_the_kernel(window, choose):
    choose("Kernel", "Blur")
    window.panels[DataPanel].options_requested.emit({"dtype": "float64"})
    assert settings(window).kernel == "blur"
    assert array(window, "net_1").dtype == np.float64


# The window slides

SLIDES = [
    {},
    {"stride": 2},
    {"dilation": 2},
    {"stride": (2, 3), "dilation": (2, 1), "padding": (0, 1, 2, 3)},
    {"padding": "valid"},
    {"weights": ((2.0,),)},
    {"weights": ((1.0, 2.0, 3.0, 4.0, 5.0), (0.0, 1.0, 0.0, 1.0, 0.0))},
    {"weights": ((0.5,) * 7,) * 7, "padding": "valid"},
    {"image": "landscape"},
    {"image": "marbles", "stride": 3, "padding": 2},
]


@pytest.mark.parametrize("chosen", SLIDES, ids=str)
def test_the_window_slides_in_raster_order(window, press, chosen):
    assert window.session.opening.set_settings(**chosen)
    window.panels[StagePanel].setFocus()
    op, (_, columns) = window.session.frame.step.op, shape(window)
    kernel = array(window, "w_1").shape[2:]
    span = tuple((taps - 1) * gap + 1 for taps, gap in zip(kernel, op.dilation, strict=True))
    press(Key.Key_Down)
    for cell in range(columns + 2):
        row, column = divmod(cell, columns)
        assert place(window) == (0, 0, cell)
        corner = row * op.stride[0] - op.padding[0], column * op.stride[1] - op.padding[2]
        assert outline(window) == pytest.approx((*corner, *span))
        result = next(
            heatmap.map for heatmap in window.panels[StagePanel].canvas.picture.heatmaps if heatmap.map.key == "net_1"
        )
        assert result.computed == cell + 1
        (_, highlighted), *_ = [mark for mark in result.marks if mark[0] is Mark.SELECTED]
        assert highlighted.tolist() == [[0, 0, row, column]]
        press(Key.Key_Right)
    press(Key.Key_Left, Key.Key_Up)
    assert place(window) == (0, 0, None)


def test_space_plays_the_window_over_the_image_and_stops_at_the_end(window, press, qtbot, choose):
    choose("Image", "Heart")
    window.panels[StagePanel].setFocus()
    window.parts.player.set_speed(60.0)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: (window.session.frame.cursor.cell or 0) >= 3)
    window.session.navigation.go_to(0, 0, 16 * 16 - 4)
    qtbot.waitUntil(lambda: not window.parts.player.playing)
    assert place(window) == (0, 0, 16 * 16 - 1)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: not window.parts.player.playing)
    assert place(window) == (0, 0, 16 * 16 - 1)


def test_right_and_left_slide_the_window_and_stop_at_the_ends(window, press):
    window.panels[StagePanel].setFocus()
    before = drawn(window), outline(window)
    press(Key.Key_Right)
    assert place(window) == (0, 0, 0)
    assert (drawn(window), outline(window)) != before
    press(Key.Key_Right)
    assert place(window) == (0, 0, 1)
    press(Key.Key_Right, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert place(window) == (0, 0, 65)
    press(*[Key.Key_Left] * 70)
    assert place(window) == (0, 0, None)
    press(Key.Key_Right, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert place(window) == (0, 0, 0)
    window.session.navigation.go_to(0, 0, 64 * 64 - 1)
    press(Key.Key_Right, Key.Key_PageDown)
    press(Key.Key_Right, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert place(window) == (0, 0, 64 * 64 - 1)


def test_the_mouse_over_the_output_moves_the_window(window, qtbot):
    for row, column in ((0, 0), (20, 40), (63, 63)):
        result = next(
            heatmap for heatmap in window.panels[StagePanel].canvas.picture.heatmaps if heatmap.map.key == "net_1"
        )
        unit = result.rect.width / 64
        at = QPoint(round(result.rect.x + (column + 0.5) * unit), round(result.rect.y + (row + 0.5) * unit))
        qtbot.mouseMove(window.panels[StagePanel].canvas, at)
        qtbot.waitUntil(lambda row=row, column=column: outline(window)[:2] == pytest.approx((row - 1, column - 1)))


@pytest.mark.parametrize("size", [(2, 2), (2, 9), (5, 3), (31, 200), (224, 224)])
@pytest.mark.parametrize("channels", [1, 3])
def test_images_of_any_size_are_drawn_and_walked(window, press, size, channels):
    pixels = np.random.default_rng(1).random((channels, *size)).astype(np.float32)
    assert window.session.opening.set_settings(own_image=pixels)
    window.panels[StagePanel].setFocus()
    press(Key.Key_Down, Key.Key_Right)
    assert outline(window)[:2] == pytest.approx((-1, 0))
    assert shape(window) == size
    canvas = window.panels[StagePanel].canvas
    for heatmap in canvas.picture.heatmaps:
        assert heatmap.rect.width > 0
        assert heatmap.rect.x >= 0
        assert heatmap.rect.right <= canvas.width()
        assert heatmap.rect.bottom <= canvas.height()


def test_a_window_on_padding_alone_makes_a_zero(window):
    window.session.opening.set_settings(padding=(9, 0, 20, 3))
    window.session.navigation.go_to(0, 0, 30)
    assert window.session.frame.live == "net₁[0, 0, 0, 30] = 0"
    assert window.panels[InspectorPanel]._live.text() == "net₁[0, 0, 0, 30] = 0"
    assert outline(window) == pytest.approx((-9, 10, 3, 3))


# The keyboard and the wheel


@pytest.mark.parametrize("editing", [False, True])
def test_keys_do_not_fire_while_the_kernel_is_typed(window, panel, press, editing):
    window.session.navigation.go_to(0, 0, 70)
    speed = window.parts.player.speed
    for key in (Key.Key_R, Key.Key_Space, Key.Key_Left, Key.Key_Right, Key.Key_Down, Key.Key_Home,
                Key.Key_End, Key.Key_PageDown, Key.Key_Plus, Key.Key_F, Key.Key_Question):  # fmt: skip
        panel._weights.setFocus()
        panel._weights.setCurrentCell(1, 1)
        if editing:
            press(Key.Key_5)
        press(key)
        assert place(window) == (0, 0, 70), key
        assert not window.parts.player.playing, key
        assert not window.isFullScreen(), key
        assert not window.parts.keys.isVisible(), key
        assert window.parts.player.speed == speed, key
        if isinstance(QApplication.focusWidget(), NumberField):
            press(Key.Key_Escape)


def test_escape_takes_typing_back_and_then_gives_the_keyboard_to_the_stage(window, panel, press):
    panel._weights.setFocus()
    panel._weights.setCurrentCell(0, 0)
    press(Key.Key_8)
    assert isinstance(QApplication.focusWidget(), NumberField)
    press(Key.Key_Escape)
    assert written(panel)[0][0] == "−1"
    assert settings(window).weights is None
    press(Key.Key_Escape)
    assert QApplication.focusWidget() is window.panels[StagePanel].canvas


def test_the_wheel_passes_over_a_field_and_changes_it_only_where_the_keyboard_is(window, panel):
    box = panel._stride.boxes[0]

    def turn(field):
        middle = field.rect().center()
        event = QWheelEvent(
            QPointF(middle), QPointF(field.mapToGlobal(middle)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, event)

    turn(box)
    turn(panel._kernel)
    turn(window.panels[DataPanel]._preset)
    assert (settings(window).stride, settings(window).kernel) == (1, "sobel-x")
    assert window.session.experiment.preset == "conv-kernel"
    box.setFocus()
    turn(box)
    assert settings(window).stride == (2, 1)


def test_nothing_is_asked_of_what_has_no_kernel(panel, window):
    window.session.opening.open_preset("attention")
    asked, said = [], []
    panel.settings_requested.connect(asked.append)
    window.session.message.connect(said.append)
    panel._image.activated.emit(1)
    panel._kernel.activated.emit(2)
    panel._stride.changed.emit((2, 2))
    assert (asked, said) == ([], [])


@pytest.mark.parametrize(
    ("preset", "chosen"),
    [("attention", {"heads": 3}), ("conv-kernel", {"kernel": "nonsense"}), ("conv-kernel", {"image": "nonsense"})],
)
def test_any_setting_can_be_refused_and_the_next_one_too(window, preset, chosen):
    session = window.session
    session.opening.open_preset(preset)
    before = session.experiment.settings
    for _ in range(2):
        assert not session.opening.set_settings(**chosen)
        assert session.refusals
    assert session.experiment.settings == before
    assert not session.opening.set_options(dtype="int8")
