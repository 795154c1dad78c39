"""A page has the same bytes alone, after others, and however many encoders there are."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from core.presets import open_preset
from viz_app.export import job
from viz_app.export.formats import format_named
from viz_app.export.formats.bands import Bands
from viz_app.export.formats.png import Png, encode_png
from viz_app.export.job import Job, export_all
from viz_app.export.look import Look, Timing
from viz_app.export.pages import Page, pages
from viz_app.export.raster import page_image, rgba
from viz_app.export.sheets import Sheet, Sheets
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.place import Place
from viz_app.paint import heatmap

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (640, 360)
WALKS = {
    "the kernel slides": ("conv-kernel", [Place(0, 0, cell) for cell in (0, 1, 2, 3, 64, 65, 4095)], {}),
    "a product adds up": ("sigmoid-3-4-2", [Place(0, 0, cell) for cell in range(4)], {"transparent": True}),
    "steps with all parts": (
        "sigmoid-3-4-2",
        [Place(0, step) for step in (0, 1, 2, 3, 9, 10)],
        {"parts": USUAL_PARTS | {Part.NETWORK, Part.TIMELINE, Part.CODE}},
    ),
    "a convolution": ("conv-digits", [Place(0, 0, cell) for cell in (0, 1, 2)], {"theme_name": "dark"}),
    "scores are hidden": ("attention", [Place(0, step) for step in (12, 13, 14, 15)], {"scale": 1.3}),
}


def walk(name: str) -> list[Page]:
    preset, places, look = WALKS[name]
    return list(pages(open_preset(preset).trace(), places, Look(SIZE, **look), Timing()))


@pytest.mark.parametrize("name", WALKS)
def test_a_page_after_others_has_the_bytes_of_the_page_alone(name: str) -> None:
    made, png = walk(name), Png()
    for page, drawn in zip(made, png.draw_all(iter(made)), strict=True):
        heatmap._stamps.clear()
        alone = page_image(page)
        assert drawn[0].image == alone
        encoded = png.encode(drawn)
        assert encoded == encode_png(alone)
        with Image.open(BytesIO(encoded)) as image:
            image.load()
            assert np.array_equal(np.asarray(image.convert("RGBA")), rgba(alone))


def test_the_number_of_encoders_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = open_preset("conv-kernel")
    found = []
    for encoders in (1, 4):
        monkeypatch.setattr(job, "_ENCODERS", encoders)
        folder = tmp_path / f"{encoders}"
        folder.mkdir()
        places = [Place(0, 0, cell) for cell in range(12)]
        export_all(
            Job("", experiment.trace(), places, format_named("png"), folder, Look(SIZE)), lambda done, total: None
        )
        found.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert found[0] == found[1]
    assert len(found[0]) == 12


def _images() -> Iterator[QImage]:
    """Yield images that are as high as some bands, a line more and less, and differ in a line or not at all."""
    for height in (1, 23, 24, 25, 49):
        for kind in (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied):
            image = QImage(7, height, kind)
            image.fill(QColor(10, 20, 30, 128))
            yield image
            for line in (0, height - 1, height - 1):
                image = image.copy()
                image.setPixelColor(3, line, QColor(200, line, 7))
                yield image


def test_bands_pack_images_of_any_size_after_each_other() -> None:
    bands = Bands()
    for image in _images():
        encoded = bands.encode(Sheet(image))
        assert encoded == encode_png(image)
        with Image.open(BytesIO(encoded)) as read:
            assert np.array_equal(np.asarray(read.convert("RGBA")), rgba(image))


def test_a_sheet_is_lent_again_once_nobody_holds_it() -> None:
    sheets, kind = Sheets(), QImage.Format.Format_RGB32
    first, second = sheets.blank((9, 9), kind), sheets.blank((9, 9), kind)
    assert first.image is not second.image
    image = first.image
    del first
    third, fourth = sheets.blank((9, 9), kind), sheets.blank((8, 9), kind)
    assert third.image is image
    assert fourth.image.width() == 8
    with pytest.raises(ValueError, match="expected a size"):
        sheets.blank((0, 9), kind)
