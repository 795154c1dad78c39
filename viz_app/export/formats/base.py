"""What every format says of itself, and how it is written."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, ClassVar

from core.program import Step
from viz_app.export.look import Look, Timing
from viz_app.export.pages import Page


class ExportError(ValueError):
    """What was asked for cannot be exported; the message is a sentence."""


class Holds(Enum):
    """How many pages a file holds."""

    ONE = auto()
    """One page: several become numbered files in a folder."""
    ANY = auto()
    """One page or several: numbered files in a folder, or all in a file."""
    ALL = auto()
    """All pages, in one file."""


@dataclass(frozen=True)
class About:
    """What a file says of itself as a whole, and how its pages follow each other."""

    title: str
    timing: Timing


class Format(ABC):
    """A format of files.

    A subclass in a module of this package is all that a new format takes.
    """

    name: ClassVar[str]
    """What ``--format`` calls it."""
    title: ClassVar[str]
    """What a dialog calls it."""
    endings: ClassVar[tuple[str, ...]]
    """The endings of its files, the usual one first."""
    holds: ClassVar[Holds]
    timed: ClassVar[bool] = False
    """Whether it says how long each page is shown."""
    transparent: ClassVar[bool] = False
    """Whether it can leave out the ground."""
    vector: ClassVar[bool] = False
    """Whether it keeps vectors, for which pixels are but a unit."""
    longest: ClassVar[int] = 32_767
    """The most pixels of a side."""

    def check(self, look: Look) -> str | None:
        """Return what is to be said where a file will look other than was asked for; mostly nothing.

        Raises
        ------
        ExportError
            If it cannot hold anything like it.
        """
        width, height = look.pixels
        if max(width, height) > self.longest:
            raise ExportError(
                f"Expected at most {self.longest:,} pixels a side for {self.title}; got {width:,} x {height:,}."
            )
        if look.transparent and not self.transparent:
            raise ExportError(f"Expected a picture with a ground for {self.title}: it cannot be transparent.")
        return None

    def check_steps(self, steps: Sequence[Step]) -> None:
        """Check that pages of steps make sense in this format.

        Raises
        ------
        ExportError
            If they do not.
        """
        return

    @property
    def in_one_file(self) -> bool:
        """Whether several pages can be in one file."""
        return self.holds is not Holds.ONE

    @property
    def in_folder(self) -> bool:
        """Whether pages can be numbered files in a folder."""
        return self.holds is not Holds.ALL

    @abstractmethod
    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        """Write pages into a new file; yield again and again, in the thread of Qt, so that others have their turn.

        Raises
        ------
        OSError
            If it cannot be written.
        """


class OnePage(Format):
    """A format whose pages are files of their own, encoded while the next ones are drawn."""

    holds = Holds.ONE

    @abstractmethod
    def draw(self, page: Page) -> Any:
        """Return what a page becomes, in the thread of Qt."""

    def draw_all(self, pages: Iterable[Page]) -> Iterator[Any]:
        """Yield what pages become that follow each other, the same as each by itself; in the thread of Qt."""
        yield from map(self.draw, pages)

    @abstractmethod
    def encode(self, drawn: Any) -> bytes:
        """Return the content of the file; in any thread.

        Raises
        ------
        OSError
            If it cannot be encoded.
        """

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        for page in pages:
            path.write_bytes(self.encode(self.draw(page)))
            yield
