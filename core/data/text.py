"""Write text as numbers of tokens, one a character, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.wording import counted

SPACE = "␣"
"""How a space is shown where it stands alone."""


@dataclass(frozen=True)
class Alphabet:
    """The characters that a network knows; the number of a token is the place of its character.

    Parameters
    ----------
    characters : str
        Each once.
    """

    characters: str

    def __len__(self) -> int:
        return len(self.characters)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each token is called where it stands alone."""
        return self.shown(self.characters)

    @staticmethod
    def shown(text: str) -> tuple[str, ...]:
        """Return what the characters of a text are called where each stands alone."""
        return tuple(SPACE if character == " " else character for character in text)

    def numbers(self, text: str) -> tuple[int, ...]:
        """Return the number of each character's token.

        Raises
        ------
        ValueError
            If there are characters that are none of the alphabet.
        """
        if unknown := sorted(set(text) - set(self.characters)):
            known = self.characters.replace(" ", "")
            spaced = " and spaces" if " " in self.characters else ""
            got = ", ".join(map(repr, unknown[:_MOST_TOLD]))
            more = len(unknown) - _MOST_TOLD
            got += f" and {counted(more, 'other')}" if more > 0 else ""
            raise ValueError(f"Expected a text of the characters {_ranges(known)}{spaced}; got {got}.")
        return tuple(map(self.characters.index, text))

    def text(self, numbers: Sequence[int]) -> str:
        """Return the text that tokens stand for."""
        return "".join(self.characters[number] for number in numbers)


_MOST_TOLD = 4


def _ranges(characters: str) -> str:
    """Write characters shortly: neighbours of the alphabet as a range."""
    ordered = sorted(characters)
    runs: list[str] = []
    for character in ordered:
        if runs and ord(character) == ord(runs[-1][-1]) + 1:
            runs[-1] += character
        else:
            runs.append(character)
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)
