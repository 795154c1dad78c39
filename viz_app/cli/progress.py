"""Show on a terminal how far something is, and how long it will take."""

import sys
import time

_BAR = 30
_ASKED_AFTER_S = 1.0
"""Before that a guess of the time left is worth nothing."""


class ProgressBar:
    """A bar that grows over itself on a terminal; elsewhere one line says that all is done."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """Show how many are done, and of how many."""
        full = _BAR * done // total
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {done}/{total}"
        if sys.stderr.isatty():
            line += self._left(done, total)
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r{line.ljust(self._width)}{end}")
            sys.stderr.flush()
            self._width = len(line)
        elif done == total:
            sys.stderr.write(f"{line}\n")

    def _left(self, done: int, total: int) -> str:
        """Return in words how long the rest takes, if it goes on as so far."""
        passed = time.monotonic() - self._started
        if done in (0, total) or passed < _ASKED_AFTER_S:
            return ""
        seconds = round(passed / done * (total - done))
        minutes, seconds = divmod(seconds, 60)
        return f", {minutes} min {seconds:02d} s left" if minutes else f", {seconds} s left"
