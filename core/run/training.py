"""Train an experiment at full speed; say after every mini-batch, and after every epoch, how far it has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from core.experiment import Experiment
from core.run.evaluation import Evaluation, Evaluator
from core.run.run import Run
from core.values import is_number, is_whole


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
        How many times that is all the data that are trained on; 0.5 is half of them.
    loss : float or None
        The loss of the batch before its update; ``None`` where the program has no loss.
    train, test : Evaluation or None
        How good the network is, after an epoch, on the samples that it is trained on and on those held back.
    stopped : str
        Why training stops after this batch, in a sentence; nothing where it goes on.
    """

    iteration: int
    samples: int
    epochs: float
    loss: float | None
    train: Evaluation | None = None
    test: Evaluation | None = None
    stopped: str = ""


@dataclass(frozen=True)
class Goal:
    """When training stops; without any of these it does not.

    Parameters
    ----------
    epochs : float or None
        After so many times all the data; more than 0.
    loss_below, accuracy_above : float or None
        Once an epoch ends with such a loss, or share of samples found, on the samples held back, or where none are, on
        those that it is trained on.
    patience : int or None
        After so many epochs in which that loss was not less than ever before ("early stopping").

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    Prechelt, "Early Stopping - But When?" (1998), criterion UP.
    """

    epochs: float | None = None
    loss_below: float | None = None
    accuracy_above: float | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name, number in (("number of epochs", self.epochs), ("loss to reach", self.loss_below)):
            if number is not None and not (is_number(number) and 0 < number < float("inf")):
                raise ValueError(f"expected a {name} of more than 0; got {number!r}")
        share = self.accuracy_above
        if share is not None and not (is_number(share) and 0 <= share < 1):
            raise ValueError(f"expected an accuracy to reach from 0 to less than 1; got {share!r}")
        if self.patience is not None and not (is_whole(self.patience) and self.patience > 0):
            raise ValueError(f"expected a patience of at least 1 epoch; got {self.patience!r}")


class Training:
    """A run of an experiment that is trained on; ask for the next report, and another mini-batch has been trained.

    Whoever stops asking, and closes the iterator, finds the run where it was left: the trace opens there.

    Parameters
    ----------
    experiment : Experiment
        Where the batches come from.
    run : Run
        The run of the same experiment.
    goal : Goal
        When it stops.
    """

    def __init__(self, experiment: Experiment, run: Run, goal: Goal | None = None) -> None:
        self._experiment, self._run, self._goal = experiment, run, goal or Goal()
        self._best, self._waited = float("inf"), 0
        self._judges = [self._evaluator(samples) for samples in (experiment.trained_on, experiment.held_back)]

    def reports(self, first: int = 0) -> Iterator[Report]:
        """Train from the start of an iteration on, and yield a report after every mini-batch."""
        size, count = self._experiment.options.batch_size, len(self._experiment.trained_on)
        for reached in self._run.walk(None, first):
            samples = reached * size
            train: Evaluation | None = None
            test: Evaluation | None = None
            if samples // count > (samples - size) // count:
                state = self._run.current if any(self._judges) else {}
                train, test = (judge(state) if judge else None for judge in self._judges)
            loss = self._run.losses.get(reached - 1)
            stopped = self._stopped(samples / count, loss, train, test)
            yield Report(reached - 1, samples, samples / count, loss, train, test, stopped)
            if stopped:
                return

    def _stopped(self, epochs: float, loss: float | None, train: Evaluation | None, test: Evaluation | None) -> str:
        goal, judged = self._goal, test or train
        if loss is not None and not isfinite(loss):
            return "The loss is no finite number any more."
        if judged is not None:
            share = judged.accuracy
            if goal.loss_below is not None and judged.loss < goal.loss_below:
                return f"The loss is below {goal.loss_below:g}."
            if goal.accuracy_above is not None and share is not None and share > goal.accuracy_above:
                return f"The accuracy is above {goal.accuracy_above:g}."
            self._waited = 0 if judged.loss < self._best else self._waited + 1
            self._best = min(self._best, judged.loss)
            if goal.patience is not None and self._waited >= goal.patience:
                return f"The loss has not fallen for {goal.patience} epochs."
        return f"{_epochs(goal.epochs)} over." if goal.epochs is not None and epochs >= goal.epochs else ""

    def _evaluator(self, samples: range) -> Evaluator | None:
        experiment = self._experiment
        if experiment.network is None or experiment.dataset is None or not experiment.loss or not samples:
            return None
        return Evaluator(experiment.network, experiment.loss, experiment.dataset, samples, experiment.options.dtype)


def _epochs(count: float) -> str:
    return "1 epoch is" if count == 1 else f"{count:g} epochs are"
