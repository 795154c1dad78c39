"""What stages write can be read: no text is cut, none touches another one or a map, and every curve is drawn.

Each step of each case is judged in one of the rooms that the stage has in usual windows, in turn.
"""

import itertools
import math
from collections.abc import Iterator
from math import prod
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from tests.steps import telling
from viz_app.frame.frame import resolve
from viz_app.paint.text import fitted, font
from viz_app.picture.elements import Align, Formula, Heatmap, Picture, Rect, Stroke, Text
from viz_app.picture.stages import arrange, text_size
from viz_app.picture.typeset import typeset

ROOMS = (
    (856, 414, 14), (712, 534, 14), (1297, 894, 14), (3217, 1974, 14),
    (1208, 467, 28), (1368, 827, 28), (2913, 1907, 28),
)  # fmt: skip
"""The stage in windows of 900 x 600 at 100 %, and of 1280 x 720, 1920 x 1080 and 3840 x 2160 at 100 % and at 200 %."""
LEAST_GAP = 0.25
"""How far texts on a line are apart at least, in sizes of the smaller one."""
SHARE = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}

CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in PRESETS),
    ("digits", {"batch_size": 8}),
    ("digits", {"batch_size": 8, "through_jacobian": True}),
    ("digits", {"optimizer": "adam"}),
    ("digits", {"optimizer": "momentum"}),
    ("conv-digits", {"batch_size": 8}),
    ("conv-digits", {"optimizer": "adam"}),
    ("attention", {"batch_size": 8}),
    ("attention", {"through_jacobian": True}),
]


def judged(preset: str, options: dict[str, Any]) -> Iterator[tuple[Picture, str]]:
    """Yield the pictures of a preset: every step as a whole, and inside at a cell."""
    trace = open_preset(preset, **options).trace()
    for step in telling(trace.program):
        for inside, cell in enumerate((None, prod(step.output.shape) * 2 // 3)):
            width, height, asked = ROOMS[(step.number + 3 * inside) % len(ROOMS)]
            frame = resolve(trace, Cursor(0, step.number, cell))
            picture = arrange(frame, width, height, text_size(width, height, asked))
            yield picture, f"step {step.number} {step.op.title} at cell {cell} in {width} x {height}, {asked} px"


def written(text: Text, em: float) -> tuple[str, Rect, float]:
    """Return what is painted of a line, the place of its letters, and their size."""
    wanted = round(text.size * em)
    line, size = fitted(text.text, text.rect.width, wanted, text.bold, text.mono)
    metrics = QFontMetricsF(font(size, text.bold, text.mono))
    width, height = metrics.horizontalAdvance(line), 1.3 * metrics.capHeight()
    left = text.rect.x + SHARE[text.align] * (text.rect.width - width)
    return line, Rect(left, text.rect.center[1] - height / 2, width, height), size


def paragraph(text: Text, em: float) -> QRectF:
    """Return the room that a paragraph needs in the smallest size."""
    metrics = QFontMetricsF(font(min(9, round(text.size * em)), text.bold))
    return metrics.boundingRect(QRectF(0, 0, text.rect.width, 1e6), int(Qt.TextFlag.TextWordWrap), text.text)


def in_type(formula: Formula, em: float) -> Rect:
    """Return the place of a formula's letters."""
    width, height = typeset(formula.tex).size_at(formula.size * em)
    shrink = min(1.0, formula.rect.width / width, formula.rect.height / height)
    left = formula.rect.x + SHARE[formula.align] * (formula.rect.width - width * shrink)
    return Rect(left, formula.rect.center[1] - 0.45 * height * shrink, width * shrink, 0.9 * height * shrink)


def cut(picture: Picture) -> list[str]:
    texts = [e for e in picture.elements if isinstance(e, Text) and e.text]
    lines = [e.text for e in texts if not e.wrap and written(e, picture.em)[0] != e.text]
    too_long = [e.text for e in texts if e.wrap and paragraph(e, picture.em).height() > e.rect.height + 1]
    too_wide = [e.text for e in texts if e.wrap and paragraph(e, picture.em).width() > e.rect.width + 1]
    return [f"cut: {text}" for text in (*lines, *too_long, *too_wide)]


def crowded(picture: Picture) -> list[str]:
    em = picture.em
    lines = [(e.text, *written(e, em)[1:]) for e in picture.elements if isinstance(e, Text) and e.text and not e.wrap]
    formulas = [(e.tex, in_type(e, em), e.size * em) for e in picture.elements if isinstance(e, Formula)]
    wrong = []
    for (one, here, size), (other, there, other_size) in itertools.combinations([*lines, *formulas], 2):
        apart = LEAST_GAP * min(size, other_size) / 2
        if Rect(here.x - apart, here.y, here.width + 2 * apart, here.height).overlaps(
            Rect(there.x - apart, there.y, there.width + 2 * apart, there.height)
        ):
            wrong.append(f"close: {one} and {other}")
    for (one, here, _), heatmap in itertools.product([*lines, *formulas], picture.heatmaps):
        if here.overlaps(heatmap.rect):
            wrong.append(f"on a map: {one} and {heatmap.map.name}")
    return wrong


def nowhere(picture: Picture) -> list[str]:
    strokes = [e for e in picture.elements if isinstance(e, Stroke)]
    return [f"nowhere: {e.points[:2]}" for e in strokes if not all(map(math.isfinite, itertools.chain(*e.points)))]


@pytest.mark.parametrize(("preset", "options"), CASES, ids=str)
def test_every_text_can_be_read(qapp: QApplication, preset: str, options: dict[str, Any]) -> None:
    wrong = []
    for picture, what in judged(preset, options):
        assert any(isinstance(e, Heatmap) for e in picture.elements), what
        wrong += [f"{what}: {fault}" for fault in (*cut(picture), *crowded(picture), *nowhere(picture))]
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)
