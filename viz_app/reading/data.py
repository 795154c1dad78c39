"""Open data of any kind: say what stands at a path or behind a name, let a person choose, and make a data set of it.

``look_into`` tells what was found, with a preview and the questions that a person can answer (``Offer``). It reads no
more than that takes. ``Offer.changed(label="price")`` looks again with other choices; ``Offer.open`` makes the data
set. All of them may take long, can be called from any thread, tell a ``Progress`` how far they are, and stop where it
is cancelled. What is wrong is told in a ``DataError``: one sentence. ``open_data`` does it all without a question.
"""

import os
from pathlib import Path
from typing import Any

from core.data.dataset import Dataset
from core.data.idx import is_idx
from core.data.npy import MAGIC
from core.data.progress import Cancelled, Progress
from viz_app.reading.arrays.idx_files import IdxReader, is_pair_name, names_in
from viz_app.reading.arrays.npz import NpyReader, NpzReader
from viz_app.reading.files import DataError, checked, listed, refused, shown
from viz_app.reading.images.folder import FolderReader
from viz_app.reading.marks import MARKED, known_as
from viz_app.reading.named.data_sets import NAMED, named, no_such
from viz_app.reading.named.reader import NamedReader
from viz_app.reading.offer import Choices, Offer, Reader
from viz_app.reading.tables.reader import TableReader

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat")
"""Endings of files whose bytes do not say what they are."""
__all__ = ["NAMED", "Cancelled", "Choices", "DataError", "Offer", "Progress", "is_data", "look_into", "open_data"]


def look_into(source: Path | str, choices: Choices | None = None, progress: Progress | None = None) -> Offer:
    """Tell what data stand at a path, or behind a name.

    Parameters
    ----------
    source : Path or str
        A file or a folder; or a name of ``NAMED``: a text that is one is never a path (``./mnist`` is).
    choices : Choices or None
        What is known already.
    progress : Progress or None
        Told how far it is; cancel it from any thread.

    Raises
    ------
    DataError
        If there are no data that can be taken.
    Cancelled
        If somebody stops it.
    """
    return _reader(source).look(choices or Choices(), progress or Progress())


def open_data(source: Path | str, progress: Progress | None = None, **chosen: Any) -> Dataset:
    """Return the data at a path, or behind a name, with the choices given and all others as found.

    What opens by name is downloaded where it is not there yet.

    Parameters
    ----------
    source : Path or str
        As of ``look_into``.
    progress : Progress or None
        Told how far it is.
    **chosen
        Fields of ``Choices``.

    Raises
    ------
    DataError
        If the data cannot be taken, or a question has to be answered that was not: the sentence says which.
    Cancelled
        If somebody stops it.
    """
    offer = look_into(source, Choices(**chosen), progress)
    _check_names(offer)
    if offer.missing:
        raise DataError(offer.missing)
    return offer.open(progress=progress)


def _check_names(offer: Offer) -> None:
    """Refuse names of arrays, columns or files that there are not: nobody is there to see that others were taken."""
    for field in ("inputs", "label"):
        name, question = getattr(offer.choices, field), offer.question(field)
        known = [option.value for option in question.options] if question else []
        if name is not None and name not in known and not offer.to_download:
            what = f"a name among {listed(known, 12)}" if known else "no name: there is nothing to choose"
            raise DataError(f"{shown(Path(offer.name))}: expected {what}; got {name[:60]!r}.")


def is_data(path: Path) -> bool:
    """Tell whether a path looks like data: a folder, a file of arrays, or a table by its name.

    Whether they can be taken, ``look_into`` says.
    """
    try:
        if path.is_dir():
            return True
        if not path.is_file():  # reading from a pipe may wait for ever
            return False
        with path.open("rb") as stream:
            start = stream.read(MARKED)
    except OSError:
        return False
    arrays = start.startswith((b"\x1f\x8b", MAGIC, b"PK")) or is_idx(start)
    return arrays or path.suffix.lower() in _TABLES


def _reader(source: Path | str) -> Reader:
    one = named(source) if isinstance(source, str) else None
    if one is not None:
        return NamedReader(one)
    if isinstance(source, str) and not source.strip():
        raise no_such(source)
    try:
        path = Path(source).expanduser()
    except (RuntimeError, ValueError):  # the home of nobody, or no name at all
        path = Path(source)
    if isinstance(source, str) and len(path.parts) == 1 and not path.suffix and not os.path.lexists(path):
        raise no_such(source)
    path = checked(path)
    return _of_folder(path) if path.is_dir() else _of_file(path)


def _of_folder(path: Path) -> Reader:
    """Return who reads a folder: IDX files in it come first, then images in subfolders."""
    has_idx = any(is_pair_name(name) for name in names_in(path))
    return IdxReader(path) if has_idx else FolderReader(path)


def _of_file(path: Path) -> Reader:
    """Return who reads a file, by its first bytes."""
    try:
        with path.open("rb") as stream:
            start = stream.read(MARKED)
    except OSError as error:
        raise refused(path, error) from None
    if start[:2] == b"\x1f\x8b" or is_idx(start):
        return IdxReader(path)
    if start.startswith(MAGIC):
        return NpyReader(path)
    if start.startswith(b"PK"):
        return NpzReader(path)
    if known := known_as(start):
        kind, advice = known
        raise DataError(f"{shown(path)}: expected IDX, .npz, .npy or CSV; it is {kind}. To use it, {advice}.")
    if start and is_pair_name(path.name) and path.suffix.lower() not in _TABLES:
        return IdxReader(path)  # which says what is wrong with its first bytes
    return TableReader(path)
