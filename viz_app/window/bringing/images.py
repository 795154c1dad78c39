"""What is done with an image that a person brings: it is opened, dropped or pasted, read, and shown in its stages."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from core.images.photo import Photo, PhotoError
from core.images.wanted import wanted_of
from core.values import Array
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.image import ImagePage
from viz_app.panels.stage import StagePanel
from viz_app.session.background import Background, Task
from viz_app.window.bringing.brought import Brought, brought_in
from viz_app.window.bringing.dropping import DropTarget
from viz_app.window.commands import Commands
from viz_app.window.dialogs import ask_image_to_open
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

    file_brought = Signal(object)
    """The path of something that is no image by its content."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        super().__init__(parts.window)
        self._parts, self._session, self._commands = parts, parts.session, commands
        self._panel = parts.panels[OwnInputPanel]
        self.background = Background(self)
        self.background.finished.connect(self._show)
        self.background.failed.connect(self._refuse)
        self.background.progressed.connect(self._show_progress)
        windows = parts.window, parts.own_input, parts.browser
        self.targets = tuple(map(DropTarget, windows))
        for target in self.targets:
            target.dropped.connect(self.drop)

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
        from viz_app.saved.content import Content, content_of, refusal_of  # late: the window opens before

        if brought.refusal:
            self._say(brought.refusal)
        elif brought.path is not None and content_of(brought.path) is not Content.IMAGE:
            self._show_busy("")
            self.file_brought.emit(brought.path)
        elif brought.path is not None and (refusal := refusal_of(brought.path)):
            self._say(refusal)
        else:
            self.read(brought)

    def read(self, brought: Brought) -> None:
        """Read an image, and show it."""
        if self._may_bring():
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
        if wanted_of(self._session.experiment) is not None:
            return True
        self._say("This network takes no image; open one that does, such as digits or conv-kernel.")
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
        self._say(str(error))

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
        from viz_app.reading.images.photos import read_photo  # late: the start of the window does not wait for it
        from viz_app.reading.images.web import fetch_image

        brought = self.brought
        source: Path | bytes | None = brought.path if brought.path is not None else brought.data
        if source is None:
            source = fetch_image(brought.address, brought.name, task.progress)
        photo = read_photo(source, brought.name)
        task.check()
        _ = photo.working  # brought down here, not in the window's thread
        return photo
