"""What is told of how good a network is on samples: which they are, and at which iteration."""

from dataclasses import dataclass
from math import isfinite

from core.experiment import Experiment
from core.run.evaluation import Evaluation
from viz_app.frame.words.numbers import percent


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
    def texts(self) -> tuple[str, ...]:
        """What a person is told of all samples together, and shorter forms of it."""
        evaluation, count = self.evaluation, len(self.evaluation.samples)
        share = "" if evaluation.accuracy is None else percent(evaluation.accuracy, 1)
        of, which = f"{share} of {count:,}", "held back" if self.held_back else "samples, none held back"
        if evaluation.guesses is not None and evaluation.guesses.ndim > 1:  # a guess for each token
            of = f"{share} of the tokens of {count:,}"
        when = f"iteration {self.iteration:,}"
        if not isfinite(evaluation.loss):
            return f"The loss is no finite number in {when}: {of} {which}", f"Loss not finite: {of}"
        return f"{of} {which}, {when}", f"{of} {which}", share


def why_not(experiment: Experiment) -> str:
    """Return why there are no classes to tell apart, in a sentence; nothing where there are."""
    dataset = experiment.dataset
    if not experiment.loss or experiment.network is None:
        return "Nothing is trained here, so there is nothing to judge."
    if dataset is None:
        return "There is no data set here to judge the network on."
    if dataset.regression:
        return "The targets here are no classes, so none is taken for another."
    return ""
