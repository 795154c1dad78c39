"""List everything that the menus and the keys can do."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True)
class ActionInfo:
    """An action: its name in the code, its text, its keys, and whether holding a key repeats it.

    ``also`` are keys that keyboards send for the same signs; nobody needs to read them.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    repeats: bool = False
    also: tuple[str, ...] = ()


FILE = (
    ActionInfo("export_picture", "&Export picture…", ("Ctrl+Shift+E",)),
    ActionInfo("quit", "&Quit", ("Ctrl+Q",)),
)
RUN = (
    ActionInfo("step", "&Step", ("Right", "PgDown"), True),
    ActionInfo("back", "Step &back", ("Left", "PgUp"), True),
    ActionInfo("enter", "Step &into the operation", ("Down",)),
    ActionInfo("leave", "Step &out of the operation", ("Up",)),
    ActionInfo("play", "&Play and pause", ("Space",)),
    ActionInfo("next_layer", "&Next layer; inside: next row", ("Shift+Right",), True),
    ActionInfo("previous_layer", "Pre&vious layer; inside: previous row", ("Shift+Left",), True),
    ActionInfo("first", "&First step of the iteration", ("Home",)),
    ActionInfo("last", "&Last step of the iteration", ("End",)),
    ActionInfo("faster", "F&aster", ("+",), True, ("=", "Shift++")),
    ActionInfo("slower", "Slo&wer", ("-",), True),
    ActionInfo("restart", "&Restart with the same seed", ("R",)),
    ActionInfo("clear", "&Clear: close what is on top", ("Esc",)),
)
VIEW = (
    ActionInfo("larger", "&Larger text", ("Ctrl++",), True, ("Ctrl+=", "Ctrl+Shift++")),
    ActionInfo("smaller", "&Smaller text", ("Ctrl+-",), True),
    ActionInfo("reset_view", "Whole &picture", ("Ctrl+0",)),
    ActionInfo("full_screen", "&Full screen", ("F", "F11")),
    ActionInfo("reset_layout", "&Reset layout"),
)
HELP = (
    ActionInfo("keys", "&Keys", ("F1", "?"), also=("Shift+?",)),
    ActionInfo("about", "&About NetStep"),
)
MENUS = (("&File", FILE), ("&Run", RUN), ("&View", VIEW), ("&Help", HELP))


class Actions:
    """The actions of a window, by name, in its menus.

    Parameters
    ----------
    window : QMainWindow
        Whose menu bar is filled, and whose keys they are.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.groups: dict[str, QActionGroup] = {}
        for title, infos in MENUS:
            menu = window.menuBar().addMenu(title)
            self.menus[title.replace("&", "")] = menu
            for info in infos:
                self._actions[info.name] = _action(window, info)
                menu.addAction(self._actions[info.name])

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def add_choices(
        self, name: str, title: str, choices: tuple[tuple[str, str], ...], menu: str, before: str
    ) -> QActionGroup:
        """Add a submenu of which one entry is chosen; each entry's ``data`` is the first of its pair."""
        parent = self.menus[menu]
        submenu = QMenu(title, parent)
        parent.insertMenu(self._actions[before], submenu)
        group = QActionGroup(parent)
        for data, text in choices:
            action = QAction(text, group, checkable=True)
            action.setData(data)
            submenu.addAction(action)
        self.groups[name] = group
        return group

    def choose(self, name: str, data: object) -> None:
        """Check the entry of a submenu that stands for ``data``; nothing is triggered."""
        for action in self.groups[name].actions():
            action.setChecked(action.data() == data)


def _action(window: QMainWindow, info: ActionInfo) -> QAction:
    action = QAction(info.text, window)
    action.setShortcuts([QKeySequence(key) for key in (*info.keys, *info.also)])
    action.setAutoRepeat(info.repeats)
    window.addAction(action)
    return action
