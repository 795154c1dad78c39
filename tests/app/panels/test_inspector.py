import itertools

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QLabel

from core.notation import Notation
from core.presets import open_preset
from core.run.gradcheck import Check
from core.run.trace import Cursor
from viz_app.frame.frame import Focus, ViewOptions, resolve
from viz_app.paint.theme import DARK
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.inspector.terms import TOP

STEPS = (
    ("digits", "sum_1"),
    ("digits", "out_2"),
    ("digits", "grad_w_1"),
    ("conv-digits", "sum_1"),
    ("attention", "k_1"),
    ("batched-product", "c"),
)


@pytest.fixture
def panel(qapp, shown):
    qapp.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
    qapp.setStyleSheet("")  # a window at another scale, and in a theme, may have been there before
    return shown(InspectorPanel())


def test_without_a_cell_it_tells_of_the_step(panel, frame_at):
    panel.show_frame(frame_at("net_1"))
    assert panel._name.text().startswith("Add bias")
    assert panel._about.text() == "net₁ = sum₁ + b₁"
    assert panel._line == "net_1 = sum_1 + b_1[0]"
    assert "sum_" in panel._source.text()
    assert not panel._table.isVisible()
    assert "Point at" not in "".join(label.text() for label in panel.findChildren(QLabel))  # the stage says it


@pytest.mark.parametrize("width", [285, 340])
def test_code_has_the_whole_width(panel, frame_at, qapp, width):
    panel.resize(width, 700)
    panel.show_frame(frame_at("grad_w_1"))
    qapp.processEvents()
    margins = panel.layout().contentsMargins()
    assert panel._source.width() == width - margins.left() - margins.right()


def test_tells_name_value_and_shape_of_a_cell(panel, frame_at, digits_trace):
    frame = frame_at("out_2", focus=("out_2", (1, 7)))
    panel.show_frame(frame)
    assert panel._name.text() == "out₂[1, 7]"
    assert float(panel._value.text()) == pytest.approx(digits_trace.array("out_2")[1, 7], rel=1e-6)
    assert panel._about.text() == "3 × 10 · column “7”"


def test_lists_every_product_and_the_running_sum(panel, frame_at, digits_trace):
    panel.show_frame(frame_at("sum_1", focus=("sum_1", (1, 5))))
    model = panel._table.model()
    assert model.rowCount() == 64
    assert panel.terms.headings == ("k", "x[1, k]", "w₁[k, 5]", "product", "sum")
    last = model.data(model.index(63, 4))
    assert float(last.replace("−", "-")) == pytest.approx(digits_trace.array("sum_1")[1, 5], abs=1e-3)


@pytest.mark.parametrize("width", [285, 340, 520])
def test_numbers_have_the_digits_that_there_is_room_for(panel, frame_at, qapp, width):
    panel.show_frame(frame_at("sum_1", focus=("sum_1", (1, 5))))
    panel.resize(width, 700)
    qapp.processEvents()
    table, model = panel._table, panel._table.model()
    for row, column in itertools.product(range(64), range(1, 5)):
        text = model.data(model.index(row, column))
        assert table.fontMetrics().horizontalAdvance(text) <= table.columnWidth(column) - 6, text
    assert (model.data(model.index(1, 2)) == "−0.0229") == (width > 285)


@pytest.mark.parametrize("height", [420, 900])
@pytest.mark.parametrize("width", [285, 340, 520])
@pytest.mark.parametrize("step", STEPS)
def test_every_column_of_the_table_is_seen_with_its_heading(panel, qapp, step, width, height):
    preset, key = step
    experiment = open_preset(preset)
    panel.resize(width, height)
    cursor = Cursor(0, experiment.program.producers[key].number)
    focus = Focus(key, (0,) * len(experiment.program.producers[key].output.shape))
    panel.show_frame(resolve(experiment.trace(), cursor, focus=focus))
    qapp.processEvents()
    table, header = panel._table, panel._table.horizontalHeader()
    assert header.length() <= table.viewport().width()
    for column in range(header.count()):
        assert header.sectionSize(column) >= header.sectionSizeHint(column)


def test_the_largest_come_first_with_one_row_for_the_rest(panel, qtbot, frame_at):
    panel.show_frame(frame_at("sum_1", focus=("sum_1", (1, 5))))
    qtbot.mouseClick(panel._largest, Qt.MouseButton.LeftButton)
    model = panel._table.model()
    assert model.rowCount() == TOP + 1
    products = [abs(float(model.data(model.index(row, 3)).replace("−", "-"))) for row in range(TOP)]
    assert products == sorted(products, reverse=True)
    assert model.data(model.index(TOP, 0)) == f"+ {64 - TOP}"


def test_a_cell_not_computed_yet_has_no_number_and_no_terms(panel, frame_at):
    panel.show_frame(frame_at("sum_1", focus=("delta_1", (0, 0))))
    assert panel._value.text() == "not computed yet"
    assert panel.terms is None


def test_double_clicking_a_factor_asks_to_open_it(panel, qtbot, frame_at):
    panel.show_frame(frame_at("sum_1", focus=("sum_1", (1, 5))))
    model = panel._table.model()
    at = panel._table.visualRect(model.index(3, 2)).center()
    with qtbot.waitSignal(panel.cell_open_requested) as asked:
        qtbot.mouseClick(panel._table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseDClick(panel._table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == ["w_1", (3, 5)]


def test_links_ask_for_the_origin_and_for_what_is_reached(panel, qtbot, frame_at):
    panel.show_frame(frame_at("sum_1", focus=("sum_1", (1, 5))))
    assert "step 0" in panel._origin.text()
    with qtbot.waitSignal(panel.cell_open_requested) as asked:
        panel._origin.linkActivated.emit("origin")
    assert asked.args == ["sum_1", (1, 5)]
    assert panel._reached.text().startswith("Reaches 1 cell of net₁")
    with qtbot.waitSignal(panel.reach_requested) as asked:
        panel._reached.linkActivated.emit("1")
    assert asked.args == [1]


def test_data_came_from_no_step_and_reach_many_cells(panel, frame_at):
    panel.show_frame(frame_at("sum_1", focus=("x", (0, 20))))
    assert panel._origin.text() == "Input: no step made it"
    assert panel._reached.text() == (
        'Reaches 32 cells of sum₁ (<a href="0">step 0</a>)<br>32 cells of ∂L/∂w₁ (<a href="16">step 16</a>)'
    )


def test_copies_the_line_of_numpy_and_it_gives_the_value(panel, qtbot, frame_at, digits_trace):
    panel.show_frame(frame_at("grad_w_2"))
    qtbot.mouseClick(panel._copy, Qt.MouseButton.LeftButton)
    names = {key: digits_trace.array(key) for key in ("out_1", "delta_2")}
    exec(QGuiApplication.clipboard().text(), {"np": np}, names)
    np.testing.assert_array_equal(names["grad_w_2"], digits_trace.array("grad_w_2"))


@pytest.mark.parametrize(
    ("key", "offered"), [("grad_w_1", True), ("grad_b_2", True), ("grad_out_1", False), ("sum_1", False)]
)
def test_offers_to_check_the_gradients_of_parameters(panel, frame_at, key, offered):
    panel.show_frame(frame_at(key, focus=(key, (0, 0))))
    assert panel._check.isVisible() == offered


def test_shows_a_check_until_another_cell_is_looked_at(panel, qtbot, frame_at):
    panel.show_frame(frame_at("grad_w_1", focus=("grad_w_1", (1, 2))))
    with qtbot.waitSignal(panel.gradient_check_requested) as asked:
        qtbot.mouseClick(panel._check, Qt.MouseButton.LeftButton)
    assert asked.args == ["grad_w_1", (1, 2)]
    panel.show_check(Check("w_1", 1, 2e-9, (1, 2), 0.25, 0.2500001))
    assert "0.25\n" in panel._check_result.text()
    assert "2e-9" in panel._check_result.text().replace("−", "-")
    panel.show_frame(frame_at("grad_w_1", focus=("grad_w_1", (1, 3))))
    assert panel._check_result.text() == ""


def test_factors_have_the_colours_of_their_marks(panel, frame_at):
    panel.set_theme(DARK)
    panel.show_frame(frame_at("sum_1", focus=("sum_1", (0, 0))))
    model = panel._table.model()
    first, second = (model.data(model.index(0, c), Qt.ItemDataRole.ForegroundRole) for c in (1, 2))
    assert first == DARK.color("first factor")
    assert second == DARK.color("second factor")


def test_every_step_of_an_iteration_can_be_inspected(panel, frame_at, digits_trace):
    for step in digits_trace.program.steps:
        index = tuple(size - 1 for size in step.output.shape)
        frame = frame_at(step.output.key, focus=(step.output.key, index))
        panel.show_frame(frame)
        assert panel.terms.rows > 0
        model = panel._table.model()
        texts = [model.data(model.index(row, column)) for row in range(model.rowCount())
                 for column in range(model.columnCount())]  # fmt: skip
        assert all(isinstance(text, str) for text in texts)


def test_what_is_copied_runs_as_it_is_pasted_in_either_notation(panel, qtbot):
    trace = open_preset("conv-digits").trace()
    for notation, names in ((Notation.NET_OUT, ("out_1", "pool_2")), (Notation.Z_A, ("a_1", "pool_2"))):
        step = trace.program.producers["pool_2"]
        frame = resolve(trace, Cursor(0, step.number), ViewOptions(notation=notation))
        panel.show_frame(frame)
        qtbot.mouseClick(panel._copy, Qt.MouseButton.LeftButton)
        code = QGuiApplication.clipboard().text()
        assert code.startswith("def pool(")
        assert code == frame.source
        scope = {"np": np, names[0]: trace.array("out_1")}
        exec(code, scope)
        np.testing.assert_array_equal(scope[names[1]], trace.array("pool_2"))


def test_the_reason_is_opened_stays_open_and_is_that_of_the_step(panel, frame_at, qtbot):
    panel.resize(400, 900)
    panel.show_frame(frame_at("sum_1"))
    reason = panel.reason
    assert not reason._paragraph.isVisible()
    qtbot.mouseClick(reason._button, Qt.MouseButton.LeftButton)
    assert reason._paragraph.isVisible()
    for key in ("net_1", "delta_2"):
        frame = frame_at(key, focus=(key, (0, 0)))
        panel.show_frame(frame)
        assert reason._paragraph.isVisible()
        assert reason._paragraph.text() == frame.reason != ""


def test_the_table_of_a_jacobian_names_the_cell_of_each_column(panel, qtbot):
    trace = open_preset("digits", through_jacobian=True).trace()
    step = trace.program.producers["jacobian_2"]
    panel.show_frame(resolve(trace, Cursor(0, step.number), focus=Focus("jacobian_2", (0, 3, 7))))
    table = panel.terms
    assert [table.cell_name(0, column) for column in (1, 2)] == ["out₂[0, 3]", "out₂[0, 7]"]
    numbers = trace.array("out_2")[0]
    assert [float(table.full(0, column).split(" = ")[1]) for column in (1, 2)] == pytest.approx(
        numbers[[3, 7]], rel=1e-6
    )
    with qtbot.waitSignal(panel.cell_open_requested) as asked:
        panel._table.doubleClicked.emit(panel._model.index(0, 2))
    assert asked.args == ["out_2", (0, 7)]
