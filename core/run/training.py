"""Train an experiment at full speed, and report after every mini-batch."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.experiment import Experiment
from core.run.executor import Executor


@dataclass(frozen=True)
class Report:
    """What is told after a mini-batch.

    Parameters
    ----------
    iteration : int
        The mini-batch that has just been trained on, from 0.
    samples : int
        How many samples have been trained on since iteration 0, this batch included.
    epochs : float
        How many times that is all the data; 0.5 is half of it.
    loss : float or None
        The loss of the batch before its update; ``None`` where the program has no loss.
    """

    iteration: int
    samples: int
    epochs: float
    loss: float | None


def executor_for(experiment: Experiment) -> Executor:
    """Return an executor at the start of iteration 0."""
    return Executor(experiment.program, experiment.parameters, experiment.options.dtype)


def train(experiment: Experiment, executor: Executor, first: int = 0) -> Iterator[Report]:
    """Train mini-batch by mini-batch, on the same batches as the trace, for as long as reports are asked for.

    Between two reports ``executor.state`` are those after the reported batch; go on later with
    ``first = report.iteration + 1``.

    Parameters
    ----------
    experiment : Experiment
        Where the batches come from.
    executor : Executor
        Trains; it holds the parameters at the start of iteration ``first``.
    first : int
        The iteration to begin with.

    Yields
    ------
    Report
        One after every mini-batch, without end.
    """
    size = experiment.options.batch_size
    count = 1 if experiment.dataset is None else len(experiment.dataset)
    iteration = first
    while True:
        loss = executor.run(experiment.batch(iteration))
        samples = (iteration + 1) * size
        yield Report(iteration, samples, samples / count, loss)
        iteration += 1
