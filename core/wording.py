"""Word what a person is told: an error as a sentence, and a guess which name was meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def sentence(error: Exception) -> str:
    """Return the message of an error as a sentence."""
    text = str(error).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def counted(number: int, noun: str) -> str:
    """Return how many there are of a thing: ``1 iteration``, ``2,400 iterations``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def cut(text: str, length: int) -> str:
    """Return a text with so many letters at most, the last one "…" where there were more."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def suggestion(got: object, names: Iterable[str]) -> str:
    """Return ``" (did you mean adam?)"`` for ``adm``; nothing where no name is close."""
    by_letters = {name.lower(): name for name in names}
    close = get_close_matches(str(got).lower(), by_letters, 1)
    return f" (did you mean {by_letters[close[0]]}?)" if close else ""
