import socket
import subprocess
import sys

import pytest

from viz_app.display import missing_display, x_answers


def test_a_chosen_platform_needs_no_display():
    assert missing_display({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_display(platform):
    assert missing_display({}, platform) is None


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "There is no display"),
        ({"DISPLAY": ":987"}, "Nothing answers at DISPLAY (:987)"),
        ({"DISPLAY": "nonsense"}, "Nothing answers at DISPLAY (nonsense)"),
        ({"DISPLAY": ":99999999"}, "Nothing answers"),
        (
            {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"},
            "Nothing answers at WAYLAND_DISPLAY (wayland-9)",
        ),
    ],
)
def test_without_a_display_one_sentence_names_the_commands(environment, words):
    said = missing_display(environment, "linux")
    assert words in said
    assert "netstep steps" in said
    assert "netstep" in said
    assert "\n" not in said


def test_an_x_server_that_listens_is_found():
    with socket.socket() as server:
        for number in range(9100, 9200):
            try:
                server.bind(("127.0.0.1", 6000 + number))
            except OSError:
                continue
            server.listen()
            assert x_answers(f"127.0.0.1:{number}.0")
            return
    pytest.fail("no free port")


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setattr("viz_app.display.x_answers", lambda display: True)
    monkeypatch.setattr("viz_app.display.loads", lambda name: name != "libxcb-cursor.so.0")
    assert "apt install libxcb-cursor0;" in missing_display({"DISPLAY": ":0"}, "linux")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":987"}])
def test_the_command_ends_with_2_and_one_line(environment, tmp_path):
    environment = {**environment, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "viz_app"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
