"""Between the terms of a close-up that adds or subtracts operands stands the sign of its formula."""

from math import prod
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from core.ops.elementwise import Add, Subtract
from core.ops.linear import AddBias
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from tests.steps import telling
from viz_app.frame.frame import Frame, resolve
from viz_app.picture.elements import Element, Heatmap, Rect, Text
from viz_app.picture.stages.closeup import closeup

CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in PRESETS if name != "mlp-768-800-10"),  # it looks like the other of 784
    ("digits", {"optimizer": "adam"}),
    ("attention", {"through_jacobian": True}),
]


def terms_of(elements: list[Element]) -> list[Heatmap]:
    return sorted((e for e in elements if isinstance(e, Heatmap) and e.terms), key=lambda e: e.rect.x)


def added_up(frame: Frame, elements: list[Element]) -> tuple[float, int]:
    """Return what the terms and the signs on their left make, and how many terms there are."""
    total, signs = 0.0, [e for e in elements if isinstance(e, Text) and e.text in ("+", "−")]
    maps = terms_of(elements)
    for k, heatmap in enumerate(maps):
        assert heatmap.map.array is not None
        (number,) = heatmap.grid.picture(heatmap.map.array).ravel().tolist()
        before = [e for e in signs if e.rect.right == pytest.approx(heatmap.rect.x)]
        assert len(before) == (k > 0)
        total += -number if before and before[0].text == "−" else number
    return total, len(maps)


@pytest.mark.parametrize(("preset", "options"), CASES, ids=str)
def test_signs_stand_between_operands(qapp: QApplication, preset: str, options: dict[str, Any]) -> None:
    trace = open_preset(preset, **options).trace()
    for step in telling(trace.program):
        frame = resolve(trace, Cursor(0, step.number, prod(step.output.shape) * 2 // 3))
        elements = list(closeup(frame, Rect(0, 0, 900, 300), 14))
        if isinstance(step.op, Add | AddBias | Subtract):
            total, count = added_up(frame, elements)
            assert count == 2
            assert total == pytest.approx(frame.home.terms.result, rel=1e-5, abs=1e-6)
            formula = frame.equation.partition("=")[2]
            assert formula.find(frame.operands[0].tex) <= formula.find(frame.operands[1].tex)


def numbers_of(heatmaps: list[Heatmap]) -> list[float]:
    return [
        number for m in heatmaps if m.map.array is not None for number in m.grid.picture(m.map.array).ravel().tolist()
    ]


@pytest.mark.parametrize(("preset", "options"), [*CASES, ("digits", {"batch_size": 8})], ids=str)
def test_numbers_before_an_equals_sign_add_up_to_the_result(
    qapp: QApplication, preset: str, options: dict[str, Any]
) -> None:
    trace = open_preset(preset, **options).trace()
    for step in telling(trace.program):
        for cell in (0, prod(step.output.shape) * 2 // 3):
            frame = resolve(trace, Cursor(0, step.number, cell))
            elements = list(closeup(frame, Rect(0, 0, 2000, 300), 14))
            words = [e.text for e in elements if isinstance(e, Text)]
            *rows, result = (e for e in elements if isinstance(e, Heatmap))
            last = [m for m in rows if m.rect.y == max(row.rect.y for row in rows)]
            assert ("=" in words or "→" in words) == bool(rows) or result.map.hides(frame.home.index), step.op.title
            if "=" in words and not any("largest of" in word for word in words):
                first, *others = numbers_of(last)
                total = first + sum(others) * (-1 if "−" in words else 1)
                assert total == pytest.approx(frame.home.terms.result, rel=1e-5, abs=1e-6), step.op.title


@pytest.mark.parametrize(("preset", "options"), CASES, ids=str)
def test_a_number_has_one_colour_in_a_stage(qapp: QApplication, preset: str, options: dict[str, Any]) -> None:
    trace = open_preset(preset, **options).trace()
    for step in telling(trace.program):
        frame = resolve(trace, Cursor(0, step.number, prod(step.output.shape) * 2 // 3))
        if frame.home.terms.paired:
            continue
        for heatmap in terms_of(list(closeup(frame, Rect(0, 0, 900, 300), 14))):
            (view,) = (one for one in frame.operands if one.key == heatmap.map.key)
            assert heatmap.map.levels == view.levels, step.op.title


@pytest.mark.parametrize(("key", "called"), [("delta_1", "product"), ("grad_w_1", "products"), ("net_1", "terms")])
def test_what_is_multiplied_makes_products(qapp: QApplication, key: str, called: str) -> None:
    trace = open_preset("digits", batch_size=8).trace()
    frame = resolve(trace, Cursor(0, trace.program.producers[key].number))
    elements = closeup(frame, Rect(0, 0, 900, 300), 14)
    words = {"product", "products", "terms"} & {e.text for e in elements if isinstance(e, Text)}
    assert words == {called}
