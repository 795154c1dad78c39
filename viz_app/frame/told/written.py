"""What there is of a text that a network continues, and what a person can ask of it."""

from dataclasses import dataclass
from enum import StrEnum

from core.writing import Taste
from viz_app.frame.told.answers import Answer


class Wish(StrEnum):
    """What can be asked of a text."""

    NEXT = "next"
    ON = "on"
    STOP = "stop"
    AGAIN = "again"
    STEP = "step"
    TRAINED = "trained"
    """Take the trained weights that are shipped."""


@dataclass(frozen=True)
class Written:
    """What there is of a text.

    Parameters
    ----------
    typed, came : str
        What a person has typed, and what the network has written after it.
    answers : tuple of Answer
        The likeliest tokens to come next.
    cut : int or None
        How many of the last tokens the network sees, where the text is longer.
    going : bool
        Whether it writes on.
    shown : bool
        Whether the pass of the text is what is stepped.
    refusal : str
        Why the text cannot be continued, in one sentence; nothing where it can.
    untrained : bool
        Whether the weights have learnt nothing yet, and trained ones are shipped.
    taste : Taste
        How the next token is chosen.
    """

    typed: str = ""
    came: str = ""
    answers: tuple[Answer, ...] = ()
    cut: int | None = None
    going: bool = False
    shown: bool = False
    refusal: str = ""
    untrained: bool = False
    taste: Taste = Taste()
