import pytest

from viz_app.session.moving.player import SPEEDS, Player
from viz_app.session.session import Session


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def player(qapp, clock):
    player = Player(clock=clock)
    player.set_speed(4.0)
    yield player
    player.pause()
    player.deleteLater()


@pytest.fixture
def asked(player):
    counts = []
    player.advance_requested.connect(counts.append)
    return counts


def test_asks_for_nothing_before_it_is_due(player, clock, asked):
    player.play()
    clock.now += 0.24
    player.tick()
    assert asked == []


def test_asks_for_a_move_each_interval(player, clock, asked):
    player.play()
    for _ in range(8):
        clock.now += 0.25
        player.tick()
    assert asked == [1] * 8


def test_drops_frames_rather_than_lagging(player, clock, asked):
    player.play()
    clock.now += 0.8
    player.tick()
    clock.now += 0.2
    player.tick()
    assert asked == [3, 1]


def test_goes_on_from_here_after_a_stall(player, clock, asked):
    player.play()
    clock.now += 3600
    player.tick()
    clock.now += 0.25
    player.tick()
    assert asked == [1, 1]


def test_a_new_speed_counts_from_now(player, clock, asked):
    player.play()
    clock.now += 0.2
    player.set_speed(60.0)
    clock.now += 1 / 60
    player.tick()
    assert asked == [1]


def test_says_when_it_starts_and_stops(player, qtbot):
    told = []
    player.playing_changed.connect(told.append)
    player.toggle()
    player.play()
    player.toggle()
    player.pause()
    assert told == [True, False]
    assert not player.playing


def test_speeds_go_up_and_down_and_stop_at_the_ends(player):
    up = []
    player.set_speed(SPEEDS[0])
    for _ in range(len(SPEEDS)):
        up.append(player.speed)
        player.faster()
    assert tuple(up) == SPEEDS
    assert player.speed == SPEEDS[-1]
    for _ in range(20):
        player.slower()
    assert player.speed == SPEEDS[0]


def test_plays_a_real_session_until_told_to_stop(session: Session, qtbot):
    player = Player()
    player.advance_requested.connect(session.navigation.advance)
    player.set_speed(60.0)
    player.play()
    qtbot.waitUntil(lambda: session.frame.cursor.iteration >= 1)
    player.pause()
    assert not player.playing
    player.deleteLater()


def test_plays_cells_inside_an_operation_and_comes_out(session: Session, player, clock):
    player.advance_requested.connect(session.navigation.advance)
    session.navigation.go_to_value("grad_w_1")
    session.navigation.enter()
    seen = []
    player.play()
    for _ in range(5):
        seen.append(session.frame.cursor.cell)
        clock.now += 0.25
        player.tick()
    assert seen == [0, 1, 2, 3, None]


def test_pauses_where_a_nan_is_made(broken_session, player, clock):
    player.advance_requested.connect(broken_session.navigation.advance)
    broken_session.frame_changed.connect(player.show_frame)
    broken_session.navigation.step(1)
    player.play()
    clock.now += 0.25
    player.tick()
    assert not player.playing
    assert broken_session.frame.step.number == broken_session.frame.broken.number == 0
    player.play()
    broken_session.cells.focus("a", (0, 0))
    assert player.playing
