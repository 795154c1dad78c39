"""The picture of a folded block: what goes in and out, at every size, within its bounds."""

import pytest

from core.values import Phase, Role
from tests.large import resnet, transformer
from viz_app.frame.frame import ViewOptions, resolve
from viz_app.frame.outline import folded_all
from viz_app.frame.walking import first, move
from viz_app.picture.elements import Heatmap, Rect, Text, rect_of
from viz_app.picture.stages import arrange, text_size
from viz_app.picture.stages.room import fits


def _blocks(experiment, folds):
    """Return the frames of all folded blocks of an iteration."""
    trace, program, frames = experiment.trace(), experiment.program, []
    options = ViewOptions(folds=folds)
    frame = resolve(trace, first(program, 0), options)
    cursor = first(program, 0, frame.outline)
    while cursor.iteration == 0:
        frame = resolve(trace, cursor, options, before=frame)
        if frame.block is not None:
            frames.append(frame)
        cursor = move(program, cursor, 1, frame.outline)
    return frames


def _all(experiment):
    program = experiment.program
    everything = folded_all(program)
    outer = frozenset(span.fold for span in program.spans if span.depth > 1)
    return [*_blocks(experiment, everything), *_blocks(experiment, outer)]


@pytest.mark.parametrize("experiment", [transformer(3), resnet((4, 8), 16)], ids=["transformer", "resnet"])
def test_every_block_has_its_picture_at_every_size(experiment):
    frames = _all(experiment)
    assert {frame.phase for frame in frames} == {Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE}
    for frame in frames:
        for width, height, em in ((720, 534, 13.0), (1300, 900, 15.0), (660, 480, 26.0)):
            picture = arrange(frame, width, height, text_size(width, height, em))
            shown = {heatmap.map.key for heatmap in picture.heatmaps}
            assert frame.result.key in shown
            if frame.block.inputs and frame.phase is not Phase.UPDATE:
                assert frame.block.inputs[0].key in shown
            assert fits(picture.elements, Rect(0, 0, width, height)), (frame.title, frame.phase, width)


def test_parameters_that_have_no_room_are_counted():
    frame = next(
        frame
        for frame in _blocks(transformer(3), folded_all(transformer(3).program))
        if len(frame.block.parameters) > 24
    )
    picture = arrange(frame, 720, 534, 13.0)
    more = next(e.text for e in picture.elements if isinstance(e, Text) and e.text.endswith("more") and e.rect.y > 300)
    maps = [e for e in picture.elements if isinstance(e, Heatmap) and rect_of(e).y > 300]
    drawn = [e for e in maps if e.map.key in {value.key for value in frame.block.parameters}]
    assert more == f"and {len(frame.block.parameters) - len(drawn)} more"


def test_an_update_of_running_averages_says_so_and_shows_what_they_were():
    blocks = [frame for frame in _all(resnet((4, 8), 16)) if frame.phase is Phase.UPDATE]
    running = [
        frame
        for frame in blocks
        if all(frame.program.values[value.subject].role is Role.RUNNING for value in frame.block.gradients)
    ]
    assert running
    for frame in blocks:
        caption, reason = frame.caption, frame.block.reason(frame.program)
        assert ("running averages" in caption) == (frame in running) == ("of its running averages" in reason), caption
        assert ("against its gradient" in caption) == (frame not in running), caption
        before = {value.subject for value in frame.block.gradients[:1]}
        assert before <= {view.map.key for view in arrange(frame, 720, 534, 13.0).heatmaps}, frame.title


def test_what_a_block_hands_on_is_drawn_large_enough_to_be_seen():
    for frame in _all(transformer(3)):
        if frame.phase is Phase.UPDATE:
            continue
        for width, height, em in ((720, 534, 13.0), (1368, 827, 28.0)):
            picture = arrange(frame, width, height, em)
            made = [one for one in picture.heatmaps if one.map.key in {value.key for value in frame.block.outputs}]
            assert all(one.rect.height >= 2 * em for one in made), (frame.title, frame.phase, width)
