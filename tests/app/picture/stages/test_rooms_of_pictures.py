"""A picture of its own stands on a stage wherever a lecturer shows one; close-ups alone are for smaller rooms."""

import pytest
from PySide6.QtWidgets import QApplication

from core.ops.base import Op
from core.ops.gelu import GELU
from core.ops.linear import MatMul
from core.ops.lookup import ScatterAdd
from core.ops.losses import CrossEntropy, Loss
from core.ops.powers import Square
from core.ops.softmax import Softmax, SoftmaxGradient
from core.ops.unary import Unary
from core.ops.windows.patches import CutPatches
from core.presets import open_preset
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import Frame, resolve
from viz_app.picture.elements import Formula, Heatmap, Picture, Rect, Stroke, Text, Tone
from viz_app.picture.stages import arrange
from viz_app.picture.stages.closeup import closeup

ROOMS = ((712.0, 534.0, 14.0), (1297.0, 894.0, 14.0), (1368.0, 827.0, 28.0))
"""The stage in a window of 1280 × 720 and in one of 1920 × 1080, and that one at a presentation scale of 200 %."""
OPS: dict[str, tuple[type[Op], ...]] = {
    "attention": (Softmax, SoftmaxGradient),
    "residual-digits": (Square, Softmax, CrossEntropy),
    "transformer": (Softmax, SoftmaxGradient, GELU, CrossEntropy),
    "vision-transformer": (CutPatches, Softmax, SoftmaxGradient),
}


def frames(trace: Trace, kinds: tuple[type[Op], ...]) -> list[Frame]:
    """Return the first step of each kind of operation."""
    firsts = [next(step.number for step in trace.program.steps if isinstance(step.op, kind)) for kind in kinds]
    return [resolve(trace, Cursor(0, number)) for number in firsts]


def has_curve(picture: Picture) -> bool:
    return any(isinstance(e, Stroke) and e.tone is Tone.ACCENT and len(e.points) > 20 for e in picture.elements)


@pytest.mark.parametrize("preset", OPS)
def test_every_map_stands_below_its_symbol(preset: str, qapp: QApplication) -> None:
    """A close-up that stands alone has names of plain text, and no curve."""
    for frame in frames(open_preset(preset).trace(), OPS[preset]):
        for room in ROOMS:
            picture = arrange(frame, *room)
            symbols = {e.tex for e in picture.elements if isinstance(e, Formula)}
            told = f"{preset} step {frame.step.number} {frame.title} in {room}"
            assert frame.result.tex in symbols, told
            assert {view.tex for view in frame.operands} <= symbols or not isinstance(frame.step.op, Unary), told
            worked_out = {one.map.key for one in picture.heatmaps} & {"exponentials", "products", "terms", "added"}
            assert worked_out or not isinstance(frame.step.op, (Softmax, SoftmaxGradient, Loss)), told
            assert has_curve(picture) or not isinstance(frame.step.op, (Unary, Loss)), told


def test_an_image_has_lines_along_the_edges_of_its_patches(qapp: QApplication) -> None:
    """7 × 7 pixels of 28 × 28: three lines in each direction, each a quarter of the image from the one before."""
    (frame,) = frames(open_preset("vision-transformer").trace(), (CutPatches,))
    picture = arrange(frame, *ROOMS[1])
    image = next(one.rect for one in picture.heatmaps if one.map.key == "x" and not one.compact)
    assert image.width == pytest.approx(image.height)
    edges = [e.points for e in picture.elements if isinstance(e, Stroke) and e.tone is Tone.ACCENT]
    upright = sorted(start[0] for start, end in edges if start[0] == end[0])
    level = sorted(start[1] for start, end in edges if start[1] == end[1])
    assert upright == pytest.approx([image.x + k / 4 * image.width for k in (1, 2, 3)])
    assert level == pytest.approx([image.y + k / 4 * image.height for k in (1, 2, 3)])


def test_only_the_rows_that_are_added_up_stand_in_the_table(qapp: QApplication) -> None:
    """The text begins ``fox knee nos``: two spaces, one f, two letters e."""
    trace = open_preset("transformer").trace()
    step = next(step for step in trace.program.steps if isinstance(step.op, ScatterAdd))
    columns = step.output.shape[1]
    for row, said in ((5, "2 of 12 have the number 5"), (6, "1 of 12 has the number 6")):
        frame = resolve(trace, Cursor(0, step.number, row * columns + 3))
        elements = list(closeup(frame, Rect(0, 0, 700, 120), 14.0))
        assert [e.text for e in elements if isinstance(e, Text) and " of 12 " in e.text] == [said]
        tables = [e for e in elements if isinstance(e, Heatmap) and e.map.key == "x"]
        assert [one.grid.size[1] for one in tables] == [int(said[0])]


def test_the_product_of_a_head_is_drawn_as_one(qapp: QApplication) -> None:
    trace = open_preset("transformer").trace()
    step = next(step for step in trace.program.steps if isinstance(step.op, MatMul) and len(step.output.shape) == 4)
    frame = resolve(trace, Cursor(0, step.number))
    for room in ROOMS:
        maps = [one for one in arrange(frame, *room).heatmaps if one.map.key == frame.result.key and not one.compact]
        assert min(one.rect.x for one in maps) > room[0] / 5, room  # right of its first factor
        assert any(one.grid.size[0] > 1 and one.rect.y > room[1] / 3 for one in maps), room  # below its second
        symbols = {e.tex for e in arrange(frame, *room).elements if isinstance(e, Formula)}
        assert frame.result.tex in symbols, room
