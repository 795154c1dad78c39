"""The collector: garbage goes between events, and never on its own."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from viz_app.window.starting.collector import Collector


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
