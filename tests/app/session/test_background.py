"""The background: the newest work counts, what ends it is told, and nothing is left running."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread

from viz_app.session.background import Background, Task


@pytest.fixture
def background(qapp) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()
    background.deleteLater()


def test_a_result_arrives_in_the_thread_of_the_window(background, qtbot):
    threads = []
    background.finished.connect(lambda result: threads.append((result, QThread.currentThread())))
    with qtbot.waitSignal(background.finished):
        background.start(lambda task: threading.current_thread().name)
    name, thread = threads[0]
    assert name == "netstep-background"
    assert thread is background.thread()
    assert not background.busy


def test_what_ends_the_work_is_told(background, qtbot):
    def work(task: Task) -> None:
        raise ValueError("no such file")

    with qtbot.waitSignal(background.failed) as caught:
        background.start(work)
    assert str(caught.args[0]) == "no such file"
    assert not background.busy


def test_only_the_newest_work_counts(background, qtbot):
    results, begun, go = [], threading.Event(), threading.Event()

    def slow(task: Task) -> str:
        begun.set()
        go.wait()
        return "old"

    background.finished.connect(results.append)
    background.start(slow)
    begun.wait()
    background.start(lambda task: "between")
    background.start(lambda task: "new")
    go.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert results == ["new"]


def test_a_newer_request_ends_work_that_looks(background, qtbot):
    ended = threading.Event()

    def endless(task: Task) -> None:
        try:
            while True:
                task.progress(None)
        finally:
            ended.set()

    background.start(endless)
    with qtbot.waitSignal(background.finished):
        background.start(lambda task: 1)
    assert ended.is_set()


def test_nothing_is_heard_of_what_is_cancelled(background, qtbot):
    heard, begun, go = [], threading.Event(), threading.Event()

    def work(task: Task) -> None:
        begun.set()
        go.wait()
        raise ValueError("too late")

    for signal in (background.finished, background.failed, background.progressed):
        signal.connect(lambda *said: heard.append(said))
    background.start(work)
    begun.wait()
    background.cancel()
    assert not background.busy
    go.set()
    background.close()
    qtbot.wait(50)
    assert not heard


def test_progress_is_told_while_it_works(background, qtbot):
    go = threading.Event()

    def work(task: Task) -> int:
        task.progress(0.25, "reading")
        go.wait()
        return 3

    with qtbot.waitSignal(background.progressed) as said:
        background.start(work)
    assert said.args == [0.25, "reading"]
    with qtbot.waitSignal(background.finished) as result:
        go.set()
    assert result.args == [3]
