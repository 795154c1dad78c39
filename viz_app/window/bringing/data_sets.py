"""What is done with the data: their samples are browsed, their targets changed, and others are opened."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from core.values import Array
from viz_app.frame.told.browsing import summary
from viz_app.frame.told.found import Source
from viz_app.panels.browser import BrowserPanel
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.panels.stage import StagePanel
from viz_app.window.commands import Commands
from viz_app.window.dialogs import ask_data, ask_data_folder
from viz_app.window.leaving import Leaving
from viz_app.window.parts import Parts

_NOTHING = "The clipboard holds no rows. Copy cells in a spreadsheet first."


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
        self._browser, self._panel = parts.panels[BrowserPanel], parts.panels[DataOfferPanel]
        self._leaving = Leaving(parts)
        self._folder: TemporaryDirectory[str] | None = None
        self._pastes = 0

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
        guest = self._session.guests.guest
        if guest is not None and guest.sample == sample:
            self._browser.say(f"Sample {sample:,} is stepped now; Back to data, in the panel Data, ends that.")

    def set_target(self, sample: int, target: Array) -> None:
        """Give a sample another target; one that cannot be leaves all as it was, and the field shows that again."""
        targets = self._session.targets
        self._commands.change(partial(targets.set, sample, target))
        self._browser.show_originals(targets.originals)

    def undo_targets(self, samples: Iterable[int]) -> None:
        """Give samples the targets that they came with."""
        self._commands.change(partial(self._session.targets.undo, samples))

    # Other data

    def open(self) -> None:
        """Open the window that opens data."""
        self._parts.data.open_beside(self._parts.appearance.text_size)

    def look(self, source: Source) -> None:
        """Look into data: a file, a folder, or a name; the window shows what is found."""
        self.open()
        self._session.data.look(source)

    def ask_file(self) -> None:
        """Ask for a file, and look into it."""
        self._look_at_answer(ask_data(self._parts.data))

    def ask_folder(self) -> None:
        """Ask for a folder, and look into it."""
        self._look_at_answer(ask_data_folder(self._parts.data))

    def _look_at_answer(self, path: Path | None) -> None:
        if path is not None:
            self.look(path)

    def paste(self) -> None:
        """Look into what was copied: files, or rows of a spreadsheet."""
        copied = QGuiApplication.clipboard().mimeData()
        paths = [url.toLocalFile() for url in copied.urls() if url.isLocalFile()] if copied is not None else []
        text = copied.text() if copied is not None and copied.hasText() else ""
        if paths:
            self.look(Path(paths[0]))
        elif text.strip():
            self.look(self._pasted(text))
        else:
            self._browser.say(_NOTHING)
            self._panel.say(_NOTHING)

    def _pasted(self, text: str) -> Path:
        """Return a file that holds rows that were pasted; it goes with the window."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="netstep-")
        self._pastes += 1
        path = Path(self._folder.name) / f"Pasted rows {self._pastes}.tsv"
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
        return path

    def take(self, adapt: bool) -> None:
        """Take the data that were looked into; where the network is adapted to them, its weights are lost."""
        if adapt and not self._leaving.may_leave():
            return
        dataset = self._session.data.found.dataset
        self._commands.change(partial(self._session.data.take, adapt))
        if dataset is not None and self._session.experiment.own is not None and not self._session.data.found.problem:
            self._parts.data.hide()
            self._parts.panels[StagePanel].show_message(f"Took {dataset.name}: {summary(dataset)}.")

    def close(self) -> None:
        """Stop what is being read, and forget what was pasted."""
        self._session.data.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
