"""Bring an image by chance: a good or a bad one, dropped, pasted, or chosen in the dialog."""

import random
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from tests.pictures import coloured, digit, paper, written
from viz_app.window.bringing.brought import Brought
from viz_app.window.main_window import MainWindow

_PATIENCE_S = 10.0


@cache
def files() -> Mapping[str, bytes]:
    """Return what is in the files, by their names."""
    three = Image.fromarray(paper(digit(3)))
    good = {
        "three.png": written(three, "PNG"),
        "eight.jpg": written(Image.fromarray(paper(digit(8))), "JPEG"),
        "colours.webp": written(Image.fromarray(coloured(600)), "WEBP"),
        "small.gif": written(Image.fromarray(coloured(3)), "GIF"),
        "wide.tif": written(Image.fromarray(np.arange(900, dtype=np.uint16).reshape(3, 300)), "TIFF"),
    }
    bad = {
        "empty.png": b"",
        "cut.png": good["three.png"][:200],
        "white.png": written(Image.new("L", (40, 30), 255), "PNG"),
        "text.jpg": b"no image at all",
    }
    return good | bad


@cache
def folder() -> Path:
    """Return a folder with all of them, for as long as the process runs."""
    place = Path(mkdtemp(prefix="netstep-walk-"))
    for name, data in files().items():
        (place / name).write_bytes(data)
    return place


def bring_image(window: MainWindow, chance: random.Random, tell: Callable[[str], None]) -> None:
    """Bring an image, and wait until it has been read, or do not."""
    name, way = chance.choice(sorted(files())), chance.choice(("drop", "drop", "paste", "open", "text"))
    waits = chance.random() < 0.8
    tell(f"{way} the image {name}, and {'wait' if waits else 'go on'}")
    images = window.images
    if way == "open":
        images.bring(Brought(name, path=folder() / name))
    elif way == "text":
        QGuiApplication.clipboard().setText(name)
        images.paste()
    else:
        mime = _offered(name, chance.random() < 0.5)
        if way == "drop":
            _drop(window, mime)
        else:
            QGuiApplication.clipboard().setMimeData(mime)
            images.paste()
    end = time.monotonic() + (_PATIENCE_S if waits else 0)
    while images.background.busy and time.monotonic() < end:
        QApplication.processEvents()


def _offered(name: str, pixels: bool) -> QMimeData:
    mime = QMimeData()
    image = QImage.fromData(files()[name]) if pixels and name.endswith(("png", "jpg")) else QImage()
    if image.isNull():
        mime.setUrls([QUrl.fromLocalFile(str(folder() / name))])
    else:
        mime.setImageData(image)
    return mime


def _drop(window: MainWindow, mime: QMimeData) -> None:
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = window.rect().center()
    enter = QDragEnterEvent(QPoint(middle), action, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), action, mime, buttons, keys))
