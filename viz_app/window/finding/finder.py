"""Search while somebody types, and go to what is chosen."""

from PySide6.QtCore import QObject

from core.program import Program
from viz_app.frame.frame import Frame
from viz_app.frame.search import Found, found_steps, search
from viz_app.panels.stage import StagePanel
from viz_app.window.parts import Parts

_SEARCH = "delta_3, conv, softmax, a layer …"
_NOTHING = "Nothing is called that. Search for a name (delta_3, δ₃), an operation, or a layer."
_BEGIN = "Type a part of a name, an operation or a layer."
_NO_BOOKMARKS = "No step is bookmarked yet; M bookmarks the one that is shown."


class Finder(QObject):
    """What the overlay asks for.

    Parameters
    ----------
    parts : Parts
        What the window is made of.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts, self._session, self._overlay = parts, parts.session, parts.finder
        self._lists_bookmarks = False

    def open(self) -> None:
        """Let somebody search."""
        self._lists_bookmarks = False
        self._overlay.open(_SEARCH)
        self._overlay.show_found((), _BEGIN)

    def open_bookmarks(self) -> None:
        """List the bookmarks; what is typed searches all steps."""
        self._lists_bookmarks = True
        self._overlay.open(_SEARCH)
        self._list_bookmarks()

    def look(self, query: str) -> None:
        """Show what a query finds."""
        if query.strip():
            self._overlay.show_found(search(self._program, query, self._frame.options.notation), _NOTHING)
        elif self._lists_bookmarks:
            self._list_bookmarks()
        else:
            self._overlay.show_found((), _BEGIN)

    def go(self, found: Found) -> None:
        """Go to what was found, and close the list."""
        self.close()
        if found.last >= len(self._program.steps):
            return  # another network has been opened meanwhile
        if found.fold:
            self._session.navigation.go_to_block(found.fold, found.first, found.last)
        else:
            self._session.navigation.reveal(found.first)

    def close(self) -> None:
        """Hide the list, and give the keyboard back to the stage."""
        self._overlay.hide()
        self._parts.panels[StagePanel].setFocus()

    def show_experiment(self) -> None:
        """Close the list of another network."""
        if self._overlay.isVisible():
            self.close()

    def _list_bookmarks(self) -> None:
        steps = self._session.bookmarks.steps
        self._overlay.show_found(found_steps(self._program, steps, self._frame.options.notation), _NO_BOOKMARKS)

    @property
    def _frame(self) -> Frame:
        return self._session.frame

    @property
    def _program(self) -> Program:
        return self._frame.program
