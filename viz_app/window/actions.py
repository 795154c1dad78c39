"""Make the actions of a window, in its menus and with their keys."""

from collections.abc import Iterator

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from viz_app.window.menus import CHOICES, LISTS, MENUS, ActionInfo, ChoiceInfo


class Actions:
    """The actions of a window, by name, in its menus.

    Parameters
    ----------
    window : QMainWindow
        Whose menu bar is filled, and whose keys they are.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._actions: dict[str, QAction] = {}
        self._lines: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.lists: dict[str, QMenu] = {}
        self.groups: dict[str, QActionGroup] = {}
        for title, infos in MENUS:
            menu = window.menuBar().addMenu(title)
            self.menus[title.replace("&", "")] = menu
            for info in infos:
                self._actions[info.name] = _action(window, info)
                if info.apart:
                    self._lines[info.name] = menu.addSeparator()
                menu.addAction(self._actions[info.name])
        for title, outer in LISTS:
            parent = self.menus[outer]
            parent.addSeparator()
            self.lists[title.replace("&", "")] = parent.addMenu(title)
        for choice in CHOICES:
            self.groups[choice.name] = self._add_choice(choice)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def choose(self, name: str, data: object) -> None:
        """Check the entry of a submenu that stands for ``data``; nothing is triggered."""
        for action in self.groups[name].actions():
            action.setChecked(action.data() == data)

    def _add_choice(self, info: ChoiceInfo) -> QActionGroup:
        """Add a submenu of which one entry is chosen; each entry's ``data`` is what it stands for."""
        parent = self.menus[info.menu]
        submenu = QMenu(info.title, parent)
        parent.insertMenu(self._lines.get(info.before, self._actions[info.before]), submenu)
        group = QActionGroup(parent)
        for data, text in info.entries:
            action = QAction(text, group, checkable=True)
            action.setData(data)
            submenu.addAction(action)
        return group


def _action(window: QMainWindow, info: ActionInfo) -> QAction:
    action = QAction(info.text, window)
    action.setShortcuts([QKeySequence(key) for key in (*info.keys, *info.also)])
    action.setAutoRepeat(info.repeats)
    action.setCheckable(info.checkable)
    window.addAction(action)
    return action
