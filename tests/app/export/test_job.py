import errno
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage

from core.experiment import Experiment
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from tests.steps import telling
from viz_app.export import raster
from viz_app.export.formats import format_named
from viz_app.export.formats.base import ExportError
from viz_app.export.formats.png import write_png
from viz_app.export.job import Job, Progress, export_all
from viz_app.export.look import Look
from viz_app.export.pages import page_name
from viz_app.export.raster import render_image
from viz_app.frame.frame import Focus, ViewOptions
from viz_app.frame.levels import Levels, MapKind
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.walking import walk_inside
from viz_app.paint.theme import DARK, LIGHT, THEMES
from viz_app.picture.elements import Panel, Picture, Rect, Text, Tone
from viz_app.picture.stages import arrange
from viz_app.widgets.pictures.view import fitted

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (480, 270)


class FullDisk(io.FileIO):
    """A file on a disk that has room for the first bytes."""

    def write(self, data: Any) -> int:
        super().write(bytes(data)[:10])
        raise OSError(errno.ENOSPC, "No space left on device")


class Told:
    """What an export has told of its progress."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))


def export_places(
    experiment: Experiment,
    places: Iterable[Place],
    directory: Path,
    size: tuple[int, int],
    theme: str,
    progress: Progress,
    *,
    overwrite: bool = False,
) -> None:
    """Write the pictures of places as numbered files."""
    job = Job("", experiment.trace(), [*places], format_named("png"), directory, Look(size, theme), overwrite=overwrite)
    export_all(job, progress)


def export_steps(
    experiment: Experiment,
    steps: range,
    directory: Path,
    size: tuple[int, int],
    theme: str,
    progress: Progress,
    cells: int = 0,
    *,
    overwrite: bool = False,
) -> None:
    """Write the pictures of steps, or of cells inside them, as numbered files."""
    inside = [one for step in steps for one in walk_inside(experiment.program, step, cells)]
    cursors = inside if cells else [Cursor(0, step) for step in steps]
    export_places(experiment, map(Place().at, cursors), directory, size, theme, progress, overwrite=overwrite)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_writes_a_picture_for_each_step_and_nothing_else(small: Experiment, tmp_path: Path, theme: str) -> None:
    progress = Told()
    export_steps(small, range(2, 9), tmp_path, SIZE, theme, progress)
    names = sorted(path.name for path in tmp_path.iterdir())
    keys = [step.output.key for step in small.program.steps[2:9]]
    assert names == [f"step-{number:03d}-{key}.png" for number, key in enumerate(keys, start=2)]
    assert progress.told == [(done, 7) for done in range(1, 8)]
    for name in names:
        image = QImage(str(tmp_path / name))
        assert (image.width(), image.height()) == SIZE
        assert image.pixelColor(1, 268).name() == THEMES[theme].base


def test_pictures_differ_from_step_to_step(small: Experiment, tmp_path: Path) -> None:
    export_steps(small, range(len(small.program.steps)), tmp_path, SIZE, "light", Told())
    contents = {path.read_bytes() for path in tmp_path.iterdir()}
    assert len(contents) == len(small.program.steps)


def test_a_place_is_drawn_with_its_focus_and_its_view(small: Experiment, tmp_path: Path) -> None:
    name = page_name(small.program, Cursor(0, 2)) + ".png"
    contents = set()
    for place in (
        Place(0, 2),
        Place(0, 2, focus=Focus("sum_1", (0, 1))),
        Place(0, 2, options=ViewOptions(held=(("net_1", Levels(MapKind.DIVERGING, -9.0, 9.0)),))),
    ):
        export_places(small, [place], tmp_path, SIZE, "light", Told(), overwrite=True)
        contents.add((tmp_path / name).read_bytes())
    assert len(contents) == 3


def test_places_inside_operations_and_later_iterations_have_their_own_names(small: Experiment, tmp_path: Path) -> None:
    places = [Place(0, 0, 0), Place(0, 0, 1), Place(1, 0), Place(1, 0, 0)]
    export_places(small, iter(places), tmp_path, SIZE, "light", Told())
    key = small.program.steps[0].output.key
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"iteration-0001-step-000-{key}-cell-00000.png",
        f"iteration-0001-step-000-{key}.png",
        f"step-000-{key}-cell-00000.png",
        f"step-000-{key}-cell-00001.png",
    ]


def test_cells_are_spread_evenly_from_the_first_to_the_last(tmp_path: Path) -> None:
    kernel = open_preset("conv-kernel")
    progress = Told()
    export_steps(kernel, range(1), tmp_path, SIZE, "light", progress, 4)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"step-000-net_1-cell-{cell:05d}.png" for cell in (0, 63, 4032, 4095)]
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 4
    assert progress.told[-1] == (4, 4)


def test_no_cell_is_shown_twice(small: Experiment, tmp_path: Path) -> None:
    export_steps(small, range(2), tmp_path, SIZE, "light", Told(), 64)
    keys = [step.output.key for step in small.program.steps[:2]]
    expected = [f"step-{step:03d}-{key}-cell-{cell:05d}.png" for step, key in enumerate(keys) for cell in range(2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == expected


def test_names_sort_by_cell_however_many_there_are() -> None:
    program = open_preset("mlp-784-800-10").program
    step = program.producers["grad_w_1"].number
    names = [page_name(program, Cursor(0, step, cell)) for cell in (0, 99_999, 100_000, 627_199)]
    assert names == sorted(names)


def test_a_second_export_replaces_the_first(small: Experiment, tmp_path: Path) -> None:
    for size in (SIZE, (320, 240)):
        export_steps(small, range(1), tmp_path, size, "light", Told(), overwrite=True)
    (path,) = tmp_path.iterdir()
    assert QImage(str(path)).width() == 320


def test_a_picture_that_is_there_already_stays_and_none_is_written(small: Experiment, tmp_path: Path) -> None:
    third = tmp_path / f"{page_name(small.program, Cursor(0, 2))}.png"
    third.write_text("mine")
    with pytest.raises(FileExistsError, match=third.name):
        export_steps(small, range(6), tmp_path, SIZE, "light", Told())
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_no_steps_write_nothing(small: Experiment, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="at least one step"):
        export_steps(small, range(0), tmp_path, SIZE, "light", Told())
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_an_os_error_and_leaves_no_half_file(
    small: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", lambda path, mode: FullDisk(path, mode))
    with pytest.raises(OSError, match="No space left"):
        export_steps(small, range(6), tmp_path, SIZE, "light", Told())
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_an_os_error(small: Experiment, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        export_steps(small, range(1), tmp_path / "missing" / "one.png", SIZE, "light", Told())


def test_an_interrupted_export_leaves_whole_files_only(small: Experiment, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_steps(small, range(12), tmp_path, SIZE, "light", interrupt)
    written = list(tmp_path.iterdir())
    assert written
    assert all(path.suffix == ".png" and QImage(str(path)).width() == SIZE[0] for path in written)


def test_an_image_that_cannot_be_encoded_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no picture to encode"):
        write_png(QImage(), tmp_path / "empty.png")
    assert not list(tmp_path.iterdir())


def test_a_picture_is_fitted_into_the_middle() -> None:
    picture = Picture(100, 100, 10, (Panel(Rect(0, 0, 100, 100), Tone.ACCENT, radius=0),))
    image = render_image(picture, DARK, (300, 200))
    assert image.pixelColor(49, 100).name() == DARK.base
    assert image.pixelColor(51, 100).name() == DARK.tones[Tone.ACCENT]
    assert image.pixelColor(248, 100).name() == DARK.tones[Tone.ACCENT]
    assert image.pixelColor(251, 100).name() == DARK.base


@pytest.mark.parametrize("size", [(0, 100), (100, 0), (-1, 5)])
def test_an_impossible_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected a size"):
        render_image(Picture(10, 10, 1, ()), LIGHT, size)


def test_the_running_application_is_used(qapp: object) -> None:
    raster.ensure_application.cache_clear()
    assert raster.ensure_application() is qapp
    raster.ensure_application.cache_clear()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_it_exports_without_a_display(tmp_path: Path) -> None:
    code = (
        "import sys; from viz_app.__main__ import main; sys.exit(main(['export', '--preset', 'worked-2-2-2', '--steps',"
        "'0-1', '--size', '480x270', '--theme', 'dark', '--out', sys.argv[1]]))"
    )
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.endswith("] 2/2\n")
    image = QImage(str(sorted(tmp_path.iterdir())[0]))
    assert image.pixelColor(1, 268) == QColor(DARK.base)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", PRESETS)
def test_a_file_says_nothing_of_the_mouse_and_of_keys(name: str) -> None:
    experiment = open_preset(name)
    trace = experiment.trace()
    hinted = 0
    for step in (step.number for step in telling(experiment.program)[::2]):
        picture = arrange(resolve_place(trace, Place(0, step)), 1920, 1080, 16)
        shown, left = (
            [element.text for element in one.elements if isinstance(element, Text)]
            for one in (picture, picture.without_asides())
        )
        assert not [text for text in left if re.search("click|press|point at|mouse|drag|↓", text, re.IGNORECASE)]
        hinted += any("click another" in text for text in shown)
        assert len(left) == len(shown)
        assert all(before.startswith(after) for before, after in zip(shown, left, strict=True))
        kept, before = (one.heatmaps for one in (picture.without_asides(), picture))
        assert kept == before
    assert hinted or name not in ("batched-product", "conv-digits", "attention"), "there was nothing to leave out"


def test_what_is_magnified_is_written_as_it_is_seen(small: Experiment) -> None:
    picture = arrange(resolve_place(small.trace(), Place(0, 0)), 480, 270, 12)
    view = fitted((480, 270), (480, 270)).magnified(6, 200, 200)
    whole, seen, again = (render_image(picture, LIGHT, (960, 540), view) for view in (None, view, view))
    assert whole != seen
    assert seen == again
    left, top = view.to_picture(0, 0)
    part = render_image(picture, LIGHT, (5760, 3240)).copy(round(left * 12), round(top * 12), 960, 540)
    apart = [
        (x, y)
        for x in range(0, 960, 7)
        for y in range(0, 540, 7)
        if abs(seen.pixelColor(x, y).lightness() - part.pixelColor(x, y).lightness()) > 40
    ]
    assert len(apart) < 100  # of 10,000: sizes of type are rounded otherwise
