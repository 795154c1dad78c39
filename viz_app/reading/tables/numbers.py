"""Turn the cells of a table into numbers, some rows at a time: one pass, in bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.mapped import Spool
from core.data.progress import Progress
from core.wording import cut
from viz_app.reading.files import DataError, shown
from viz_app.reading.offer import Column, ColumnKind
from viz_app.reading.tables.columns import as_number, is_missing
from viz_app.reading.tables.rows import MOST_WORDS
from viz_app.reading.tables.text import Form, Row, rows_of

MOST_INPUTS = 50_000
"""Words of all columns together."""
_LONGEST_TEXT = 200
_CELLS_AT_ONCE = 2**12
_BYTES_AT_ONCE = 2**22
_LARGEST = 2**32
"""Bytes; a table of more numbers is not taken."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A table as numbers: (n, columns) float64 with codes for words, and for each column of text its words by code."""

    stored: NDArray[Any]
    words: dict[int, tuple[str, ...]]


class _Cells:
    """Reads rows of one table into numbers; what is wrong is told by line and column."""

    def __init__(self, path: Path, columns: Sequence[Column], decimal: str, skipped: frozenset[int]) -> None:
        self._path, self._columns, self._decimal, self._skipped = path, columns, decimal, skipped
        places = [place for place in range(len(columns)) if place not in skipped]
        self._numbers = [place for place in places if columns[place].kind is ColumnKind.NUMBER]
        self._texts = [place for place in places if columns[place].kind is ColumnKind.TEXT]
        self._words = 0
        self.codes: dict[int, dict[str, int]] = {place: {} for place in self._texts}

    def read(self, rows: list[tuple[int, Row]]) -> NDArray[np.float64]:
        """Return rows as numbers, (rows, columns); columns that are left out are 0."""
        made = np.zeros((len(rows), len(self._columns)))
        try:
            if self._numbers:
                made[:, self._numbers] = self._quick([self._of_numbers(row) for _, row in rows])
        except ValueError:
            made[:, self._numbers] = [self._slow(line, row) for line, row in rows]
        for place in self._texts:
            made[:, place] = [self._code(place, line, row[place]) for line, row in rows]
        return made

    def _of_numbers(self, row: Row) -> Sequence[str]:
        """Return the cells of a row that are to be numbers."""
        return row if len(self._numbers) == len(row) else [row[place] for place in self._numbers]

    def _quick(self, cells: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return cells as numbers; raise ValueError where one is none."""
        flat = list(chain.from_iterable(cells))
        whole = ";".join(flat)
        if "_" in whole or (self._decimal == "," and ("." in whole or ";" in "".join(flat))):
            raise ValueError
        if self._decimal == ",":
            flat = whole.replace(",", ".").split(";")
        numbers = np.fromiter(map(float, flat), np.float64, len(flat)).reshape(len(cells), -1)
        if not np.isfinite(numbers).all():
            raise ValueError
        return numbers

    def _slow(self, line: int, row: Row) -> list[float]:
        """Return the cells of one row as numbers; raise DataError for the first that is none."""
        return [self._number(line, place, row[place]) for place in self._numbers]

    def _number(self, line: int, place: int, cell: str) -> float:
        number = as_number(cell, self._decimal)
        if number is not None:
            return number
        if is_missing(cell):
            raise self._refused(line, place, f"expected a number; the value is missing ({_quoted(cell)})")
        raise self._refused(line, place, f"expected a finite number; got {_quoted(cell)}")

    def _code(self, place: int, line: int, cell: str) -> int:
        word, codes = " ".join(cell.split()), self.codes[place]
        if not word:
            raise self._refused(line, place, "expected a text; the value is missing (empty)")
        if word not in codes:
            self._check_word(word, place, line)
            codes[word] = len(codes)
        return codes[word]

    def _check_word(self, word: str, place: int, line: int) -> None:
        told = ""
        if len(word) > _LONGEST_TEXT:
            told = f"expected texts of at most {_LONGEST_TEXT} characters; got {len(word):,}"
        elif len(self.codes[place]) == MOST_WORDS:
            told = f"expected at most {MOST_WORDS:,} different texts; there are more"
        elif self._words == MOST_INPUTS:
            told = f"expected at most {MOST_INPUTS:,} different texts in all columns; there are more"
        if told:
            raise self._refused(line, place, f"{told}. Leave the column out")
        self._words += 1

    def _refused(self, line: int, place: int, told: str) -> DataError:
        return DataError(f"{shown(self._path)}, line {line}, column {self._columns[place].name}: {told}.")


def numbers_of(
    path: Path, form: Form, columns: Sequence[Column], header: bool, skipped: frozenset[int], progress: Progress
) -> Numbers:
    """Return a table as numbers; up to 64 MiB of them are in memory, more in a temporary file that is mapped.

    Raises
    ------
    DataError
        If a row has another number of cells, a value is missing or is none, or there is no row; it names the line.
    Cancelled
        If somebody stops it.
    """
    cells, spool = _Cells(path, columns, form.decimal, skipped), Spool()
    total = path.stat().st_size
    at_once = max(1, _CELLS_AT_ONCE // max(1, len(columns)))
    try:
        with rows_of(path, form.encoding, form.separator) as (rows, stream):
            part: list[tuple[int, Row]] = []
            began = 0
            for number, (line, row) in enumerate(rows):
                if header and number == 0:
                    continue
                part.append((line, fitted(row, len(columns), line, path)))
                if len(part) == at_once or stream.tell() - began > _BYTES_AT_ONCE:
                    _write(spool, cells.read(part), path)
                    part, began = [], stream.tell()
                    progress.tell(began, total, f"Reading {shown(path)}")
            if part:
                _write(spool, cells.read(part), path)
        count = spool.size // (8 * len(columns))
        if not count:
            raise DataError(f"{shown(path)}: expected at least one row of data; there is none.")
        return Numbers(spool.array(np.float64, (count, len(columns))), {k: tuple(v) for k, v in cells.codes.items()})
    except BaseException:
        spool.close()
        raise


def first_numbers(
    path: Path, form: Form, columns: Sequence[Column], rows: list[tuple[int, Row]], skipped: frozenset[int]
) -> Numbers:
    """Return the first rows of a table as numbers; each comes with its line. Errors as of ``numbers_of``."""
    cells = _Cells(path, columns, form.decimal, skipped)
    stored = cells.read(rows)
    return Numbers(stored, {place: tuple(words) for place, words in cells.codes.items()})


def fitted(row: Row, count: int, line: int, path: Path) -> Row:
    """Return a row of as many cells as there are columns; an empty one more at the end is dropped.

    Raises
    ------
    DataError
        If it has fewer, or more.
    """
    if len(row) == count + 1 and not row[-1].strip():
        row = row[:-1]
    if len(row) != count:
        raise DataError(f"{shown(path)}, line {line}: expected {count:,} cells, as in the first row; got {len(row):,}.")
    return row


def _write(spool: Spool, numbers: NDArray[np.float64], path: Path) -> None:
    if spool.size + numbers.nbytes > _LARGEST:
        raise DataError(f"{shown(path)}: expected at most {_LARGEST:,} bytes of numbers; there are more.")
    spool.write(numbers.tobytes())


def _quoted(cell: str) -> str:
    text = " ".join(cell.split())
    return repr(cut(text, 40)) if text else "empty"
