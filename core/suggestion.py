"""Guess which name was meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(got: object, names: Iterable[str]) -> str:
    """Return ``" (did you mean adam?)"`` for ``adm``; nothing where no name is close."""
    by_letters = {name.lower(): name for name in names}
    close = get_close_matches(str(got).lower(), by_letters, 1)
    return f" (did you mean {by_letters[close[0]]}?)" if close else ""
