"""Say what the columns of a table are: their names, whether they hold numbers or text, and which is asked for."""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

from core.data.progress import Progress
from viz_app.reading.files import printable
from viz_app.reading.offer import Column, ColumnKind
from viz_app.reading.tables.text import Row

LABEL_NAMES = ("label", "class", "target", "y", "species", "digit", "category", "outcome", "diagnosis", "output")
_INDEX_NAMES = ("", "id", "index", "no", "nr", "unnamed: 0")
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-", "#n/a"))
_FEW = 20
_MANY = 20


def as_number(cell: str, decimal: str) -> float | None:
    """Return the number that is written in a cell; ``None`` where it is none, or not finite."""
    text = cell.strip()
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    try:
        number = float(text) if "_" not in text else None
    except ValueError:
        return None
    return number if number is not None and isfinite(number) else None


def is_missing(cell: str) -> bool:
    """Tell whether a cell of a column of numbers stands for a value that is missing."""
    return cell.strip().lower() in _MISSING


def has_header(rows: Sequence[Row], decimal: str) -> bool:
    """Tell whether the first row holds names: no numbers, and other words than stand below them."""
    first, rest = rows[0], rows[1:]
    if any(as_number(cell, decimal) is not None for cell in first):
        return False
    if any(as_number(cell, decimal) is not None for row in rest for cell in row):
        return True
    below = [{row[place] for row in rest if place < len(row)} for place in range(len(first))]
    distinct = len(set(first)) == len(first)
    return distinct and all(cell not in words for cell, words in zip(first, below, strict=True))


def names_of(first: Row | None, count: int) -> list[str]:
    """Return what columns are called: each name once, and a number for those without."""
    given = [printable(" ".join(cell.split())[:80]) for cell in first] if first is not None else []
    names: dict[str, None] = {}
    for place in range(count):
        name = (given[place] if place < len(given) else "") or f"column {place + 1}"
        taken, number = name, 2
        while taken in names:
            taken, number = f"{name} ({number})", number + 1
        names[taken] = None
    return list(names)


def columns_of(names: list[str], rows: Sequence[Row], decimal: str, progress: Progress) -> list[Column]:
    """Return what the first rows say of every column: numbers, where most of their cells are."""
    columns = []
    for place, name in enumerate(names):
        progress.tell(place, len(names), "Looking at the columns")
        cells = [row[place] for row in rows if place < len(row)]
        numbers = sum(as_number(cell, decimal) is not None for cell in cells)
        empty = sum(is_missing(cell) for cell in cells)
        is_number = numbers > 0 and 2 * numbers >= len(cells) - empty
        words = () if is_number else tuple(sorted({cell.strip() for cell in cells} - {""}))
        columns.append(Column(name, ColumnKind.NUMBER if is_number else ColumnKind.TEXT, words))
    return columns


def usual_label(columns: Sequence[Column], rows: Sequence[Row], decimal: str) -> str | None:
    """Return the column that is asked for by its name, or because the last one holds few words or whole numbers."""
    by_letters = {column.name.lower(): column.name for column in reversed(columns)}
    known = next((by_letters[name] for name in LABEL_NAMES if name in by_letters), None)
    if known is not None or not columns:
        return known
    last = columns[-1]
    cells = [row[len(columns) - 1] for row in rows if len(row) >= len(columns)]
    few = len(set(cells)) <= min(_FEW, max(2, len(cells) // 2))
    return last.name if few and (last.kind is ColumnKind.TEXT or _whole(cells, decimal)) else None


def _whole(cells: Sequence[str], decimal: str) -> bool:
    numbers = [as_number(cell, decimal) for cell in cells]
    return all(number is not None and number == round(number) for number in numbers)


def usually_left_out(columns: Sequence[Column], rows: Sequence[Row], label: str | None) -> tuple[str, ...]:
    """Return columns that only number or name the rows: each row has another."""
    left_out = []
    for place, column in enumerate(columns):
        cells = [row[place] for row in rows if place < len(row)]
        differ = len(cells) >= _MANY and len(set(cells)) == len(cells)
        index = place == 0 and column.name.lower() in (*_INDEX_NAMES, "column 1") and _counts(cells)
        named = column.name.lower() in _INDEX_NAMES and differ
        if column.name != label and (index or named or (column.kind is ColumnKind.TEXT and differ)):
            left_out.append(column.name)
    return tuple(left_out)


def _counts(cells: Sequence[str]) -> bool:
    """Tell whether cells count on from 0 or 1."""
    if len(cells) < 3 or not all(re.fullmatch(r"\d+", cell.strip()) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return numbers[0] in (0, 1) and all(b == a + 1 for a, b in pairwise(numbers))
