"""Read NumPy's files: one array, or an archive of several; what wants pickle is refused."""

import os
import zipfile
import zlib
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import IO

from core.data.mapped import Spool, map_file
from core.data.npy import NpyError, NpyHeader, PickledError, check_size, npy_header, open_npy
from core.data.progress import Progress
from viz_app.reading.arrays.reader import ArrayReader, Arrays, Stored
from viz_app.reading.files import DataError, by, listed, refused, shown
from viz_app.reading.offer import Choices, Kind, Option, Question

_INPUTS = ("x_train", "train_images", "train_x", "train_data", "x", "images", "inputs", "data", "features", "arr_0")
_LABELS = {
    "x_train": ("y_train",),
    "train_images": ("train_labels",),
    "train_x": ("train_y",),
    "train_data": ("train_labels", "train_targets"),
}
_USUAL_LABELS = ("y", "labels", "label", "target", "targets", "classes", "arr_1")
_BESIDE = ("labels", "label", "targets", "target", "y")
_LARGEST = 2**30
"""Bytes; a compressed array that holds more is not unpacked."""
_MOST_ARRAYS = 1000
_MOST_BESIDE = 10_000
_LARGEST_DIRECTORY = 2**20
_AT_ONCE = 2**20
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(eq=False)
class _Entry:
    """An array of an archive, that is opened when it is needed."""

    info: zipfile.ZipInfo
    header: NpyHeader
    stored: Stored | None = field(default=None)


class NpzReader(ArrayReader):
    """Reads an archive: asks which array holds the samples, and which the labels, where their names do not say it."""

    kind = Kind.NPZ

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._entries: dict[str, _Entry] | None = None
        self._notes: list[str] = []

    def find(self, choices: Choices, progress: Progress) -> Arrays:
        entries = self._found()
        shapes = {name: entry.header.shape for name, entry in entries.items() if entry.header.shape}
        if not shapes:
            raise DataError(f"{shown(self.path)}: expected an array of samples; there is none.")
        numbers = [name for name in shapes if entries[name].header.dtype.kind in "uifb"]
        if not numbers:
            raise DataError(f"{shown(self.path)}: expected an array of numbers; got {listed(list(shapes))}.")
        inputs = choices.inputs if choices.inputs in numbers else _usual_inputs(numbers, shapes)
        fitting = [name for name in shapes if name != inputs and shapes[name][0] == shapes[inputs][0]]
        fitting = [name for name in fitting if len(shapes[name]) <= 2 and 0 not in shapes[name]]
        label = choices.label if choices.label in fitting else _usual_label(inputs, fitting)
        pairs = [(inputs, label), *_test_pair(inputs, label, shapes)]
        questions = [_question("inputs", "Samples", inputs, numbers, entries)] if len(numbers) > 1 else []
        if fitting:
            questions.append(_question("label", "Labels", label, fitting, entries))
        others = ", ".join(f"{name} ({by(shape)})" for name, shape in shapes.items() if name != inputs) or "none"
        return Arrays(
            tuple(self._open(name, progress) for name, _ in pairs),
            tuple(self._open(name, progress) for _, name in pairs if name is not None),
            self._named(*(name for name, _ in pairs)),
            self._named(*(name for _, name in pairs if name is not None)),
            tuple(questions),
            tuple(self._notes),
            f"{shown(self.path)}: expected an array of {shapes[inputs][0]:,} labels for {inputs}; other arrays: "
            f"{others}. Choose the label, or let every sample ask for itself."
            + "".join(f" {note}" for note in self._notes),
        )

    def _named(self, *names: str) -> str:
        return f"{shown(self.path)}: {' and '.join(names)}"

    def _found(self) -> dict[str, _Entry]:
        """Return what the archive holds, from the headers of its arrays."""
        if self._entries is None:
            try:
                with self.path.open("rb") as stream:
                    _check_directory(stream, self.path)
                    with zipfile.ZipFile(stream) as archive:
                        self._entries = self._headers(archive)
            except DataError:
                raise
            except OSError as error:
                raise refused(self.path, error) from None
            except _ERRORS as error:
                raise _broken(self.path, error) from None
        return self._entries

    def _headers(self, archive: zipfile.ZipFile) -> dict[str, _Entry]:
        for info in archive.infolist():
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DataError(
                    f"{shown(self.path)}: expected arrays as numpy.savez writes them; it is packed otherwise."
                )
        infos = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if not infos:
            names = [info.filename[:40] for info in archive.infolist()]
            raise DataError(
                f"{shown(self.path)}: expected arrays (.npy) in the archive; got {listed(names) or 'none'}."
            )
        if len(infos) > _MOST_ARRAYS:
            raise DataError(f"{shown(self.path)}: expected at most {_MOST_ARRAYS:,} arrays; got {len(infos):,}.")
        entries: dict[str, _Entry] = {}
        for info in infos:
            name = _checked_name(info.filename, self.path)
            if name in entries:
                raise DataError(f"{shown(self.path)}: expected arrays of different names; {name} is there twice.")
            try:
                with archive.open(info) as stream:
                    header = npy_header(stream, f"{shown(self.path)}: {name}")
                check_size(header, info.file_size - header.offset, f"{shown(self.path)}: {name}")
            except PickledError as error:
                self._notes.append(str(error))
                continue
            except NpyError as error:
                raise DataError(str(error)) from None
            entries[name] = _Entry(info, header)
        if not entries:
            raise DataError(self._notes[0])
        return entries

    def _open(self, name: str, progress: Progress) -> Stored:
        entry = self._found()[name]
        if entry.stored is None:
            try:
                with self.path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
                    entry.stored = _array(stream, archive, entry, f"{shown(self.path)}: {name}", progress)
            except DataError:
                raise
            except OSError as error:
                raise refused(self.path, error) from None
            except _ERRORS as error:
                raise _broken(self.path, error) from None
        return entry.stored


class NpyReader(ArrayReader):
    """Reads one array; labels are in a file beside it: ``x_labels.npy`` beside ``x.npy``, or ``y_train.npy``."""

    kind = Kind.NPY

    def find(self, choices: Choices, progress: Progress) -> Arrays:
        inputs = self._open(self.path)
        count = len(inputs) if inputs.ndim else 0
        fitting = {path.name: path for path in self._beside() if self._count(path) == count}
        usual = next((name for name in _names_beside(self.path.stem) if name in fitting), None)
        label = choices.label if choices.label in fitting else usual
        options = tuple(Option(name, name) for name in sorted(fitting))
        question = (Question("label", "Labels", label, options, needed=label is None),) if fitting else ()
        wanted = f"{self.path.stem}_labels.npy"
        missing = (
            f"{shown(self.path)}: expected an array of {count:,} labels in a file beside it, such as {wanted}; there "
            "is none. Put it there, or let every sample ask for itself."
        )
        labels = (self._open(fitting[label]),) if label is not None else ()
        return Arrays((inputs,), labels, shown(self.path), label or "", question, missing=missing)

    def _beside(self) -> list[Path]:
        try:
            with os.scandir(self.path.parent) as entries:
                some = (entry for entry, _ in zip(entries, range(_MOST_BESIDE), strict=False))
                near = [Path(entry.path) for entry in some if entry.name.endswith(".npy") and entry.is_file()]
        except OSError:
            return []
        return sorted(path for path in near if path != self.path)[:_MOST_ARRAYS]

    def _count(self, path: Path) -> int:
        """Return how many labels a file may hold; 0 where it is no array of labels."""
        try:
            with path.open("rb") as stream:
                header = npy_header(stream, path.name)
        except (NpyError, OSError):
            return 0
        return header.shape[0] if 1 <= len(header.shape) <= 2 else 0

    def _open(self, path: Path) -> Stored:
        try:
            return open_npy(path)
        except NpyError as error:
            raise DataError(str(error)) from None
        except OSError as error:
            raise refused(path, error) from None


def _names_beside(stem: str) -> list[str]:
    """Return what a file of labels may be called."""
    names = [f"{stem}_{word}.npy" for word in _BESIDE] + [f"{stem}-{word}.npy" for word in _BESIDE]
    swapped = [stem.replace(word, other) for word in ("images", "inputs", "data") for other in ("labels", "targets")]
    if stem.lower().startswith("x"):
        swapped += [f"y{stem[1:]}"]
    return names + [f"{name}.npy" for name in swapped if name != stem]


def _usual_inputs(names: list[str], shapes: dict[str, tuple[int, ...]]) -> str:
    by_letters = {name.lower(): name for name in names}
    known = next((by_letters[name] for name in _INPUTS if name in by_letters), None)
    return known or max(names, key=lambda name: (prod(shapes[name]), name))


def _usual_label(inputs: str, fitting: list[str]) -> str | None:
    by_letters = {name.lower(): name for name in fitting}
    likely = (*_LABELS.get(inputs.lower(), ()), *_USUAL_LABELS)
    known = next((by_letters[name] for name in likely if name in by_letters), None)
    return known or (fitting[0] if len(fitting) == 1 else None)


def _test_pair(inputs: str, label: str | None, shapes: dict[str, tuple[int, ...]]) -> list[tuple[str, str | None]]:
    """Return the test part, where there is one of the same names and shapes."""
    test, test_label = inputs.replace("train", "test"), label.replace("train", "test") if label else None
    if test == inputs or test not in shapes or (label is not None and test_label not in shapes):
        return []
    return [(test, test_label)] if shapes[test][1:] == shapes[inputs][1:] else []


def _question(field_: str, title: str, value: str | None, names: list[str], entries: dict[str, _Entry]) -> Question:
    texts = (f"{name} ({by(entries[name].header.shape)} {entries[name].header.dtype.name})" for name in names)
    options = tuple(Option(name, text) for name, text in zip(names, texts, strict=True))
    return Question(field_, title, value, options, needed=value is None)


def _checked_name(name: str, path: Path) -> str:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in name or not name.isprintable():
        raise DataError(f"{shown(path)}: expected names of arrays; got {name[:60]!r}, which leads out of the archive.")
    return name.removesuffix(".npy")


def _check_directory(stream: IO[bytes], path: Path) -> None:
    """Check the size of the list of entries before it is read: a record at the end of the file says it.

    References
    ----------
    PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", sections 4.3.14 to 4.3.16.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 2**16 - 22))
    end = stream.read()
    at = end.rfind(b"PK\5\6")
    if at < 0:
        raise DataError(
            f"{shown(path)}: expected a NumPy archive (.npz) that is whole; its list of entries is missing."
        )
    directory = int.from_bytes(end[at + 12 : at + 16], "little")
    at64 = end.rfind(b"PK\6\6", 0, at)
    if at64 >= 0:
        directory = max(directory if directory < 2**32 - 1 else 0, int.from_bytes(end[at64 + 40 : at64 + 48], "little"))
    if directory > _LARGEST_DIRECTORY:
        raise DataError(f"{shown(path)}: expected a list of entries of at most 1 MiB; it says {directory:,} bytes.")


def _array(stream: IO[bytes], archive: zipfile.ZipFile, entry: _Entry, name: str, progress: Progress) -> Stored:
    """Return an array of an archive: mapped where it is not compressed, else unpacked once."""
    info, header = entry.info, entry.header
    mapped = info.compress_type == zipfile.ZIP_STORED
    if not mapped and header.needed > _LARGEST:
        raise DataError(
            f"{name}: expected at most {_LARGEST:,} bytes in a compressed array; got {header.needed:,}. Save it with "
            "numpy.savez, which does not compress."
        )
    spool = Spool()
    try:
        with archive.open(info) as unpacked:
            unpacked.read(header.offset)
            done = 0
            while data := unpacked.read(_AT_ONCE):
                done += len(data)
                progress.tell(done, header.needed, f"Reading {name}")
                if not mapped:
                    spool.write(data)
        check_size(header, done, name)
    except NpyError as error:
        spool.close()
        raise DataError(str(error)) from None
    except BaseException:
        spool.close()
        raise
    flat = (prod(header.shape),)
    if not mapped:
        return header.ordered(spool.array(header.dtype, flat))
    stream.seek(info.header_offset + 26)
    lengths = stream.read(4)
    begin = info.header_offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    return header.ordered(map_file(stream, header.dtype, flat, begin + header.offset))


def _broken(path: Path, error: Exception) -> DataError:
    told = " ".join(str(error).split()).rstrip(".")[:120] or type(error).__name__
    return DataError(f"{shown(path)}: expected a NumPy archive that is whole; {told[:1].lower()}{told[1:]}.")
