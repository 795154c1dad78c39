"""What the steps of a program are told as: one by one, or blocks of them folded to one."""

from viz_app.frame.outline.blocks import Block, block_of
from viz_app.frame.outline.folds import (
    around_revealed,
    entered,
    first_folds,
    folded_all,
    folds_around,
    left,
    opened,
    revealed,
    settled,
)
from viz_app.frame.outline.stops import Folds, Outline, Stop, outline_of

__all__ = [
    "Block",
    "Folds",
    "Outline",
    "Stop",
    "around_revealed",
    "block_of",
    "entered",
    "first_folds",
    "folded_all",
    "folds_around",
    "left",
    "opened",
    "outline_of",
    "revealed",
    "settled",
]
