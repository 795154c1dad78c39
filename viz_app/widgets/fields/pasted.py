"""Tell the cells of what is pasted: a row or a column of a spreadsheet, or numbers in a line of text. Without Qt."""

import re

_BY_SPACE = re.compile(r"(?<![/\s])\s+(?!\s*/)")
"""Space between two numbers: not the one around the stroke of a fraction."""


def pasted_cells(text: str) -> tuple[str, ...]:
    """Return the text of each cell.

    A tab separates cells, else a semicolon, else a comma with a space, else a space; each of them leaves the comma to
    be a decimal mark. Commas alone separate cells where there is a decimal point, or more than one of them: ``0,5`` is
    one number. A line ends a cell, too.
    """
    cells: list[str] = []
    lines = text.strip("\r\n").splitlines()
    for line in lines:
        cells += _cells(line)
    return tuple(cell.strip().strip('"').strip() for cell in cells)


def _cells(line: str) -> list[str]:
    for mark in ("\t", ";"):
        if mark in line:
            return line.split(mark)
    line = line.strip()
    if re.search(r",\s", line):
        return re.split(r",\s+", line)
    by_space = _BY_SPACE.split(line)
    if len(by_space) > 1:
        return by_space
    return line.split(",") if line.count(",") > 1 or ("," in line and "." in line) else [line]
