"""What every page of the own input is."""

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.data.guest import Guest
from core.experiment import Experiment
from viz_app.frame.frame import Frame
from viz_app.frame.told.written import Written
from viz_app.paint.theme import Theme


class InputPage(QWidget):
    """A way to bring an input of one's own: a subclass is one file, and one entry of ``PAGES``."""

    drafted = Signal(object)
    """A ``Guest`` that is still being made, or ``None`` where there is nothing yet: the prediction follows it."""
    guest_requested = Signal(object)
    """A ``Guest`` that the network is to be run on."""

    open_requested = Signal()
    """A file is to be chosen and opened."""
    paste_requested = Signal()
    """What is on the clipboard is to be taken."""
    cancel_requested = Signal()
    """What is being read is not wanted any more."""
    picture_requested = Signal(object, str)
    """The image that one kernel is to slide over, (channels, h, w), and its title."""

    text_typed = Signal(str)
    """A text that is to be continued."""
    taste_chosen = Signal(object)
    """A ``Taste``: how the next token is chosen."""
    wished = Signal(object)
    """A ``Wish``: what is asked of the text."""

    answers_itself: ClassVar[bool] = False
    """Whether it shows by itself what the network answers."""
    title: ClassVar[str] = ""
    """What a person reads on its tab, with the letter to press beside Alt."""

    @property
    def busy(self) -> bool:
        """Whether a person is in the middle of something that must not wait for what is done while idle."""
        return False

    def unfit(self, experiment: Experiment) -> str:
        """Return in one sentence why the page means nothing for a network; nothing where it does."""
        raise NotImplementedError

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what is open: one that the page is fit for."""
        raise NotImplementedError

    def show_frame(self, frame: Frame) -> None:
        """Take the place in the run that is shown; most pages need nothing of it."""

    def show_guest(self, guest: Guest | None) -> None:
        """Take the own input that the network is run on, or that it is run on the data; most pages need not know."""

    def show_written(self, written: Written) -> None:
        """Take what there is of the text; most pages need not know."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
