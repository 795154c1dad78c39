"""In every window and at every presentation scale a stage shows the numbers of the current cell, and uses its room.

What counts as shown is what the painters write. By default each step of each preset is judged in one of the rooms, in
turn. ``NETSTEP_EVERY_ROOM=1 python -m pytest tests/app/picture/test_room.py`` judges all of it, in minutes.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSettings
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from core.iteration import LOSSES
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor, Trace
from tests.app.picture.stages.test_layout import check
from tests.steps import telling
from viz_app.frame.frame import Focus, Frame, resolve
from viz_app.paint.painting import paint
from viz_app.paint.theme import LIGHT
from viz_app.panels.stage import StagePanel
from viz_app.picture.elements import Formula, Heatmap, Legend, Picture, Rect, Stroke, Text, rect_of
from viz_app.picture.stages import arrange, text_size
from viz_app.picture.stages.excerpts import largest_terms
from viz_app.picture.stages.header import EQUATION, height_of
from viz_app.picture.typeset import typeset
from viz_app.session.session import Session
from viz_app.widgets.pictures.canvas import target_at
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences

WINDOWS = ((800, 500), (900, 600), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))
SCALES = (100, 150, 200, 250)
LEAST = 9
"""No text is smaller, in pixels."""
FEWEST = 3
"""So many of the largest terms are shown at least."""
USED = 0.6
LOWEST = 0.33
"""The least share of the height that is used, whatever is used of the width."""
_LIVE_LINE = 2.8
"""What is free below an equation where no number is written, in em: the line of the live numbers is kept free."""
LARGER, _STEP, _APART = 1.8, 1.13, 2.4
"""How much larger an equation is at most, by how much at least where it can be, and how far from the maps, in em."""
MARGINS = 2.2
"""What is free above, below and between the header and the maps, in em."""
EVERY = bool(os.environ.get("NETSTEP_EVERY_ROOM"))

CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in PRESETS if name != "mlp-768-800-10"),  # it looks like the other of 784
    ("digits", {"batch_size": 8}),
    ("mlp-784-800-10", {"batch_size": 64}),
    ("conv-digits", {"batch_size": 2}),
    ("digits", {"batch_size": 8, "through_jacobian": True}),
    *(("digits", {"batch_size": 8, "loss": loss}) for loss in LOSSES if loss != "cross_entropy"),
]


@dataclass(frozen=True)
class Written:
    """A text that was painted: where, in pixels of the picture, and how large."""

    text: str
    at: QPointF
    size: int


class Recorder(QPainter):
    """A painter that remembers what it writes."""

    def __init__(self, image: QPixmap) -> None:
        super().__init__(image)
        self.written: list[Written] = []

    def drawText(self, where: Any, *rest: Any) -> None:
        at = where if isinstance(where, QPointF) else QRectF(where).center()
        self.written.append(Written(str(rest[-1]), self.transform().map(at), self.font().pixelSize()))
        super().drawText(where, *rest)


def written(picture: Picture) -> list[Written]:
    """Return everything that is written when a picture is painted."""
    paper = QPixmap(round(picture.width), round(picture.height))  # into an image, cells are painted by way of others
    paper.fill(QColor(LIGHT.base))
    with Recorder(paper) as painter:
        paint(painter, picture, LIGHT)
        return [one for one in painter.written if one.text]


@cache
def rooms() -> tuple[tuple[float, float, float], ...]:
    """Return the width, height and size of text of the stage in every window, at every scale."""
    found = []
    store = QSettings("none", QSettings.Format.IniFormat)
    for scale in SCALES:
        preferences = Preferences(store)
        preferences.scale = scale
        window = MainWindow(Session(open_preset("digits")), preferences)
        window.show()
        for size in WINDOWS:
            window.resize(*size)
            QApplication.processEvents()
            assert (window.width(), window.height()) == size
            canvas = window.panels[StagePanel].canvas
            found.append((canvas.width(), canvas.height(), window.parts.appearance.stage_size))
        window.close()
        window.deleteLater()
    return tuple(found)


@pytest.fixture(scope="module", autouse=True)
def measured(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Measure the rooms once, outside of the test that asks first."""
    os.chdir(tmp_path_factory.mktemp("room"))
    rooms()


@cache
def trace_of(preset: str, options: tuple[tuple[str, Any], ...]) -> Trace:
    return open_preset(preset, **dict(options)).trace()


def frames(preset: str, options: dict[str, Any], number: int) -> Iterator[Frame]:
    """Yield a step as a whole, and inside at a cell; all of it at its last cell in the full run."""
    trace = trace_of(preset, tuple(options.items()))
    step = trace.program.steps[number]
    yield resolve(trace, Cursor(0, number))
    yield resolve(trace, Cursor(0, number, prod(step.output.shape) * 2 // 3))
    if EVERY:
        last = Focus(step.output.key, tuple(size - 1 for size in step.output.shape))
        yield resolve(trace, Cursor(0, number), focus=last, kept=last)


def judged(preset: str, options: dict[str, Any]) -> Iterator[tuple[Frame, Picture, float, str]]:
    """Yield the frames of a preset with their pictures, and the size of text, in the rooms that a step is judged in."""
    trace = trace_of(preset, tuple(options.items()))
    for number, step in ((step.number, step) for step in telling(trace.program)):
        one = rooms()[(5 * number + len(preset)) % len(rooms())]
        for width, height, asked in rooms() if EVERY else (one,):
            for frame in frames(preset, options, number):
                em = text_size(width, height, asked)
                inside = f" at cell {frame.cursor.cell}" if frame.inside else ""
                what = f"{preset} step {number} {step.op.title}{inside} in {width} x {height}, {asked} px"
                yield frame, arrange(frame, width, height, em), em, what


def cell_rect(heatmap: Heatmap, row: int, column: int) -> Rect:
    rows, columns = heatmap.grid.size
    wide, high = heatmap.rect.width / columns, heatmap.rect.height / rows
    return Rect(heatmap.rect.x + column * wide, heatmap.rect.y + row * high, wide, high)


def has_number(heatmap: Heatmap, place: tuple[int, int], texts: list[Written]) -> bool:
    rect = cell_rect(heatmap, *place).inset(-1)
    return any(rect.contains(one.at.x(), one.at.y()) for one in texts)


def shows_cell(picture: Picture, texts: list[Written], key: str, index: tuple[int, ...]) -> bool:
    """Tell whether the number of a cell is written into it, in any of the maps of its value."""
    cell = np.array([index], dtype=np.intp).reshape(1, len(index))
    return any(
        has_number(heatmap, tuple(place), texts)
        for heatmap in picture.heatmaps
        if heatmap.map.key == key
        for place in heatmap.grid.places(cell).tolist()
    )


def tells_terms(picture: Picture, texts: list[Written], frame: Frame) -> bool:
    made_up = [m for m in picture.heatmaps if m.terms]
    if made_up:
        sizes = [m.grid.size for m in made_up]
        return all(
            has_number(m, (row, column), texts)
            for m, (rows, columns) in zip(made_up, sizes, strict=True)
            for row in range(rows)
            for column in range(columns)
        )
    return all(
        shows_cell(picture, texts, frame.operands[i].key, index)
        for term in largest_terms(frame.home.terms, FEWEST)
        for i, index in term.cells
        if not frame.operands[i].hides(index)  # it stands for no number
    )


def tells_result(picture: Picture, texts: list[Written], frame: Frame) -> bool:
    if frame.result.hides(frame.home.index):
        return True
    told = {e.text for e in picture.elements if isinstance(e, Text) and e.result}
    return shows_cell(picture, texts, frame.result.key, frame.home.index) or bool(told & {one.text for one in texts})


@pytest.mark.parametrize(("preset", "options"), CASES, ids=str)
def test_the_current_cell_and_its_largest_terms_are_written_and_the_room_is_used(
    preset: str, options: dict[str, Any]
) -> None:
    wrong: list[str] = []
    for frame, picture, em, what in judged(preset, options):
        texts = written(picture)
        if not tells_result(picture, texts, frame):
            wrong.append(f"no result: {what}")
        if not tells_terms(picture, texts, frame):
            wrong.append(f"no terms: {what}")
        small = {f"{one.text} ({one.size} px)" for one in texts if one.size < LEAST}
        wrong += [f"too small: {what}: {sorted(small)}"] if small else []
        wrong += [f"too small: {what}: {tex} ({size:.1f} px)" for tex, size in formula_sizes(picture) if size < LEAST]
        wrong += [f"small: {what}: {tex}" for tex in small_equations(picture, frame, em)]
        wide, high = used(picture, em)
        wrong += [f"half empty: {what}"] if max(wide, high) < USED else []
        wrong += [f"low: {high:.2f} of {what}"] if high < LOWEST else []
        check(picture, what)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def used(picture: Picture, em: float) -> tuple[float, float]:
    """Return the share of the width that is drawn on below the header, and of the height that there is."""
    drawn = [rect_of(e) for e in picture.elements if isinstance(e, (Heatmap, Legend, Stroke))]
    wide = max(r.right for r in drawn) - min(r.x for r in drawn)
    below = picture.height - height_of(picture.height, em, live=False) - MARGINS * em
    high = max(r.bottom for r in drawn) - min(r.y for r in drawn)
    return wide / picture.width, high / below


def formula_sizes(picture: Picture) -> Iterator[tuple[str, float]]:
    """Yield every formula with the size of its type, in pixels."""
    for formula in (e for e in picture.elements if isinstance(e, Formula)):
        width, height = typeset(formula.tex).size_at(formula.size * picture.em)
        shrink = min(1.0, formula.rect.width / width, formula.rect.height / height)
        yield formula.tex, formula.size * picture.em * shrink


def small_equations(picture: Picture, frame: Frame, em: float) -> list[str]:
    """Return the equation if its type could be larger in the room that is left below it."""
    found = []
    usual = EQUATION * em
    large = min(usual * LARGER, EQUATION * picture.width / 44, EQUATION * picture.height / 26)
    for formula in (e for e in picture.elements if isinstance(e, Formula) and e.tex == frame.equation):
        rect = formula.rect
        width, height = typeset(formula.tex).size_at(usual)
        size = usual * min(formula.size * picture.em / usual, rect.width / width, rect.height / height)
        free = min(rect_of(e).y for e in picture.elements if rect_of(e).y > rect.bottom - 1) - rect.bottom
        free -= _LIVE_LINE * em
        asked = ((usual, 0.0), (min(_STEP * size, large), _APART * em))  # to grow further it keeps apart from the maps
        for wanted, apart in asked:
            wanted = min(wanted, usual * rect.width / width)
            lacks = height * wanted / usual - rect.height
            found += [formula.tex] if wanted > 1.01 * size and lacks < free - apart else []
    return found


def test_a_cell_of_an_excerpt_and_of_its_overview_can_be_pointed_at() -> None:
    frame = resolve(trace_of("mlp-784-800-10", ()), Cursor(0, 0))
    picture = arrange(frame, 712, 537, 14)
    maps = [m for m in picture.heatmaps if m.map.key in ("x", "w_1", "sum_1") and not m.grid.fold]
    excerpts = [m for m in maps if m.grid.size != m.grid.full_size]
    overviews = [m for m in maps if m.grid.size == m.grid.full_size]
    assert [{m.map.key for m in some} for some in (excerpts, overviews)] == [{"x", "w_1", "sum_1"}] * 2
    for heatmap in maps:
        rows, columns = heatmap.grid.size
        target = target_at(picture, *cell_rect(heatmap, rows - 1, columns - 1).center)
        assert target is not None
        lines = heatmap.grid.rows or range(rows), heatmap.grid.columns or range(columns)
        assert (target.key, target.index) == (heatmap.map.key, (lines[0][-1], lines[1][-1]))


def test_the_mouse_moves_no_map() -> None:
    trace = trace_of("mlp-784-800-10", ())
    for number, step in ((step.number, step) for step in telling(trace.program)):
        last = Focus(step.output.key, tuple(size - 1 for size in step.output.shape))
        calm, hovered = (
            [(m.rect, m.grid.rows, m.grid.columns) for m in arrange(frame, 712, 537, 14).heatmaps]
            for frame in (resolve(trace, Cursor(0, number), focus=focus) for focus in (None, last))
        )
        assert calm == hovered, step.op.title


def test_an_excerpt_follows_the_cell_that_is_kept() -> None:
    trace = trace_of("mlp-784-800-10", ())
    kept = Focus("sum_1", (0, 700))
    picture = arrange(resolve(trace, Cursor(0, 0), focus=kept, kept=kept), 712, 537, 14)
    assert any(700 in (m.grid.columns or ()) for m in picture.heatmaps if m.map.key == "sum_1")


def test_text_grows_with_the_room_and_with_the_scale_but_leaves_the_maps_their_share() -> None:
    assert text_size(1297, 897, 14) == pytest.approx(14)
    assert 18 < text_size(3217, 1977, 14) < 28
    assert text_size(1300, 900, 21) == 21
    assert text_size(500, 300, 28) == 14


def test_text_grows_with_the_scale_in_every_usual_window() -> None:
    sizes = {scale: [text_size(*rooms()[SCALES.index(scale) * len(WINDOWS) + i]) for i in range(len(WINDOWS))]
             for scale in (100, 200)}  # fmt: skip
    for window, usual, large in zip(WINDOWS, sizes[100], sizes[200], strict=True):
        assert large >= (1.25 if window >= (1280, 720) else 1.0) * usual, window


def test_whole_maps_are_no_slivers_above_a_table() -> None:
    trace = trace_of("attention", ())
    for step in telling(trace.program):
        em = text_size(1368, 827, 28)
        picture = arrange(resolve(trace, Cursor(0, step.number)), 1368, 827, em)
        sizes = [(m.rect.width / m.grid.size[1], m.rect.height / m.grid.size[0]) for m in picture.heatmaps]
        assert min(min(size) for size in sizes) >= 0.3 * em, step.op.title


def test_an_overview_stands_level_with_the_part_that_it_shows() -> None:
    """Where the parts stand below each other; a part in a row of them has its overview in a column."""
    for step in (8, 19):
        for width, height in ((712, 537), (1297, 894)):
            picture = arrange(resolve(trace_of("conv-digits", ()), Cursor(0, step)), width, height, 14)
            parts = {m.map.key: m.rect for m in picture.heatmaps if m.grid.rows or m.grid.columns}
            for whole in (m for m in picture.heatmaps if m.map.key in parts and not (m.grid.rows or m.grid.columns)):
                assert abs(whole.rect.center[1] - parts[whole.map.key].center[1]) < 1.5 * picture.em, (step, width)


def test_no_wide_gap_parts_the_maps_from_the_table_below_them() -> None:
    for options, width, height in ((), 712, 537), ((("batch_size", 2),), 1040, 700):
        trace = trace_of("conv-digits", options)
        step = next(step for step in trace.program.steps if type(step.op).__name__ == "MaxPool2dGradient")
        picture = arrange(resolve(trace, Cursor(0, step.number)), width, height, 14)
        rects = sorted((rect_of(e) for e in picture.elements), key=lambda rect: rect.y)
        lowest, widest = rects[0].bottom, 0.0
        for rect in rects:
            widest, lowest = max(widest, rect.y - lowest), max(lowest, rect.bottom)
        assert max(widest, height - lowest) < 0.15 * height, (width, height)


def test_heads_are_no_images_whose_cells_must_be_square() -> None:
    trace = trace_of("attention", ())
    heads = ("q_heads_1", "k_heads_1", "v_heads_1")
    for step in (trace.program.producers[key] for key in heads):
        picture = arrange(resolve(trace, Cursor(0, step.number)), 712, 537, 14)
        texts = written(picture)
        for value in (step.inputs[0], step.output):
            corners = [tuple(0 for _ in value.shape), tuple(size - 1 for size in value.shape)]
            assert all(shows_cell(picture, texts, value.key, corner) for corner in corners), (step.number, value.key)
