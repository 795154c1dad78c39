"""A guest is stepped on the weights of a run, and the run goes on as if nobody had come."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.guest import Guest
from core.experiment import Experiment
from core.options import OptionError
from core.presets import open_preset
from core.run.trace import Cursor, Trace
from core.values import Array

RECEIVING = ("digits", "sigmoid-3-4-2", "worked-2-2-2", "playground", "conv-kernel", "rgb-kernel-2x2x3")


def guest_of(experiment: Experiment, seed: int = 0, classes: int | None = None) -> Guest:
    """Return numbers that the network takes, with a target where its outputs are no classes."""
    program, dataset = experiment.program, experiment.dataset
    inputs = np.random.default_rng(seed).random(program.values["x"].shape[1:])
    if dataset is not None and dataset.labels is None:
        return Guest(inputs, np.full(program.values["y"].shape[1:], 0.25))
    if classes is not None:
        return Guest(inputs, np.eye(program.values["y"].shape[1])[classes])
    return Guest(inputs)


def states(trace: Trace, iterations: int) -> list[dict[str, bytes]]:
    """Return the state at the start of iterations, to the last bit."""
    return [{key: array.tobytes() for key, array in trace.run.state(k).items()} for k in range(iterations)]


def last(experiment: Experiment, iteration: int) -> Cursor:
    return Cursor(iteration, len(experiment.program.steps) - 1)


@given(
    preset=st.sampled_from(RECEIVING),
    dtype=st.sampled_from(("float32", "float64")),
    batch=st.integers(1, 3),
    visits=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), min_size=1, max_size=5),
    seed=st.integers(0, 3),
)
@settings(max_examples=25, deadline=None)
def test_the_run_goes_on_as_if_nobody_had_come(
    preset: str, dtype: str, batch: int, visits: list[tuple[int, int]], seed: int
) -> None:
    options = {"dtype": dtype} | ({"batch_size": batch} if preset in ("digits", "sigmoid-3-4-2", "playground") else {})
    experiment = open_preset(preset, **options)
    alone, visited = experiment.trace(), experiment.trace()
    visit = experiment.visit(visited.run, guest_of(experiment, seed))
    for iteration, step in visits:
        visit.run_to(Cursor(iteration, min(step, len(experiment.program.steps) - 1)))
        visited.run_to(Cursor(iteration, 0))
    end = last(experiment, 5)
    alone.run_to(end)
    visited.run_to(end)
    assert states(visited, 6) == states(alone, 6)
    assert np.array(visited.losses(end)).tolist() == np.array(alone.losses(end)).tolist()
    for key in experiment.program.values:
        assert visited.array(key, 4).tobytes() == alone.array(key, 4).tobytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch", [1, 4])
def test_what_a_guest_makes_is_what_a_run_makes_that_takes_it(dtype: str, batch: int) -> None:
    experiment = open_preset("digits", dtype=dtype, batch_size=batch)
    guest = guest_of(experiment, classes=7)
    visit, took = experiment.visit(experiment.run(), guest), experiment.with_guest(2, guest).trace()
    for key in experiment.program.values:
        assert visit.array(key, 2).tobytes() == took.array(key, 2).tobytes()


def test_a_guest_that_is_learnt_changes_what_comes_after_and_nothing_before() -> None:
    experiment = open_preset("digits", batch_size=3)
    alone, learns = experiment.trace(), experiment.trace()
    alone.run_to(last(experiment, 5))
    learns.run_to(last(experiment, 5))
    guest = guest_of(experiment, classes=3)
    taught = experiment.with_guest(2, guest)
    learns.set_batches(2, taught.batch)
    learns.run_to(last(experiment, 5))
    really = taught.trace()
    really.run_to(last(experiment, 5))
    known, expected, usual = states(learns, 6), states(really, 6), states(alone, 6)
    assert known == expected
    assert known[:3] == usual[:3]
    assert all(one != other for one, other in zip(known[3:], usual[3:], strict=True))
    assert learns.losses(last(experiment, 5)).numbers.tolist() == really.losses(last(experiment, 5)).numbers.tolist()


def test_the_guest_comes_first_and_the_others_stay_behind_it() -> None:
    experiment = open_preset("digits", batch_size=4)
    usual, guest = experiment.batch(1), guest_of(experiment, classes=9)
    batch = experiment.batch_with(1, guest)
    assert batch["x"][0].tolist() == guest.inputs.astype(np.float32).tolist()
    assert batch["y"][0].tolist() == guest.target.astype(np.float32).tolist()  # type: ignore[union-attr]
    assert batch["x"][1:].tolist() == usual["x"][1:].tolist()
    sample = experiment.admitted(1, 1700)
    assert experiment.samples_with(1, sample) == (1700, 5, 6, 7)
    assert experiment.batch_with(1, sample)["x"][1:].tolist() == usual["x"][1:].tolist()


@pytest.mark.parametrize(("preset", "batch"), [("digits", 1), ("digits", 4), ("conv-digits", 1), ("sigmoid-3-4-2", 1)])
def test_without_a_target_the_network_guesses_and_the_guess_follows_the_weights(preset: str, batch: int) -> None:
    experiment = open_preset(preset, batch_size=batch)
    visit = experiment.visit(experiment.run(), guest_of(experiment))
    guesses = set()
    for iteration in range(0, 60, 6):
        out, y = visit.array(str(experiment.program.output), iteration), visit.array("y", iteration)
        assert y[0].tolist() == np.eye(y.shape[1])[out[0].argmax()].tolist()
        assert y[1:].tolist() == experiment.batch(iteration)["y"][1:].tolist()
        guesses.add(int(out[0].argmax()))
    assert visit.guessed == "y"
    assert len(guesses) > 1 or preset != "digits"


def test_a_guess_is_known_once_the_output_is() -> None:
    experiment = open_preset("digits")
    visit = experiment.visit(experiment.run(), guest_of(experiment))
    output = experiment.program.producers[str(experiment.program.output)].number
    assert visit.made_at("y") == output + 1
    assert experiment.visit(experiment.run(), guest_of(experiment, classes=1)).made_at("y") == 0


def test_an_iteration_says_who_comes() -> None:
    experiment = open_preset("digits", batch_size=2, same_samples=True)
    taught = experiment.with_guest(1, guest_of(experiment, classes=0))
    assert taught.guest_at(0) is None
    assert taught.guest_at(1) is not None
    assert [taught.takes_other_samples(k) for k in range(4)] == [False, True, True, False]
    other = replace(taught.now, learning_rate=0.5)
    assert taught.changed(1, other).guest_at(1) is taught.guest_at(1)
    assert taught.changed(0, other).guest_at(1) is None


def wrong_guests() -> list[tuple[str, Array, Array | None, str]]:
    one = np.eye(10)[0]
    return [
        ("digits", np.zeros(63), None, "expected an input of 64 numbers; got 63"),
        ("digits", np.zeros((8, 8)), None, "expected an input of 64 numbers; got 8 × 8"),
        ("digits", np.full(64, -0.5), None, "expected inputs from 0; got -0.5"),
        ("digits", np.full(64, 1e300), None, "numbers that float32 can hold"),
        ("digits", np.zeros(64), np.eye(9)[0], "expected a target of 10 numbers; got 9"),
        ("digits", np.zeros(64), 2 * one, "from 0 to 1"),
        ("digits", np.zeros(64), 0 * one, "add up to 1"),
        ("playground", np.array([7.0, 0.0]), None, "expected inputs from -6 to 6; got 7"),
        ("worked-2-2-2", np.zeros(2), None, "cannot guess a target for mine: type one"),
        ("attention", np.zeros((5, 11)), None, "no place for an input of your own"),
        ("batched-product", np.zeros((2, 2)), None, "no place for an input of your own"),
        ("conv-kernel", np.zeros((1, 9, 9)), None, "expected an input of 1 × 64 × 64 numbers; got 1 × 9 × 9"),
    ]


@pytest.mark.parametrize(("preset", "inputs", "target", "reason"), wrong_guests())
def test_what_does_not_fit_is_refused_in_a_sentence(
    preset: str, inputs: Array, target: Array | None, reason: str
) -> None:
    experiment = open_preset(preset)
    with pytest.raises(OptionError, match=reason) as refused:
        experiment.admitted(0, Guest(inputs, target, "mine"))
    assert str(refused.value).endswith(".")
    assert "mine" in str(refused.value) or preset in str(refused.value)
