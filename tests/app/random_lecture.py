"""Do one random thing as a lecturer does: present, press the keys of a remote, point, ask and answer a quiz."""

import random
from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from viz_app.panels.quiz import QuizPanel
from viz_app.window.main_window import MainWindow
from viz_app.window.presentation.window import PresentationWindow

_QUIZ = ("Q", "A", "Return", "Esc")
_KEYS = ("PgDown", "PgDown", "PgUp", "Down", "Up", "Shift+Right", "Home", "End", "Space", "B", ".", "L", "N", *_QUIZ)
_ENDS = ("F5", "Esc")
_ANSWERS = ("0", "1", "-0,5", "3/8", "1/0", "abc", "", "1e999", "\xbd", " 42 % ")
_SIZES = (1280, 720), (800, 600), (640, 1000), (300, 200)


def lecture(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Begin a presentation or a quiz, use it, or end it."""
    shown = next((one for one in window.findChildren(PresentationWindow) if one.isVisible()), None)
    panels = [panel for panel in (shown.quiz if shown else None, window.panels[QuizPanel]) if panel is not None]
    what = chance.choice(("present", "key", "key", "key", "mouse", "button", "quiz", "answer", "answer", "size", "end"))
    if what == "quiz" or (what == "answer" and not panels[0].isVisible()):
        tell("press Q")
        _press(shown or window, "Q")
    elif what == "answer":
        text = _right(window) if chance.random() < 0.4 else chance.choice(_ANSWERS)
        tell(f"answer {text!r}")
        panels[0].begin()
        QTest.keyClicks(panels[0].field, text)
        _press(shown or window, "Return")
    elif what == "present" or shown is None:
        tell("press F5")
        _press(window, "F5")
    elif what == "key":
        key = chance.choice(_KEYS)
        tell(f"press {key} in the presentation")
        _press(shown, key)
    elif what == "mouse":
        at = QPoint(chance.randrange(shown.width()), chance.randrange(shown.height()))
        tell(f"move the mouse to {at.x()}, {at.y()} in the presentation")
        QTest.mouseMove(shown.windowHandle(), at)
    elif what == "button":
        buttons = [one for one in shown.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
        button = chance.choice(buttons) if buttons else None
        tell(f"click {button.toolTip() if button else 'nothing'!r} in the presentation")
        if button is not None:
            button.click()
    elif what == "size":
        size = chance.choice(_SIZES)
        tell(f"resize the presentation to {size[0]} x {size[1]}")
        shown.showNormal()
        shown.resize(*size)
    else:
        key = chance.choice(_ENDS)
        tell(f"press {key} in the presentation")
        _press(shown, key)


def _right(window: MainWindow) -> str:
    """Return the right answer to what is asked, where something is."""
    session, question = window.session, window.session.frame.question
    if question is None:
        return "1"
    array = session.shown.array(session.frame.step.output.key, session.frame.cursor.iteration)
    return f"{float(array[question.index]):.4g}"


def _press(window: MainWindow | PresentationWindow, key: str) -> None:
    window.activateWindow()
    combination = QKeySequence(key)[0]
    QTest.keyClick(window.windowHandle(), combination.key(), combination.keyboardModifiers())
