"""Say what a network answers to one sample: the classes that it takes it for, or its numbers."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from core.data.text import Alphabet
from core.experiment import Experiment
from core.values import Array, Range
from core.visiting import tells_classes
from core.writing import Taste
from viz_app.frame.words.numbers import number

MOST = 5
"""How many answers are told; of more classes those that are most likely."""
MOST_TOKENS = 10
"""How many of the tokens that may come next are told."""


@dataclass(frozen=True)
class Answer:
    """What one output says.

    Parameters
    ----------
    name : str
        The class, or the output.
    text : str
        Its number, as a person reads it.
    share : float
        How long its bar is, from 0 to 1.
    leads : bool
        Whether it is the class that the network takes the sample for, or one of several numbers that are all answers.
    wanted : bool
        Whether it is what the network should answer.
    """

    name: str
    text: str
    share: float
    leads: bool = True
    wanted: bool = False


def answers_of(
    experiment: Experiment, outputs: Array, target: Array | None = None, most: int = MOST
) -> tuple[Answer, ...]:
    """Return what a network answers to one sample.

    Classes come with the most likely first, and the one that is wanted is among them; other outputs are in their order.

    Parameters
    ----------
    experiment : Experiment
        What is open.
    outputs : ndarray of shape (k,)
        What the network makes of the sample.
    target : ndarray of shape (k,) or None
        What it should make of it, where that is known.
    most : int
        How many answers are told.
    """
    if outputs.ndim != 1:
        return ()
    classes = tells_classes(experiment.program, experiment.dataset)
    wanted = int(np.argmax(target)) if classes and target is not None and len(target) > 1 else None
    order = list(range(len(outputs)))
    if classes:
        order.sort(key=lambda k: -float(outputs[k]) if isfinite(outputs[k]) else float("inf"))
    shown = order[:most]
    if wanted is not None and wanted not in shown:
        shown[-1] = wanted
    finite = np.abs(outputs[np.isfinite(outputs)])
    output = experiment.program.values[experiment.program.output] if experiment.program.output else None
    probable = output is not None and output.range is Range.PROBABILITY
    whole = 1.0 if probable else float(finite.max(initial=0.0)) or 1.0
    answers = []
    for k in shown:
        value = float(outputs[k])
        text = _percent(value) if probable and classes and isfinite(value) else number(value, 3)
        share = min(abs(value) / whole, 1.0) if isfinite(value) else 0.0
        name = experiment.dataset.class_name(k) if experiment.dataset else f"{k}"
        answers.append(Answer(name, text, share, leads=not classes or k == order[0], wanted=k == wanted))
    return tuple(answers)


def likely_tokens(alphabet: Alphabet, likelihoods: Array, taste: Taste, most: int = MOST_TOKENS) -> tuple[Answer, ...]:
    """Return the likeliest tokens to come next, each with its share of what is drawn from, the likeliest first."""
    if not np.isfinite(likelihoods).all():
        return ()
    shares = taste.shares(likelihoods)
    order = np.argsort(-np.asarray(likelihoods, np.float64), kind="stable")[:most].tolist()
    return tuple(
        Answer(alphabet.names[k], _percent(float(shares[k])), float(shares[k]), leads=k == order[0]) for k in order
    )


def _percent(share: float) -> str:
    """Write a share so that neither 0 nor 100 % stands for what is neither."""
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"
