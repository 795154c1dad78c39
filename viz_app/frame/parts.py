"""Name what can stand in the picture of a step."""

from enum import StrEnum


class Part(StrEnum):
    """A part of the picture of a step; the value is what a person writes."""

    TITLE = "title"
    """The phase, the operation, and the place in the run."""
    CAPTION = "caption"
    """A sentence: what the step is for."""
    FORMULA = "formula"
    NUMBERS = "numbers"
    """The formula with the numbers of the focused cell."""
    STAGE = "stage"
    """The operation as maps."""
    CODE = "code"
    """The line of NumPy that does the same."""
    REASON = "reason"
    """Why the step is there."""
    NETWORK = "network"
    """The layers, with thumbnails of what they hold."""
    TIMELINE = "timeline"
    """All steps of the iteration in a strip."""


USUAL_PARTS = frozenset({Part.TITLE, Part.CAPTION, Part.FORMULA, Part.NUMBERS, Part.STAGE})
"""What the stage of the window shows."""
