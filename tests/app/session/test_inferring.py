"""The switch to the forward pass alone, and back to the very same place of the same run."""

import numpy as np
import pytest

from core.data.guest import Guest
from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import Focus
from viz_app.frame.told.written import Wish
from viz_app.saved.records import WindowRecord
from viz_app.session.saving.snapshot import snapshot
from viz_app.session.session import Session


@pytest.fixture
def opened(qapp):
    sessions = []

    def open_session(name, **options):
        sessions.append(Session(open_preset(name, **options), clock=lambda: 0.0))  # no way is long
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.deleteLater()


def test_leaving_leads_back_to_the_same_place_of_the_same_run(opened):
    session = opened("residual-digits", start="trained")
    session.navigation.go_to(2, 150, 3, Focus("loss", ()))
    place, run = session.place, session.trace.run
    before = {key: array.copy() for key, array in run.state(2).items()}
    assert session.inferring.enter()
    assert session.frame.inference
    assert session.frame.program.loss is None
    for _ in range(3):
        session.navigation.step(1)
    session.navigation.last()
    session.navigation.go_to_iteration(4)
    assert session.frame.cursor == Cursor(4, len(session.frame.program.steps) - 1)
    assert session.inferring.toggle()
    assert session.place == place
    assert session.trace.run is run
    assert not session.frame.inference
    for key, array in run.state(2).items():
        np.testing.assert_array_equal(array, before[key])
    other = opened("residual-digits", start="trained")
    other.navigation.go_to(2, 150, 3, Focus("loss", ()))
    np.testing.assert_array_equal(session.frame.result.array, other.frame.result.array)


def test_the_step_that_both_have_stays(opened):
    session = opened("digits")
    session.navigation.go_to(0, 4)
    key = session.frame.step.output.key
    session.inferring.enter()
    assert session.frame.step.output.key == key
    session.inferring.toggle()
    session.navigation.last()
    session.inferring.enter()
    assert session.frame.step.output.key == session.experiment.program.output


def test_a_guest_needs_no_label(opened):
    session = opened("digits")
    session.inferring.enter()
    session.guests.show(Guest(np.full(64, 0.5), title="Half"))
    session.navigation.last()
    assert session.frame.inference
    assert session.frame.guest.title == "Half"
    np.testing.assert_array_equal(session.shown.array("x")[0], np.full(64, 0.5, np.float32))
    row = session.guests.predict(session.frame.guest.inputs)
    np.testing.assert_allclose(session.frame.result.array[0], row, rtol=1e-5)
    session.guests.dismiss()
    assert session.frame.inference
    assert session.frame.guest is None


@pytest.mark.parametrize("leave", ["options", "train", "preset", "switch", "learn"])
def test_whatever_needs_the_run_leaves_inference(opened, leave):
    session = opened("digits")
    session.navigation.go_to(1, 7)
    if leave == "learn":
        session.guests.show_sample(9)
    session.inferring.enter()
    if leave == "options":
        assert session.opening.set_options(batch_size=3)
    elif leave == "train":
        session.trainer.start()
        session.trainer.pause()
    elif leave == "preset":
        assert session.opening.open_preset("sigmoid-3-4-2")
    elif leave == "learn":
        assert session.guests.learn()
    else:
        session.inferring.toggle()
    assert not session.frame.inference
    assert session.inference is None
    assert session.frame.program is session.experiment.program
    session.navigation.last()


def test_a_session_is_saved_as_the_run_that_rests(opened):
    session = opened("digits")
    session.navigation.go_to(1, 20)
    place = session.place
    session.inferring.enter()
    assert snapshot(session, WindowRecord()).place == place


def test_what_is_forward_alone_says_so(opened):
    session = opened("conv-kernel")
    told = []
    session.message.connect(told.append)
    assert not session.inferring.enter()
    assert told[-1].startswith("Expected a network that is trained")
    assert session.inference is None


def test_a_text_is_continued_and_every_pass_can_be_stepped(opened):
    session = opened("transformer", start="trained")
    told = []
    session.writing.changed.connect(told.append)
    session.writing.type("the ri")
    assert not session.frame.inference
    assert told[-1].answers[0].name == "v"
    session.writing.wish(Wish.NEXT)
    assert (told[-1].typed, told[-1].came, told[-1].shown) == ("the ri", "v", True)
    assert session.frame.inference
    assert session.frame.result.names(1) == tuple("the␣riv".replace(" ", "␣"))
    steps = len(session.frame.program.steps)
    for _ in range(steps - 1):
        session.navigation.step(-1)
    assert session.frame.step.output.key == "out_1"
    for _ in range(8):
        session.writing.wish(Wish.NEXT)
    assert told[-1].cut == 12
    assert session.frame.step.output.key == "out_1"
    assert session.frame.result.array.shape == (1, 12, 16)
    session.writing.wish(Wish.AGAIN)
    assert (told[-1].came, told[-1].shown) == ("", True)
    session.writing.type("Ü")
    assert told[-1].refusal == "Expected a text of the characters a to z and spaces; got 'Ü'."
    assert not session.writing.next_token()
    session.inferring.toggle()
    assert not told[-1].shown
    assert not session.frame.inference


def test_writing_on_stops_where_it_is_told_and_where_something_else_is_shown(opened, qtbot):
    session = opened("transformer", start="trained")
    session.writing.type("s")
    session.writing.wish(Wish.ON)
    assert session.writing.going
    qtbot.waitUntil(lambda: len(session.writing.text) > 3)
    session.inferring.toggle()
    assert not session.writing.going
    written = session.writing.text
    session.writing.wish(Wish.ON)
    assert session.writing.text[:-1] == written
    session.opening.open_preset("sigmoid-3-4-2")
    assert not session.writing.going
    assert not session.frame.inference


def test_a_breakpoint_of_the_run_does_not_halt_the_forward_pass_alone(opened):
    from core.run.breakpoints import AtStep

    session = opened("digits")
    session.breakpoints.add(AtStep("out_1"))
    session.inferring.enter()
    session.navigation.first()
    session.navigation.advance(4)
    assert session.place.step == 4
