"""Choose the screen of the presentation: another one than the main window's, or one that a person named."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Named(Protocol):
    """A screen, as far as it is chosen."""

    def name(self) -> str:
        """Return what the system calls it."""


Screen = TypeVar("Screen", bound=Named)

OTHER = ""
"""What stands for another screen than the main window's."""


def chosen_screen(screens: Sequence[Screen], here: Screen, wanted: str) -> Screen:
    """Return the screen to present on.

    Parameters
    ----------
    screens : sequence of screens
        Those that there are.
    here : screen
        That of the main window.
    wanted : str
        The name of the one that was chosen, or ``OTHER``; where it is not there, it is another one than ``here``.

    Returns
    -------
    screen
        ``here`` where there is no other one.
    """
    others = [screen for screen in screens if screen is not here]
    named = [screen for screen in screens if wanted and screen.name() == wanted]
    return next(iter((*named, *others)), here)
