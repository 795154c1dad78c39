"""Make the actions of a window, in its menus and with their keys."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from viz_app.window.actions.menus import CHOICES, LISTS, MENUS, ActionInfo, ChoiceInfo


class Actions:
    """The actions of a window, by name, in its menus.

    Parameters
    ----------
    window : QMainWindow
        Whose menu bar is filled, and whose keys they are.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._actions: dict[str, QAction] = {}
        self._tops: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.submenus: dict[str, QMenu] = {}
        self.lists: dict[str, QMenu] = {}
        self.groups: dict[str, QActionGroup] = {}
        for title, infos in MENUS:
            menu = window.menuBar().addMenu(title)
            self.menus[title.replace("&", "")] = menu
            self._fill(menu, infos, window)
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

    def _fill(self, menu: QMenu, infos: Sequence[ActionInfo], window: QMainWindow) -> None:
        """Add actions to a menu and to submenus of it, with lines between them."""
        for title, group in groupby(infos, key=lambda info: info.inside):
            inner = menu.addMenu(title) if title else menu
            if title:
                self.submenus[title.replace("&", "")] = inner
            for info in group:
                action = self._actions[info.name] = _action(window, info)
                line = inner.addSeparator() if info.apart else None
                self._tops[info.name] = inner.menuAction() if title else line or action
                inner.addAction(action)

    def insert_menu(self, title: str, submenu: QMenu, before: str) -> None:
        """Let a submenu stand in a menu, above an action and the line or the submenu that this stands below or in."""
        self.menus[title].insertMenu(self._tops[before], submenu)

    def add_above(self, name: str, action: QAction) -> None:
        """Let an action of somebody else stand above one of a submenu, and above the line above that."""
        menu = next(menu for menu in self.submenus.values() if self._actions[name] in menu.actions())
        entries = menu.actions()
        place = entries.index(self._actions[name])
        menu.insertAction(entries[place - (place > 0 and entries[place - 1].isSeparator())], action)

    def _add_choice(self, info: ChoiceInfo) -> QActionGroup:
        """Add a submenu of which one entry is chosen; each entry's ``data`` is what it stands for."""
        submenu = QMenu(info.title, self.menus[info.menu])
        self.insert_menu(info.menu, submenu, info.before)
        group = QActionGroup(self.menus[info.menu])
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
