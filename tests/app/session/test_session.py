import re

import numpy as np
import pytest

from core.notation import Notation
from core.optimizers import OPTIMIZERS
from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import Focus
from viz_app.frame.look import Look
from viz_app.frame.walking import group_of, group_starts
from viz_app.session.session import Session


def place(session: Session) -> tuple[int, int, int | None]:
    cursor = session.frame.cursor
    return cursor.iteration, cursor.step, cursor.cell


def fingerprint(session: Session) -> tuple[object, ...]:
    """Everything that a frame shows, as bytes and text."""
    frame = session.frame
    maps = [*frame.operands, frame.result, *(view for layer in frame.layers for view in layer.maps)]
    return (
        frame.cursor,
        frame.title,
        frame.caption,
        frame.equation,
        frame.source,
        frame.live,
        frame.losses,
        frame.warning,
        [(view.name, view.levels, view.computed) for view in maps],
        [None if view.array is None else view.array.tobytes() for view in maps],
        [(mark, cells.tolist()) for view in maps for mark, cells in view.marks],
    )


def test_opens_at_the_first_step_with_nothing_focused(session):
    assert place(session) == (0, 0, None)
    assert session.frame.detail is None


def test_every_change_sends_one_frame(session, qtbot):
    frames = []
    session.frame_changed.connect(frames.append)
    session.navigation.step(1)
    session.navigation.enter()
    session.cells.focus("x", (0, 1))
    session.cells.clear()
    assert [frame.cursor for frame in frames] == [Cursor(0, 1), Cursor(0, 1, 0), Cursor(0, 1, 0), Cursor(0, 1, 0)]
    assert frames[-1] is session.frame


def test_left_at_the_very_beginning_stays(session):
    session.navigation.step(-1)
    assert place(session) == (0, 0, None)


def test_steps_cross_the_border_of_iterations_both_ways(session):
    last = len(session.frame.program.steps) - 1
    session.navigation.last()
    session.navigation.step(1)
    assert place(session) == (1, 0, None)
    session.navigation.step(-1)
    assert place(session) == (0, last, None)


def test_walking_two_iterations_and_back_lands_on_identical_frames(session):
    forward = []
    for _ in range(2 * len(session.frame.program.steps)):
        forward.append(fingerprint(session))
        session.navigation.step(1)
    backward = []
    for _ in range(2 * len(session.frame.program.steps)):
        session.navigation.step(-1)
        backward.append(fingerprint(session))
    assert backward[::-1] == forward


def test_inside_cells_are_walked_in_raster_order_and_left_at_both_ends(session):
    session.navigation.go_to_value("w_1")
    session.navigation.go_to_value("grad_w_1")
    step = session.frame.cursor.step
    session.navigation.enter()
    seen = []
    while session.frame.inside:
        seen.append(session.frame.detail.focus)
        session.navigation.step(1)
    assert seen == [Focus("grad_w_1", cell) for cell in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert place(session) == (0, step + 1, None)
    session.navigation.step(-1)
    session.navigation.enter()
    session.navigation.step(-1)
    assert place(session) == (0, step, None)


def test_entering_twice_keeps_the_cell(session):
    session.navigation.enter()
    session.navigation.step(1)
    session.navigation.enter()
    assert place(session) == (0, 0, 1)


def test_inside_shift_moves_by_rows(session):
    session.navigation.go_to_value("grad_w_1")
    step = session.frame.cursor.step
    session.navigation.enter()
    session.navigation.move_layer(1)
    assert place(session) == (0, step, 2)
    session.navigation.move_layer(-1)
    assert place(session) == (0, step, 0)
    session.navigation.move_layer(-1)
    assert place(session) == (0, step, None)
    session.navigation.go_to(0, step, 3)
    session.navigation.move_layer(1)
    assert place(session) == (0, step + 1, None)


def test_shift_visits_the_first_step_of_every_layer_and_phase(session):
    program = session.frame.program
    starts = group_starts(program)
    visited = [session.frame.cursor.step]
    for _ in starts[1:]:
        session.navigation.move_layer(1)
        visited.append(session.frame.cursor.step)
    assert tuple(visited) == starts
    assert [group_of(program.steps[i]) for i in starts[:3]] == [("forward", 1), ("forward", 2), ("loss", None)]
    session.navigation.move_layer(1)
    assert place(session) == (1, 0, None)
    session.navigation.move_layer(-1)
    assert place(session) == (0, starts[-1], None)


def test_home_and_end_stay_in_the_iteration(session):
    session.navigation.go_to(2, 3)
    session.navigation.last()
    assert place(session) == (2, len(session.frame.program.steps) - 1, None)
    session.navigation.first()
    assert place(session) == (2, 0, None)


def test_restart_gives_identical_numbers(session):
    before = fingerprint(session)
    for _ in range(40):
        session.navigation.step(1)
    session.navigation.restart()
    assert fingerprint(session) == before


@pytest.mark.parametrize("target", [(-1, 0, None), (0, 1000, None), (0, -1, None), (0, 0, 99)])
def test_a_place_outside_the_run_is_refused_in_one_sentence(session, qtbot, target):
    session.navigation.step(1)
    with qtbot.waitSignal(session.message) as said:
        session.navigation.go_to(*target)
    assert said.args[0].startswith("Expected ")
    assert place(session) == (0, 1, None)


def test_hover_is_a_passing_focus(session):
    session.cells.focus("x", (0, 0))
    session.cells.hover("w_1", (1, 1))
    assert session.frame.detail.focus == Focus("w_1", (1, 1))
    session.cells.hover("", None)
    assert session.frame.detail.focus == Focus("x", (0, 0))


def test_stepping_forgets_what_was_focused(session):
    session.cells.focus("x", (0, 0))
    session.cells.hover("w_1", (1, 1))
    session.navigation.step(1)
    assert session.frame.detail is None


def test_walking_inside_focuses_the_cell(session):
    session.cells.focus("x", (0, 0))
    session.navigation.enter()
    assert session.frame.detail.focus == Focus(session.frame.step.output.key, (0, 0))


def test_reach_marks_the_cells_that_a_cell_reaches(session):
    session.cells.focus("x", (0, 0), True)
    (mark, cells) = session.frame.result.marks[0]
    assert mark == "reached"
    assert cells.tolist() == [[0, 0], [0, 1]]


def test_hovering_the_same_cell_again_sends_nothing(session):
    session.cells.hover("x", (0, 0))
    frames = []
    session.frame_changed.connect(frames.append)
    session.cells.hover("x", (0, 0))
    assert frames == []


def test_opening_a_cell_goes_to_the_step_that_made_it(session):
    session.navigation.last()
    session.cells.open("delta_2", (0, 1))
    assert session.frame.step.output.key == "delta_2"
    assert session.frame.detail.focus == Focus("delta_2", (0, 1))


def test_opening_a_parameter_goes_to_the_update_before(session):
    session.navigation.go_to(1, 0)
    session.cells.open("w_1", (0, 1))
    assert session.frame.step.output.key == "new_w_1"
    assert session.frame.cursor.iteration == 0
    assert session.frame.detail.focus == Focus("new_w_1", (0, 1))


@pytest.mark.parametrize(
    ("key", "words"),
    [("w_1", "as the run began"), ("x", "from the data"), ("eta", "that you set"), ("one_over_N", "a constant")],
)
def test_opening_what_no_step_made_says_so(session, qtbot, key, words):
    with qtbot.waitSignal(session.message) as said:
        session.cells.open(key, () if key in ("eta", "one_over_N") else (0, 0))
    assert words in said.args[0]
    assert place(session) == (0, 0, None)


def test_a_value_opens_at_its_step_and_a_parameter_where_it_is_read(session):
    session.navigation.go_to_value("out_2")
    assert session.frame.step.output.key == "out_2"
    session.navigation.go_to_value("w_2")
    assert "w_2" in [value.key for value in session.frame.step.inputs]


def test_clear_drops_the_focus_then_comes_out_and_never_resets(session):
    session.navigation.go_to(1, 3, 1)
    session.cells.focus("x", (0, 0))
    session.cells.clear()
    assert place(session) == (1, 3, 1)
    session.cells.clear()
    assert place(session) == (1, 3, None)
    session.cells.clear()
    assert place(session) == (1, 3, None)


def test_notation_renames_and_keeps_the_place(session):
    session.navigation.go_to_value("net_1")
    session.viewing.set_look(Look(notation=Notation.Z_A))
    assert session.frame.equation_text.startswith("z₁ =")
    assert session.frame.step.output.key == "net_1"


def test_a_wrong_preset_is_refused_and_the_state_stays(session, qtbot):
    session.navigation.go_to(1, 3)
    with qtbot.waitSignal(session.message) as said:
        assert not session.opening.open_preset("nonsense")
    assert "nonsense" in said.args[0]
    assert place(session) == (1, 3, None)


@pytest.mark.parametrize(
    "chosen", [{"batch_size": 2}, {"sample": 7}, {"learning_rate": -1.0}, {"dtype": "int8"}, {"optimizer": "adm"}]
)
def test_wrong_options_are_refused_and_the_state_stays(session, qtbot, chosen):
    session.navigation.go_to(1, 3)
    options = session.experiment.options
    with qtbot.waitSignal(session.message):
        assert not session.opening.set_options(**chosen)
    assert session.experiment.options == options
    assert place(session) == (1, 3, None)


def test_options_keep_the_step_and_start_the_run_again(session, qtbot):
    session.opening.open_preset("digits")
    session.navigation.go_to_value("delta_1")
    session.cells.focus("delta_1", (0, 3))
    with qtbot.waitSignals([session.experiment_changed, session.frame_changed]):
        assert session.opening.set_options(batch_size=4, sample=10)
    assert session.experiment.options.batch_size == 4
    assert session.frame.cursor.iteration == 0
    assert session.frame.step.output.key == "delta_1"
    assert session.frame.result.shape == (4, 32)
    assert session.frame.detail.focus == Focus("delta_1", (0, 3))


def test_what_an_optimizer_remembers_is_as_the_run_began(session, qtbot):
    session.opening.open_preset("digits", optimizer="adam")
    with qtbot.waitSignal(session.message) as said:
        session.cells.open("mean_w_1", (0, 0))
    assert "as the run began" in said.args[0]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_another_optimizer_starts_at_its_own_rate_and_stays_at_the_step(session, name):
    session.opening.open_preset("digits", learning_rate=0.7)
    session.navigation.go_to_value("delta_1")
    assert session.opening.set_options(optimizer=name, learning_rate=None)
    assert session.frame.step.output.key == "delta_1"
    expected = open_preset("digits", optimizer=name).program.hyperparameters
    assert session.frame.program.hyperparameters == expected
    session.navigation.step(len(session.frame.program.steps))
    assert session.frame.cursor.iteration == 1
    assert not session.frame.warning


def test_the_row_shown_stays_within_the_batch(session):
    session.opening.open_preset("digits", batch_size=4)
    session.viewing.set_row(9)
    assert session.frame.options.sample == 3
    session.opening.set_options(batch_size=2)
    assert session.frame.options.sample == 1


def test_playing_stops_at_the_operation_that_made_a_nan(broken_session):
    assert "not a finite number" in broken_session.frame.warning
    broken_session.navigation.step(1)
    broken_session.navigation.advance(1)
    assert place(broken_session) == (1, 0, None)
    broken_session.navigation.advance(30)
    assert place(broken_session) == (2, 0, None)
    assert broken_session.frame.broken.number == 0


def test_advancing_without_trouble_goes_all_the_way(session):
    session.navigation.advance(5)
    assert place(session) == (0, 5, None)


def test_what_needs_no_new_program_does_not_restart_the_run(qtbot):
    session = Session(open_preset("digits"))
    session.navigation.go_to(4, 2)
    qtbot.waitUntil(lambda: place(session) == (4, 2, None))
    before = {key: session.trace.array(key, 3).tobytes() for key in ("x", "w_1", "loss")}
    assert session.opening.set_options(learning_rate=0.5)
    assert place(session) == (4, 2, None)
    assert float(session.trace.array("eta", 4)) == 0.5
    assert float(session.trace.array("eta", 3)) == np.float32(0.1)
    assert session.opening.set_options(sample=100)
    assert place(session) == (4, 2, None)
    assert session.experiment.samples(4) == (100,)
    assert session.experiment.samples(6) == (102,)
    assert session.experiment.samples(3) == (3,)
    session.navigation.go_to(7, 0)
    there = session.trace.array("w_1", 7).tobytes()
    session.navigation.restart()
    assert {key: session.trace.array(key, 3).tobytes() for key in before} == before
    assert session.trace.array("w_1", 7).tobytes() == there
    assert session.opening.set_options(seed=3)
    assert place(session) == (0, 0, None)
    session.navigation.go_to(0, 0)
    session.stop()
    session.deleteLater()


def test_a_rate_that_the_dtype_cannot_hold_is_refused(session, qtbot):
    with qtbot.waitSignal(session.message) as said:
        assert not session.opening.set_options(learning_rate=float("nan"))
    assert "learning rate" in said.args[0]


def test_a_gradient_is_compared_with_the_difference_of_losses(session, qtbot):
    with qtbot.waitSignal(session.gradient_checked) as checked:
        session.cells.check_gradient("grad_w_1", (0, 1))
    check = checked.args[0]
    assert check.gradient == pytest.approx(check.difference, rel=1e-6)
    assert check.error < 1e-6
    assert check.gradient == pytest.approx(float(session.trace.array("grad_w_1")[0, 1]))


def test_what_a_stage_made_up_is_no_cell(session):
    session.cells.focus("added", (0, 0))
    session.cells.hover("added", (0, 0))
    assert session.frame.detail is None


def test_what_a_cell_reaches_is_shown_at_the_step_that_reads_it(session):
    session.cells.focus("x", (0, 1))
    session.cells.show_reach(session.frame.program.producers["grad_w_1"].number)
    assert session.frame.step.output.key == "grad_w_1"
    assert session.frame.detail.focus == Focus("x", (0, 1), True)
    assert [mark for mark, _ in session.frame.result.marks] == ["reached"]


def test_the_next_frame_is_prefetched_and_shown_when_it_comes(session, qtbot):
    with qtbot.waitSignal(session.frame_prefetched) as told:
        session.navigation.step(1)
    session.navigation.step(1)
    assert session.frame is told.args[0]
    assert place(session) == (0, 2, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.viewing.set_look(Look(notation=Notation.Z_A)),
        lambda session: session.opening.set_options(learning_rate=2.0),
        lambda session: session.navigation.step(-1),
    ],
)
def test_what_was_prefetched_is_not_shown_once_it_is_no_longer_so(session, qtbot, change):
    with qtbot.waitSignal(session.frame_prefetched) as told:
        session.navigation.step(1)
    change(session)
    session.navigation.go_to_step(2)
    assert session.frame is not told.args[0]
    fresh = Session(session.experiment)
    fresh.viewing.set_look(Look(notation=session.frame.options.notation))
    fresh.navigation.go_to_step(2)
    assert fingerprint(session) == fingerprint(fresh)
    fresh.deleteLater()


def test_the_cell_that_is_kept_goes_on_being_explained_under_the_mouse():
    session = Session(open_preset("conv-kernel"))
    session.cells.focus("net_1", (0, 0, 40, 50))
    session.cells.hover("x", (0, 0, 3, 3))
    assert session.frame.anchor == (0, 0, 40, 50)
    assert session.frame.detail.focus.key == "x"
    session.cells.hover("x", None)
    assert session.frame.detail.focus.key == "net_1"


@pytest.mark.parametrize("opened", ["digits", "conv-digits"])
def test_a_batch_too_large_to_show_is_refused_with_one_that_is_not(qtbot, opened):
    session = Session(open_preset(opened))
    before = fingerprint(session)
    large = {"batch_size": 1797, "dtype": "float64"}
    with qtbot.waitSignal(session.message) as said:
        if opened == "digits":
            assert not session.opening.open_preset("conv-digits", **large)
        else:
            assert not session.opening.set_options(**large)
    found = re.fullmatch(r"A batch of 1797 samples can be trained on.*; choose at most (\d+) samples.*\.", said.args[0])
    assert found
    assert fingerprint(session) == before
    assert session.opening.open_preset("conv-digits", batch_size=int(found[1]), dtype="float64")


def test_colours_are_held_over_iterations_until_they_follow_again(session, qtbot):
    session.navigation.go_to_value("delta_1")
    before = session.frame.result.levels
    session.viewing.hold_colors(True)
    session.navigation.go_to(400, session.frame.cursor.step)
    qtbot.waitUntil(lambda: session.goal is None)  # it takes about a slice of time
    assert session.place.iteration == 400
    assert session.frame.result.levels == before
    held = dict(session.place.options.held)
    maps = [view for layer in session.frame.layers for view in layer.maps if view.key in held]
    assert maps
    assert all(view.levels == held[view.key] for view in maps)
    gradient = session.trace.program.gradients["w_1"]
    session.navigation.go_to_value(gradient)
    assert session.frame.result.levels == held[gradient]
    session.viewing.hold_colors(False)
    session.navigation.go_to_value("delta_1")
    assert session.frame.result.levels != before, "400 iterations later deltas are far smaller"
    session.viewing.hold_colors(True)
    session.opening.set_options(dtype="float32")
    assert session.place.options.held == ()
