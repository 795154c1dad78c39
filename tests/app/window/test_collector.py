"""The collector: garbage goes between events, and never on its own."""

import ctypes
import gc
import sys
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from viz_app.window.starting.collector import Collector
from viz_app.window.starting.memory import resident_megabytes


class Node:
    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    collector = Collector()
    collector.start()
    yield collector
    collector.stop()
    gc.disable()  # as the other tests of this folder have it
    collector.deleteLater()


def test_the_automatic_collector_rests_while_this_one_works(collector: Collector) -> None:
    assert not gc.isenabled()


def test_garbage_goes_once_there_is_enough_of_it(collector: Collector) -> None:
    gone = weakref.ref(Node())
    kept = [[] for _ in range(gc.get_threshold()[0] + 1)]  # enough that a collection is due
    collector.collect()
    assert gone() is None
    assert kept


def test_little_garbage_is_left_for_later(collector: Collector) -> None:
    gc.collect()
    waiting = weakref.ref(Node())
    collector.collect()
    assert waiting() is not None


def test_it_gives_collecting_back(qapp: QApplication) -> None:
    collector = Collector()
    collector.start()
    collector.stop()
    assert gc.isenabled()
    gc.disable()
    collector.deleteLater()


NO_TRIM = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="no such call"
)


def holes(megabytes: int) -> list[bytearray]:
    """Return memory with as much free between as it takes: together so many megabytes."""
    blocks = [bytearray(60_000) for _ in range(megabytes * 1_000_000 // 60_000)]
    for block in blocks:
        block[::4096] = b"1" * len(block[::4096])
    del blocks[::2]
    return blocks


@NO_TRIM
def test_free_memory_between_what_is_used_goes_back_to_the_system(collector: Collector) -> None:
    blocks = holes(60)
    before = resident_megabytes()
    collector.give_back()
    assert resident_megabytes() < before - 15
    assert blocks


@NO_TRIM
def test_a_process_that_has_grown_gives_back_at_once_and_one_that_has_not_waits(collector: Collector) -> None:
    few = holes(30)
    before = resident_megabytes()
    collector.collect()
    assert resident_megabytes() > before - 5, "it takes some milliseconds"
    more = holes(60)
    collector.collect()
    assert resident_megabytes() < before + 60 - 15
    assert few
    assert more
