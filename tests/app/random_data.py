"""Browse samples, and open data good and bad, as a hand does it by chance."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMainWindow, QWidget

from tests.app.reading.written import idx, images, labels
from viz_app.panels.browser import BrowserPanel
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.window.main_window import MainWindow

Key = Qt.Key
_KEYS = (Key.Key_Right, Key.Key_Down, Key.Key_PageDown, Key.Key_End, Key.Key_Home, Key.Key_Up, Key.Key_Return)
_LONGEST_S = 2.0
_PASTED = (
    "0,5\t1\tred\n-1\t2,5\tblue\n2\t2\tred\n",
    "x\ty\n1\t2\n3\t4\n",
    "1\t2\n3\n",
    "",
    "only words",
    "a;b;c\n" * 40,
    "\x00\x01",
)


def write_data(folder: Path) -> tuple[list[str], list[str]]:
    """Write files of data, good and bad, and return their paths, and those of folders."""
    folder.mkdir(exist_ok=True)
    chance = np.random.default_rng(0)
    np.savez(folder / "eight.npz", x=images(300, 8, 8), y=labels(300))
    np.save(folder / "numbers.npy", chance.random((50, 4)))
    rows = "\n".join(f"{a:.2f};{b:.2f};{'ab'[int(a > b)]}".replace(".", ",") for a, b in chance.random((80, 2)))
    (folder / "pairs.csv").write_text(f"one;two;kind\n{rows}\n")
    (folder / "ragged.csv").write_text("a,b\n1,2\n3\n")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "rubbish.npz").write_bytes(b"PK\x03\x04 no archive")
    (folder / "objects.npy").write_bytes(
        b"\x93NUMPY\x01\x00\x76\x00{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"
    )
    pair = folder / "pair"
    pair.mkdir(exist_ok=True)
    (pair / "train-images-idx3-ubyte").write_bytes(idx(images(120, 8, 8)))
    (pair / "train-labels-idx1-ubyte").write_bytes(idx(labels(120)))
    (folder / "nothing").mkdir(exist_ok=True)
    files = [str(path) for path in sorted(folder.iterdir()) if path.is_file()] + [str(folder / "missing.csv")]
    return files, [str(pair), str(folder / "nothing"), str(folder)]


def browse(window: QMainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Open the browser; in it filter, jump, go with keys, change a target, paste rows, or click what can be clicked."""
    panel = window.findChild(BrowserPanel)
    if not isinstance(panel, BrowserPanel) or not panel.isVisible():
        tell("open the browser of samples")
        QTest.keyClick(window, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        return
    form = panel.form
    what = chance.choice(("filter", "filter", "jump", "key", "key", "target", "paste", "button"))
    if what == "filter":
        _choose(chance.choice((form.classes, form.parts, form.verdicts)), chance, tell)
    elif what == "jump":
        text = str(chance.choice((0, 1, 17, 511, 1796, 99_999, -1)))
        tell(f"jump to sample {text}")
        form.number.setFocus()
        form.number.selectAll()
        QTest.keyClicks(form.number, text)
        QTest.keyClick(form.number, Key.Key_Return)
    elif what == "key":
        key = chance.choice(_KEYS)
        tell(f"press {key.name} in the grid")
        QTest.keyClick(form.grid, key)
    elif what == "target":
        _choose(form.detail.target.classes, chance, tell)
    elif what == "paste":
        QGuiApplication.clipboard().setText(chance.choice(_PASTED))
        tell("paste into the browser")
        panel.paste_requested.emit()
    else:
        _press_one(panel, chance, tell)


def read(window: QMainWindow) -> None:
    """Wait until data are read: what there is to click is no matter of the clock then."""
    end = time.monotonic() + _LONGEST_S
    while isinstance(window, MainWindow) and window.session.data.found.busy and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.002)


def open_data(window: QMainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Open the window that opens data; in it answer a question, or click what can be clicked."""
    panel = window.findChild(DataOfferPanel)
    if not isinstance(panel, DataOfferPanel) or not panel.isVisible():
        tell("open the window that opens data")
        QTest.keyClick(window, Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        return
    boxes = [box for box in panel.form.questions.findChildren(QComboBox) if box.isVisible() and box.count()]
    if boxes and chance.random() < 0.5:
        _choose(chance.choice(boxes), chance, tell)
    else:
        _press_one(panel, chance, tell)


def _choose(box: QComboBox, chance: random.Random, tell: Callable[[str], None]) -> None:
    share = chance.random()
    if not (box.isVisible() and box.isEnabled() and box.count()):
        tell(f"choose nothing in {box.accessibleName()}")
        return
    place = int(share * box.count())
    tell(f"choose {box.itemText(place)!r} in {box.accessibleName()}")
    box.setCurrentIndex(place)
    box.activated.emit(place)


def _press_one(panel: QWidget, chance: random.Random, tell: Callable[[str], None]) -> None:
    buttons = [one for one in panel.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
    if not buttons:
        tell("click nothing: there is no button")
        return
    button = chance.choice(buttons)
    tell(f"click {button.text()!r}")
    button.click()
