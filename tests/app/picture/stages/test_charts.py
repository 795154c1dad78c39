"""The curve of a function or a loss is drawn whatever the numbers are, between round numbers."""

import pytest
from PySide6.QtWidgets import QApplication

from core.ops.unary import Unary
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from tests.app.picture.stages.test_text import ROOMS
from tests.steps import telling
from viz_app.frame.frame import resolve
from viz_app.frame.levels import round_up
from viz_app.picture.elements import Align, Dot, Panel, Picture, Stroke, Text, Tone
from viz_app.picture.stages import arrange, text_size


def ticks(picture: Picture) -> list[float]:
    """Return the numbers left of a curve."""
    panel = max((e for e in picture.elements if isinstance(e, Panel)), key=lambda e: e.rect.height)
    texts = [e for e in picture.elements if isinstance(e, Text) and e.align is Align.RIGHT]
    beside = [e for e in texts if panel.rect.x - picture.em < e.rect.right < panel.rect.x]
    return [float(e.text.replace("−", "-")) for e in beside]


def test_a_confident_prediction_is_a_dot_on_the_curve_of_its_loss(qapp: QApplication) -> None:
    trace = open_preset("attention").trace()
    step = trace.program.producers["losses"]
    frame = resolve(trace, Cursor(0, step.number))
    assert frame.operands[0].array is not None
    assert frame.operands[0].array.max() > 0.99
    for width, height, asked in ROOMS:
        picture = arrange(frame, width, height, text_size(width, height, asked))
        assert any(isinstance(e, Dot) for e in picture.elements), (width, height)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_curve_is_drawn_between_round_numbers(qapp: QApplication, preset: str) -> None:
    trace = open_preset(preset).trace()
    for step in (step for step in telling(trace.program) if isinstance(step.op, Unary)):
        picture = arrange(resolve(trace, Cursor(0, step.number)), 1297, 894, 14)
        if any(isinstance(e, Dot) for e in picture.elements):
            numbers = ticks(picture)
            assert numbers
            assert [abs(one) for one in numbers] == pytest.approx([round_up(abs(one)) for one in numbers])


@pytest.mark.parametrize(("width", "height", "asked"), [(712.0, 537.0, 14.0), (1208.0, 485.0, 28.0)])
def test_a_function_of_a_broad_map_is_no_stamp_beside_its_curve(
    qapp: QApplication, width: float, height: float, asked: float
) -> None:
    """Where two maps below each other would be stamps they stand beside each other."""
    trace = open_preset("playground").trace()
    step = next(step for step in trace.program.steps if isinstance(step.op, Unary))
    em = text_size(width, height, asked)
    picture = arrange(resolve(trace, Cursor(0, step.number)), width, height, em)
    sides = [m.rect.height / m.grid.size[0] for m in picture.heatmaps if m.map.key == step.output.key]
    assert max(sides) > 0.8 * em
    assert any(isinstance(e, Dot) for e in picture.elements)


def test_lines_and_dots_grow_with_the_text(qapp: QApplication) -> None:
    """A curve that is seen on a laptop is no hair on a wall."""
    trace = open_preset("sigmoid-3-4-2").trace()
    frame = resolve(trace, Cursor(0, trace.program.producers["out_1"].number))
    found = []
    for width, height, em in ((712.0, 537.0, 14.0), (2913.0, 1907.0, 42.0)):
        elements = arrange(frame, width, height, em).elements
        curve = next(e for e in elements if isinstance(e, Stroke) and e.tone is Tone.ACCENT)
        dot = next(e for e in elements if isinstance(e, Dot))
        found.append((curve.width / em, dot.radius / em))
    assert found[1] == pytest.approx(found[0])
