import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from viz_app.__main__ import main
from viz_app.window.starting.display import missing_display, missing_to_draw, platforms, x_answers


@pytest.mark.parametrize("chosen", ["offscreen", "minimal", "offscreen:size=800x600", "xcb;offscreen"])
def test_a_chosen_platform_needs_no_display(chosen):
    assert missing_display({"QT_QPA_PLATFORM": chosen}, "linux") is None


@pytest.mark.parametrize("chosen", ["nonsense", " ", "-", ":", "xcb1;xcb2", "a\nb", "offscren"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_platform_that_there_is_not_is_told_with_those_that_there_are(chosen, platform):
    said = missing_display({"QT_QPA_PLATFORM": chosen}, platform)
    assert said.startswith("Expected QT_QPA_PLATFORM to be ")
    assert {"minimal", "offscreen"} <= platforms({})
    assert all(name in said for name in platforms({}))
    assert said.endswith(f"got {chosen!r}.")
    assert "\n" not in said


@pytest.mark.parametrize("chosen", ["nonsense;offscreen", "OFFSCREEN", "Minimal", "vnc:size=640x480"])
def test_one_platform_that_there_is_is_enough(chosen):
    assert missing_display({"QT_QPA_PLATFORM": chosen}, "linux") is None


@pytest.mark.parametrize("chosen", ["eglfs", "linuxfb:fb=/dev/fb0", "minimalegl;vkkhrdisplay"])
def test_a_platform_without_its_device_is_told(monkeypatch, chosen):
    monkeypatch.setattr("viz_app.window.starting.display.Path.glob", lambda *_: iter(()))
    said = missing_display({"QT_QPA_PLATFORM": chosen}, "linux")
    assert said.startswith("There is no device for ")
    assert chosen.partition(":")[0].split(";")[0] in said


def test_platforms_of_another_folder_count(tmp_path):
    (tmp_path / "libqown.so").touch()
    environment = {"QT_QPA_PLATFORM": "own", "QT_QPA_PLATFORM_PLUGIN_PATH": str(tmp_path)}
    assert missing_display(environment, "linux") is None


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
        ({"QT_QPA_PLATFORM": "xcb"}, "There is no display"),
        ({"QT_QPA_PLATFORM": "xcb:egl", "DISPLAY": ":987"}, "Nothing answers at DISPLAY (:987)"),
        ({"QT_QPA_PLATFORM": "wayland-egl", "DISPLAY": ":987"}, "There is no display"),
        (
            {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":987", "WAYLAND_DISPLAY": "wayland-9"},
            "Nothing answers at DISPLAY and WAYLAND_DISPLAY (:987)",
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
    monkeypatch.setattr("viz_app.window.starting.display.x_answers", lambda display: True)
    monkeypatch.setattr("viz_app.window.starting.display.loads", lambda name: name != "libxcb-cursor.so.0")
    assert "apt install libxcb-cursor0;" in missing_display({"DISPLAY": ":0"}, "linux")
    assert missing_display({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None


def test_a_library_that_every_picture_needs_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("viz_app.window.starting.display.loads", lambda name: name != "libEGL.so.1")
    assert "apt install libegl1;" in missing_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    monkeypatch.setattr("viz_app.cli.export.missing_to_draw", lambda: missing_to_draw("linux"))
    assert main(["export", "--out", str(tmp_path / "pictures")]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("netstep: Qt needs system packages: apt install libegl1;")
    assert shown.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_readme_names_every_package(monkeypatch):
    monkeypatch.setattr("viz_app.window.starting.display.x_answers", lambda display: True)
    monkeypatch.setattr("viz_app.window.starting.display.loads", lambda name: False)
    packages = missing_display({"DISPLAY": ":0"}, "linux").split("apt install ")[1].split(";")[0].split()
    told = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8").split()
    brought_by_the_others = {"libx11-6", "libxkbcommon0", "libxcb-randr0"}
    assert set(packages) - set(told) == brought_by_the_others


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":987"}, {"QT_QPA_PLATFORM": "nonsense"}])
def test_the_command_ends_with_2_and_one_line(environment, tmp_path):
    environment = {**environment, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "viz_app"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert re.fullmatch(r"netstep: [A-Z][^\n]*\.\n", done.stderr)
    assert done.stdout == ""
