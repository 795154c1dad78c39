"""Tell the window how far work beside it is."""

from core.data.progress import Progress
from viz_app.session.background import Task

_MEGABYTE = 1e6


class Telling(Progress):
    """A progress that is told to the window, and ends the work once nobody wants it.

    Parameters
    ----------
    task : Task
        The work, as the window knows it.
    download : bool
        Whether what is counted are bytes that are downloaded.
    """

    def __init__(self, task: Task, download: bool = False) -> None:
        super().__init__()
        self._task, self._download = task, download

    def tell(self, done: int, total: int = 0, what: str | None = None) -> None:
        if self._task.stopped:
            self.cancel()
        super().tell(done, total, what)
        self._task.progress(self.share, self._text)

    @property
    def _text(self) -> str:
        what = self.what or "Reading"
        if self._download and self.total:
            return f"{what} ({self.done / _MEGABYTE:.1f} of {self.total / _MEGABYTE:.1f} MB)"
        return what if self.share is None else f"{what} ({self.share:.0%})"
