"""What is done with the data: their samples are browsed, their targets changed, and others are opened."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject

from core.values import Array
from viz_app.panels.browser import BrowserPanel
from viz_app.window.commands import Commands
from viz_app.window.parts import Parts


class DataSets(QObject):
    """The commands of the browser and of the window that opens data.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    commands : Commands
        The other commands of the window.
    """

    def __init__(self, parts: Parts, commands: Commands) -> None:
        super().__init__(parts.window)
        self._parts, self._session, self._commands = parts, parts.session, commands
        self._browser = parts.panels[BrowserPanel]

    def browse(self) -> None:
        """Open the browser of samples."""
        self._parts.browser.open_beside(self._parts.appearance.text_size)

    def start_from(self, sample: int) -> None:
        """Let iteration 0 begin with a sample."""
        self._commands.set_options({"sample": sample})
        if self._session.experiment.now.sample == sample:
            self._browser.say(f"The run begins with sample {sample:,}.")

    def look_at(self, sample: int) -> None:
        """Let the shown iteration take a sample first."""
        self._commands.look_at(sample)
        if sample in self._session.experiment.samples(self._session.place.iteration)[:1]:
            self._browser.say(f"Iteration {self._session.place.iteration:,} takes sample {sample:,} first.")

    def set_target(self, sample: int, target: Array) -> None:
        """Give a sample another target; one that cannot be leaves all as it was, and the field shows that again."""
        targets = self._session.targets
        self._commands.change(partial(targets.set, sample, target))
        self._browser.show_originals(targets.originals)

    def undo_targets(self, samples: Iterable[int]) -> None:
        """Give samples the targets that they came with."""
        self._commands.change(partial(self._session.targets.undo, samples))

    def open(self) -> None:
        """Open the window that opens data."""

    def paste(self) -> None:
        """Take the rows that were copied in a spreadsheet."""
