"""Every step of every preset, at several sizes, is arranged so that nothing is cut off and nothing overlaps."""

import itertools
import os
from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication

from core.ops.losses import LOSSES
from core.ops.softmax import SoftmaxGradient
from core.ops.windows.convolution import Conv2dInputGradient
from core.ops.windows.convolution_base import Convolution
from core.presets import open_preset
from core.run.trace import Cursor, Trace
from tests.steps import telling
from viz_app.frame.frame import Focus, Frame, Mark, resolve
from viz_app.paint.text import fitted
from viz_app.picture.elements import ColorImage, Element, Formula, Heatmap, Legend, Picture, Rect, Sketch, Text, rect_of
from viz_app.picture.network import arrange_network
from viz_app.picture.stages import arrange, text_size

SIZES = [(1040.0, 700.0, 14.0), (700.0, 430.0, 12.0), (1900.0, 1000.0, 28.0)]


def opened(preset: str, batch: int) -> Trace:
    """Return the run of a preset; ``digits by Jacobian`` differentiates softmax the long way, and so with losses."""
    name, _, way = preset.partition(" by ")
    about = {"loss": way} if way and way != "Jacobian" else {"through_jacobian": bool(way)}
    return open_preset(name, batch_size=batch, **about).trace()


def frames(preset: str, batch: int) -> list[Frame]:
    """Return each step of an iteration plain, with the last output cell focused, and with what an input reaches."""
    trace = opened(preset, batch)
    result = []
    for step in telling(trace.program):
        last = tuple(size - 1 for size in step.output.shape)
        result.append(resolve(trace, Cursor(0, step.number)))
        result.append(resolve(trace, Cursor(0, step.number), focus=Focus(step.output.key, last)))
        corner = tuple(size - 1 for size in step.inputs[0].shape)
        result.append(resolve(trace, Cursor(0, step.number), focus=Focus(step.inputs[0].key, corner, reach=True)))
    return result


def solid(picture: Picture) -> list[Element]:
    return [e for e in picture.elements if isinstance(e, (Heatmap, Text, Formula, Legend, Sketch))]


def check(picture: Picture, what: str) -> None:
    for element in picture.elements:
        rect = rect_of(element)
        inside = rect.x >= -1 and rect.y >= -1 and rect.right <= picture.width + 1 and rect.bottom <= picture.height + 1
        assert inside, f"{what}: cut off: {element}"
        if isinstance(element, (Heatmap, Text, Formula, Legend, Sketch)):
            assert rect.width > 0, f"{what}: empty: {element}"
            assert rect.height > 0, f"{what}: empty: {element}"
    for one, other in itertools.combinations(solid(picture), 2):
        overlap = rect_of(one).overlaps(rect_of(other))
        assert not overlap, f"{what}: overlap: {one} and {other}"


CASES = [
    ("digits", 1),
    ("digits", 8),
    ("worked-2-2-2", 1),
    ("sigmoid-3-4-2", 2),
    ("mlp-784-800-10", 1),
    ("mlp-784-800-10", 64),
    ("conv-digits", 2),
    ("conv-kernel", 1),
    ("rgb-kernel-2x2x3", 1),
    ("batched-product", 1),
    ("attention", 1),
    ("attention", 3),
    ("digits by Jacobian", 8),
    ("attention by Jacobian", 2),
    *((f"worked-2-2-2 by {loss}", 1) for loss in LOSSES),
    ("digits by binary_cross_entropy", 8),
    ("digits by huber_error:0.5", 8),
]


def rooms(number: int) -> Sequence[tuple[float, float, float]]:
    """Return the sizes that the picture of a frame is tried in: one in its turn, or every one in the full run."""
    return SIZES if "NETSTEP_EVERY_ROOM" in os.environ else [SIZES[(number + number // len(SIZES)) % len(SIZES)]]


@pytest.mark.parametrize(("preset", "batch"), CASES)
def test_nothing_is_cut_off_and_nothing_overlaps(preset: str, batch: int) -> None:
    for number, frame in enumerate(frames(preset, batch)):
        for width, height, em in rooms(number):
            what = f"{preset} step {frame.step.number} {frame.title} in {width:.0f} x {height:.0f}"
            check(arrange(frame, width, height, em), what)


def maps_of(picture: Picture, key: str) -> list[Rect]:
    """Return the rectangles of the maps of a value, those first that are looked at first."""
    return [heatmap.rect for heatmap in picture.heatmaps if heatmap.map.key == key and not heatmap.compact]


def top(rects: list[Rect]) -> Rect:
    return min(rects, key=lambda rect: rect.y)


def in_order(rects: list[Rect]) -> bool:
    """Tell whether each rectangle stands left of the next one, or above it."""
    return all(one.x < other.x - 1 or one.y < other.y - 1 for one, other in itertools.pairwise(rects))


def check_all_are_drawn(frame: Frame, picture: Picture) -> None:
    drawn = {heatmap.map.key for heatmap in picture.heatmaps}
    operands = frame.operands[:1] if isinstance(frame.step.op, Convolution) else frame.operands
    wanted = {view.key for view in (*operands, frame.result)}  # of a kernel there is the slice that is met
    assert wanted <= drawn, frame.title


def check_order(frame: Frame, picture: Picture) -> None:
    """The maps that are looked at first stand as in the formula, or the whole maps above a table of terms do."""
    if len({view.key for view in frame.operands}) < 2 or isinstance(frame.step.op, (Convolution, SoftmaxGradient)):
        return  # these explain one cell: what slides, or the row that is weighed, stands in the middle
    right = frame.equation.partition("=")[2]
    maps = [maps_of(picture, view.key) for view in sorted(frame.operands, key=lambda view: right.index(view.tex))]
    assert in_order([rects[0] for rects in maps]) or in_order([top(rects) for rects in maps]), frame.title


@pytest.mark.parametrize(("preset", "batch"), CASES)
def test_operands_and_result_are_drawn_in_the_order_of_the_formula(preset: str, batch: int) -> None:
    for frame in frames(preset, batch):
        picture = arrange(frame, 1040, 700, 14)
        check_all_are_drawn(frame, picture)
        check_order(frame, picture)


def places(picture: Picture, key: str, mark: Mark) -> int:
    """Return how many cells of a value are drawn with a mark."""
    maps = [heatmap for heatmap in picture.heatmaps if heatmap.map.key == key and not heatmap.compact]
    return sum(len(m.grid.places(cells)) for m in maps for kind, cells in m.map.marks if kind is mark)


@pytest.mark.parametrize(("preset", "batch"), CASES)
def test_any_cell_is_highlighted_where_it_is_drawn_and_so_is_what_it_reaches(preset: str, batch: int) -> None:
    trace = opened(preset, batch)
    for step in telling(trace.program):
        shapes = [value.shape for value in step.inputs]
        for i, value in enumerate(step.inputs):
            if isinstance(step.op, Conv2dInputGradient) and i == 1:
                continue  # drawn flipped, as numbers of the stage's own
            index = tuple(2 * size // 3 for size in value.shape)
            frame = resolve(trace, Cursor(0, step.number), focus=Focus(value.key, index, reach=True))
            picture = arrange(frame, 1040, 700, 14)
            assert places(picture, value.key, Mark.SELECTED), f"{frame.title}: {value.key}{index}"
            if len(step.op.reach(i, index, *shapes)) and step.inputs.count(value) == 1:
                assert places(picture, step.output.key, Mark.REACHED), f"{frame.title}: {value.key}{index}"


@pytest.mark.parametrize(("preset", "batch"), CASES)
def test_what_a_cell_is_combined_with_is_highlighted_where_it_is_drawn(preset: str, batch: int) -> None:
    trace = opened(preset, batch)
    for step in telling(trace.program):
        for i, value in enumerate(step.inputs):
            if isinstance(step.op, Conv2dInputGradient):
                continue  # its kernel is drawn flipped, as numbers of the stage's own
            index = tuple(2 * size // 3 for size in value.shape)
            frame = resolve(trace, Cursor(0, step.number), focus=Focus(value.key, index))
            picture = arrange(frame, 1040, 700, 14)
            for other in frame.operands:
                if any(kind is Mark.PARTNER for kind, _ in other.marks):
                    assert places(picture, other.key, Mark.PARTNER), f"{frame.title}: {value.key}{index} {i}"


@pytest.mark.parametrize(("preset", "batch"), CASES)
def test_the_network_fits_its_panel(preset: str, batch: int) -> None:
    for frame in frames(preset, batch)[::9]:
        check(arrange_network(frame, 300, 13), frame.title)


def in_colour(preset: str, batch: int) -> set[str]:
    """Return the values that some step draws in their own colours."""
    pictures = ((frame, arrange(frame, 1040, 700, 14)) for frame in frames(preset, batch))
    return {f.operands[0].key for f, picture in pictures for e in picture.elements if isinstance(e, ColorImage)}


def test_only_images_with_three_channels_are_drawn_in_colour() -> None:
    assert in_colour("rgb-kernel-2x2x3", 1) == {"x"}
    assert in_colour("conv-digits", 3) == set()  # three samples are not three channels


@pytest.mark.parametrize("size", [(650.0, 520.0), (1250.0, 830.0)])
@pytest.mark.parametrize("preset", ["digits", "attention", "conv-digits"])
def test_titles_are_never_made_smaller(qapp: QApplication, preset: str, size: tuple[float, float]) -> None:
    for asked in (14.0, 21.0, 28.0):
        em = text_size(*size, asked)
        for frame in frames(preset, 1)[::5]:
            picture = arrange(frame, *size, em)
            texts = [e for e in picture.elements if isinstance(e, Text)]
            title = next(e for e in texts if e.bold and frame.title.startswith(e.text))
            wanted = round(title.size * picture.em)
            assert wanted == round(1.2 * em)
            assert fitted(title.text, title.rect.width, wanted, bold=True) == (title.text, wanted)


def test_text_grows_while_the_maps_keep_their_room() -> None:
    assert text_size(1300, 900, 21) == 21
    assert 14 < text_size(1200, 800, 28) < 28
    assert text_size(500, 300, 28) == 14
    assert text_size(500, 300, 12) == 12
