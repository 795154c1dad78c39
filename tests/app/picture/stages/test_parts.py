"""Where one matrix of a stack is drawn, it is written which one; a transposed operand has its whole shape."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from core.presets import open_preset
from core.run.trace import Cursor
from tests.app.picture.stages.test_text import ROOMS
from tests.steps import telling
from viz_app.frame.frame import resolve
from viz_app.picture.elements import Heatmap, Text
from viz_app.picture.grid import Listed
from viz_app.picture.stages import arrange, text_size
from viz_app.picture.stages.labels import shown_part


def is_said(heatmap: Heatmap, said: list[str]) -> bool:
    part = shown_part(heatmap.map, heatmap.grid)
    return any(part.lead in text for text in said) or all(
        any(word in text for text in said) for word in part.picked.split(", ")
    )


@pytest.mark.parametrize(
    ("preset", "options"),
    [
        ("conv-digits", {}),
        ("conv-digits", {"batch_size": 2}),
        ("attention", {"batch_size": 2}),
        ("batched-product", {}),
    ],
    ids=str,
)
def test_what_is_drawn_of_a_stack_is_said(qapp: QApplication, preset: str, options: dict[str, Any]) -> None:
    trace = open_preset(preset, **options).trace()
    wrong = []
    for step in telling(trace.program):
        width, height, asked = ROOMS[step.number % len(ROOMS)]
        picture = arrange(resolve(trace, Cursor(0, step.number)), width, height, text_size(width, height, asked))
        said = [e.text for e in picture.elements if isinstance(e, Text)]
        maps = [m for m in picture.heatmaps if not m.compact and not isinstance(m.grid, Listed)]
        single = [m for m in maps if not m.grid.tiles and shown_part(m.map, m.grid).picked]
        wrong += [f"step {step.number} {step.op.title}: {m.map.name}" for m in single if not is_said(m, said)]
    assert not wrong


def test_a_transposed_operand_has_as_many_axes_as_it_has(qapp: QApplication) -> None:
    trace = open_preset("batched-product").trace()
    picture = arrange(resolve(trace, Cursor(0, 1)), 1297, 894, 14)
    assert any(m.grid.flip for m in picture.heatmaps)
    assert "2 × 2" not in {e.text for e in picture.elements if isinstance(e, Text)}
