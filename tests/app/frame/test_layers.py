"""What a frame takes over from another one is what it would have made anew."""

import random
from dataclasses import fields

import pytest

from core.notation import Notation
from core.presets import open_preset
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import Frame, MapView, ViewOptions, resolve
from viz_app.frame.walking import cell_count

EXPERIMENTS = (
    ("digits", {"batch_size": 2}),
    ("digits", {"optimizer": "adam", "same_samples": True}),
    ("attention", {"batch_size": 2}),
    ("worked-2-2-2", {}),
    ("conv-kernel", {}),
)


def looks(view: MapView) -> list[object]:
    """Return all fields of a map; arrays by their identity."""
    values = [getattr(view, field.name) for field in fields(view) if field.name not in ("array", "hidden")]
    return [*values, id(view.array), None if view.hidden is None else view.hidden.tolist()]


def maps(frame: Frame) -> list[tuple[object, ...]]:
    return [(layer.number, layer.name, [looks(view) for view in layer.maps]) for layer in frame.layers]


def anywhere(trace: Trace, chance: random.Random) -> tuple[Cursor, ViewOptions]:
    step = chance.randrange(len(trace.program.steps))
    cursor = Cursor(chance.randrange(3), step)
    if chance.random() < 0.3:
        cursor = Cursor(cursor.iteration, step, chance.randrange(cell_count(trace.program, cursor)))
    return cursor, ViewOptions(notation=chance.choice(list(Notation)))


@pytest.mark.parametrize(("preset", "chosen"), EXPERIMENTS)
def test_what_is_taken_over_is_what_would_be_made_anew(preset: str, chosen: dict[str, object]) -> None:
    chance, trace = random.Random(preset), open_preset(preset, **chosen).trace()
    before = resolve(trace, Cursor())
    for move in range(120):
        if move % 40 == 39 and trace.program.hyperparameters:
            trace.set_hyperparameter(1, "eta", 0.1 / move)
        place = anywhere(trace, chance)
        after = resolve(trace, *place, before=before)
        assert maps(after) == maps(resolve(trace, *place))
        before = after


def test_every_step_on_and_back_takes_over_the_same() -> None:
    trace = open_preset("digits", optimizer="adam").trace()
    steps = range(len(trace.program.steps))
    before = resolve(trace, Cursor())
    for step in (*steps, *reversed(steps)):
        after = resolve(trace, Cursor(0, step), before=before)
        assert maps(after) == maps(resolve(trace, Cursor(0, step)))
        before = after


def test_another_run_of_the_same_program_shares_nothing_that_differs() -> None:
    one, other = (open_preset("digits", sample=sample).trace() for sample in (0, 1))
    other.program = one.program
    before = resolve(one, Cursor(0, 5))
    assert maps(resolve(other, Cursor(0, 5), before=before)) == maps(resolve(other, Cursor(0, 5)))


def test_layers_that_have_not_changed_are_the_very_same() -> None:
    trace = open_preset("conv-digits").trace()
    before = resolve(trace, Cursor(0, 0))
    after = resolve(trace, Cursor(0, 1), before=before)
    changed = [new.number for old, new in zip(before.layers, after.layers, strict=True) if old is not new]
    assert changed in ([], [1])
