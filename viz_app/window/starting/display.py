"""Find out, before Qt is started, whether it can open a window: where it cannot, Qt ends the process."""

import ctypes
import os
import re
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

_HEADLESS = "without a display use netstep steps, check, values or export (see netstep --help)"
_WITHOUT_QT = "without them use netstep steps, check or values (see netstep --help)"
_FOR_X = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What Qt's plugin for X needs, and the Debian package that has it."""
_ALWAYS = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What Qt needs to be loaded at all: for pictures, too."""
_PATIENCE_S = 2.0
_DEVICES = {"linuxfb": "fb*", "eglfs": "dri", "minimalegl": "dri", "vkkhrdisplay": "dri"}
"""What Qt's platforms without a window system draw on, in /dev."""


def missing_display(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return in one sentence why no window can open, or ``None`` where one can.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables.
    platform : str
        As ``sys.platform`` has it; only Linux is without a display at times.
    """
    asked_for, there = _chosen_platforms(environment), platforms(environment)
    chosen = asked_for & there if there else asked_for
    if asked_for and not chosen:
        got = environment["QT_QPA_PLATFORM"]
        return f"Expected QT_QPA_PLATFORM to be {', '.join(sorted(there))}, or not to be set; got {got!r}."
    if not platform.startswith("linux"):
        return None
    if chosen and chosen <= _DEVICES.keys() and not any(_has_device(name) for name in chosen):
        return f"There is no device for {' or '.join(sorted(chosen))} to draw on; {_HEADLESS}."
    if chosen - {"wayland", "xcb"}:
        return missing_to_draw(platform)
    names = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    asked = {name: environment.get(name, "") for plugin, name in names.items() if not chosen or plugin in chosen}
    wayland, display = asked.get("WAYLAND_DISPLAY", ""), asked.get("DISPLAY", "")
    if wayland and _wayland_answers(wayland, environment.get("XDG_RUNTIME_DIR", "")):
        return missing_to_draw(platform)
    if display and x_answers(display):
        return _missing_libraries(_ALWAYS | _FOR_X)
    named = " and ".join(name for name in ("DISPLAY", "WAYLAND_DISPLAY") if asked.get(name))
    problem = f"Nothing answers at {named} ({display or wayland})" if named else "There is no display"
    return f"{problem}; {_HEADLESS}."


def missing_to_draw(platform: str = sys.platform) -> str | None:
    """Return in one sentence why Qt cannot even draw a picture, or ``None`` where it can."""
    return _missing_libraries(_ALWAYS) if platform.startswith("linux") else None


def platforms(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the names of Qt's platforms that are installed; nothing where they cannot be found."""
    found = find_spec("PySide6")
    roots = [Path(root) for root in (found.submodule_search_locations or ())] if found else []
    folders = [root / plugins / "platforms" for root in roots for plugins in ("Qt/plugins", "plugins")]
    folders += [
        Path(folder) for folder in environment.get("QT_QPA_PLATFORM_PLUGIN_PATH", "").split(os.pathsep) if folder
    ]
    files = (file.name for folder in folders if folder.is_dir() for file in folder.iterdir())
    names = (re.fullmatch(r"(?:lib)?q(\w+?)(?:-\w+)?\.(?:so|dll|dylib)", name) for name in files)
    return frozenset(name[1].lower() for name in names if name)


def _has_device(platform: str) -> bool:
    return any(Path("/dev").glob(_DEVICES[platform]))


def _chosen_platforms(environment: Mapping[str, str]) -> set[str]:
    """Return Qt's plugins that the user chose, as in ``wayland;xcb`` or ``offscreen:size=800x600``."""
    parts = environment.get("QT_QPA_PLATFORM", "").split(";")
    return {part.split(":")[0].split("-")[0].lower() for part in parts if part}


def _missing_libraries(libraries: Mapping[str, str]) -> str | None:
    missing = [package for name, package in libraries.items() if not loads(name)]
    return f"Qt needs system packages: apt install {' '.join(missing)}; {_WITHOUT_QT}." if missing else None


def x_answers(display: str) -> bool:
    """Tell whether an X server listens at a display: ``:0``, ``host:10.0``."""
    found = re.fullmatch(r"(?:(?:unix)?|(?P<host>.+)):(?P<number>\d+)(?:\.\d+)?", display)
    if found is None:
        return Path(display).is_socket()  # a launchd socket, named by its path
    number = int(found["number"])
    if found["host"]:
        return _connects(socket.AF_INET, (found["host"].split("/")[-1], 6000 + number)) if number < 59536 else False
    path = f"/tmp/.X11-unix/X{number}"
    return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, f"\0{path}")


def loads(library: str) -> bool:
    """Tell whether the system has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _wayland_answers(name: str, folder: str) -> bool:
    return _connects(socket.AF_UNIX, name if name.startswith("/") else str(Path(folder) / name))


def _connects(family: socket.AddressFamily, address: object) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PATIENCE_S)
        try:
            probe.connect(address)  # type: ignore[arg-type]
        except OSError:
            return False
    return True
