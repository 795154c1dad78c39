"""Ask for the last capital letter of a sequence of letters."""

from functools import cache

import numpy as np

from core.data.dataset import Dataset, one_hot

LETTERS = ("A", "B", "C")
FEATURES = ("a", "b", "c", "capital")
LENGTH = 6
POSITIONS = tuple(f"letter {number}" for number in range(1, LENGTH + 1))
"""What the tokens of any sequence are called; ``Dataset.token_names`` says what they are in each."""

_COUNT = 512
_HELD_BACK = 64
_CAPITALS = 0.25
"""How likely a letter behind the first is a capital one."""


@cache
def capital_letters() -> Dataset:
    """Return 512 sequences of six letters, all different; the target is the last capital one, one-hot.

    A token is a row of four features: which letter it is, one-hot, and whether it is a capital one. The first always
    is, so that there is an answer; the small letters are there to be ignored. The last 64 are held back.
    """
    generator = np.random.default_rng(11)
    found: dict[bytes, None] = {}
    while len(found) < _COUNT:
        letters = generator.integers(0, len(LETTERS), LENGTH)
        capital = generator.random(LENGTH) < _CAPITALS
        capital[0] = True
        found[(letters + len(LETTERS) * capital).astype(np.uint8).tobytes()] = None
    signs = np.array([list(one) for one in found])
    letters, capital = signs % len(LETTERS), signs >= len(LETTERS)
    inputs = np.concatenate([np.eye(len(LETTERS))[letters], capital[:, :, None]], axis=2).astype(np.float32)
    last = LENGTH - 1 - capital[:, ::-1].argmax(axis=1)
    labels = letters[np.arange(_COUNT), last].astype(np.intp)
    every = (*(letter.lower() for letter in LETTERS), *LETTERS)
    return Dataset(
        name="Letters, some of them capital",
        inputs=inputs,
        targets=one_hot(labels, len(LETTERS)),
        labels=labels,
        class_names=LETTERS,
        token_names=tuple(tuple(every[sign] for sign in row) for row in signs),
        held_back=_HELD_BACK,
    )
