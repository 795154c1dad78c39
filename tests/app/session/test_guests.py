"""A guest is shown on the run's weights, and leaves the run and the place as they were."""

import itertools
import time

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.guest import Guest
from core.presets import open_preset
from core.run.breakpoints import AtStep
from core.run.training import Goal
from core.weights import read_weights
from viz_app.frame.told.watch import Watch
from viz_app.session.session import Session


@pytest.fixture
def open_session(qapp):
    opened = []

    def open_session(name, clock=time.thread_time, **options):
        opened.append(Session(open_preset(name, **options), clock=clock))
        return opened[-1]

    yield open_session
    for session in opened:
        session.stop()
        session.deleteLater()


def drawing(session, seed=0, title="Drawing", **parts):
    shape = session.experiment.program.values["x"].shape[1:]
    return Guest(np.random.default_rng(seed).random(shape), title=title, **parts)


def shown(session, key):
    """Return the numbers that the frames are of."""
    return session.shown.array(key, session.place.iteration)


def states(session, iterations):
    return [{key: array.tobytes() for key, array in session.trace.run.state(k).items()} for k in range(iterations)]


def test_the_guest_is_shown_and_leaves_everything_as_it_was(open_session, qtbot):
    session = open_session("digits", batch_size=4)
    session.navigation.go_to(2, 3, 5)
    session.viewing.set_row(2)
    place, array = session.place, session.frame.result.array
    guest = drawing(session)
    with qtbot.waitSignal(session.guests.changed) as told:
        assert session.guests.show(guest)
    assert told.args == [guest]
    assert session.frame.guest is session.guests.guest is guest
    assert (session.place.cursor, session.place.options.sample) == (place.cursor, 0)
    assert shown(session, "x")[0].tolist() == guest.inputs.astype("float32").tolist()
    with qtbot.waitSignal(session.guests.changed) as told:
        session.guests.dismiss()
    assert told.args == [None]
    assert session.place == place
    assert session.frame.guest is None
    assert session.frame.result.array is array


def test_stepping_on_takes_the_guest_along_and_the_run_is_its_own(open_session):
    session, alone = open_session("digits"), open_session("digits")
    alone.navigation.go_to_iteration(3)
    session.guests.show(drawing(session))
    for _ in range(3 * len(session.trace.program.steps)):
        session.navigation.step(1)
    assert (session.place.iteration, session.frame.guest is None) == (3, False)
    assert states(session, 4) == states(alone, 4)
    assert session.frame.losses.numbers.tolist() == alone.frame.losses.numbers.tolist()
    session.guests.dismiss()
    assert (session.place.iteration, session.place.step) == (0, 0)  # the sample that it came in the place of
    assert shown(session, "x").tolist() == alone.trace.array("x", 0).tolist()


def test_training_is_on_the_data_and_the_guest_is_shown_where_it_pauses(open_session, qtbot):
    session, alone = open_session("digits", batch_size=8), open_session("digits", batch_size=8)
    session.guests.show(drawing(session))
    session.trainer.set_goal(Goal(epochs=1))
    with qtbot.waitSignal(session.trainer.training_changed, timeout=30_000, check_params_cb=lambda on: not on):
        session.trainer.start()
    reached = session.place.iteration
    assert reached == -(-1797 // 8)
    assert session.frame.guest is not None
    alone.trace.run.state(reached)
    assert session.trace.run.state(reached)["w_1"].tobytes() == alone.trace.run.state(reached)["w_1"].tobytes()
    assert (
        session.trace.run.losses.until(reached).numbers.tolist()
        == alone.trace.run.losses.until(reached).numbers.tolist()
    )
    session.guests.dismiss()
    assert session.place.iteration == reached  # the run is here now


def test_a_stroke_while_it_trains_does_not_stop_it(open_session, qtbot):
    session = open_session("digits", batch_size=8)
    session.trainer.set_goal(Goal())
    session.trainer.start()
    for seed in range(3):
        with qtbot.waitSignal(session.trainer.progressed, timeout=20_000):
            assert session.guests.show(drawing(session, seed))
    assert session.trainer.training
    session.guests.dismiss()
    assert session.trainer.training
    session.trainer.pause()


def test_what_learns_is_the_run_that_really_takes_it(open_session):
    session = open_session("digits", batch_size=2)
    usual = states(session, 5)
    session.navigation.go_to_iteration(2)
    guest = drawing(session)
    session.guests.show(guest)
    session.guests.set_label(7)
    assert not session.guests.learnt
    assert session.guests.learn()
    assert session.guests.learnt
    target = np.eye(10, dtype="float32")[7]
    really = open_preset("digits", batch_size=2).with_guest(2, Guest(guest.inputs, target)).trace()
    learnt = states(session, 5)
    assert learnt == [{k: a.tobytes() for k, a in really.run.state(i).items()} for i in range(5)]
    assert learnt[:3] == usual[:3]
    assert learnt[3] != usual[3]
    session.guests.unlearn()
    assert not session.guests.learnt
    assert states(session, 5) == usual


def test_the_own_guess_is_learnt_as_it_was(open_session):
    session = open_session("digits")
    session.guests.show(drawing(session))
    guess = int(shown(session, "out_2")[0].argmax())
    session.guests.learn()
    assert session.experiment.guest_at(0).target.argmax() == guess
    assert session.guests.learnt


def test_the_label_holds_while_a_drawing_goes_on_and_goes_with_it(open_session):
    session = open_session("digits")
    session.guests.show(drawing(session, 0))
    assert session.guests.guest.target is None
    assert session.guests.set_label(4)
    session.guests.show(drawing(session, 1))
    assert session.guests.guest.target.tolist() == np.eye(10)[4].tolist()
    assert shown(session, "y")[0].tolist() == np.eye(10)[4].tolist()
    session.guests.set_label(None)
    session.guests.show(drawing(session, 2))
    assert session.guests.guest.target is None
    session.guests.set_label(5)
    session.guests.show(drawing(session, 3, title="three.png"))
    assert session.guests.guest.target is None
    session.guests.set_label(5)
    session.guests.dismiss()
    session.guests.show(drawing(session, 3, title="three.png"))
    assert session.guests.guest.target is None


@pytest.mark.parametrize("label", [-1, 10, 99])
def test_what_is_no_class_is_no_label(open_session, qtbot, label):
    session = open_session("digits")
    session.guests.show(drawing(session))
    with qtbot.waitSignal(session.message) as told:
        assert not session.guests.set_label(label)
    assert "from 0 to 9" in told.args[0]


def test_a_prediction_is_the_output_of_the_iteration_that_is_shown(open_session):
    session = open_session("digits")
    guest = drawing(session)
    session.guests.show(guest)
    for iteration in (0, 3, 20):
        session.navigation.go_to_iteration(iteration)
        answer, out = session.guests.predict(guest.inputs), shown(session, "out_2")[0]
        assert np.abs(answer - out).max() < 1e-6
    assert session.guests.predict(np.zeros(3)) is None
    assert open_session("batched-product").guests.predict(np.zeros(3)) is None
    assert open_session("conv-kernel").guests.predict(np.zeros((1, 64, 64))).shape == (1, 64, 64)


@pytest.mark.parametrize("chosen", [
    {"dtype": "float64"}, {"batch_size": 5}, {"optimizer": "adam"}, {"through_jacobian": True}, {"seed": 3},
    {"learning_rate": 0.01}, {"same_samples": True}, {"sample": 50}, {"loss": "squared_error"},
])  # fmt: skip
def test_other_options_keep_the_guest(open_session, chosen):
    session = open_session("digits")
    session.navigation.go_to(2, 4)
    session.guests.show(drawing(session))
    session.guests.set_label(2)
    assert session.opening.set_options(**chosen)
    assert session.guests.guest is not None
    assert session.frame.guest is session.guests.guest
    x = shown(session, "x")[0]
    assert x.tolist() == session.guests.guest.inputs.astype(session.experiment.options.dtype).tolist()
    assert shown(session, "y")[0].argmax() == 2


def test_a_label_that_another_network_has_not_gives_way_to_its_guess(open_session):
    session = open_session("digits")
    session.guests.show(drawing(session))
    session.guests.set_label(9)
    inputs, dataset = session.guests.guest.inputs, session.experiment.dataset
    few = np.flatnonzero(dataset.labels < 3)
    three = Dataset("Three", dataset.inputs[few], np.eye(3)[dataset.labels[few]], dataset.labels[few], (8, 8))
    assert session.opening.take_data(three, adapt=True)
    assert session.guests.guest.inputs is inputs
    assert session.guests.guest.target is None
    session.guests.show(drawing(session, 5))
    assert session.guests.guest.target is None
    assert shown(session, "y").shape == (1, 3)


def test_another_network_sends_the_guest_away(open_session, qtbot):
    session = open_session("digits")
    session.guests.show(drawing(session))
    said = []
    session.message.connect(said.append)
    with qtbot.waitSignal(session.guests.changed) as told:
        session.opening.open_preset("sigmoid-3-4-2")
    assert told.args == [None]
    assert said == ["Drawing is no input for what is open now: the data are shown again."]
    assert session.guests.guest is session.frame.guest is None


def test_what_does_not_fit_leaves_all_as_it_was(open_session, qtbot):
    session = open_session("digits")
    session.guests.show(drawing(session))
    guest, frame = session.guests.guest, session.frame
    with qtbot.waitSignal(session.message) as told:
        assert not session.guests.show(Guest(np.zeros(3), title="bad.png"))
    assert told.args[0] == "bad.png: expected an input of 64 numbers; got 3."
    assert (session.guests.guest, session.frame) == (guest, frame)


@pytest.mark.parametrize("name", ["conv-kernel", "rgb-kernel-2x2x3"])
def test_a_network_without_a_loss_takes_a_guest_and_does_not_learn(open_session, qtbot, name):
    session = open_session(name)
    usual = session.frame.result.array
    assert session.guests.show(drawing(session))
    assert session.frame.result.array.tobytes() != usual.tobytes()
    with qtbot.waitSignal(session.message) as told:
        assert not session.guests.learn()
    assert told.args[0].startswith("Expected a network that is trained")
    session.guests.dismiss()
    assert session.frame.result.array is usual


def test_a_sample_of_the_data_is_a_guest_like_any_other(open_session, qtbot):
    session = open_session("digits", batch_size=4, held_back=100, shuffle=True)
    session.navigation.go_to(3, 2)
    usual = session.experiment.samples(3)
    assert session.guests.show_sample(1750)
    assert session.guests.guest.sample == 1750
    assert shown(session, "x")[0].tolist() == session.experiment.dataset.inputs[1750].tolist()
    assert shown(session, "y")[0].argmax() == session.experiment.dataset.labels[1750]
    assert session.experiment.samples(3) == usual
    assert not session.guests.set_label(3)
    with qtbot.waitSignal(session.message) as told:
        session.guests.learn()
    assert told.args[0].endswith("It was held back: from now on the network has seen it.")
    assert session.experiment.samples(3) == (1750, *usual[1:])
    session.guests.unlearn()
    with qtbot.waitSignal(session.message) as told:
        assert not session.guests.show_sample(1797)
    assert "from 0 to 1796" in told.args[0]
    assert session.guests.guest.sample == 1750
    session.guests.dismiss()
    session.guests.dismiss()
    assert session.trace.array("x", 3)[0].tolist() == session.experiment.dataset.inputs[usual[0]].tolist()


def test_a_sequence_of_named_objects_has_no_place_for_an_own_input_but_for_another_sample(open_session):
    session = open_session("attention")
    assert not session.guests.show(drawing(session))
    assert session.guests.show_sample(7)
    names = session.experiment.dataset.token_names[7]
    assert session.frame.operands[0].tokens.samples[0] == names


def test_halts_and_watched_numbers_are_those_of_the_run(open_session):
    session = open_session("digits")
    session.watches.add(Watch("loss"))
    session.navigation.last()
    loss = session.watches.told[0].now
    session.guests.show(drawing(session))
    session.breakpoints.add(AtStep("delta_1"))
    assert session.watches.told[0].now == loss
    assert float(shown(session, "loss")) != loss
    said = []
    session.message.connect(said.append)
    session.navigation.advance(len(session.trace.program.steps))
    assert said[-1].endswith("That is the run, and not the guest.")
    assert session.frame.step.output.key == "delta_1"
    assert session.frame.guest is not None


def test_saved_weights_are_the_runs_and_not_what_the_guest_would_make_of_them(open_session, tmp_path):
    session = open_session("digits")
    session.navigation.last()
    assert session.weights.iteration == 1
    session.guests.show(drawing(session))
    assert session.weights.iteration == 0
    assert session.weights.save(tmp_path / "a.safetensors")
    assert read_weights(tmp_path / "a.safetensors").state["w_1"].tolist() == session.trace.run.state(0)["w_1"].tolist()


def test_the_guess_is_marked_where_the_target_is(open_session):
    session = open_session("digits")
    session.guests.show(drawing(session))
    target = next(view for layer in session.frame.layers for view in layer.maps if view.key == "y")
    assert (target.array, target.note) == (None, "own guess")
    session.navigation.go_to_value("losses")
    target = next(view for view in session.frame.operands if view.key == "y")
    assert target.note == "own guess"
    assert session.frame.caption.endswith("The target is the network's own guess.")
    session.guests.set_label(3)
    assert all(view.note == "" for view in session.frame.operands)
    assert "guess" not in session.frame.caption
    data = next(view for layer in session.frame.layers for view in layer.maps if view.key == "y")
    assert data.note == ""


@pytest.mark.parametrize("seed", range(8))
def test_whatever_guests_do_the_run_is_the_same(open_session, seed):
    """Move about in two runs alike, in one of them with guests that come, are labelled, and go."""
    chance = np.random.default_rng(seed)
    options = {"batch_size": int(chance.integers(1, 5)), "dtype": str(chance.choice(["float32", "float64"]))}
    visited, alone = open_session("digits", **options), open_session("digits", **options)
    for _ in range(30):
        what = chance.integers(8)
        if what == 0:
            visited.guests.show(drawing(visited, int(chance.integers(1000)), str(chance.integers(2))))
        elif what == 1:
            visited.guests.show_sample(int(chance.integers(1797)))
        elif what == 2:
            visited.guests.set_label([None, *range(10)][chance.integers(11)])
        elif what == 3:
            visited.guests.dismiss()
        elif what == 4:
            visited.guests.predict(drawing(visited).inputs)
        else:
            place = int(chance.integers(7)), int(chance.integers(len(alone.trace.program.steps)))
            rate = float(chance.choice([0.05, 0.1, 0.2]))
            for session in (visited, alone):
                session.navigation.go_to(*place)
                if what == 7:
                    session.opening.set_options(learning_rate=rate)
    assert visited.experiment.changes == alone.experiment.changes
    assert states(visited, 8) == states(alone, 8)
    losses, usual = (one.trace.run.losses.until(7).numbers.tolist() for one in (visited, alone))
    assert losses == usual
    visited.guests.dismiss()
    for session in (visited, alone):
        session.navigation.go_to(5, 9)
    assert visited.frame.result.array.tobytes() == alone.frame.result.array.tobytes()


def test_a_way_goes_on_to_where_it_went_with_whoever_comes_meanwhile(open_session, qtbot):
    over = itertools.count().__next__  # every slice of time is over at once
    session = open_session("digits", over, batch_size=32)
    session.navigation.go_to(40, 12)
    assert session.goal is not None
    assert session.guests.show(drawing(session, 1))
    assert session.guests.show(drawing(session, 2))
    qtbot.waitUntil(lambda: session.goal is None, timeout=20_000)
    assert (session.place.iteration, session.place.step) == (40, 12)
    assert session.frame.guest is session.guests.guest
    session.guests.dismiss()
    qtbot.waitUntil(lambda: session.goal is None, timeout=20_000)
    assert (session.place.iteration, session.place.step) == (0, 12)


def test_a_guest_has_gone_before_another_network_is_shown(open_session):
    """Who is shown the network would else be asked to show a guest that it does not fit."""
    session, told = open_session("digits"), []
    session.guests.show(drawing(session))
    session.guests.changed.connect(lambda guest: told.append(guest))
    session.experiment_changed.connect(lambda experiment: told.append(experiment.preset))
    session.opening.open_preset("worked-2-2-2")
    assert told == [None, "worked-2-2-2"]
