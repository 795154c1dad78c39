"""Train an experiment at full speed; say after every mini-batch, and after every epoch, how far it has come."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from math import isfinite

from core.experiment import Experiment
from core.run.breakpoints import Breakpoint, Hit, first_hit
from core.run.evaluation import AT_ONCE, Evaluation, Evaluator
from core.run.kept import State
from core.run.parts import Parts, Pause
from core.run.record import Judged
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
    hit : Hit or None
        Where in this iteration a breakpoint halts the run.
    """

    iteration: int
    samples: int
    epochs: float
    loss: float | None
    train: Evaluation | None = None
    test: Evaluation | None = None
    stopped: str = ""
    hit: Hit | None = None


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


@dataclass(frozen=True)
class Progress:
    """How far training has come.

    Parameters
    ----------
    epochs : float
        How many times all samples have been trained on.
    end : float or None
        After how many it ends; ``None`` where there is no such end.
    batch, batches : int
        How many mini-batches of this epoch are done, and how many an epoch has.
    speed : float
        Samples a second; 0 where it is not known yet.
    left : float or None
        Seconds to the end at this speed, where both are known.
    """

    epochs: float
    end: float | None
    batch: int
    batches: int
    speed: float
    left: float | None


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
    breakpoints : sequence of Breakpoint
        Where it halts besides; those that the program has nothing for are passed over.
    """

    def __init__(
        self, experiment: Experiment, run: Run, goal: Goal | None = None, breakpoints: Sequence[Breakpoint] = ()
    ) -> None:
        self._experiment, self._run, self._goal = experiment, run, goal or Goal()
        self._breakpoints = [one for one in breakpoints if one.fits(run.program)]
        self.reached = 0
        """The iteration that begins where training is; judging may still go on."""
        self._best, self._waited = float("inf"), 0
        self._judges = [evaluator(experiment, samples) for samples in (experiment.trained_on, experiment.held_back)]

    def reports(self, first: int = 0) -> Generator[Report]:
        """Train from the start of an iteration on, and yield a report after every mini-batch."""
        for report in self.work(first):
            if report is not None:
                yield report

    def work(self, first: int = 0, after: int = -1, pause: Pause | None = None) -> Generator[Report | None]:
        """Do the same in smaller pieces: ``None`` where a while has passed without a mini-batch, as judging takes.

        ``pause`` tells when somebody waits: then a mini-batch is left in the middle, and gone on with later.

        In the first iteration only breakpoints after the step ``after`` are looked at: it has been walked to there.
        """
        self.reached = first
        size, count = self._experiment.options.batch_size, len(self._experiment.trained_on)
        program, kept = self._run.program, {key for one in self._breakpoints for key in one.keys(self._run.program)}
        if first and self._is_end(first) and first not in self._run.judged[Judged.TRAIN_LOSS]:
            yield from self._judge(first, self._run.state(first))
        walk = self._run.walk(None, first, pause, kept)
        try:
            for reached in walk:
                if reached == self.reached:  # in the middle of it
                    yield None
                    continue
                self.reached = reached
                samples, judged = reached * size, _NOT_JUDGED
                if self._is_end(reached):
                    judged = yield from self._judge(reached, self._run.current)
                arrays = {key: self._run.value(key) for key in kept}
                steps = range(after + 1 if reached == first + 1 else 0, len(program.steps))
                hit = first_hit(self._breakpoints, program, arrays, steps)
                loss = self._run.losses.get(reached - 1)
                stopped = self._stopped(samples / count, loss, *judged)
                stopped = hit.why if hit and not stopped else stopped
                yield Report(reached - 1, samples, samples / count, loss, *judged, stopped, hit)
                if stopped:
                    return
        finally:
            walk.close()

    def _is_end(self, reached: int) -> bool:
        """Tell whether an epoch ends before the start of an iteration."""
        size, count = self._experiment.options.batch_size, len(self._experiment.trained_on)
        return reached * size // count > (reached - 1) * size // count

    def _judge(self, reached: int, state: State) -> Parts[tuple[Evaluation | None, Evaluation | None]]:
        """Judge the network, and write down how good it is."""
        found: list[Evaluation | None] = []
        for judge in self._judges:
            found.append((yield from judge.parts(state)) if judge else None)
        for judged, kinds in zip(found, _KINDS, strict=True):  # all at once: whoever stops in the middle judges again
            for kind, number in zip(kinds, (judged.loss, judged.accuracy) if judged else (), strict=False):
                if number is not None:
                    self._run.judged[kind][reached] = number
        train, test = found
        return train, test

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


def evaluator(experiment: Experiment, samples: Sequence[int], at_once: int = AT_ONCE) -> Evaluator | None:
    """Return what judges the network of an experiment on some samples; ``None`` where there is nothing to judge."""
    if experiment.network is None or experiment.dataset is None or not experiment.loss or not samples:
        return None
    network, loss, dataset = experiment.network, experiment.loss, experiment.dataset
    return Evaluator(network, loss, dataset, samples, experiment.options.dtype, at_once)


_NOT_JUDGED: tuple[Evaluation | None, Evaluation | None] = (None, None)
_KINDS = (Judged.TRAIN_LOSS, Judged.TRAIN_ACCURACY), (Judged.TEST_LOSS, Judged.TEST_ACCURACY)


def _epochs(count: float) -> str:
    return "1 epoch is" if count == 1 else f"{count:g} epochs are"
