"""Read the text of tables: its encoding, its lines, what separates cells, and its decimal mark."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from viz_app.reading.files import DataError, refused, shown

ENCODINGS = {"utf-8": "UTF-8", "latin-1": "Latin-1 (Western European)", "utf-16": "UTF-16"}
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
DECIMALS = {".": "point (1.5)", ",": "comma (1,5)"}
LONGEST_LINE = 2**20
LONGEST_CELL = 131_072
MOST_CELLS = 50_001
_SAMPLED = 2**16
_LINES_JUDGED = 60
_FEWEST_ROWS = 10
_JUDGED = 2**23
"""Bytes from which on no more rows are judged."""
_COMMA_NUMBER = re.compile(r"\s*[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?\s*")
_POINT_NUMBER = re.compile(r"\s*[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d+)?\s*")

Row = list[str]


@dataclass(frozen=True)
class Form:
    """How the text of a table is written: its encoding, what stands between cells, and the decimal mark."""

    encoding: str
    separator: str
    decimal: str


def encoding_of(path: Path) -> str:
    """Return how the text of a file is encoded; Latin-1 where it is no UTF.

    Raises
    ------
    DataError
        If it is no text, or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(_SAMPLED)
    except OSError as error:
        raise refused(path, error) from None
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if b"\0" in start:
        return _wide(start, path)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _wide(start: bytes, path: Path) -> str:
    """Return which UTF-16 without a mark has zeros in every other byte."""
    high, low = start[0::2].count(0), start[1::2].count(0)
    if max(high, low) > 0.8 * (len(start) // 2) and min(high, low) == 0:
        return "utf-16-be" if high > low else "utf-16-le"
    raise DataError(f"{shown(path)}: expected text; it holds zero bytes.")


@contextmanager
def rows_of(path: Path, encoding: str, separator: str) -> Iterator[tuple[Iterator[tuple[int, Row]], IO[bytes]]]:
    """Open a table: its rows that are not empty, each with its line, and the file beneath, which knows how far it is.

    Raises
    ------
    DataError
        If the file cannot be read, is not encoded so, or a line or a cell is too long.
    """
    try:
        with path.open("rb") as stream:
            name = "utf-8-sig" if encoding == "utf-8" else encoding
            text = io.TextIOWrapper(stream, name, newline="")
            yield _rows(text, path, separator), stream
    except UnicodeDecodeError as error:
        other = "latin-1" if encoding == "utf-8" else "utf-8"
        told = f"expected text in {encoding}; it has bytes that are none ({error.reason})"
        raise DataError(f"{shown(path)}: {told}. Choose another encoding, such as {other}.") from None
    except UnicodeError:
        raise DataError(f"{shown(path)}: expected text in {encoding}; it is none. Choose another encoding.") from None
    except OSError as error:
        raise refused(path, error) from None


def _rows(text: io.TextIOWrapper, path: Path, separator: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(_lines(text, path), delimiter=separator, skipinitialspace=True)
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise DataError(
                f"{shown(path)}, line {line}: expected cells of at most {LONGEST_CELL:,} characters; one is longer. Is "
                "a quotation mark left open?"
            ) from None
        if row is None:
            return
        if len(row) > MOST_CELLS:
            raise DataError(f"{shown(path)}, line {line}: expected at most {MOST_CELLS:,} cells; got {len(row):,}.")
        if any(row):
            yield line, row
        line = reader.line_num + 1


def _lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise DataError(f"{shown(path)}, line {number}: expected at most {LONGEST_LINE:,} characters; it has more.")
        if "\0" in line:
            raise DataError(f"{shown(path)}, line {number}: expected text; it holds a zero byte.")
        yield line


def first_rows(
    path: Path, encoding: str, separator: str, count: int, cells: int = LONGEST_LINE
) -> tuple[list[tuple[int, Row]], bool]:
    """Return so many rows from the first on, each with its line, and whether those are all.

    There are fewer where they have more cells together; ten at least.
    """
    found: list[tuple[int, Row]] = []
    with rows_of(path, encoding, separator) as (rows, stream):
        for line, row in rows:
            cells -= len(row)
            long = cells < 0 and len(found) >= _FEWEST_ROWS
            if len(found) == count or long or (found and stream.tell() > _JUDGED):
                return found, False
            found.append((line, row))
    return found, True


def separator_of(path: Path, encoding: str) -> str:
    """Return what stands between the cells: what gives most lines the same number of cells, more than one.

    Where several do, tabs go before semicolons, and those before commas: commas are in numbers and in texts.
    """
    judged = {separator: _judged(path, encoding, separator) for separator in ("\t", ";", ",")}
    best = max(judged.values())
    if best == 0:
        return ","
    return next(separator for separator, share in judged.items() if share >= 0.95 * best)


def _judged(path: Path, encoding: str, separator: str) -> float:
    """Return the share of lines that have as many cells as most have; 0 where that is one cell."""
    try:
        found, _ = first_rows(path, encoding, separator, _LINES_JUDGED)
    except DataError:
        return 0.0
    sizes = [len(row) for _, row in found]
    if not sizes:
        return 0.0
    usual = max(set(sizes), key=sizes.count)
    return sizes.count(usual) / len(sizes) if usual > 1 else 0.0


def decimal_of(rows: list[Row]) -> str:
    """Return the decimal mark: the one that more cells have."""
    cells = [cell for row in rows for cell in row]
    commas = sum(_COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
    points = sum(_POINT_NUMBER.fullmatch(cell) is not None for cell in cells)
    return "," if commas > points else "."
