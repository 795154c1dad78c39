"""What a quiz covers is nowhere in the frame, and in no picture of it; nothing moves when it is revealed."""

import re
from dataclasses import fields, is_dataclass
from itertools import chain

import numpy as np
import pytest

from core.presets import open_preset
from core.run.trace import Cursor
from core.values import Range
from viz_app.frame.frame import Explained, Focus
from viz_app.frame.levels import levels_for
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.quiz.covering import Cover, Extent
from viz_app.frame.words.numbers import MINUS, number
from viz_app.picture.elements import Heatmap, Legend, Text, rect_of
from viz_app.picture.stages import arrange

_NUMBER = re.compile(rf"{MINUS}?\d*\.?\d+(?:e{MINUS}?\d+)?")
_WITHOUT_NUMBERS = {"program", "step", "value", "origin", "options", "tokens", "guest"}
_PRESETS = {
    "worked-2-2-2": {},
    "sigmoid-3-4-2": {"batch_size": 3},
    "digits": {"batch_size": 4},
    "conv-digits": {},
    "attention": {},
}


def places(preset):
    """Yield every step of an iteration with each extent, and a walk inside now and then."""
    experiment = open_preset(preset, **_PRESETS[preset])
    trace = experiment.trace()
    every = 3 if len(experiment.program.steps) > 30 else 1
    for step in experiment.program.steps[::every]:
        last = int(np.prod(step.output.shape)) - 1
        yield trace, Place(1 if experiment.program.updates else 0, step.number)
        if step.number % 3 == 0:
            yield trace, Place(0, step.number, min(1, last))


def numbers_in(thing, path="frame"):
    """Yield every number of a frame, and where it is; the terms of the explained cell are for its pictures alone."""
    if path.count(".") > 6 or path.rpartition(".")[2] in _WITHOUT_NUMBERS:
        return
    if isinstance(thing, Explained):
        return
    if isinstance(thing, np.ndarray):
        if thing.dtype.kind == "f":
            yield path, thing.ravel()
    elif isinstance(thing, float):
        yield path, np.array([thing])
    elif isinstance(thing, dict) or hasattr(thing, "items"):
        yield from chain.from_iterable(numbers_in(part, f"{path}.{key}") for key, part in thing.items())
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from numbers_in(getattr(thing, field.name), f"{path}.{field.name}")
    elif isinstance(thing, (tuple, list)) or hasattr(thing, "numbers"):
        yield from chain.from_iterable(numbers_in(part, f"{path}.{k}") for k, part in enumerate(thing))


def told_by(value, others):
    """Return how a number may be written, in forms that no other number there has; nothing for a round one."""
    with np.errstate(all="ignore"):
        near = np.isclose(np.abs(others), abs(value), rtol=1e-2, atol=0)
    if not np.isfinite(value) or near.any() or len(number(abs(value), 6).replace("0.", "").strip(".")) < 4:
        return set()
    return {number(value, digits).lstrip(MINUS) for digits in range(3, 9)}


def shown_by(picture):
    """Yield every number that a picture shows as text, in a cell or at the end of a legend."""
    for element in picture.elements:
        if isinstance(element, Text):
            yield from _NUMBER.findall(element.text)
        elif isinstance(element, Legend):
            yield from (number(end, 3).lstrip(MINUS) for end in (element.levels.low, element.levels.high))
        elif isinstance(element, Heatmap) and element.map.array is not None:
            cells = element.grid.picture(element.map.array).ravel()
            yield from (number(float(cell), 3).lstrip(MINUS) for cell in cells[np.isfinite(cells)][:4000])


@pytest.mark.parametrize("preset", _PRESETS)
def test_a_covered_number_is_nowhere_in_the_frame_and_in_no_picture(preset):
    checked = 0
    for trace, plain in places(preset):
        for extent in Extent:
            open_frame = resolve_place(trace, plain)
            place = Place(plain.iteration, plain.step, plain.cell, cover=Cover(extent))
            frame = resolve_place(trace, place)
            index, array = frame.question.index, open_frame.result.array
            assert frame.question.asks
            assert np.isnan(frame.result.array[index])
            others = np.concatenate([view.array.ravel() for view in open_frame.operands])
            if extent is Extent.CELL:
                left = np.delete(array.ravel(), np.ravel_multi_index(index, array.shape) if index else 0)
                others = np.concatenate([others, left])
                assert np.isnan(frame.result.array).sum() == 1 + np.isnan(left).sum()
            else:
                assert np.isnan(frame.result.array).all()
            value = float(array[index])
            forms = told_by(value, others)
            if not forms:
                continue
            checked += 1
            for path, found in numbers_in(frame):
                assert not np.isclose(found, value, rtol=1e-6, atol=0).any(), (plain, path)
            for text in (frame.live, frame.caption, frame.detail.live, frame.warning or ""):
                assert not forms & set(_NUMBER.findall(text)), (plain, text)
            size, em = ((1280, 720), 18.0) if plain.step % 2 else ((760, 480), 14.0)
            shown = {text.lstrip(MINUS) for text in shown_by(arrange(frame, *size, em))}
            assert not forms & shown, (plain, extent, forms & shown)
    assert checked > 3


def test_nothing_moves_when_the_answer_comes():
    """The maps of both pictures lie in the same places: the eye stays where the number appears."""
    for preset in ("worked-2-2-2", "digits"):
        experiment = open_preset(preset)
        trace = experiment.trace()
        for step in experiment.program.steps:
            cover = Cover()
            asked = resolve_place(trace, Place(1, step.number, cover=cover))
            shown = resolve_place(
                trace, Place(1, step.number, cover=Cover(revealed=frozenset({(1, step.output.key, None)})))
            )
            assert not shown.question.covers
            rects = [
                [rect_of(e) for e in arrange(frame, 1280, 720, 18.0).elements if isinstance(e, Heatmap)]
                for frame in (asked, shown)
            ]
            assert rects[0] == rects[1], step.output.key


def test_what_is_revealed_is_the_frame_as_it_is():
    trace = open_preset("worked-2-2-2").trace()
    plain = resolve_place(trace, Place(0, 1))
    spot = (0, plain.result.key, (0, 1))
    part = resolve_place(trace, Place(0, 1, cover=Cover(revealed=frozenset({spot}))))
    assert np.isnan(part.result.array).tolist() == [[True, False]]
    assert part.result.array[0, 1] == plain.result.array[0, 1]
    assert part.question.asks  # the first cell, still
    elsewhere = resolve_place(trace, Place(1, 1, cover=Cover(revealed=frozenset({spot}))))
    assert np.isnan(elsewhere.result.array).all()  # another iteration has another number


def test_the_cell_that_is_asked_for_is_the_one_that_is_kept_or_walked_to():
    trace = open_preset("worked-2-2-2").trace()
    key = trace.program.steps[0].output.key
    cover = Cover(Extent.CELL)
    assert resolve_place(trace, Place(0, 0, cover=cover)).question.index == (0, 0)
    kept = Place(0, 0, focus=Focus(key, (0, 1)), cover=cover)
    assert resolve_place(trace, kept).question.index == (0, 1)
    walked = Place(0, 0, cell=1, cover=cover)
    assert resolve_place(trace, walked).question.index == (0, 1)
    hovered = resolve_place(trace, kept, Focus(key, (0, 0)))
    assert hovered.question.index == (0, 1)  # the mouse asks for nothing
    assert hovered.detail.number is not None
    over = resolve_place(trace, kept, Focus(key, (0, 1)))
    assert (over.detail.number, over.detail.terms, over.detail.covered) == (None, None, True)
    assert over.live.endswith("= ?")


def test_an_update_that_is_covered_leaves_the_parameter_as_it_was():
    trace = open_preset("worked-2-2-2").trace()
    step = next(step for step in trace.program.steps if step.output.subject == "w_2" and step.output.key != "grad_w_2")
    last = trace.program.steps[-1].number
    before = resolve_place(trace, Place(0, 0)).parameters["w_2"]
    done = trace.program.producers[trace.program.updates["w_2"]].number
    frame = resolve_place(trace, Place(0, done, cover=Cover()))
    np.testing.assert_array_equal(frame.parameters["w_2"], before)
    assert step.number <= done <= last
    ends = {view.key: view.levels for layer in frame.layers for view in (*frame.operands, *layer.maps)}["w_2"]
    assert ends == levels_for(Range.SIGNED, float(before.min()), float(before.max()))
    assert not np.array_equal(resolve_place(trace, Place(0, done)).parameters["w_2"], before)


def test_the_loss_that_is_covered_is_not_among_the_losses():
    trace = open_preset("worked-2-2-2").trace()
    trace.run_to(Cursor(3, 0))
    step = trace.program.producers[trace.program.loss].number
    assert [i for i, _ in resolve_place(trace, Place(2, step)).losses] == [0, 1, 2]
    assert [i for i, _ in resolve_place(trace, Place(2, step, cover=Cover())).losses] == [0, 1]
