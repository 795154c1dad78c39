"""Undo and redo."""

from dataclasses import dataclass, replace

from core.editing.draft import Draft


@dataclass(frozen=True)
class History:
    """The draft that there is, and those before and after it.

    Parameters
    ----------
    now : Draft
        What there is.
    past, future : tuple of Draft
        What comes back by undoing, the last first at the end; and by redoing, the next first.
    about : object
        What the last change was about: changes about one thing, such as the letters typed into a field, are one.
    """

    now: Draft
    past: tuple[Draft, ...] = ()
    future: tuple[Draft, ...] = ()
    about: object = None

    def take(self, draft: Draft, about: object = None) -> "History":
        """Return the history with another draft; what had been undone is forgotten."""
        if draft == self.now:
            return self
        joined = about is not None and about == self.about
        if joined and draft == self.past[-1]:  # what was typed and taken back is no change
            return History(draft, self.past[:-1])
        return History(draft, self.past if joined else (*self.past, self.now)[-_MOST:], (), about)

    def settled(self) -> "History":
        """Return the history whose next change is one of its own."""
        return replace(self, about=None)

    def undo(self) -> "History":
        """Go back by a change, where there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redo(self) -> "History":
        """Make the change again that was undone last, where there is one."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])


_MOST = 500
"""So many changes can be undone."""
