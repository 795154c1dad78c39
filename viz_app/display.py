"""Find out, before Qt is started, whether it can open a window: where it cannot, Qt ends the process."""

import ctypes.util
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_HEADLESS = "without a display use netstep steps, check, values or export (see netstep --help)"
_LIBRARIES = {"xcb-cursor": "libxcb-cursor0", "xkbcommon-x11": "libxkbcommon-x11-0", "xcb-icccm": "libxcb-icccm4"}
"""What Qt's xcb plugin needs besides what every desktop has, and the Debian package that has it."""
_PATIENCE_S = 2.0


def missing_display(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return in one sentence why no window can open, or ``None`` where one can.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables.
    platform : str
        As ``sys.platform`` has it; only Linux is without a display at times.
    """
    if not platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return None
    display, wayland = environment.get("DISPLAY"), environment.get("WAYLAND_DISPLAY")
    if wayland and _wayland_answers(wayland, environment.get("XDG_RUNTIME_DIR", "")):
        return None
    if not display:
        named = f"WAYLAND_DISPLAY is {wayland}, but nothing answers there" if wayland else "There is no display"
        return f"{named}; {_HEADLESS}."
    if not x_answers(display):
        return f"DISPLAY is {display}, but nothing answers there; {_HEADLESS}."
    if missing := [package for name, package in _LIBRARIES.items() if ctypes.util.find_library(name) is None]:
        return f"Qt needs a system package to open a window: apt install {' '.join(missing)}; {_HEADLESS}."
    return None


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
