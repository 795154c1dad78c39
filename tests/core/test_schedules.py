"""Schedules say what they do, and are read from what a person types."""

from itertools import pairwise

import pytest

from core.schedules import EXAMPLES, Constant, Cosine, Steps, WarmUp, parse_schedule


def test_each_follows_its_equation() -> None:
    assert [Constant().factor(t) for t in (0, 9)] == [1, 1]
    assert [Steps(3, 0.5).factor(t) for t in range(7)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    cosine = Cosine(10, 0.1)
    assert [cosine.factor(t) for t in (0, 5, 10, 99)] == pytest.approx([1, 0.55, 0.1, 0.1])
    assert all(late < early for early, late in pairwise(cosine.factor(t) for t in range(11)))
    assert [WarmUp(4, Steps(2)).factor(t) for t in range(8)] == [0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5]


def test_each_is_read_as_it_is_written() -> None:
    assert [parse_schedule(text) for text in EXAMPLES] == [
        Constant(),
        Steps(100, 0.5),
        Cosine(1000),
        WarmUp(50),
        WarmUp(50, Cosine(1000)),
    ]


WRONG = """
fast | cosine | cosine: | cosine:x | cosine:0 | cosine:1.5 | cosine:nan | cosine:1e400 | steps:5,0 | steps:5,2
| steps:5,0.5,1 | constant:1 | cosine:5+steps:1 | warm-up:5+fast | warm-up:-1
"""


@pytest.mark.parametrize("text", ["", *(text.strip() for text in WRONG.split("|"))])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected "):
        parse_schedule(text)
