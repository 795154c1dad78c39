"""Write the pictures of steps as numbered PNG files. Needs no display."""

import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from core.experiment import Experiment
from core.program import Program
from core.run.trace import Cursor
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.walking import cell_count, walk_inside
from viz_app.paint.painting import paint
from viz_app.paint.theme import THEMES, Theme
from viz_app.picture.elements import Picture
from viz_app.picture.stages import arrange

Size = tuple[int, int]
Progress = Callable[[int, int], None]

_ENCODERS = 2
_WAITING = 4
"""Pictures that may wait to be encoded: enough to keep the encoders busy, few enough to hold little memory."""
_QUALITY = 80
"""For PNG this says how hard zlib tries: 80 takes half the time of the default for files of 5 % more."""
_EMS = (80, 45)
"""How many sizes of text a page is wide and high."""


@cache
def ensure_application() -> QGuiApplication:
    """Return Qt's application; where there is none yet, one that needs no display.

    Kept until the process ends, because fonts and kept images need it.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    # Without a display Qt's own choice of platform aborts the process; elsewhere than on Linux there is always one.
    without_display = ["-platform", "offscreen"] if sys.platform.startswith("linux") else []
    return QGuiApplication(["netstep", *without_display])


def render_image(picture: Picture, theme: Theme, size: Size) -> QImage:
    """Return a picture as an image of a size in pixels, as large as it fits, in the middle.

    Raises
    ------
    ValueError
        If the size is not positive, or there is no memory for it.
    """
    width, height = size
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise ValueError(f"expected a size in pixels that fits into memory; got {width} x {height}")
    image.fill(QColor(theme.base))
    scale = min(width / picture.width, height / picture.height)
    with QPainter(image) as painter:
        painter.translate((width - picture.width * scale) / 2, (height - picture.height * scale) / 2)
        painter.scale(scale, scale)
        paint(painter, picture, theme)
    return image


def write_png(image: QImage, path: Path) -> None:
    """Write an image as PNG, whole or not at all.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written to.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide's annotation wants bytes; the call wants text.
    if not image.save(buffer, "PNG", _QUALITY):  # type: ignore[call-overload]
        raise OSError(f"Qt could not encode {path.name} as PNG")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(buffer.data().data())
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()


def export_steps(
    experiment: Experiment,
    steps: Iterable[int],
    directory: Path,
    size: Size,
    theme_name: str,
    progress: Progress,
    cells: int = 0,
) -> None:
    """Write the picture of each step of iteration 0 as ``step-000-sum_1.png``, or pictures from inside each step.

    Parameters
    ----------
    experiment : Experiment
        What is run.
    steps : iterable of int
        The numbers of the steps.
    directory, size, theme_name, progress
        As for ``export_places``.
    cells : int
        How many cells of each step are shown, at most, in raster order, spread over the rows and columns of its maps; 0
        shows the step as a whole.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written to.
    """
    program = experiment.program
    cursors = [one for step in steps for one in (walk_inside(program, step, cells) if cells else [Cursor(0, step)])]
    export_places(experiment, map(Place().at, cursors), directory, size, theme_name, progress)


def export_places(
    experiment: Experiment,
    places: Iterable[Place],
    directory: Path,
    size: Size,
    theme_name: str,
    progress: Progress,
) -> None:
    """Write the picture of each place of a run; images are encoded while the next ones are drawn.

    Parameters
    ----------
    experiment : Experiment
        What is run.
    places : iterable of Place
        The places, inside operations, too.
    directory : Path
        An existing folder.
    size : tuple of int
        Width and height in pixels.
    theme_name : str
        ``light`` or ``dark``.
    progress : callable
        Told how many files are written, and of how many.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written to; files that are written stay, none is half written.
    """
    ensure_application()
    places = list(places)
    trace = experiment.trace()
    theme = THEMES[theme_name]
    em = min(size[0] / _EMS[0], size[1] / _EMS[1])
    queue: deque[Future[None]] = deque()
    written = 0
    with ThreadPoolExecutor(_ENCODERS) as encoders:
        try:
            for place in places:
                picture = arrange(resolve_place(trace, place), *size, em)
                image = render_image(picture, theme, size)
                path = directory / file_name(experiment.program, place.cursor)
                queue.append(encoders.submit(write_png, image, path))
                while len(queue) > _WAITING or (queue and queue[0].done()):
                    queue.popleft().result()
                    written += 1
                    progress(written, len(places))
            while queue:
                queue.popleft().result()
                written += 1
                progress(written, len(places))
        finally:
            encoders.shutdown(cancel_futures=True)


def file_name(program: Program, cursor: Cursor) -> str:
    """Return the name of a place's file: ``step-003-net_1.png``, with the iteration and the cell where there are."""
    step = program.steps[cursor.step]
    iteration = f"iteration-{cursor.iteration:04d}-" if cursor.iteration else ""
    digits = max(5, len(str(cell_count(program, cursor) - 1)))
    cell = "" if cursor.cell is None else f"-cell-{cursor.cell:0{digits}d}"
    key = re.sub(r"[^\w.-]", "_", step.output.key)
    return f"{iteration}step-{cursor.step:03d}-{key}{cell}.png"
