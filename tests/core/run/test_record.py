"""A record of numbers by iteration: what has been handed out never changes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.run.record import Record, Series

PUT = st.tuples(st.just("put"), st.integers(0, 30), st.floats())
FORGET = st.tuples(st.just("forget"), st.integers(0, 30), st.just(0.0))


@given(st.lists(st.one_of(PUT, PUT, PUT, FORGET), max_size=120), st.integers(0, 31))
def test_a_record_is_a_mapping_in_order_and_its_series_never_change(
    actions: list[tuple[str, int, float]], end: int
) -> None:
    record, known = Record(), {}
    handed = []
    for action, iteration, number in actions:
        if action == "put":
            record[iteration] = number
            known[iteration] = number
        else:
            record.forget(iteration)
            known = {key: one for key, one in known.items() if key < iteration}
        expected = [(key, known[key]) for key in sorted(known)]
        assert repr(list(record.all)) == repr(expected)
        assert repr(list(record.until(end))) == repr([pair for pair in expected if pair[0] < end])
        handed.append((record.all, repr(expected)))
    for series, text in handed:
        assert repr(list(series)) == text


def test_more_numbers_than_there_was_room_for() -> None:
    record = Record()
    for iteration in range(1000):
        record[iteration] = iteration / 2
    assert record[999] == 499.5
    assert list(record.until(3)) == [(0, 0.0), (1, 0.5), (2, 1.0)]
    assert record.get(1000) is None
    with pytest.raises(KeyError):
        record[1000]


def test_series_are_equal_where_their_pairs_are() -> None:
    pairs = [(0, 1.0), (1, math.nan)]
    assert Series.of(pairs) == Series.of(pairs)
    assert Series.of(pairs) != Series.of([(0, 1.0), (1, 2.0)])
    assert Series.of(pairs)[:1] == ((0, 1.0),)
    with pytest.raises(ValueError, match="read-only"):
        Series.of(pairs).numbers[0] = 2.0
