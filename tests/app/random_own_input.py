"""Do one random thing in the window of the own input: draw, erase, press its keys, type numbers, let a text grow."""

import random
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.draw import DrawPage
from viz_app.panels.own_input.numbers import NumbersPage
from viz_app.panels.own_input.text import TextPage
from viz_app.window.main_window import MainWindow

_BUTTONS = (*[Qt.MouseButton.LeftButton] * 5, Qt.MouseButton.RightButton)
_KEYS = ("Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Del", "E", "B", "S", "[", "]", "Space", "Right", "Shift+Down")
_ROWS = (
    "0,5\t0,25", "0.5;0.25;1;0", "1,2,3", "3/8 1/8", "abc\t1", "", "\t\t", "nan\t1", "\n".join(["0,0625"] * 64),
    "\t".join(["7"] * 100), "x" * 5000, "1e400;2",
)  # fmt: skip
_TEXTS = ("the ri", "s", "", " ", "sun moon star river", "Ü", "a1", "x" * 3000, "zebra quiz", "<b>&amp;")
_MOST_CORNERS = 8


def own_input(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Open the window of the own input; in it, choose a page, use it, or go back to the main window."""
    panel = window.panels[OwnInputPanel]
    what = chance.choice(("page", "use", "use", "use", "use", "use", "press", "leave"))
    if not panel.isVisible():
        tell("open the own input")
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    elif what == "page":
        page = chance.choice(panel.pages)
        tell(f"choose the page {page.title!r}")
        panel.choose(type(page))
    elif what == "press":
        buttons = [button for button in panel.findChildren(QAbstractButton) if button.isVisible()]
        button = chance.choice(buttons)
        tell(f"press {button.text()!r} of the own input")
        button.setFocus()
        QTest.keyClick(panel.window().windowHandle(), Qt.Key.Key_Space)
    elif what == "leave":
        tell("go back from the own input to the main window")
        window.activateWindow()
    elif panel.reason:
        tell(f"nothing: {panel.reason}")
    elif isinstance(panel.page, DrawPage):
        _draw(panel.page, chance, tell)
    elif isinstance(panel.page, NumbersPage):
        _fill(panel.page, chance, tell)
    elif isinstance(panel.page, TextPage):
        _write(panel.page, chance, tell)
    else:
        tell("nothing on the page of images")


def _write(page: TextPage, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Type another text, press a button or a number's arrow; what is written goes on while other things are done."""
    page.window().activateWindow()
    if chance.random() < 0.3:
        text = chance.choice(_TEXTS)
        tell(f"type the text {text[:20]!r}")
        page.text.setFocus()
        page.text.selectAll()
        QApplication.clipboard().setText(text)
        page.text.paste()
        page.text.textEdited.emit(page.text.text())  # as of keys
        return
    if chance.random() < 0.3:
        field = chance.choice((page.temperature, page.top_k, page.seed))
        key = chance.choice((Qt.Key.Key_Up, Qt.Key.Key_Down))
        tell(f"press {key.name} in {field.accessibleName()}")
        field.setFocus()
        QTest.keyClick(field, key)
        return
    buttons = [button for button in page.findChildren(QAbstractButton) if button.isVisible() and button.isEnabled()]
    if buttons:
        button = chance.choice(buttons)
        tell(f"press {button.text()!r} of the text")
        button.click()


def _draw(page: DrawPage, chance: random.Random, tell: Callable[[str], None]) -> None:
    page.window().activateWindow()
    if chance.random() < 0.3:
        key = QKeySequence(chance.choice(_KEYS))
        tell(f"press {key.toString()} on the drawing pad")
        page.pad.setFocus()
        QTest.keyClick(page.pad, key[0].key(), key[0].keyboardModifiers())
        return
    button, lifts = chance.choice(_BUTTONS), chance.random() < 0.9
    corners = [
        (chance.uniform(-0.1, 1.1), chance.uniform(-0.1, 1.1)) for _ in range(chance.randrange(1, _MOST_CORNERS))
    ]
    tell(f"draw through {len(corners)} places with {button.name}{'' if lifts else ', and do not lift the pen'}")
    sheet = page.pad.sheet
    first, *others = [
        QPoint(round(sheet.x() + x * sheet.width()), round(sheet.y() + y * sheet.height())) for x, y in corners
    ]
    QTest.mousePress(page.pad, button, Qt.KeyboardModifier.NoModifier, first)
    for place in others:
        QTest.mouseMove(page.pad, place)
        if chance.random() < 0.2:
            QApplication.processEvents()
    if lifts:
        QTest.mouseRelease(page.pad, button, Qt.KeyboardModifier.NoModifier, (others or [first])[-1])


def _fill(page: NumbersPage, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Paste a row into a field, or with the button; typing into fields is done wherever they are."""
    row, button = chance.choice(_ROWS), chance.random() < 0.4
    assert page.form is not None
    field = chance.choice(page.form.inputs.fields)
    tell(f"paste {row[:20]!r} {'with the button' if button else f'into {field.accessibleName()}'}")
    page.window().activateWindow()
    QApplication.clipboard().setText(row)
    if button:
        page.paste.click()
    else:
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
