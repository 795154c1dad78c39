"""What is done to the network that is open: edited, saved as a description, taken from one."""

from pathlib import Path

from PySide6.QtCore import QObject

from core.editing.files import NetworkFileError, network_file, read_network
from viz_app.panels.editor import Proposal
from viz_app.panels.stage import StagePanel
from viz_app.whole_file import whole_file
from viz_app.window.dialogs import ask_network, ask_network_to_open
from viz_app.window.leaving import Leaving
from viz_app.window.parts import Parts


class Networks(QObject):
    """The commands of the menu Network.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._window, self._session = parts, parts.window, parts.session
        self._leaving = Leaving(parts)

    def edit(self) -> None:
        """Open the editor."""
        self._parts.editor.open_beside(self._parts.appearance.text_size)

    def apply(self, proposal: Proposal) -> None:
        """Put the network of the editor in the place of the one that is open."""
        if self._replace(proposal):
            self._say("The network is changed; the run starts again at iteration 0.")

    def open(self) -> None:
        """Ask for a file, and put the network that it describes in the place of the one that is open."""
        path = ask_network_to_open(self._window)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Put the network that a file describes in the place of the one that is open."""
        try:
            network, loss = read_network(path)
        except NetworkFileError as error:
            self._say(f"The network was not opened. {error}")
            return
        except OSError as error:
            self._say(f"The network was not opened: {error.strerror or error}.")
            return
        if self._leaving.may_leave() and self._replace(Proposal(network, loss or self._session.experiment.loss, {})):
            self._say(f"Opened {path.name}; all weights begin anew.")

    def save(self) -> None:
        """Ask for a file, and write the description of the network that is open into it."""
        experiment = self._session.experiment
        if experiment.network is None:
            self._say(f"There is no network to save: {experiment.preset} has none.")
            return
        path = ask_network(self._window, experiment)
        if path is None:
            return
        try:
            with whole_file(path, overwrite=True) as stream:  # the person has said so where there was one
                stream.write(network_file(experiment.network, experiment.loss))
        except OSError as error:
            self._say(f"The network was not saved: {error.strerror or error}.")
            return
        self._say(f"Wrote {path}.")

    def _replace(self, proposal: Proposal) -> bool:
        """Put a network in the place of the one that is open; where it is refused, training goes on."""
        trainer = self._session.trainer
        training = trainer.training
        trainer.pause()  # at the iteration that it has reached: its weights are kept
        done = self._session.opening.edit(proposal.network, proposal.loss, proposal.kept)
        if done:
            self._parts.player.pause()
        elif training:
            trainer.start()
        return done

    def _say(self, text: str) -> None:
        self._parts.panels[StagePanel].show_message(text)
