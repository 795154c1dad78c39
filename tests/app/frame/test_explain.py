"""The cell that a picture explains: the one that is chosen, one that an input cell reaches, or that of its kind."""

import numpy as np
import pytest

from core.builder import Builder
from core.ops.base import REGISTRY, Terms
from core.ops.windows.convolution import Conv2d
from core.presets import open_preset
from core.program import Step
from core.run.trace import Cursor, Trace
from core.values import Role
from viz_app.frame.explain import CellDetail, Explained
from viz_app.frame.frame import Focus, Mark, ViewOptions, resolve


@pytest.fixture(scope="module")
def digits() -> Trace:
    return open_preset("digits", batch_size=4).trace()


@pytest.fixture(scope="module")
def images() -> Trace:
    return open_preset("conv-digits", batch_size=3).trace()


def cursor(trace: Trace, kind: str) -> Cursor:
    """Return the first step of a kind of operation."""
    return Cursor(0, step_of(trace, kind).number)


def step_of(trace: Trace, kind: str) -> Step:
    return next(step for step in trace.program.steps if type(step.op) is REGISTRY[kind])


def explained(trace: Trace, kind: str, sample: int = 0, focus: Focus | None = None, kept: Focus | None = None):
    return resolve(trace, cursor(trace, kind), ViewOptions(sample=sample), focus, kept).explained


def same(one: Terms, other: Terms) -> bool:
    return one.index == other.index and np.array_equal(one.contributions, other.contributions)


@pytest.mark.parametrize("kind", ["Conv2d", "Conv2dInputGradient", "MaxPool2d", "MaxPool2dGradient"])
def test_of_a_window_the_middle_of_the_chosen_samples_first_map_is_explained(images: Trace, kind: str) -> None:
    _, _, rows, columns = step_of(images, kind).output.shape
    assert explained(images, kind, sample=2).index == (2, 0, rows // 2, columns // 2)


def test_a_kernel_has_no_samples_to_choose(images: Trace) -> None:
    shape = step_of(images, "Conv2dKernelGradient").output.shape
    assert explained(images, "Conv2dKernelGradient", sample=2).index == (0, 0, shape[2] // 2, shape[3] // 2)


@pytest.mark.parametrize("kind", ["Softmax", "CrossEntropy"])
def test_of_a_row_of_each_sample_the_chosen_samples_is_explained(digits: Trace, kind: str) -> None:
    assert explained(digits, kind, sample=3).index == (3, 0)
    assert explained(digits, kind, sample=99).index == (3, 0)


def test_of_a_sequence_the_last_token_is_explained() -> None:
    trace = open_preset("attention", batch_size=2).trace()
    shape = step_of(trace, "Softmax").output.shape
    assert explained(trace, "Softmax", sample=1).index == (*(1, 0)[: len(shape) - 2], shape[-2] - 1, 0)


@pytest.mark.parametrize("kind", ["MatMul", "AddBias", "ReLU"])
def test_other_kinds_explain_only_a_cell_that_is_chosen(digits: Trace, kind: str) -> None:
    assert explained(digits, kind) is None
    focus = Focus(step_of(digits, kind).output.key, (1, 2))
    assert explained(digits, kind, focus=focus).index == (1, 2)


def test_the_terms_are_those_of_the_cell(images: Trace) -> None:
    for kind in ("Conv2d", "Softmax", "CrossEntropy"):
        step, found = step_of(images, kind), explained(images, kind, sample=1)
        arrays = [images.array(value.key, 0) for value in step.inputs]
        assert same(found.terms, step.op.terms(found.index, *arrays))


def test_the_terms_of_a_focused_cell_are_made_once(digits: Trace) -> None:
    frame = resolve(digits, cursor(digits, "MatMul"), focus=Focus("sum_1", (2, 5)))
    assert isinstance(frame.explained, Explained)
    assert isinstance(frame.detail, CellDetail)
    assert frame.explained.terms is frame.detail.terms


def test_a_kept_cell_stays_explained_while_an_input_is_focused(digits: Trace) -> None:
    hover, kept = Focus("w_1", (7, 5)), Focus("sum_1", (2, 6))
    assert explained(digits, "MatMul", focus=hover, kept=kept).index == (2, 6)


def test_a_focused_input_cell_explains_a_cell_that_it_reaches(images: Trace) -> None:
    step = step_of(images, "Conv2d")
    source, kernel = step.inputs
    for which, value in enumerate((source, kernel)):
        index = tuple(size - 1 for size in value.shape)
        found = explained(images, "Conv2d", focus=Focus(value.key, index))
        reached = step.op.reach(which, index, source.shape, kernel.shape)
        assert list(found.index) in reached.tolist()


def test_a_focused_input_cell_that_reaches_nothing_leaves_the_default() -> None:
    builder = Builder()
    x, kernel = builder.input("x", (1, 1, 5, 5), Role.INPUT), builder.input("k", (1, 1, 2, 2), Role.WEIGHT)
    out = builder.apply(Conv2d(stride=(2, 2)), x, kernel, key="out")
    arrays = {value.key: np.ones(value.shape, np.float32) for value in (x, kernel)}
    trace = Trace(builder.build(output=out.key), {"k": arrays["k"]}, lambda iteration: {"x": arrays["x"]})
    assert explained(trace, "Conv2d", focus=Focus("x", (0, 0, 4, 4))).index == (0, 0, 1, 1)
    assert explained(trace, "Conv2d", focus=Focus("x", (0, 0, 0, 0))).index == (0, 0, 0, 0)


def test_a_cell_tells_the_line_of_the_step_that_made_it(digits: Trace) -> None:
    out = resolve(digits, Cursor(0, 4), focus=Focus("net_1", (0, 0))).detail
    given = resolve(digits, Cursor(0, 4), focus=Focus("x", (0, 0))).detail
    assert out is not None
    assert given is not None
    assert out.source.startswith("net_1 = ")
    assert given.source == ""


def partners(
    trace: Trace, at: Cursor, focus: Focus, kept: Focus | None = None, sample: int = 0
) -> dict[str, list[tuple[int, ...]]]:
    """Return the cells of the operands that are marked as what the focused one is combined with."""
    frame = resolve(trace, at, ViewOptions(sample=sample), focus, kept)
    found: dict[str, list[tuple[int, ...]]] = {}
    for view in frame.operands:
        for mark, cells in view.marks:
            if mark is Mark.PARTNER:
                found.setdefault(view.key, []).extend(map(tuple, cells.tolist()))
    return found


def test_a_weight_marks_the_input_that_it_multiplies_in_the_shown_row(digits: Trace) -> None:
    at = cursor(digits, "MatMul")
    assert partners(digits, at, Focus("w_1", (7, 5)), sample=2) == {"x": [(2, 7)]}
    assert partners(digits, at, Focus("w_1", (7, 5)), kept=Focus("sum_1", (1, 9))) == {"x": [(1, 7)]}


def test_an_input_marks_the_weight_that_multiplies_it_in_the_shown_column(digits: Trace) -> None:
    at = cursor(digits, "MatMul")
    assert partners(digits, at, Focus("x", (2, 7))) == {"w_1": [(7, 0)]}
    assert partners(digits, at, Focus("x", (2, 7)), kept=Focus("sum_1", (2, 9))) == {"w_1": [(7, 9)]}


def test_of_the_result_no_cell_has_a_partner(digits: Trace) -> None:
    assert partners(digits, cursor(digits, "MatMul"), Focus("sum_1", (2, 7))) == {}
    assert partners(digits, cursor(digits, "MatMul"), Focus("w_1", (7, 5), reach=True)) == {}


def test_a_tap_of_a_kernel_marks_the_pixel_under_it_in_the_current_window(images: Trace) -> None:
    step = step_of(images, "Conv2d")
    at, (x, w) = Cursor(0, step.number), step.inputs
    kept = Focus(step.output.key, (1, 2, 3, 4))
    assert partners(images, at, Focus(w.key, (2, 0, 4, 1)), kept) == {x.key: [(1, 0, 7, 5)]}
    assert partners(images, at, Focus(x.key, (1, 0, 7, 5)), kept) == {w.key: [(2, 0, 4, 1)]}


@pytest.mark.parametrize(
    ("preset", "batch"),
    [("digits", 2), ("conv-digits", 2), ("attention", 2), ("batched-product", 1), ("rgb-kernel-2x2x3", 1)],
)
def test_partners_make_a_cell_together_and_mark_each_other(preset: str, batch: int) -> None:
    trace = open_preset(preset, batch_size=batch).trace()
    marked = 0
    for step in trace.program.steps:
        shapes = [value.shape for value in step.inputs]
        at = Cursor(0, step.number)
        for i, value in enumerate(step.inputs):
            index = tuple(2 * size // 3 for size in value.shape)
            for key, cells in partners(trace, at, Focus(value.key, index)).items():
                j = next(j for j, other in enumerate(step.inputs) if other.key == key and (j != i))
                mine = set(map(tuple, step.op.reach(i, index, *shapes).tolist()))
                both = mine & set(map(tuple, step.op.reach(j, cells[0], *shapes).tolist()))
                assert both, f"{preset} step {step.number}: {value.key}{index} and {key}{cells}"
                outputs = (Focus(step.output.key, cell) for cell in sorted(both))
                back = (partners(trace, at, Focus(key, cells[0]), kept=output)[value.key] for output in outputs)
                assert any(index in cells for cells in back), f"{preset} step {step.number}: {key}{cells}"
                marked += 1
            reached = step.op.reach(i, index, *shapes)
            if len(step.inputs) == 2 and len(reached):
                arrays = [trace.array(value.key, 0) for value in step.inputs]
                paired = step.op.terms(tuple(reached[0].tolist()), *arrays).paired
                assert not paired or partners(trace, at, Focus(value.key, index))
    assert marked
