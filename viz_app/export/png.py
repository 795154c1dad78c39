"""Write the pictures of steps as numbered PNG files. Needs no display."""

import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from core.data.guest import Guest
from core.experiment import Experiment
from core.program import Program
from core.run.trace import Cursor
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.walking import cell_count, walk_inside
from viz_app.paint.painting import paint
from viz_app.paint.theme import THEMES, Theme
from viz_app.picture.elements import Picture
from viz_app.picture.stages import arrange
from viz_app.whole_file import check_files, whole_file
from viz_app.widgets.view import View, fitted

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


def render_image(picture: Picture, theme: Theme, size: Size, view: View | None = None) -> QImage:
    """Return a picture as an image, without the words that tell what the mouse can do.

    Parameters
    ----------
    picture : Picture
        What is painted.
    theme : Theme
        Its colours.
    size : tuple of int
        Width and height in pixels.
    view : View or None
        The part of the picture that is seen, as on a widget of the same proportions; ``None`` is the whole picture.

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
    view = view or fitted((picture.width, picture.height), size)
    view = replace(view, widget=size)
    with QPainter(image) as painter:
        painter.translate(*view.origin)
        painter.scale(view.scale, view.scale)
        paint(painter, picture.without_asides(), theme)
    return image


def write_png(image: QImage, path: Path, *, overwrite: bool = False) -> None:
    """Write an image as PNG, whole or not at all.

    Raises
    ------
    FileExistsError
        If there is a file of that name, unless it may be replaced.
    OSError
        If the disk is full or the folder cannot be written to.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide's annotation wants bytes; the call wants text.
    if not image.save(buffer, "PNG", _QUALITY):  # type: ignore[call-overload]
        raise OSError(f"Qt could not encode {path.name} as PNG")
    with whole_file(path, overwrite=overwrite) as stream:
        stream.write(buffer.data().data())


def export_steps(
    experiment: Experiment,
    steps: Iterable[int],
    directory: Path,
    size: Size,
    theme_name: str,
    progress: Progress,
    cells: int = 0,
    *,
    overwrite: bool = False,
    guest: Guest | None = None,
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
    overwrite : bool
        Replace files that are there already.
    guest : Guest or None
        Who comes first in the batch in place of the experiment's own sample; it fits.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written to.
    """
    program = experiment.program
    cursors = [one for step in steps for one in (walk_inside(program, step, cells) if cells else [Cursor(0, step)])]
    places = map(Place().at, cursors)
    export_places(experiment, places, directory, size, theme_name, progress, overwrite=overwrite, guest=guest)


def export_places(
    experiment: Experiment,
    places: Iterable[Place],
    directory: Path,
    size: Size,
    theme_name: str,
    progress: Progress,
    *,
    overwrite: bool = False,
    guest: Guest | None = None,
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
    overwrite : bool
        Replace files that are there already.
    guest : Guest or None
        As for ``export_steps``.

    Raises
    ------
    FileExistsError
        If one of the files is there already, unless it may be replaced; then none is written.
    OSError
        If the disk is full or the folder cannot be written to; files that are written stay, none is half written.
    """
    ensure_application()
    places = list(places)
    paths = [directory / file_name(experiment.program, place.cursor) for place in places]
    check_files(paths, overwrite=overwrite)
    trace = experiment.trace(guest)
    theme = THEMES[theme_name]
    em = min(size[0] / _EMS[0], size[1] / _EMS[1])
    queue: deque[Future[None]] = deque()
    written = 0
    with ThreadPoolExecutor(_ENCODERS) as encoders:
        try:
            for place, path in zip(places, paths, strict=True):
                picture = arrange(resolve_place(trace, place), *size, em)
                image = render_image(picture, theme, size)
                queue.append(encoders.submit(write_png, image, path, overwrite=overwrite))
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
