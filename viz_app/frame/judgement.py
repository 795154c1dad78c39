"""What is told of how good a network is on samples: which they are, and at which iteration."""

from dataclasses import dataclass
from math import isfinite

from core.experiment import Experiment
from core.run.evaluation import Evaluation


@dataclass(frozen=True, eq=False)
class Judgement:
    """How good the network was at the start of an iteration.

    Parameters
    ----------
    evaluation : Evaluation
        How good.
    iteration : int
        The iteration.
    held_back : bool
        Whether the samples are those that are not trained on; else they are all there are.
    """

    evaluation: Evaluation
    iteration: int
    held_back: bool

    @property
    def text(self) -> str:
        """What a person is told of all samples together."""
        evaluation, count = self.evaluation, len(self.evaluation.samples)
        accuracy = "" if evaluation.accuracy is None else f"{evaluation.accuracy:.1%} of "
        which = "held back" if self.held_back else "in all, none held back"
        broken = "" if isfinite(evaluation.loss) else "; the loss is not a finite number"
        return f"{accuracy}{count:,} {which}, at iteration {self.iteration:,}{broken}"


def why_not(experiment: Experiment) -> str:
    """Return why there are no classes to tell apart, in a sentence; nothing where there are."""
    dataset = experiment.dataset
    if not experiment.loss or experiment.network is None:
        return "Nothing is trained here, so there is nothing to judge."
    if dataset is None:
        return "There is no data set here to judge the network on."
    if dataset.labels is None:
        return "The targets here are no classes, so none is taken for another."
    return ""
