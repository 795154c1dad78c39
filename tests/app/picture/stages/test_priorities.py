"""Numbers come first, then legends, then words, and what a stage leaves free makes its cells larger."""

import itertools
from functools import cache

import numpy as np
import pytest

from core.presets import open_preset
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import Frame, resolve
from viz_app.picture.elements import Heatmap, Legend, Panel, Picture, Rect, Stroke, Text, Tone, rect_of
from viz_app.picture.grid import Listed
from viz_app.picture.legible import cell_wanted, has_room
from viz_app.picture.stages import arrange, text_size
from viz_app.picture.stages.header import EQUATION

SMALL, WIDE, HALL, LARGE = (712, 534, 14), (1208, 467, 28), (1368, 827, 28), (3217, 1974, 14)
"""The stage in a window of 1280 x 720 at 100 % and 200 %, 1920 x 1080 at 200 %, and 3840 x 2160 at 100 %."""
USUAL = (1297, 894, 14)
"""In a window of 1920 x 1080 at 100 %."""
MOST_EMPTY = 0.25
"""The largest share of the height of a picture that is empty all across."""


@cache
def trace_of(preset: str) -> Trace:
    return open_preset(preset).trace()


def pictured(preset: str, step: int, room: tuple[int, int, int]) -> tuple[Frame, Picture]:
    width, height, asked = room
    frame = resolve(trace_of(preset), Cursor(0, step))
    return frame, arrange(frame, width, height, text_size(width, height, asked))


def maps_of(frame: Frame, picture: Picture) -> list[Heatmap]:
    """Return the maps of the operands and the result, but those in a close-up."""
    keys = {view.key for view in (*frame.operands, frame.result)}
    maps = [m for m in picture.heatmaps if m.map.key in keys and not m.compact]
    return [m for m in maps if not isinstance(m.grid, Listed)]


def cell(heatmap: Heatmap) -> tuple[float, float]:
    rows, columns = heatmap.grid.size
    return heatmap.rect.width / columns, heatmap.rect.height / rows


@pytest.mark.parametrize("step", [0, 12, 18, 19, 32, 33, 36, 37, 41])
def test_maps_stand_below_each_other_where_only_so_their_numbers_have_room(step: int) -> None:
    frame, picture = pictured("attention", step, SMALL)
    wide, high = cell_wanted(picture.em)
    maps = maps_of(frame, picture)
    assert len(maps) == len(frame.operands) + 1
    assert all(across >= wide and down >= high for across, down in map(cell, maps))


def test_larger_numbers_come_before_larger_cells() -> None:
    """Cells that are high and narrow beside each other have little room for numbers."""
    for step, room in itertools.product((11, 12, 41, 42), (SMALL, (2913, 1907, 28))):
        frame, picture = pictured("attention", step, room)
        one, other = maps_of(frame, picture)[-2:]
        assert one.rect.bottom < other.rect.y, (step, room)


def test_the_grey_of_hidden_cells_is_told_where_maps_stand_below_each_other() -> None:
    frame, picture = pictured("attention", 12, SMALL)
    one, other = maps_of(frame, picture)
    assert one.rect.bottom < other.rect.y
    assert any(isinstance(e, Text) and e.text == "hidden" for e in picture.elements)


@pytest.mark.parametrize(("preset", "steps"), [
    ("digits", (2, 6, 13)), ("conv-digits", (2, 21)), ("sigmoid-3-4-2", (4,)), ("playground", (2, 9)),
])  # fmt: skip
def test_a_function_has_its_curve(preset: str, steps: tuple[int, ...]) -> None:
    for step, room in itertools.product(steps, (SMALL, WIDE, HALL)):
        frame, picture = pictured(preset, step, room)
        assert frame.curve is not None
        charts = [e.rect.height for e in picture.elements if isinstance(e, Panel) and e.outline is Tone.FAINT]
        assert max(charts, default=0) >= 6.5 * text_size(*room), (step, room)


def test_whole_maps_with_short_numbers_come_before_a_part_with_long_ones() -> None:
    for step, sizes in ((0, {(1, 64), (64, 32), (1, 32)}), (2, {(1, 32)}), (13, {(1, 32)})):
        for room in (USUAL, LARGE):
            frame, picture = pictured("digits", step, room)
            assert {m.grid.size for m in maps_of(frame, picture) if not m.grid.fold} == sizes, (step, room)


def test_the_images_that_a_product_multiplies_take_the_corner() -> None:
    for room in (USUAL, LARGE):
        _, picture = pictured("digits", 0, room)
        images = [m.rect for m in picture.heatmaps if m.grid.fold]
        assert sum(rect.width for rect in images) > 0.42 * picture.width, room


def test_a_curve_beside_two_strips_takes_what_they_need_not() -> None:
    _, picture = pictured("digits", 2, LARGE)
    (curve,) = (e for e in picture.elements if isinstance(e, Stroke) and e.tone is Tone.ACCENT)
    assert rect_of(curve).width > 0.23 * picture.width
    assert all(has_room(*cell(m), picture.em) for m in picture.heatmaps if m.grid.size == (1, 32))


@pytest.mark.parametrize("step", [1, 2, 11, 12, 16, 17])
def test_a_part_of_a_small_map_is_drawn_with_its_numbers_before_all_of_it_without_them(step: int) -> None:
    frame, picture = pictured("playground", step, WIDE)
    legible = {m.map.key for m in maps_of(frame, picture) if has_room(*cell(m), picture.em)}
    assert legible == {view.key for view in (*frame.operands, frame.result)}


@pytest.mark.parametrize("step", [10, 11, 12, 13, 18])
def test_a_narrow_map_is_no_thread_beside_an_empty_half(step: int) -> None:
    for room in (SMALL, WIDE, HALL, USUAL):
        frame, picture = pictured("playground", step, room)
        largest = {m.map.key: m.rect.width for m in sorted(maps_of(frame, picture), key=lambda m: m.rect.width)}
        assert min(largest.values()) >= 5.5 * text_size(*room), room


@pytest.mark.parametrize("preset", ["digits", "worked-2-2-2"])
def test_numbers_that_stand_alone_take_the_room(preset: str) -> None:
    step = trace_of(preset).program.producers["loss"].number
    for room in (SMALL, WIDE, HALL, USUAL, LARGE):
        frame, picture = pictured(preset, step, room)
        share = sum(m.rect.width * m.rect.height for m in maps_of(frame, picture)) / (picture.width * picture.height)
        assert share > 0.12, room


@pytest.mark.parametrize(("preset", "step"), [
    ("batched-product", 0), ("worked-2-2-2", 2), ("worked-2-2-2", 18), ("sigmoid-3-4-2", 4), ("attention", 31),
    ("digits", 8), ("digits", 10), ("playground", 25),
])  # fmt: skip
def test_cells_grow_with_the_window(preset: str, step: int) -> None:
    usual, large = (min(sum(cell(m)) for m in maps_of(*pictured(preset, step, room))) for room in (USUAL, LARGE))
    assert large > 1.7 * usual  # the window is 2.2 times as high


def empty(picture: Picture) -> float:
    """Return the largest share of the height that is empty all across."""
    spans = sorted((rect.y, rect.bottom) for rect in map(rect_of, picture.elements))
    lowest, most = 0.0, 0.0
    for top, bottom in [*spans, (picture.height, picture.height)]:
        most, lowest = max(most, top - lowest), max(lowest, bottom)
    return most / picture.height


@pytest.mark.parametrize(("preset", "step"), [
    ("digits", 1), ("digits", 8), ("digits", 10), ("mlp-784-800-10", 1), ("mlp-784-800-10", 14),
    ("mlp-784-800-10", 15), ("worked-2-2-2", 7), ("worked-2-2-2", 18), ("batched-product", 0), ("attention", 41),
])  # fmt: skip
def test_no_wide_band_of_a_picture_is_empty(preset: str, step: int) -> None:
    shares = [empty(pictured(preset, step, room)[1]) for room in (SMALL, USUAL, LARGE)]
    assert max(shares) < MOST_EMPTY


@pytest.mark.parametrize(("preset", "step"), [("worked-2-2-2", 0), ("conv-digits", 0), ("conv-digits", 3),
                                              ("conv-digits", 24), ("attention", 38)])  # fmt: skip
def test_maps_beside_a_close_up_keep_their_legends(preset: str, step: int) -> None:
    for room in (WIDE, HALL):
        frame, picture = pictured(preset, step, room)
        legends = sum(isinstance(e, Legend) for e in picture.elements)
        maps = maps_of(frame, picture)
        numbered = sum(has_room(*cell(m), em=0) for m in maps)  # numbers come before legends
        assert legends + numbered >= len({m.map.key for m in maps}), room


def test_what_is_small_beside_a_part_is_called_in_the_same_form() -> None:
    for step in (21, 22):
        for room in (SMALL, HALL):
            frame, picture = pictured("conv-digits", step, room)
            texts = {e.text for e in picture.elements if isinstance(e, Text)}
            views = [*frame.operands, frame.result]
            named = sum(view.name in texts for view in views)
            shaped = sum(f"{view.name} · {view.shape_text}" in texts for view in views)
            assert 0 in (named, shaped), (step, room)


def test_a_map_of_which_one_channel_is_drawn_has_its_whole_beside_it() -> None:
    for room in (SMALL, WIDE, HALL):
        frame, picture = pictured("conv-digits", 8, room)
        tiles = {m.grid.tiles is not None for m in maps_of(frame, picture) if m.map.key == frame.operands[0].key}
        assert tiles == {True, False}, room


def test_narrow_maps_stand_beside_each_other_beside_the_row_of_a_softmax() -> None:
    frame, picture = pictured("playground", 8, SMALL)
    net, out = (m.rect for m in maps_of(frame, picture) if m.grid.size == (10, 2))
    assert net.right < out.x
    assert net.y == out.y


def test_an_equation_grows_with_the_maps_below_it() -> None:
    for room, times in ((USUAL, 1.2), (LARGE, 1.5)):
        frame, picture = pictured("worked-2-2-2", 2, room)
        (equation,) = (e for e in picture.elements if getattr(e, "tex", "") == frame.equation)
        assert equation.size * picture.em > times * EQUATION * text_size(*room)  # type: ignore[union-attr]


def test_a_close_up_and_the_maps_above_it_share_what_is_free() -> None:
    _, picture = pictured("digits", 10, LARGE)
    rects = [rect_of(e) for e in picture.elements]
    table = [m.rect for m in picture.heatmaps if isinstance(m.grid, Listed)]
    below = picture.height - max(rect.bottom for rect in rects)
    lowest_map = max(m.rect.bottom for m in picture.heatmaps if not isinstance(m.grid, Listed))
    assert below > 0.5 * (min(rect.y for rect in table) - lowest_map)


def rows_named(picture: Picture, heatmap: Heatmap) -> list[float]:
    """Return the rows, from the top, beside which a text stands at the left of a map."""
    beside = Rect(0, heatmap.rect.y, heatmap.rect.x, heatmap.rect.height)
    texts = [e.rect.center for e in picture.elements if isinstance(e, Text) and e.text]
    high = cell(heatmap)[1]
    return sorted((y - heatmap.rect.y) / high - 0.5 for x, y in texts if beside.contains(x, y))


def test_a_ruler_without_room_for_each_name_leaves_some_out_evenly() -> None:
    frame, picture = pictured("vision-transformer", 27, (2913, 1907, 28))
    below = {e.text for e in picture.elements if isinstance(e, Text)}
    patches = [f"{row}.{column}" for row in range(1, 5) for column in range(1, 5)]
    assert any(m.grid.size == (16, 16) for m in maps_of(frame, picture))
    told = [place for place, name in enumerate(patches) if name in below]
    assert told
    assert len(set(np.diff(told).tolist())) == 1
