"""What is done with an image that a person brings: it is opened, dropped or pasted, read, and shown in its stages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from core.images.photo import NoImageError, Photo, PhotoError
from core.images.wanted import wanted_of
from core.values import Array
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.image import ImagePage
from viz_app.panels.stage import StagePanel
from viz_app.session.background import Background, Task
from viz_app.window.brought import Brought, brought_in
from viz_app.window.commands import Commands
from viz_app.window.dialogs import ask_image_to_open
from viz_app.window.dropping import DropTarget
from viz_app.window.parts import Parts


class Images(QObject):
    """The commands for images; they are read beside the window, and what cannot be read leaves all as it was.

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
        self._panel = parts.panels[OwnInputPanel]
        self._reading: Brought | None = None
        self._opens_data: Callable[[Path], bool] | None = None
        self.background = Background(self)
        self.background.finished.connect(self._show)
        self.background.failed.connect(self._refuse)
        self.background.progressed.connect(self._show_progress)
        self.targets = tuple(DropTarget(window) for window in (parts.window, parts.own_input))
        for target in self.targets:
            target.dropped.connect(self.drop)

    def let_open_data(self, opens_data: Callable[[Path], bool]) -> None:
        """Let somebody else have what is no image; it returns whether it takes it."""
        self._opens_data = opens_data

    def open(self) -> None:
        """Ask for a file, and bring the image in it."""
        if not self._may_bring():
            return
        path = ask_image_to_open(self._parts.window)
        if path is not None:
            self.bring(Brought(path.name, path=path))

    def paste(self) -> None:
        """Bring what is on the clipboard."""
        self.bring(brought_in(QGuiApplication.clipboard().mimeData(), "Pasted"))

    def drop(self, mime: QMimeData) -> None:
        """Bring what was dropped."""
        self.bring(brought_in(mime, "Dropped"))

    def bring(self, brought: Brought) -> None:
        """Read what was brought, and show it; whatever was being read is not wanted any more."""
        if brought.refusal:
            self._say(brought.refusal)
        elif brought.path is not None and brought.path.is_dir():
            self._pass_on(brought, f"{brought.name} is a folder; expected the file of an image.")
        elif brought.path is not None and wanted_of(self._session.experiment) is None:
            self._pass_on(brought, f"{self._session.experiment.preset} takes no image, and {brought.name} is no data.")
        elif self._may_bring():
            self._reading = brought
            self._show_busy(f"Reading {brought.name} …")
            self.background.start(_Reading(brought))

    def cancel(self) -> None:
        """Leave the image that is being read."""
        self.background.cancel()
        self._show_busy("")

    def slide_over(self, picture: Array, title: str) -> None:
        """Let the one kernel slide over an image."""
        self._commands.set_settings({"own_image": picture, "own_title": title})

    def close(self) -> None:
        """Read nothing more."""
        self.background.close()

    def _may_bring(self) -> bool:
        """Tell whether the network takes images; else say so."""
        experiment = self._session.experiment
        if wanted_of(experiment) is not None:
            return True
        self._say(f"{experiment.preset} takes no image; open a network that does, such as digits or conv-kernel.")
        return False

    def _show(self, photo: Photo) -> None:
        self._parts.own_input.open_beside(self._parts.appearance.text_size)
        self._panel.choose(ImagePage)
        self._panel.page_of(ImagePage).show_photo(photo)
        reason = self._panel.page_of(ImagePage).reason.text()
        self._parts.panels[StagePanel].show_message(reason or f"Read {photo.title}.")

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, PhotoError):
            raise error
        brought = self._reading
        if isinstance(error, NoImageError) and brought is not None and brought.path is not None:
            self._pass_on(brought, str(error))
        else:
            self._say(str(error))

    def _pass_on(self, brought: Brought, refusal: str) -> None:
        """Let somebody else have a file that is no image, or say why it is not taken."""
        self._show_busy("")
        if self._opens_data is None or brought.path is None or not self._opens_data(brought.path):
            self._say(refusal)

    def _show_progress(self, share: float | None, text: str) -> None:
        self._show_busy(f"{text}: {share:.0%} …" if share is not None else f"{text} …")

    def _show_busy(self, text: str) -> None:
        if self._panel.pages:
            self._panel.page_of(ImagePage).show_busy(text)
        if text:
            self._parts.panels[StagePanel].show_message(text)

    def _say(self, text: str) -> None:
        """Say why there is no image, in both windows."""
        if self._panel.pages:
            self._panel.page_of(ImagePage).show_refusal(text)
        self._parts.panels[StagePanel].show_message(text)


@dataclass(frozen=True)
class _Reading:
    """Reads an image in the background; it knows nothing of Qt."""

    brought: Brought

    def __call__(self, task: Task) -> Photo:
        from viz_app.reading.photos import read_photo  # late: the start of the window does not wait for it
        from viz_app.reading.web import fetch_image

        brought = self.brought
        source: Path | bytes | None = brought.path if brought.path is not None else brought.data
        if source is None:
            source = fetch_image(brought.address, brought.name, task.progress)
        photo = read_photo(source, brought.name)
        task.check()
        _ = photo.working  # brought down here, not in the window's thread
        return photo
