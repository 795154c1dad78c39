"""Find the images of a folder: a subfolder for every class, or such in one folder to train on and one to test."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.data.progress import Progress
from viz_app.reading.files import DataError, listed, refused, shown

ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *("png", "apng", "jpg", "jpeg", "jpe", "jfif", "bmp", "dib", "gif", "tif", "tiff", "webp", "ppm", "pgm", "pbm"),
        *("pnm", "tga", "icb", "vda", "vst", "ico", "jp2", "avif", "avifs"),
    )
)
"""How the names of images end, in lower case."""
MOST_FILES = 200_000
_MOST_CLASSES = 1000
_DEEPEST = 8
_TRAIN = frozenset(("train", "training"))
_TEST = frozenset(("test", "testing", "val", "valid", "validation"))
_SMALLEST_PARTS = 2


@dataclass(frozen=True)
class ImageFile:
    """An image of a folder: where it is, the name of its class, and whether it is of the test part."""

    path: Path
    label: str
    is_test: bool = False


@dataclass
class ImageFiles:
    """What was found in a folder.

    Parameters
    ----------
    folder : Path
        Where.
    files : list of ImageFile
        The images of all classes, those of the test part last, in the order of their names.
    loose : int
        How many images stand in no subfolder.
    others : list of str
        Files that are no images by their names, and what is no file.
    empty : list of str
        Subfolders without an image.
    circles : list of str
        Links to folders that were looked into already.
    """

    folder: Path
    files: list[ImageFile] = field(default_factory=list)
    loose: list[Path] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    circles: list[str] = field(default_factory=list)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of their names; numbers in theirs."""
        return tuple(sorted({file.label for file in self.files}, key=in_order))

    @property
    def test(self) -> int:
        """How many images are of the test part."""
        return sum(file.is_test for file in self.files)


def image_files(folder: Path, progress: Progress) -> ImageFiles:
    """Return the images of a folder.

    Raises
    ------
    DataError
        If the folder, or one in it, cannot be read, or there are too many files or classes.
    Cancelled
        If somebody stops it.
    """
    found = ImageFiles(folder)
    walk = _Walk(found, progress)
    below, found.loose = walk.step(folder)
    parts = {_part(path.name) for path in below}
    if parts == {False, True} and len(below) >= _SMALLEST_PARTS:
        for part in sorted(below, key=lambda path: bool(_part(path.name))):
            classes, loose = walk.step(part)
            found.loose += loose
            walk.classes(classes, is_test=bool(_part(part.name)))
    else:
        walk.classes(below)
    if len(found.class_names) > _MOST_CLASSES:
        raise DataError(
            f"{shown(folder)}: expected at most {_MOST_CLASSES:,} subfolders, one for each class; got "
            f"{len(found.class_names):,}."
        )
    return found


def in_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return what names are ordered by: numbers in them as numbers."""
    parts = re.split(r"(\d+)", name.lower())
    return tuple((0, int(part[:18]), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def _part(name: str) -> bool | None:
    """Tell whether a folder is called like a part to train on, or to test; ``None`` where it is neither."""
    return False if name.lower() in _TRAIN else True if name.lower() in _TEST else None


class _Walk:
    """Looks through folders, each of them once, whatever links lead there."""

    def __init__(self, found: ImageFiles, progress: Progress) -> None:
        self._found, self._progress = found, progress
        self._seen: set[tuple[int, int]] = set()
        self._count = 0

    def classes(self, folders: list[Path], *, is_test: bool = False) -> None:
        """Take every folder as a class, with all that is below it."""
        for folder in folders:
            before = len(self._found.files)
            self._found.files += [ImageFile(path, folder.name, is_test) for path in self._below(folder, 0)]
            if len(self._found.files) == before:
                self._found.empty.append(folder.name)

    def _below(self, folder: Path, depth: int) -> Iterator[Path]:
        folders, images = self.step(folder)
        yield from images
        for inner in folders if depth < _DEEPEST else ():
            yield from self._below(inner, depth + 1)

    def step(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Return the folders and the images that stand in a folder, in order; nothing where it was seen before."""
        folders: list[Path] = []
        images: list[Path] = []
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in self._seen:
                self._found.circles.append(folder.name)
                return [], []
            self._seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._tick()
                    if entry.name.startswith(".") or entry.name in ("Thumbs.db", "__MACOSX"):
                        continue
                    self._sort(entry, folders, images)
        except OSError as error:
            raise refused(folder, error) from None
        return sorted(folders, key=_by_name), sorted(images, key=_by_name)

    def _sort(self, entry: os.DirEntry[str], folders: list[Path], images: list[Path]) -> None:
        """Put what stands in a folder where it belongs; a link that leads in a circle is neither."""
        try:
            if entry.is_dir():
                folders.append(Path(entry.path))
            elif entry.is_file() and os.path.splitext(entry.name)[1].lower() in ENDINGS:
                images.append(Path(entry.path))
            else:
                self._found.others.append(entry.name)
        except OSError:
            self._found.others.append(entry.name)

    def _tick(self) -> None:
        self._count += 1
        if self._count > MOST_FILES:
            raise DataError(f"{shown(self._found.folder)}: expected at most {MOST_FILES:,} files; there are more.")
        if self._count % 64 == 0:
            self._progress.tell(self._count, 0, "Looking through the folder")


def _by_name(path: Path) -> tuple[tuple[int, int, str], ...]:
    return in_order(path.name)


def refusal_of(found: ImageFiles) -> str:
    """Say why a folder is no folder of images by class: one sentence; empty where it is one."""
    names = found.class_names
    if len(names) >= _SMALLEST_PARTS:
        return ""
    where, wanted = shown(found.folder), "expected a subfolder of images for each of two classes or more"
    if names:
        return f"{where}: {wanted}; there is one, {names[0]}."
    if found.loose:
        advice = "put the images of each class into a subfolder of its own"
        return f"{where}: {wanted}; its {len(found.loose):,} images are in none: {advice}."
    there = f"; it holds {listed(found.others, 3)}" if found.others else ""
    return f"{where}: expected a pair of IDX files, or a subfolder of images for each class; there is neither{there}."
