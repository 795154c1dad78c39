"""Remember what a person chose, from one start to the next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from core.notation import Notation
from core.presets import DEFAULT_PRESET, PRESETS
from viz_app.frame.look import Look
from viz_app.paint.theme import WINDOW_THEMES

SYSTEM = "system"
SCALES = (100, 115, 130, 150, 175, 200, 250)
"""Presentation scales, in percent."""
_LARGEST = 10_000
"""The largest size of a dock that makes sense."""
_MOST_RECENT = 9


class Preferences:
    """The window's layout, the last preset, theme, presentation scale, and how moments look.

    What is stored and makes no sense (any more) counts as not stored.

    Parameters
    ----------
    store : QSettings or None
        Where it is kept; ``None`` is the user's own preferences.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = QSettings("NetStep", "NetStep") if store is None else store

    @property
    def preset(self) -> str:
        """The preset that was open last."""
        name = self._text("preset")
        return name if name in PRESETS else DEFAULT_PRESET

    @preset.setter
    def preset(self, name: str) -> None:
        self._store.setValue("preset", name)

    @property
    def theme(self) -> str:
        """``system``, ``light`` or ``dark``."""
        name = self._text("theme")
        return name if name in WINDOW_THEMES else SYSTEM

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def scale(self) -> int:
        """The presentation scale, in percent."""
        text = self._text("scale")
        return int(text) if text.isdecimal() and int(text) in SCALES else SCALES[0]

    @scale.setter
    def scale(self, percent: int) -> None:
        self._store.setValue("scale", percent)

    @property
    def notation(self) -> Notation:
        """How sums and activations are called."""
        name = self._text("notation")
        return Notation(name) if name in set(Notation) else Notation.NET_OUT

    @notation.setter
    def notation(self, notation: Notation) -> None:
        self._store.setValue("notation", notation.value)

    @property
    def screen(self) -> str:
        """The name of the screen to present on; empty is another one than the main window's."""
        return self._text("screen")

    @screen.setter
    def screen(self, name: str) -> None:
        self._store.setValue("screen", name)

    @property
    def grey_images(self) -> bool:
        """Whether images that are data are grey."""
        return self._text("grey_images") != "no"

    @grey_images.setter
    def grey_images(self, grey: bool) -> None:
        self._store.setValue("grey_images", "yes" if grey else "no")

    @property
    def look(self) -> Look:
        """How moments look, in the window and where they are exported: all that a person chose."""
        try:
            look = Look.from_json(json.loads(self._text("look")))
        except (ValueError, RecursionError):
            look = Look()
        return replace(look, notation=self.notation, grey_images=self.grey_images)

    @look.setter
    def look(self, look: Look) -> None:
        self._store.setValue("look", json.dumps(look.to_json()))
        self.notation, self.grey_images = look.notation, look.grey_images

    @property
    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """The geometry of the window and the state of its docks."""
        geometry, state = self._store.value("geometry"), self._store.value("docks")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            return geometry, state
        return None

    @layout.setter
    def layout(self, layout: tuple[QByteArray, QByteArray]) -> None:
        self._store.setValue("geometry", layout[0])
        self._store.setValue("docks", layout[1])

    @property
    def dock_sizes(self) -> dict[str, float]:
        """The sizes of the docks as a person made them, by name."""
        try:
            stored = json.loads(self._text("dock_sizes"))
        except (ValueError, RecursionError):
            return {}
        numbers = stored.items() if isinstance(stored, dict) else ()
        return {name: float(size) for name, size in numbers if type(size) in (int, float) and 0 <= size < _LARGEST}

    @dock_sizes.setter
    def dock_sizes(self, sizes: Mapping[str, float]) -> None:
        self._store.setValue("dock_sizes", json.dumps(dict(sizes)))

    @property
    def recent(self) -> list[Path]:
        """The files that were opened and saved last, the newest first."""
        try:
            stored = json.loads(self._text("recent"))
        except (ValueError, RecursionError):
            return []
        names = stored if isinstance(stored, list) else []
        return [Path(name) for name in names if isinstance(name, str) and name][:_MOST_RECENT]

    @recent.setter
    def recent(self, paths: Sequence[Path]) -> None:
        self._store.setValue("recent", json.dumps([str(path) for path in paths[:_MOST_RECENT]]))

    def forget_layout(self) -> None:
        """Forget the geometry of the window and the state of its docks."""
        self._store.remove("geometry")
        self._store.remove("docks")
        self._store.remove("dock_sizes")

    def save(self) -> None:
        """Write to the disk now."""
        self._store.sync()

    def _text(self, key: str) -> str:
        value = self._store.value(key)
        return str(value) if isinstance(value, (str, int)) else ""
