"""Frames: what a moment shows follows from the trace, the cursor and the focus, and from nothing else."""

import numpy as np
import pytest

from core.notation import Notation
from core.presets import open_preset
from core.program import Step
from core.run.trace import Cursor, Trace
from core.values import Role
from viz_app.frame.frame import Focus, Frame, Mark, ViewOptions, resolve
from viz_app.frame.levels import MapKind


@pytest.fixture
def trace() -> Trace:
    return open_preset("digits", batch_size=4).trace()


def marks(frame: Frame, key: str) -> dict[Mark, list[list[int]]]:
    views = {view.key: view for view in (*frame.operands, frame.result)}
    return {mark: cells.tolist() for mark, cells in views[key].marks}


def step(trace: Trace, key: str) -> Step:
    return trace.program.producers[key]


def test_the_numbers_are_the_programs_own(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, step(trace, "net_1").number))
    assert frame.result.array is trace.array("net_1", 0)
    assert [view.array is trace.array(view.key, 0) for view in frame.operands] == [True, True]


def test_the_same_place_gives_the_same_frame(trace: Trace) -> None:
    cursor = Cursor(1, 5, 7)
    one = resolve(trace, cursor)
    resolve(trace, Cursor(3, 2))
    other = resolve(trace, cursor)
    assert (one.title, one.live, one.losses) == (other.title, other.live, other.losses)
    assert one.result.array is other.result.array


def test_a_cell_highlights_the_row_and_the_column_that_make_it(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, 0), focus=Focus("sum_1", (2, 5)))
    assert marks(frame, "sum_1") == {Mark.SELECTED: [[2, 5]]}
    assert marks(frame, "x") == {Mark.FIRST: [[2, k] for k in range(64)]}
    assert marks(frame, "w_1") == {Mark.SECOND: [[k, 5] for k in range(64)]}


def test_an_operands_cell_highlights_what_it_reaches(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, 0), focus=Focus("w_1", (7, 5), reach=True))
    assert marks(frame, "w_1") == {Mark.SELECTED: [[7, 5]]}
    assert marks(frame, "sum_1") == {Mark.REACHED: [[n, 5] for n in range(4)]}


def test_walking_inside_computes_cell_by_cell(trace: Trace) -> None:
    view = resolve(trace, Cursor(0, 0, 33)).result
    assert view.computed == 34
    assert view.known((1, 1))
    assert not view.known((1, 2))
    assert resolve(trace, Cursor(0, 0)).result.known((3, 31))


def test_walking_inside_focuses_the_current_cell(trace: Trace) -> None:
    detail = resolve(trace, Cursor(0, 0, 33)).detail
    assert detail is not None
    assert detail.focus == Focus("sum_1", (1, 1))
    assert detail.number == trace.array("sum_1", 0)[1, 1]


def test_what_is_not_computed_yet_has_no_numbers(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, 3))
    views = {view.key: view for layer in frame.layers for view in layer.maps}
    assert views["out_1"].array is not None
    assert views["out_2"].array is None
    assert views["delta_1"].array is None


def test_a_cell_that_is_not_computed_yet_tells_nothing(trace: Trace) -> None:
    detail = resolve(trace, Cursor(0, 0), focus=Focus("out_2", (0, 3))).detail
    assert detail is not None
    assert (detail.number, detail.terms, detail.live) == (None, None, "")


@pytest.mark.parametrize("focus", [Focus("sum_1", (9, 9, 9)), Focus("sum_1", (4, 0)), Focus("nothing", (0,))])
def test_a_focus_that_does_not_exist_here_is_ignored(trace: Trace, focus: Focus) -> None:
    assert resolve(trace, Cursor(0, 0), focus=focus).detail is None


def test_before_and_after_an_update_have_the_same_colours(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, step(trace, "new_w_1").number))
    before, after = frame.operands[0], frame.result
    assert after.levels == before.levels
    assert after.levels.high >= float(np.abs(after.array).max())  # type: ignore[arg-type]


def test_levels_do_not_move_with_the_cursor(trace: Trace) -> None:
    first = resolve(trace, Cursor(0, 0)).result.levels
    later = resolve(trace, Cursor(0, 1)).operands[0].levels
    assert first == later


def test_notation_changes_symbols_and_not_numbers(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, 1), ViewOptions(notation=Notation.Z_A))
    assert frame.equation_text == "z₁ = s₁ + b₁"
    assert frame.result.array is trace.array("net_1", 0)


def test_live_numbers_recombine(trace: Trace) -> None:
    frame = resolve(trace, Cursor(0, step(trace, "net_1").number), focus=Focus("net_1", (0, 0)))
    assert frame.live.startswith("net₁[0, 0] = ")
    assert frame.detail is not None
    assert frame.detail.terms is not None
    assert frame.detail.terms.result == pytest.approx(frame.detail.number, rel=1e-6)


def test_the_losses_are_those_of_iterations_that_are_done(trace: Trace) -> None:
    last = len(trace.program.steps) - 1
    assert [i for i, _ in resolve(trace, Cursor(2, 0)).losses] == [0, 1]
    assert [i for i, _ in resolve(trace, Cursor(2, last)).losses] == [0, 1, 2]


def test_a_nan_is_told_at_the_operation_that_made_it() -> None:
    experiment = open_preset("digits")
    parameters = {key: array.copy() for key, array in experiment.parameters.items()}
    parameters["w_2"][3, 1] = np.inf
    trace = Trace(experiment.program, parameters, experiment.batch)
    assert resolve(trace, Cursor(0, 2)).warning is None
    warning = resolve(trace, Cursor(0, 5)).warning
    assert warning is not None
    assert "step 3" in warning


def test_what_is_explained_stays_while_the_mouse_is_on_an_input(trace: Trace) -> None:
    hover, kept = Focus("w_1", (7, 5)), Focus("sum_1", (2, 6))
    assert resolve(trace, Cursor(0, 0), focus=hover, kept=kept).anchor == (2, 6)
    assert resolve(trace, Cursor(0, 0), focus=Focus("sum_1", (1, 1)), kept=kept).anchor == (1, 1)
    assert resolve(trace, Cursor(0, 0, 33), focus=hover).anchor == (1, 1)
    assert resolve(trace, Cursor(0, 0), focus=hover).anchor is None


IMAGES = ("digits", "mlp-784-800-10", "conv-digits", "conv-kernel", "rgb-kernel-2x2x3")


@pytest.mark.parametrize("preset", [*IMAGES, "attention", "sigmoid-3-4-2", "worked-2-2-2", "batched-product"])
@pytest.mark.parametrize("wanted", [True, False])
def test_images_that_are_data_are_grey_and_nothing_else_is(preset: str, wanted: bool) -> None:
    trace = open_preset(preset).trace()
    for number in (0, len(trace.program.steps) - 1):
        frame = resolve(trace, Cursor(0, number), ViewOptions(grey_images=wanted))
        views = [*frame.operands, frame.result, *(view for layer in frame.layers for view in layer.maps)]
        grey = {view.value.role for view in views if view.levels.kind is MapKind.GREY}
        assert grey <= {Role.INPUT}
        if preset in IMAGES and number == 0:
            assert bool(grey) is wanted
        elif preset not in IMAGES:
            assert not grey
