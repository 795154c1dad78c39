"""Write numbers the way a person reads them."""

import math

MINUS = "−"


def number(value: float, digits: int = 4) -> str:
    """Write a number with at most ``digits`` significant digits: ``0.1234``, ``−12.5``, ``1.2e−7``, ``NaN``, ``∞``."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    size = abs(value)
    if 1e-4 <= size < 1e6:
        decimals = max(digits - 1 - math.floor(math.log10(size)), 0)
        text = f"{value:.{min(decimals, digits + 3)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:.{max(digits - 2, 1)}e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return text.replace("-", MINUS)


def in_cell(value: float, characters: int) -> str:
    """Write a number within a width in characters: ``.53``, ``−1.2``, ``5e−5``; empty where there is no room.

    What is not 0 but too small to write is ``+0`` or ``−0``.
    """
    for digits in (4, 3, 2, 1):
        text = number(value, digits)
        text = text.replace("0.", ".", 1) if text.lstrip(MINUS).startswith("0.") else text
        if len(text) <= characters:
            return text
    text = f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("-", MINUS)
    if len(text) <= characters:
        return text
    tiny = abs(value) < 0.1 and characters >= 2
    return ("+0" if value > 0 else f"{MINUS}0") if tiny else ""


def factor(value: float, digits: int = 4) -> str:
    """Write a number as it stands in a product: negative ones in brackets."""
    text = number(value, digits)
    return f"({text})" if text.startswith(MINUS) else text


def place(index: tuple[int, ...]) -> str:
    """Write a cell's index: ``[0, 3]``; nothing for a scalar."""
    return f"[{', '.join(str(i) for i in index)}]" if index else ""
