"""The forward pass alone: the numbers of a network that has learnt, on the weights of a run that stays as it is."""

import numpy as np
import pytest

from core.data.digits import digits
from core.experiment import Experiment
from core.layers import BatchNorm, Dense, Dropout
from core.network import Network
from core.options import OptionError, Options, Rates
from core.preset import network_experiment
from core.presets import PRESETS, open_preset
from core.run.executor import Executor
from core.run.trace import Cursor
from core.values import Phase, Role, Value


def dropping() -> Experiment:
    """Return an experiment whose network drops, and normalises batches."""
    dataset = digits((8, 8))
    network = Network((64,), (Dense(6), BatchNorm(), Dropout(0.5), Dense(10, "softmax")))
    return network_experiment("digits", network, dataset, Options(batch_size=3), loss="cross_entropy", rates=Rates(0.1))


def roles(values: tuple[Value, ...]) -> set[Role]:
    return {value.role for value in values}


def test_nothing_is_asked_for_dropped_or_learnt() -> None:
    experiment = dropping()
    trace = experiment.trace()
    passed = experiment.inference(trace.run)
    assert {step.phase for step in passed.program.steps} == {Phase.FORWARD}
    assert roles(passed.program.data) == {Role.INPUT}
    assert not passed.program.updates
    assert not any("mask" in step.output.key or "drop" in step.output.key for step in passed.program.steps)
    mean = trace.run.state(2)["running_mean_2"]
    np.testing.assert_array_equal(passed.array("running_mean_2", 2), mean)
    np.testing.assert_array_equal(passed.array("centered_2", 2), passed.array("out_1", 2) - mean)


def test_the_run_goes_on_to_the_last_bit_as_if_nobody_had_looked() -> None:
    alone, watched = dropping().trace(), dropping().trace()
    experiment = dropping()
    for iteration in (0, 3, 1, 5):
        passed = experiment.inference(watched.run)
        passed.run_to(Cursor(iteration, len(passed.program.steps) - 1))
    assert watched.run.losses.until(9) == experiment.inference(watched.run).losses(Cursor(9))
    for key, array in alone.run.state(6).items():
        np.testing.assert_array_equal(watched.run.state(6)[key], array)
    assert [alone.array("loss", k) for k in range(6)] == [watched.array("loss", k) for k in range(6)]


@pytest.mark.parametrize("name", ["residual-digits", "transformer", "vision-transformer"])
def test_trace_and_executor_agree_to_the_byte_in_training_and_without(name: str) -> None:
    experiment = open_preset(name, batch_size=2)
    trace, run = experiment.trace(), experiment.run()
    last = len(experiment.program.steps) - 1
    for iteration in range(3):
        trace.run_to(Cursor(iteration, last))
    walked = run.state(3)
    for key, array in trace.run.state(3).items():
        np.testing.assert_array_equal(walked[key], array)
    passed = experiment.inference(trace.run)
    output = passed.program.output
    assert output is not None
    executor = Executor(passed.program, {key: walked[key] for key in passed.program.state}, "float32", (output,))
    executor.run({key: array.astype(np.float32) for key, array in passed.batch(3).items()})
    np.testing.assert_array_equal(executor.value(output), passed.array(output, 3))


def test_what_is_not_trained_has_nothing_to_leave_out() -> None:
    for name in ("conv-kernel", "batched-product"):
        with pytest.raises(OptionError, match=r"^Expected a network that is trained, .* is not\.$"):
            open_preset(name).inferred()


def test_every_trained_preset_answers_as_an_experiment_of_its_own() -> None:
    for name in (name for name in PRESETS if open_preset(name).loss and not name.startswith("mlp")):
        experiment = open_preset(name)
        alone, passed = experiment.inferred(), experiment.inference(experiment.run())
        output = alone.program.output
        assert output is not None
        assert not alone.trainable
        np.testing.assert_array_equal(alone.trace().array(output), passed.array(output))
