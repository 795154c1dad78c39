"""Fold, search, zoom, bookmark and hide copies by chance."""

import random
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viz_app.frame.outline import folded_all
from viz_app.panels.network import NetworkPanel
from viz_app.widgets.timeline.timeline import Timeline
from viz_app.window.main_window import MainWindow

_QUERIES = ("delta", "δ₁", "conv", "softmax", "layer 2", "w", "new_", "∂L", "block attention", "no such", "(", " ", "0")
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape, None)
_ACTIONS = ("fold", "fold_all", "unfold_all", "hide_copies", "bookmark", "bookmark", "next_bookmark",
            "previous_bookmark", "timeline_in", "timeline_out", "enter", "leave")  # fmt: skip


def look_around(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Search for something, fold a block in the network, or do what else makes many steps readable."""
    what = chance.choice(("search", "search", "bookmarks", "block", "block", "action", "action", "action", "large"))
    if what == "search":
        _search(window, chance, tell)
    elif what == "bookmarks":
        tell("list the bookmarks, and go to the first")
        window.parts.actions["list_bookmarks"].trigger()
        QTest.keyClick(window.parts.finder.field, Qt.Key.Key_Return)
    elif what == "block":
        folds = sorted(folded_all(window.session.frame.program) or ())
        fold = chance.choice([*folds, "no such"])
        tell(f"fold or unfold {fold} in the network")
        window.panels[NetworkPanel].fold_requested.emit(fold)
    elif what == "large":
        times = chance.randrange(-12, 12)
        tell(f"zoom the timeline by {times}")
        for _ in range(abs(times)):
            window.panels[Timeline].zoom_in() if times > 0 else window.panels[Timeline].zoom_out()
    else:
        name = chance.choice(_ACTIONS)
        tell(f"do {name}")
        window.parts.actions[name].trigger()


def _search(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    query, down, end = chance.choice(_QUERIES), chance.randrange(4), chance.choice(_ENDS)
    tell(f"search {query!r}, {down} down, then {end.name if end else 'nothing'}")
    window.parts.actions["find"].trigger()
    field = window.parts.finder.field
    field.insert(query)  # no key of a keyboard writes all of these
    for _ in range(down):
        QTest.keyClick(field, Qt.Key.Key_Down)
    if end is not None:
        QTest.keyClick(field, end)
