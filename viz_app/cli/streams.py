"""Make what is printed arrive, where a stream is closed or cannot hold every letter."""

import codecs
import io
import os
import sys
import unicodedata
from itertools import groupby

SPELL = "netstep.spell"
"""The error handler that ``prepare`` gives the streams: letters that they cannot hold are spelled in ASCII."""

_SIGNS = {"·": ".", "×": "x", "−": "-", "–": "-", "⊙": "(.)", "⊘": "(/)", "⋆": "*", "∗": "*", "∂": "d", "Σ": "sum",
          "√": "sqrt", "∞": "inf", "≤": "<=", "≥": ">=", "∈": "in"}  # fmt: skip
_MARKS = {"<sub>": "_", "<super>": "^"}


def prepare() -> None:
    """Give the process streams that can be written to: closed ones lead nowhere, poor ones spell."""
    codecs.register_error(SPELL, _spell)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELL)


def abandon() -> None:
    """Let nothing more be written: Python flushes once more at exit, and would fail once more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def printable(text: str) -> str:
    """Return a text as standard output will show it."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, SPELL).decode(encoding)


def spelled(text: str) -> str:
    """Return a text in ASCII: ``w₁ᵀ`` as ``w_1^T``, ``δ`` as ``delta``, a letter without a spelling as its number."""
    kinds = groupby(text, lambda letter: _MARKS.get(unicodedata.decomposition(letter).split(" ")[0], ""))
    return "".join(mark + "".join(map(_letter, letters)) for mark, letters in kinds)


def _letter(letter: str) -> str:
    script, _, name = unicodedata.name(letter, "").rpartition(" ")
    if script.startswith("GREEK") and letter not in _SIGNS:
        return name.lower() if "SMALL" in script else name.capitalize()
    parts = unicodedata.normalize("NFKD", letter)
    plain = "".join(_SIGNS.get(part, part) for part in parts if not unicodedata.combining(part))
    return plain.encode("ascii", "backslashreplace").decode("ascii")


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spelled(error.object[error.start : error.end]), error.end
