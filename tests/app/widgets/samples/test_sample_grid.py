"""The grid draws what is in view, and no more; the keyboard and the mouse go through it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.data import Dataset, one_hot
from core.presets import open_preset
from viz_app.frame.told.browsing import Browsed
from viz_app.paint.theme import DARK, LIGHT
from viz_app.paint.thumbnails import Thumbnails
from viz_app.widgets.samples.sample_grid import SampleGrid

Key = Qt.Key


class Counting(Thumbnails):
    """Thumbnails that remember which were painted."""

    def __init__(self, dataset, theme):
        super().__init__(dataset, theme)
        self.painted = []

    def paint(self, painter, sample, box):
        self.painted.append(sample)
        super().paint(painter, sample, box)


def made(count, shape=(4,), row_image=None):
    labels = np.arange(count) % 3
    chance = np.random.default_rng(0)
    return Dataset("Some", chance.random((count, *shape)), one_hot(labels, 3), labels, row_image=row_image)


@pytest.fixture
def show(qtbot):
    """Return a function that shows samples of data in a grid."""

    def take(dataset, samples=None, theme=LIGHT, size=(600, 500), **told):
        grid = SampleGrid()
        qtbot.addWidget(grid)
        grid.set_theme(theme)
        grid.resize(*size)
        thumbnails = Counting(dataset, theme)
        grid.show_data(thumbnails)
        grid.show_samples(Browsed(dataset, range(0), **told), np.arange(len(dataset)) if samples is None else samples)
        with qtbot.waitExposed(grid):
            grid.show()
        qtbot.waitUntil(lambda: grid.complete)
        return grid, thumbnails

    return take


def press(grid, *keys):
    for key in keys:
        QTest.keyClick(grid, key)


def middle(grid, place):
    return grid.box(place).center().toPoint()


def test_only_what_is_in_view_is_painted_of_a_million_samples(show, qtbot):
    labels = np.zeros(1_000_000, np.intp)
    inputs = np.broadcast_to(np.linspace(0, 1, 4), (1_000_000, 4))
    dataset = Dataset("Many", inputs, np.broadcast_to(np.ones(1), (1_000_000, 1)), labels)
    grid, thumbnails = show(dataset)
    assert sorted(thumbnails.painted) == list(grid.seen)
    thumbnails.painted.clear()
    press(grid, Key.Key_End)
    qtbot.waitUntil(lambda: grid.complete)
    assert grid.current == 999_999
    assert 999_999 in thumbnails.painted
    assert len(thumbnails.painted) <= 2 * len(grid.seen)
    thumbnails.painted.clear()
    grid.viewport().repaint()
    assert thumbnails.painted == []


def test_keys_go_from_sample_to_sample(show):
    grid, _ = show(made(1000))
    columns = len({round(grid.box(place).x()) for place in range(1000)})
    assert columns > 3
    grid.choose(0)
    for key, expected in [
        (Key.Key_Right, 1),
        (Key.Key_Down, 1 + columns),
        (Key.Key_Left, columns),
        (Key.Key_Up, 0),
        (Key.Key_Up, 0),
        (Key.Key_Left, 0),
        (Key.Key_End, 999),
        (Key.Key_Down, 999),
        (Key.Key_Right, 999),
        (Key.Key_Home, 0),
    ]:
        press(grid, key)
        assert grid.current == expected, key
    press(grid, Key.Key_PageDown)
    assert grid.current % columns == 0
    assert grid.current > columns
    press(grid, Key.Key_PageUp)
    assert grid.current == 0


def test_down_reaches_the_last_row_where_it_is_short(show):
    grid, _ = show(made(1000))
    columns = len({round(grid.box(place).x()) for place in range(1000)})
    count = 2 * columns + 1
    grid.show_samples(Browsed(made(1000), range(0)), np.arange(count))
    grid.choose(2 * columns - 1)
    press(grid, Key.Key_Down)
    assert grid.current == count - 1


def test_the_current_sample_is_always_in_view(show):
    grid, _ = show(made(5000))
    for key in (Key.Key_End, Key.Key_Up, Key.Key_PageUp, Key.Key_Home, Key.Key_PageDown, Key.Key_Down):
        press(grid, key)
        place = int(np.searchsorted(grid.samples, grid.current))
        assert grid.viewport().rect().contains(grid.box(place).toRect()), key
    grid.resize(220, 300)
    place = int(np.searchsorted(grid.samples, grid.current))
    assert grid.viewport().rect().contains(grid.box(place).toRect())


def test_a_click_chooses_and_a_double_click_and_return_open(show, qtbot):
    grid, _ = show(made(100), np.arange(0, 100, 7))
    chosen, opened = [], []
    grid.current_changed.connect(chosen.append)
    grid.sample_opened.connect(opened.append)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle(grid, 3))
    assert (chosen, opened) == ([21], [])
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle(grid, 4))
    assert opened == [28]
    press(grid, Key.Key_Return)
    assert opened == [28, 21]
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert grid.sample_at(QPoint(-5, 5)) is None


def test_a_sample_that_is_not_among_those_that_are_drawn_cannot_be_chosen(show):
    grid, _ = show(made(100), np.arange(0, 100, 7))
    assert not grid.choose(8)
    assert grid.current is None
    assert grid.choose(14)
    grid.show_samples(Browsed(made(100), range(0)), np.array([], np.intp))
    press(grid, Key.Key_Right, Key.Key_Return, Key.Key_End)
    assert grid.current is None


def test_the_samples_of_the_iteration_are_marked_in_the_accent_colour(show):
    dataset = made(20)
    grid, _ = show(dataset, shown=(4, 5))
    image = grid.viewport().grab().toImage()

    def frame(place):
        box = grid.box(place)
        return image.pixelColor(round(box.x()), round(box.center().y())).name()

    accent = LIGHT.tones["accent"]
    assert [frame(place) == accent for place in (3, 4, 5, 6)] == [False, True, True, False]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "preset", ["digits", "conv-digits", "attention", "playground", "worked-2-2-2", "sigmoid-3-4-2"]
)
def test_samples_of_every_kind_have_a_picture(show, preset, theme):
    grid, _ = show(open_preset(preset).dataset, theme=theme)
    image = grid.viewport().grab(grid.box(0).toRect().adjusted(3, 3, -3, -3)).toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert len(colours) > 1


def test_a_colour_image_has_its_colours_and_its_aspect(show):
    inputs = np.zeros((1, 3, 4, 8))
    inputs[0, 0] = 1.0
    inputs[0, 2, :, 4:] = 1.0
    grid, _ = show(Dataset("Red", inputs, np.ones((1, 1))))
    image, box = grid.viewport().grab().toImage(), grid.box(0)
    middle, side = box.center(), box.width()
    assert image.pixelColor(round(middle.x() - side / 4), round(middle.y())).name() == "#ff0000"
    assert image.pixelColor(round(middle.x() + side / 4), round(middle.y())).name() == "#ff00ff"
    assert image.pixelColor(round(middle.x()), round(middle.y() - 0.4 * side)).name() == LIGHT.base


def test_each_column_of_a_table_has_a_scale_of_its_own(show):
    inputs = np.array([[0.0, 1000.0], [1.0, 1000.5], [0.5, 1001.0]])
    grid, _ = show(Dataset("Table", inputs, np.ones((3, 1)), column_names=("small", "large")))
    image = grid.viewport().grab().toImage()

    def halves(place):
        box = grid.box(place)
        return [
            image.pixelColor(round(box.x() + n * box.width()), round(box.center().y())).name() for n in (0.25, 0.75)
        ]

    paper, ink = LIGHT.base, LIGHT.tones["text"]
    assert halves(0) == [paper, paper]
    assert halves(1)[0] == ink
    assert halves(2)[1] == ink
    assert halves(1)[1] not in (paper, ink)
