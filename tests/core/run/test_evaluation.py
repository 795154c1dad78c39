"""An evaluation is what the trace shows of the same samples, whatever the batches it takes them in."""

import numpy as np
import pytest

from core.presets import open_preset
from core.run.evaluation import Evaluator


def test_it_is_what_the_trace_shows() -> None:
    experiment = open_preset("digits", batch_size=300, dtype="float64")
    assert experiment.network is not None
    assert experiment.dataset is not None
    trace = experiment.trace()
    found = Evaluator(experiment.network, "cross_entropy", experiment.dataset, range(300), "float64")(
        trace.run.state(0)
    )
    assert found.loss == pytest.approx(float(trace.array("loss", 0)), rel=1e-12)
    assert found.guesses is not None
    np.testing.assert_array_equal(found.guesses, trace.array(str(experiment.program.output), 0).argmax(axis=1))


def test_accuracy_confusion_and_the_samples_behind_it_agree() -> None:
    experiment = open_preset("digits", batch_size=32)
    assert experiment.network is not None
    assert experiment.dataset is not None
    chosen = range(1000, 1797)
    found = Evaluator(experiment.network, "cross_entropy", experiment.dataset, chosen)(
        experiment.trace().run.state(100)
    )
    assert found.confusion is not None
    assert found.confusion.sum() == len(chosen)
    assert found.accuracy == np.trace(found.confusion) / len(chosen) > 0.5
    for label in range(10):
        for guess in range(10):
            samples = found.taken(label, guess)
            assert len(samples) == found.confusion[label, guess]
            assert all(experiment.dataset.labels[sample] == label for sample in samples)  # type: ignore[index]
            assert all(1000 <= sample < 1797 for sample in samples)


def test_where_there_are_no_classes_there_is_a_loss_alone() -> None:
    experiment = open_preset("worked-2-2-2")
    assert experiment.network is not None
    assert experiment.dataset is not None
    found = Evaluator(experiment.network, "squared_error", experiment.dataset, [0], "float64")(experiment.parameters)
    assert found.loss == pytest.approx(0.298371109, rel=1e-8)
    assert found.accuracy is found.confusion is None
    assert found.taken(0, 0).size == 0


def test_no_sample_is_refused() -> None:
    experiment = open_preset("digits")
    assert experiment.network is not None
    assert experiment.dataset is not None
    with pytest.raises(ValueError, match="at least one sample"):
        Evaluator(experiment.network, "cross_entropy", experiment.dataset, [])
