import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from core.values import Value
from viz_app.frame.levels import Levels, MapKind
from viz_app.frame.views import MapView
from viz_app.paint.cache import ENTRY_BYTES, BoundedCache
from viz_app.paint.colors import table
from viz_app.paint.heatmap import paint_heatmap
from viz_app.paint.raster import raster, reduced, unknown
from viz_app.paint.theme import DARK, LIGHT
from viz_app.picture.elements import Heatmap, Rect
from viz_app.picture.grid import Grid, whole

LEVELS = Levels(MapKind.DIVERGING, -1.0, 1.0)


def naive_means(cells: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Put every cell into the block that it belongs to, one by one."""
    blocks: dict[tuple[int, int], list[float]] = {}
    starts = [[i * length // count for i in range(count)] for length, count in zip(cells.shape, size, strict=True)]
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            block = tuple(
                max(i for i, s in enumerate(starts[axis]) if s <= at) for axis, at in enumerate((row, column))
            )
            blocks.setdefault(block, []).append(float(cells[row, column]))
    return np.array([[np.mean(blocks[i, j]) for j in range(size[1])] for i in range(size[0])])


@st.composite
def shapes_and_sizes(draw: st.DrawFn) -> tuple[tuple[int, int], tuple[int, int]]:
    shape = draw(st.tuples(st.integers(1, 23), st.integers(1, 23)))
    return shape, draw(st.tuples(st.integers(1, shape[0]), st.integers(1, shape[1])))


@given(shapes_and_sizes(), st.booleans())
def test_reduces_to_the_means_of_blocks(case: tuple[tuple[int, int], tuple[int, int]], transposed: bool) -> None:
    shape, size = case
    cells = np.random.default_rng(3).normal(size=shape)
    cells = np.asfortranarray(cells) if transposed else cells
    np.testing.assert_allclose(reduced(cells, size), naive_means(cells, size), rtol=1e-12, atol=1e-12)


def test_reducing_leaves_the_array_alone() -> None:
    cells = np.arange(12.0).reshape(3, 4)
    before = cells.copy()
    reduced(cells, (2, 2))
    np.testing.assert_array_equal(cells, before)


@pytest.mark.parametrize(("bad", "color"), [(np.nan, LIGHT.nan), (np.inf, LIGHT.infinite), (-np.inf, LIGHT.infinite)])
def test_a_bad_cell_among_many_shows_after_reduction(bad: float, color: str) -> None:
    array = np.zeros((300, 400), np.float32)
    array[200, 100] = bad
    made = raster(array, whole(array.shape), LEVELS, LIGHT, (30, 40))
    assert made.broken.tolist() == [[20, 10]]
    assert made.image.pixelColor(10, 20).name() == color
    assert made.image.pixelColor(11, 20).name() == LIGHT.maps[MapKind.DIVERGING][3]


def test_infinities_of_both_signs_in_one_block_still_show() -> None:
    array = np.zeros((4, 4), np.float32)
    array[0, 0], array[1, 1] = np.inf, -np.inf
    made = raster(array, whole(array.shape), LEVELS, LIGHT, (2, 2))
    assert made.broken.tolist() == [[0, 0]]


def test_an_image_is_no_larger_than_its_room_and_no_larger_than_its_array() -> None:
    array = np.zeros((50, 6), np.float32)
    made = raster(array, whole(array.shape), LEVELS, LIGHT, (20, 300))
    assert (made.image.height(), made.image.width()) == (20, 6)


def test_every_cell_has_its_own_pixel_where_there_is_room() -> None:
    array = np.array([[-1.0, 0.0], [0.5, 1.0]])
    image = raster(array, whole(array.shape), LEVELS, DARK, (100, 100)).image
    colors = [[image.pixel(column, row) for column in range(2)] for row in range(2)]
    codes = np.array([[0, 125], [188, 250]])
    assert colors == table(DARK, MapKind.DIVERGING)[codes].tolist()


@pytest.mark.parametrize("grid", [whole((6, 4)), whole((6, 4), flip=True), Grid((6, 4), (2, None), fold=(2, 2))])
@pytest.mark.parametrize("computed", [0, 9, 11, 24])
def test_cells_are_unknown_exactly_where_they_are_not_computed(grid: Grid, computed: int) -> None:
    hidden = unknown(grid, grid.size, computed)
    for row in range(grid.size[0]):
        for column in range(grid.size[1]):
            index = grid.index_at(row, column)
            assert index is not None
            assert hidden[row, column] == (np.ravel_multi_index(index, grid.shape) >= computed)


@given(shapes_and_sizes(), st.floats(0, 1))
def test_a_block_is_unknown_as_long_as_one_of_its_cells_is(
    case: tuple[tuple[int, int], tuple[int, int]], part: float
) -> None:
    shape, size = case
    computed = int(part * shape[0] * shape[1])
    each = (np.arange(shape[0] * shape[1]).reshape(shape) >= computed).astype(float)
    np.testing.assert_array_equal(unknown(whole(shape), size, computed), naive_means(each, size) > 0)


def test_what_is_not_computed_is_transparent_and_tells_no_bad_cells() -> None:
    array = np.full((2, 2), np.nan)
    array[0] = 0.5
    made = raster(array, whole(array.shape), LEVELS, LIGHT, (10, 10), computed=2)
    assert [made.image.pixelColor(0, row).alpha() for row in range(2)] == [255, 0]
    assert not len(made.broken)


def test_asking_again_makes_nothing_new() -> None:
    array = np.zeros((5, 5), np.float32)
    first = raster(array, whole(array.shape), LEVELS, LIGHT, (50, 50))
    assert raster(array, whole(array.shape), LEVELS, LIGHT, (90, 90)) is first
    assert raster(array, whole(array.shape), LEVELS, DARK, (90, 90)) is not first
    assert raster(array.copy(), whole(array.shape), LEVELS, LIGHT, (90, 90)) is not first


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache: BoundedCache[str] = BoundedCache(limit=3 * (1 + ENTRY_BYTES))
    made = []

    def text(name: str) -> str:
        return cache.get(name, lambda: made.append(name) or name, lambda _: 1)

    for name in "abcabdb":
        text(name)
    assert made == ["a", "b", "c", "d"]
    text("c")
    assert made[-1] == "c"
    assert len(cache) == 3
    assert cache.size == cache.limit


def test_the_cache_forgets_what_is_of_something_that_is_gone() -> None:
    cache: BoundedCache[str] = BoundedCache(limit=10 * ENTRY_BYTES)
    first, second = np.zeros(3), np.ones(3)
    for name, of in (("a", (first,)), ("b", (first, second)), ("c", (second,)), ("d", ())):
        cache.get(name, lambda: "made", lambda _: 1, of)
    gone = weakref.ref(first)
    del first, of
    assert gone() is None, "the cache keeps an array"
    assert len(cache) == 2
    assert cache.size == 2 * (1 + ENTRY_BYTES)
    again = np.zeros(3)
    assert cache.get("a", lambda: "made anew", lambda _: 1, (again,)) == "made anew"
    assert cache.get("c", lambda: "made anew", lambda _: 1, (second,)) == "made"


def test_no_painted_map_keeps_its_numbers() -> None:
    array = np.arange(300 * 300, dtype=np.float32).reshape(300, 300)
    view = MapView(Value("w", array.shape), "w", "w", array, LEVELS)
    image = QImage(400, 400, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(image) as painter:
        paint_heatmap(painter, Heatmap(Rect(10, 10, 300, 300), view, whole(array.shape)), LIGHT, 14.0)
    gone = weakref.ref(array)
    del array, view
    assert gone() is None


@pytest.mark.parametrize("room", [(8, 16), (2, 4)])
def test_what_a_mask_has_hidden_is_not_broken_however_small_it_is_drawn(room: tuple[int, int]) -> None:
    hidden = ~np.tri(8, dtype=bool)
    array = np.where(hidden, -np.inf, np.full((2, 8, 8), 0.5))
    grid = Grid(array.shape, (None, None, None), tiles=(1, 2))
    assert raster(array, grid, LEVELS, LIGHT, room, hidden=hidden).broken.size == 0
    seen = array.copy()
    seen[1, 5, 2] = np.inf
    assert len(raster(seen, grid, LEVELS, LIGHT, room, hidden=hidden).broken) == 1
