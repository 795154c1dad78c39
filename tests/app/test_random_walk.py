"""Walk at random over the real window: whatever is done to it, nothing may be raised, and Qt has nothing to warn of."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, qWarning
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.presets import PRESETS
from tests.app import stalls
from tests.app.random_hand import Hand
from tests.app.random_walk import LONGEST_STALL, QT_WARNING, Walk, opened, summary
from tests.app.stalls import Stall
from viz_app.session.moving.player import Player
from viz_app.session.saving import Saving
from viz_app.session.training.trainer import Trainer
from viz_app.window.main_window import MainWindow

ACTIONS = 1100
SAME = 60


@pytest.mark.parametrize(("seed", "preset"), list(enumerate(PRESETS)))
def test_nothing_that_a_hand_does_raises_or_warns(qapp: QApplication, tmp_path: Path, seed: int, preset: str) -> None:
    with opened(preset, tmp_path) as window:
        walk = Walk(window, seed)
        done = list(walk.run(ACTIONS // len(PRESETS)))
    assert len(done) == ACTIONS // len(PRESETS)
    assert not walk.findings, "\n\n".join(map(str, walk.findings.values()))


def test_the_same_seed_does_the_same(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Player, "play", lambda player: None)  # where playing gets to is a matter of the clock
    monkeypatch.setattr(Trainer, "start", lambda trainer: None)  # and where training does
    start = Saving.open

    def open_at_once(saving: Saving, *given: Any, **more: Any) -> None:
        start(saving, *given, **more)
        saving.finish_opening()

    monkeypatch.setattr(Saving, "open", open_at_once)  # when a session is there is a matter of the machine
    walks = []
    for number, seed in enumerate((3, 3, 4)):
        with opened("worked-2-2-2", tmp_path / str(number)) as window:
            walks.append(list(Walk(window, seed).run(SAME)))
    assert walks[0] == walks[1]
    assert walks[0] != walks[2]


def raises(_: object) -> None:
    raise LookupError


def warns(_: object) -> None:
    warnings.warn("planted", UserWarning, stacklevel=1)


def warns_through_qt(_: object) -> None:
    qWarning("planted")


@pytest.mark.parametrize(
    ("fail", "kind"), [(raises, "LookupError"), (warns, "UserWarning"), (warns_through_qt, QT_WARNING)]
)
def test_what_goes_wrong_in_a_slot_is_told_with_the_action_that_led_to_it(
    qapp: QApplication, tmp_path: Path, fail: Callable[[object], None], kind: str
) -> None:
    with opened("worked-2-2-2", tmp_path) as window:
        window.session.frame_changed.connect(fail)  # whatever the hand does: some of 80 actions step or focus a cell
        walk = Walk(window, 5)
        done = list(walk.run(80))
        window.session.frame_changed.disconnect(fail)  # closing may show a last drawing
    finding = next(finding for (found, _), finding in walk.findings.items() if found == kind)
    assert finding.actions[-1] == done[finding.number]
    assert f"first in action {finding.number} of seed 5" in summary(walk, (0, 0))
    assert len(done) == 80


@pytest.mark.parametrize(
    ("wall", "computed", "stalled"),
    [(0.9, 0.1, False), (0.1, 0.9, False), (0.6, 0.7, True), (0.7, 0.6, True)],
    ids=["others take the machine", "threads help", "computed", "computed while others wait"],
)
def test_a_stall_is_judged_by_what_the_window_computed_where_that_is_less(
    wall: float, computed: float, stalled: bool
) -> None:
    stall = Stall.of(wall, computed, "7: press Right")
    assert (stall.seconds > LONGEST_STALL) is stalled
    assert f"{wall * 1000:.0f} ms by the clock" in str(stall)
    assert f"{computed * 1000:.0f} ms computed" in str(stall)


def idle_away(_: object) -> None:
    end = time.perf_counter() + 0.6
    while time.perf_counter() < end:
        pass


def test_a_long_stall_says_where_in_the_code_it_was(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hand, "act", step_three_times)
    with opened("worked-2-2-2", tmp_path) as window:
        walk = Walk(window, 1)
        window.session.frame_changed.connect(idle_away)
        list(walk.run(1))
        window.session.frame_changed.disconnect(idle_away)
    assert "idle_away (test_random_walk.py:" in str(walk.worst)


class Clock:
    """A clock that stands still, but for what a slot makes of it."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now

    thread_time = perf_counter

    def work(self, _: object) -> None:
        self.now += 0.3


def step_three_times(hand: Hand, _: object) -> None:
    window = QApplication.activeWindow()
    assert isinstance(window, MainWindow)
    hand._tell("step three times")
    for _ in range(3):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Right)
        QApplication.processEvents()


def test_what_a_held_key_does_is_judged_press_by_press(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hand, "act", step_three_times)
    with opened("worked-2-2-2", tmp_path) as window:
        clock = Clock()
        monkeypatch.setattr(stalls, "time", clock)
        walk = Walk(window, 1)
        window.session.frame_changed.connect(clock.work)
        list(walk.run(1))
    assert clock.now == pytest.approx(0.9)
    assert walk.worst.seconds == pytest.approx(0.3)
