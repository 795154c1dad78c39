"""What is done with files: the session is saved, and whatever a file holds is opened."""

from os.path import lexists  # pathlib's raise where a folder may not be searched
from pathlib import Path

from PySide6.QtCore import QObject

from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.stage import StagePanel
from viz_app.saved.content import Content, content_of
from viz_app.saved.own import Own
from viz_app.saved.session import Saved
from viz_app.window.bringing.brought import Brought
from viz_app.window.bringing.data_sets import DataSets
from viz_app.window.bringing.images import Images
from viz_app.window.bringing.networks import Networks
from viz_app.window.choices import Choices
from viz_app.window.commands import Commands
from viz_app.window.dialogs import ask_anything, ask_session
from viz_app.window.leaving import Leaving
from viz_app.window.parts import Parts
from viz_app.window.sessions.recent import RecentMenu


class Sessions(QObject):
    """The commands for sessions, and for files whose content says what they are.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    commands, choices, networks, images, data_sets
        What opens everything else.
    """

    def __init__(
        self,
        parts: Parts,
        commands: Commands,
        choices: Choices,
        networks: Networks,
        images: Images,
        data_sets: DataSets,
    ) -> None:
        super().__init__(parts.window)
        self._parts, self._session = parts, parts.session
        self._commands, self._choices, self._networks = commands, choices, networks
        self._images, self._data_sets = images, data_sets
        self._leaving = Leaving(parts)
        self.recent = RecentMenu(parts)
        """The files that were opened and saved last."""

    def save(self) -> None:
        """Write the session into its file; where it has none, ask for one."""
        path = self._session.saving.path
        if path is None:
            self.save_as()
        else:
            self._write(path)

    def save_as(self) -> None:
        """Ask for a file, and write the session into it."""
        path = ask_session(self._parts.window, self._session.saving.suggested_name)
        if path is not None:
            self._write(path)

    def open(self) -> None:
        """Ask for a file, and open what it holds."""
        path = ask_anything(self._parts.window)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open what a file holds: a session, weights, a network, data or an image."""
        if not lexists(path):
            self.recent.forget(path)
            self._say(f"{path.name} was not opened: there is no file {path} any more.")
            return
        content = content_of(path)
        if content is Content.SESSION:
            self._session.saving.open(path, self._leaving.may_leave)
            return
        self.recent.remember(path)
        match content:
            case Content.WEIGHTS:
                self._commands.open_weights_of(path)
            case Content.NETWORK:
                self._networks.open_path(path)
            case Content.DATA:
                self._images.cancel()
                self._data_sets.look(path)
            case Content.IMAGE:
                self._images.bring(Brought(path.name, path=path))

    def show_opened(self, saved: Saved, path: Path) -> None:
        """Look as the session did that has been opened."""
        if self._session.saving.path is not None:
            self.recent.remember(path)
        self._parts.player.pause()
        self._choices.follow(saved)
        if saved.window.speed:
            self._parts.player.set_speed(saved.window.speed)
        self._parts.panels[OwnInputPanel].take(saved.own or Own())

    def _write(self, path: Path) -> None:
        self._session.trainer.pause()
        self._session.saving.save(path, self._parts.looks, self._parts.own)

    def _say(self, text: str) -> None:
        self._parts.panels[StagePanel].show_message(text)
