"""Training reports after every mini-batch, is the training that the trace shows, and stops where it is told to."""

from itertools import islice
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from core.experiment import Experiment
from core.options import OptionError
from core.presets import open_preset
from core.run.training import Goal, Report, Training


def training(experiment: Experiment, **goal: Any) -> Training:
    return Training(experiment, experiment.trace().run, Goal(**goal))


def reports(experiment: Experiment, count: int) -> list[Report]:
    return list(islice(training(experiment).reports(), count))


OPTIONS = [{}, {"shuffle": True}, {"shuffle": True, "held_back": 797, "schedule": "warm-up:3+cosine:6"}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_training_is_that_of_the_trace(optimizer: str, options: dict[str, Any]) -> None:
    experiment = open_preset("digits", batch_size=8, sample=3, optimizer=optimizer, **options)
    run, trace = experiment.trace().run, experiment.trace()
    going = Training(experiment, run).reports()
    for report in islice(going, 8):
        assert report.loss == float(trace.array("loss", report.iteration))
        assert run.current["w_1"].tobytes() == trace.array("w_1", report.iteration + 1).tobytes()


def test_training_goes_on_where_it_was_left() -> None:
    experiment = open_preset("digits", batch_size=8, shuffle=True)
    whole = reports(experiment, 5)
    run = experiment.trace().run
    first = Training(experiment, run).reports()
    parts = list(islice(first, 2))
    first.close()
    assert run.nearest(99) == 2
    parts += islice(Training(experiment, run).reports(2), 3)
    assert parts == whole


def test_a_report_counts_samples_and_epochs_of_what_is_trained_on() -> None:
    experiment = open_preset("digits", batch_size=16, held_back=797)
    *_, report = reports(experiment, 3)
    assert (report.iteration, report.samples, report.epochs) == (2, 48, 0.048)


def test_every_epoch_is_judged_on_both_parts_of_the_data() -> None:
    experiment = open_preset("digits", batch_size=100, held_back=797, shuffle=True)
    done = reports(experiment, 25)
    judged = [report.iteration for report in done if report.test is not None]
    assert judged == [9, 19]
    last = done[19]
    assert last.train is not None
    assert last.test is not None
    assert (len(last.train.samples), len(last.test.samples)) == (1000, 797)
    assert min(last.test.samples) == 1000
    assert done[9].test is not None
    assert last.test.loss < done[9].test.loss


def test_samples_held_back_are_never_trained_on() -> None:
    experiment = open_preset("digits", batch_size=64, held_back=297, shuffle=True)
    seen = {sample for iteration in range(60) for sample in experiment.samples(iteration)}
    assert seen == set(range(1500))


def test_digits_are_learnt() -> None:
    experiment = open_preset("digits", batch_size=32, shuffle=True, held_back=397)
    *_, last = training(experiment, epochs=10).reports()
    assert last.stopped == "10 epochs are over."
    assert last.test is not None
    assert last.test.accuracy is not None
    assert last.test.accuracy > 0.85


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ({"epochs": 0.5}, "0.5 epochs are over."),
        ({"loss_below": 1.0}, "The loss is below 1."),
        ({"accuracy_above": 0.6}, "The accuracy is above 0.6."),
    ],
)
def test_it_stops_where_it_is_told_to(goal: dict[str, Any], words: str) -> None:
    *before, last = islice(training(open_preset("digits", batch_size=32), **goal).reports(), 3000)
    assert last.stopped == words
    assert not any(report.stopped for report in before)


def test_it_stops_early_once_the_loss_rises_and_at_a_loss_that_is_no_number() -> None:
    kept = open_preset("digits", batch_size=32, held_back=1700, learning_rate=0.3)  # learns 97 samples by heart
    *_, last = islice(training(kept, patience=3).reports(), 5000)
    assert last.stopped == "The loss has not fallen for 3 epochs."
    with np.errstate(all="ignore"):
        *_, last = islice(training(open_preset("digits", batch_size=32, learning_rate=1e30)).reports(), 50)
    assert last.stopped == "The loss is no finite number any more."


SENSELESS: list[dict[str, Any]] = [
    *({"epochs": number} for number in (0, nan, inf, True)),
    *({"accuracy_above": number} for number in (1, -0.1)),
    *({"patience": number} for number in (0, 1.5)),
    {"loss_below": 0},
]
UNFIT: list[dict[str, Any]] = [
    *({"held_back": number} for number in (1797, -1, 1.5)),
    {"held_back": 1000, "batch_size": 798},
    {"held_back": 1000, "sample": 797},
    *({"schedule": text} for text in ("fast", 3)),
]


@pytest.mark.parametrize("goal", SENSELESS, ids=str)
def test_goals_that_make_no_sense_are_refused(goal: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^expected an? .*; got "):
        Goal(**goal)


@pytest.mark.parametrize("options", UNFIT, ids=str)
def test_options_that_do_not_fit_the_data_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=r"^Expected .*got .*\.$"):
        open_preset("digits", **options)
