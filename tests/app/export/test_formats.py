"""Every format is opened again by a reader that is not ours."""

import io
import re
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QColor

from core.experiment import Experiment
from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.export.formats import FORMATS, all_formats, format_named, format_of
from viz_app.export.formats.base import ExportError, Holds
from viz_app.export.job import Job, export, export_all
from viz_app.export.look import Look, Timing
from viz_app.export.pages import pages
from viz_app.frame.place import Place
from viz_app.frame.words.writing import Writing
from viz_app.paint.colors import codes, table
from viz_app.paint.theme import THEMES, theme_of
from viz_app.picture.elements import Heatmap, Legend, Picture, Text

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (640, 360)
TIMING = Timing(step=0.4, cell=0.1, hold=0.2, rate=10)
MOVING = [name for name in FORMATS if format_named(name).timed]
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
CELLS = 40
"""How many cells of a picture are compared, at most."""

Pixels = NDArray[np.int_]
Point = tuple[int, int]
Color = tuple[int, int, int]


def nothing(done: int, total: int) -> None:
    """Take no notice of the progress."""


@pytest.fixture(scope="module")
def walk() -> list[Place]:
    """Return three steps, and the two cells of the last."""
    return [
        Place().at(cursor) for cursor in (Cursor(0, 0), Cursor(0, 1), Cursor(0, 2), Cursor(0, 2, 0), Cursor(0, 2, 1))
    ]


def exported(
    experiment: Experiment, places: list[Place], name: str, path: Path, look: Look | None = None, title: str = "worked"
) -> Path:
    """Export places in a format."""
    look = look or Look(SIZE)
    export_all(Job(title, experiment.trace(), places, format_named(name), path, look, TIMING), nothing)
    return path


def picture_of(experiment: Experiment, place: Place, look: Look) -> Picture:
    """Return what is exported of a place."""
    (page,) = pages(experiment.trace(), [place], look, TIMING)
    return page.picture


def known_cells(
    picture: Picture, theme_name: str, least: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int, int]]]:
    """Yield a point in each of some cells beside its number, and the colour that the legend has for the number."""
    theme = THEMES[theme_name]
    for heatmap in picture.heatmaps:
        view, rect = heatmap.map, heatmap.rect
        rows, columns = heatmap.grid.size
        width, height = rect.width / columns, rect.height / rows
        if view.array is None or view.computed is not None or min(width, height) < least:
            continue
        colors = table(theme, view.levels.kind)[codes(heatmap.grid.picture(view.array), view.levels)]
        for row in range(rows):
            for column in range(columns):
                color = int(colors[row, column])
                at = round(rect.x + (column + 0.5) * width), round(rect.y + (row + 0.82) * height)
                yield at, (color >> 16 & 255, color >> 8 & 255, color & 255)


def assert_colors(
    pixels: Pixels, picture: Picture, theme_name: str, *, within: int, scale: float = 1.0, least: int = 18
) -> None:
    """Assert that the cells of a picture have the colours of their legend."""
    cells = list(known_cells(picture, theme_name, least))[:CELLS]
    assert len(cells) >= 4
    for (x, y), color in cells:
        got = pixels[round(y * scale), round(x * scale), :3]
        assert np.abs(got - color).max() <= within, ((x, y), got, color)


def as_array(image: Image.Image) -> Pixels:
    """Return the pixels of an image of Pillow's."""
    return np.asarray(image.convert("RGBA")).astype(int)


def frames_of(path: Path) -> tuple[list[Pixels], list[float]]:
    """Return the frames of an animation, and the seconds that each is shown, as Pillow reads them."""
    with Image.open(path) as image:
        frames, seconds = [], []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            frames.append(as_array(image))
            seconds.append(image.info.get("duration", 0) / 1000)
    return frames, seconds


def test_a_format_is_found_by_its_name_and_its_endings() -> None:
    for name, one in zip(FORMATS, all_formats(), strict=True):
        assert one.name == name
        assert format_of(Path(f"a{one.endings[0].upper()}")) in (one, format_named("pdf"))
    assert format_of(Path("a.txt")) is None


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_pages_have_the_same_bytes(name: str, small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    places = walk[:1] if format_named(name).holds is Holds.ONE else walk[:2]
    first, second = (exported(small, places, name, tmp_path / one).read_bytes() for one in ("first", "second"))
    assert first == second
    assert str(tmp_path).encode() not in first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]


@pytest.mark.parametrize("name", MOVING)
def test_who_gives_up_leaves_nothing_behind(name: str, small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    job = Job("", small.trace(), walk, format_named(name), tmp_path / "old", Look(SIZE), TIMING, overwrite=True)
    going = export(job)
    next(going)
    going.close()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_that_is_gone_is_an_os_error(name: str, small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as told:
        exported(small, walk[:1], name, tmp_path / "missing" / "file")
    assert told.value.filename == str(tmp_path / "missing" / "file")


@pytest.mark.parametrize("theme", THEMES)
def test_png_is_exact_at_any_scale_and_has_a_ground_or_none(small: Experiment, tmp_path: Path, theme: str) -> None:
    place = Place(0, 3)
    look = Look(SIZE, theme, scale=1.5)
    with Image.open(exported(small, [place], "png", tmp_path / "a.png", look)) as image:
        assert image.size == (960, 540)
        pixels = as_array(image)
    assert_colors(pixels, picture_of(small, place, look), theme, within=0, scale=1.5)
    assert "#{:02x}{:02x}{:02x}".format(*pixels[-1, -1, :3]) == THEMES[theme].base
    with Image.open(exported(small, [place], "png", tmp_path / "b.png", Look(SIZE, theme, transparent=True))) as image:
        clear = as_array(image)
    assert clear[-1, -1, 3] == 0
    assert_colors(clear, picture_of(small, place, look), theme, within=0)


@pytest.mark.parametrize("preset", ["worked-2-2-2", "conv-kernel", "attention", "playground"])
def test_svg_holds_text_as_text_and_cells_as_they_are(preset: str, tmp_path: Path) -> None:
    import resvg_py

    experiment = open_preset(preset)
    place = Place(0, 3) if len(experiment.program.steps) > 3 else Place(0, 0, 900)
    look = Look((1280, 720))
    path = exported(experiment, [place], "svg", tmp_path / "a.svg", look)
    picture = picture_of(experiment, place, look)
    root = ElementTree.parse(path).getroot()
    lines = [element.text or "" for element in root.iter(f"{SVG}text")]
    told = re.sub(r"\s", "", "".join(lines))
    for text in (element.text for element in picture.elements if isinstance(element, Text)):
        assert re.sub(r"\s", "", text) in told
    for element in root.iter(f"{SVG}text"):
        start, length = float(element.get("x", "")), float(element.get("textLength", "0"))
        assert start >= 0
        assert start + length <= 1280
    assert root.findtext(f"{SVG}title")
    assert len(root.findtext(f"{SVG}desc") or "") > 40
    legends = [element for element in picture.elements if isinstance(element, Legend)]
    maps = [element for element in picture.elements if isinstance(element, Heatmap) and element.map.array is not None]
    images = list(root.iter(f"{SVG}image"))
    assert len(images) >= len(legends) + len(maps)
    for element in images:  # a pixel for each unit, so that no viewer can blur a cell
        with Image.open(io.BytesIO(b64decode((element.get(HREF) or "").partition(",")[2]))) as image:
            assert image.size == (round(float(element.get("width", ""))), round(float(element.get("height", ""))))
    with Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(path))))) as image:
        assert image.size == (1280, 720)
        assert_colors(as_array(image), picture, "light", within=0)


def test_svg_is_the_picture_that_png_is(small: Experiment, tmp_path: Path) -> None:
    import resvg_py

    place = Place(0, 3)
    svg, png = (exported(small, [place], name, tmp_path / f"a.{name}") for name in ("svg", "png"))
    with Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(svg))))) as drawn, Image.open(png) as painted:
        apart = np.abs(as_array(drawn) - as_array(painted)).max(axis=2)
    assert (apart > 60).mean() < 0.02  # the edges of letters


def test_pdf_has_a_page_for_each_place_with_its_text_and_its_cells(
    small: Experiment, walk: list[Place], tmp_path: Path
) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(exported(small, walk, "pdf", tmp_path / "a.pdf"))
    try:
        assert len(document) == len(walk)
        assert document.get_metadata_dict()["Title"] == "worked"
        for number, place in enumerate(walk):
            page = document[number]
            assert page.get_size() == pytest.approx((480, 270), abs=0.1)
            picture = picture_of(small, place, Look(SIZE))
            told = re.sub(r"\s", "", page.get_textpage().get_text_range())
            for text in (element.text for element in picture.elements if isinstance(element, Text) and element.bold):
                assert re.sub(r"\s", "", text) in told
        drawn = np.asarray(document[1].render(scale=4 / 3).to_pil().convert("RGBA")).astype(int)
        assert_colors(drawn, picture_of(small, walk[1], Look(SIZE)), "light", within=0)
    finally:
        document.close()


def test_pages_of_a_folder_are_numbered_documents(small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    import pypdfium2

    exported(small, walk[:2], "pdf", tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["step-000-sum_1.pdf", "step-001-net_1.pdf"]
    for name in names:
        document = pypdfium2.PdfDocument(tmp_path / name)
        assert len(document) == 1
        document.close()


@pytest.mark.parametrize(("name", "within"), [("apng", 0), ("webp", 0), ("gif", 2)])
def test_animations_are_what_the_pictures_are(
    name: str, within: int, small: Experiment, walk: list[Place], tmp_path: Path
) -> None:
    frames, seconds = frames_of(exported(small, walk, name, tmp_path / "a"))
    assert len(frames) == len(walk)
    assert seconds == pytest.approx([0.4, 0.4, 0.4, 0.1, 0.3])
    for number, (place, frame) in enumerate(zip(walk, frames, strict=True)):
        with Image.open(exported(small, [place], "png", tmp_path / f"{number}.png")) as still:
            apart = np.abs(as_array(still) - frame).max(axis=2)
        if within == 0:
            assert (apart == 0).all()
        assert (apart > within).mean() < 0.01  # letters have edges of more colours than a GIF


def test_gif_keeps_frequent_colours_of_a_picture_with_many(tmp_path: Path) -> None:
    experiment = open_preset("digits")
    place, look = Place(0, 0, 5), Look((1280, 720))
    frames, _ = frames_of(exported(experiment, [place], "gif", tmp_path / "a.gif", look))
    assert_colors(frames[0], picture_of(experiment, place, look), "light", within=2)


@pytest.mark.parametrize(("name", "codec"), [("mp4", "h264"), ("webm", "vp9")])
def test_video_has_its_frames_size_time_tags_and_colours(
    name: str, codec: str, small: Experiment, walk: list[Place], tmp_path: Path
) -> None:
    import av

    look = Look((1281, 721))
    path = exported(small, walk, name, tmp_path / "a", look)
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        context: Any = stream.codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == (codec, "yuv420p", 1280, 720)
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        frames = [frame.reformat(format="rgb24", src_colorspace=1).to_ndarray().astype(int)
                  for frame in video.decode(stream)]  # fmt: skip
        assert len(frames) == 16  # ten a second: 0.4 + 0.4 + 0.4 + 0.1 + 0.1 + 0.2 seconds
        assert (video.duration or 0) / 1e6 == pytest.approx(1.6, abs=0.02)
    for frame, place in ((frames[2], walk[0]), (frames[5], walk[1])):
        assert_colors(frame, picture_of(small, place, look), "light", within=2, least=40)
    if name == "mp4":
        content = path.read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


def test_odd_sizes_of_a_video_are_told(small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    said = {size: Job("", small.trace(), walk, format_named("mp4"), tmp_path / "a.mp4", Look(size)).check()
            for size in ((641, 361), (640, 361), (640, 360))}  # fmt: skip
    assert said[641, 361] == "A video has even sides: 641x361 becomes 640x360."
    assert said[640, 361] == "A video has even sides: 640x361 becomes 640x360."
    assert said[640, 360] is None


@pytest.mark.parametrize("name", FORMATS)
def test_a_size_beyond_the_format_is_one_sentence(
    name: str, small: Experiment, walk: list[Place], tmp_path: Path
) -> None:
    look = Look((7680, 4320), scale=20.0)
    with pytest.raises(ExportError, match=r"^Expected at most [0-9,]+ pixels a side for .*; got 153,600 x 86,400\.$"):
        exported(small, walk[:1], name, tmp_path / "a", look)
    assert not list(tmp_path.iterdir())


def test_slides_have_titles_pictures_words_and_notes(small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    from pptx import Presentation

    made = Presentation(str(exported(small, walk, "pptx", tmp_path / "a.pptx")))
    assert len(made.slides) == len(walk)
    assert made.slide_width / made.slide_height == pytest.approx(16 / 9, abs=0.01)
    trace = small.trace()
    for slide, page in zip(made.slides, pages(trace, walk, Look(SIZE), TIMING), strict=True):
        assert slide.shapes.title.text_frame.text == page.frame.title
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert picture._element.nvPicPr.cNvPr.get("descr") == page.alternative
        assert picture.left >= 0
        assert picture.left + picture.width <= made.slide_width
        assert picture.top + picture.height <= made.slide_height + 20_000
        with Image.open(io.BytesIO(picture.image.blob)) as image:
            assert image.size == (1280, 640)
        notes = slide.notes_slide.notes_text_frame.text
        assert page.frame.equation in notes
        assert page.frame.equation_text in notes
        assert page.frame.live in notes
    assert made.core_properties.created.year == 2000


class _Reader(HTMLParser):
    """What is in a web page: its pictures, and whatever it would ask the network for."""

    def __init__(self) -> None:
        super().__init__()
        self.images: list[dict[str, str]] = []
        self.sources: list[str] = []
        self.addresses: list[str] = []
        self.shown: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.addresses += [given[name] for name in ("src", "href", "srcset") if name in given]
        if tag == "img":
            self.images.append(given)
        elif tag == "source":
            self.sources.append(given["srcset"])
        elif tag == "section":
            self.shown.append("hidden" not in given)


def test_a_web_page_holds_all_that_it_shows(small: Experiment, walk: list[Place], tmp_path: Path) -> None:
    text = exported(small, walk, "html", tmp_path / "a.html", title="a < b").read_text(encoding="utf-8")
    reader = _Reader()
    reader.feed(text)
    assert all(address.startswith("data:") for address in reader.addresses)
    assert "http" not in re.sub(r"data:[^\"]*", "", text)
    assert "<title>NetStep: a &lt; b</title>" in text
    assert "$" not in re.sub(r"data:[^\"]*", "", text)
    assert reader.shown == [True, *[False] * (len(walk) - 1)]
    alternatives = [page.alternative for page in pages(small.trace(), walk, Look(SIZE), TIMING)]
    assert [image["alt"] for image in reader.images] == alternatives
    for address in [*reader.sources, *(image["src"] for image in reader.images)]:
        root = ElementTree.fromstring(b64decode(address.partition(",")[2]))
        assert root.tag == f"{SVG}svg"
    narrow = ElementTree.fromstring(b64decode(reader.sources[0].partition(",")[2]))
    assert float(narrow.get("height", "")) > float(narrow.get("width", ""))
    sizes = [float(element.get("font-size", "")) for element in narrow.iter(f"{SVG}text")]
    assert min(sizes) >= 9 * float(narrow.get("width", "")) / 540


def test_the_legend_has_the_colours_of_the_table(small: Experiment, tmp_path: Path) -> None:
    place, look = Place(0, 3), Look(SIZE)
    root = ElementTree.parse(exported(small, [place], "svg", tmp_path / "a.svg", look)).getroot()
    legend = next(one for one in picture_of(small, place, look).elements if isinstance(one, Legend))
    colors = {QColor(int(color)).name() for color in table(theme_of(look), legend.levels.kind)[:251]}
    bars = []
    for element in root.iter(f"{SVG}image"):
        with Image.open(io.BytesIO(b64decode((element.get(HREF) or "").partition(",")[2]))) as image:
            pixels = as_array(image)
        if pixels.shape[1] > 8 * pixels.shape[0] and len(np.unique(pixels.reshape(-1, 4), axis=0)) > 20:
            bars.append({"#{:02x}{:02x}{:02x}".format(*pixel[:3]) for pixel in pixels[0]})
    assert bars
    assert any(bar <= colors for bar in bars)


def test_a_worksheet_asks_for_numbers_and_has_them_at_its_end(small: Experiment, tmp_path: Path) -> None:
    import pypdfium2

    keys = ["sum_1", "net_1", "out_1"]
    places = [Place(0, small.program.producers[key].number) for key in keys]
    document = pypdfium2.PdfDocument(exported(small, places, "worksheet", tmp_path / "a.pdf"))
    try:
        assert len(document) == 4
        told = ["".join(document[number].get_textpage().get_text_range().split()) for number in range(4)]
        assert document[0].get_size() == pytest.approx((595.5, 842.25), abs=0.5)  # A4
    finally:
        document.close()
    tasks, solutions = "".join(told[:2]), "".join(told[2:])
    assert tasks.count("fillintheemptycells") == 3
    assert "solution" not in tasks
    trace = small.trace()
    for key in keys:
        for value in trace.array(key).ravel().tolist():
            written = f"{value:.4f}".lstrip("0")[:4]
            assert written not in tasks
            assert written in solutions
    assert ".15" in tasks  # what is given stays
    comma = Look(SIZE, writing=Writing(comma=True))
    document = pypdfium2.PdfDocument(exported(small, places[:1], "worksheet", tmp_path / "b.pdf", comma))
    try:
        given = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    assert "0,15" in given
    assert ".15" not in given


def test_a_worksheet_is_of_what_can_be_worked_out_by_hand(tmp_path: Path) -> None:
    digits = open_preset("digits")
    with pytest.raises(ExportError, match="of at most 100 numbers; grad_w_1 has 2,048: choose other steps"):
        exported(digits, [Place(0, digits.program.producers["grad_w_1"].number)], "worksheet", tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())
