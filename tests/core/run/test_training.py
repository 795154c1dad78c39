"""Training reports after every mini-batch, and is the training that the trace shows."""

from itertools import islice

import pytest

from core.presets import open_preset
from core.run.training import executor_for, train


def test_training_is_that_of_the_trace() -> None:
    experiment = open_preset("digits", batch_size=8, sample=3)
    executor, trace = executor_for(experiment), experiment.trace()
    for report in islice(train(experiment, executor), 4):
        assert report.loss == float(trace.array("loss", report.iteration))
        after = executor.state["w_1"].tobytes()
        assert after == trace.array("w_1", report.iteration + 1).tobytes()


def test_training_goes_on_where_it_was_left() -> None:
    experiment = open_preset("digits", batch_size=8)
    whole = list(islice(train(experiment, executor_for(experiment)), 5))
    executor = executor_for(experiment)
    parts = [*islice(train(experiment, executor), 2), *islice(train(experiment, executor, first=2), 3)]
    assert parts == whole


def test_a_report_counts_samples_and_epochs() -> None:
    experiment = open_preset("digits", batch_size=16)
    assert experiment.dataset is not None
    *_, report = islice(train(experiment, executor_for(experiment)), 3)
    assert (report.iteration, report.samples) == (2, 48)
    assert report.epochs == pytest.approx(48 / len(experiment.dataset))


def test_digits_are_learnt() -> None:
    experiment = open_preset("digits", batch_size=32)
    losses = [report.loss for report in islice(train(experiment, executor_for(experiment)), 300)]
    assert all(loss is not None for loss in losses)
    first, last = (sum(filter(None, part)) / len(part) for part in (losses[:20], losses[-20:]))
    assert last < first / 3
