"""Rooms that are needed at the same time never share memory; others do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.run.memory import Room, allocate
from core.values import Array

spans = st.tuples(st.integers(0, 6), st.integers(0, 3)).map(lambda span: (span[0], span[0] + span[1]))
room_lists = st.lists(st.tuples(st.integers(1, 100), spans), max_size=12).map(
    lambda drawn: [Room(f"room {i}", size, *span) for i, (size, span) in enumerate(drawn)]
)


def place(array: Array) -> tuple[int, int]:
    """Return where an array begins and ends, in bytes."""
    start = array.ctypes.data
    return start, start + array.nbytes


@given(room_lists, st.sampled_from(["float32", "float64"]))
def test_rooms_that_meet_do_not_overlap(rooms: list[Room], dtype: str) -> None:
    cells = allocate(rooms, np.dtype(dtype))
    assert {room.key: room.size for room in rooms} == {key: array.size for key, array in cells.items()}
    for i, room in enumerate(rooms):
        start, end = place(cells[room.key])
        assert start % 64 == 0
        for other in rooms[:i]:
            other_start, other_end = place(cells[other.key])
            apart = room.last < other.first or other.last < room.first
            assert apart or end <= other_start or other_end <= start


def test_rooms_one_after_the_other_are_one() -> None:
    rooms = [Room(f"room {moment}", 1000, moment, moment) for moment in range(5)]
    cells = allocate(rooms, np.dtype("float32"))
    assert len({place(array) for array in cells.values()}) == 1


def test_a_room_fits_into_a_gap() -> None:
    rooms = [Room("long", 64, 0, 9), Room("early", 640, 0, 3), Room("later", 320, 5, 9), Room("late", 320, 5, 9)]
    cells = allocate(rooms, np.dtype("float32"))
    early, later, late = (place(cells[key]) for key in ("early", "later", "late"))
    assert early == (min(later[0], late[0]), max(later[1], late[1]))
