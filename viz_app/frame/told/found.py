"""What is known of data before they are taken."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.data.dataset import Dataset
from core.editing import Adaptation

if TYPE_CHECKING:
    from viz_app.reading.offer import Offer

Source = Path | str
"""A file, a folder, or data by name."""


@dataclass(frozen=True, eq=False)
class Found:
    """What is known of data before they are taken.

    Parameters
    ----------
    source : Path or str or None
        Where they are; ``None`` before a person has said it.
    offer : Offer or None
        What was found there, and what can be chosen.
    dataset : Dataset or None
        The data as they are chosen, once they are read.
    counts : tuple of int
        How many samples there are of each class; none where there are no classes, or they are not read yet.
    targets : str
        How large the numbers are that are asked for, in one sentence; nothing for classes.
    fit : Adaptation or None
        What of the network has to change so that it takes them.
    misfit : str
        Why no change of the network would do, in one sentence.
    problem : str
        Why they cannot be read, or not as they were chosen.
    busy : bool
        Whether they are being looked into or read.
    """

    source: Source | None = None
    offer: "Offer | None" = None
    dataset: Dataset | None = None
    counts: tuple[int, ...] = ()
    targets: str = ""
    fit: Adaptation | None = None
    misfit: str = ""
    problem: str = ""
    busy: bool = False

    @property
    def adapts(self) -> bool:
        """Whether the network has to change so much that its weights are drawn anew."""
        return self.fit is not None and not self.fit.keeps_weights

    @property
    def to_download(self) -> int:
        """How many bytes have to be downloaded before anything can be read."""
        return self.offer.to_download if self.offer is not None and self.dataset is None else 0
