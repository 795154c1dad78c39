"""A frame holds everything its picture needs: while a picture is arranged, no operation is asked anything."""

from collections.abc import Iterator, Mapping
from math import prod

import pytest

from core.ops.base import REGISTRY, Op
from core.presets import PRESETS, open_preset
from core.program import Step
from core.run.trace import Cursor, Trace
from tests.steps import telling
from viz_app.frame.frame import Focus, Frame, ViewOptions, resolve
from viz_app.picture.network import arrange_network
from viz_app.picture.stages import arrange

CASES: list[tuple[str, Mapping[str, int]]] = [
    *((name, {}) for name in PRESETS if name != "mlp-768-800-10"),  # it looks like the other of 784
    ("conv-digits", {"batch_size": 2}),
    ("attention", {"batch_size": 3}),
    ("digits", {"batch_size": 8, "through_jacobian": True}),
    ("attention", {"batch_size": 2, "through_jacobian": True}),
]
ANSWERS = ("compute", "terms", "reach", "gradients", "equation", "source", "output_shape")


class AskedError(Exception):
    """An operation was asked while a picture was arranged."""


def refuse(op: Op, *arguments: object, **options: object) -> None:
    raise AskedError(type(op).__name__)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Make every operation raise where it is asked for an answer."""
    for kind in REGISTRY.values():
        for name in ANSWERS:
            monkeypatch.setattr(kind, name, refuse)
    return monkeypatch


def frames(trace: Trace, step: Step) -> Iterator[Frame]:
    """Yield a step whole, inside, and with a cell of every input focused: in one of three ways, each in its turn."""
    cursor = Cursor(0, step.number)
    middle = prod(step.output.shape) // 2
    yield resolve(trace, cursor)
    yield resolve(trace, Cursor(0, step.number, middle))
    last = Focus(step.output.key, tuple(size - 1 for size in step.output.shape))
    yield resolve(trace, cursor, focus=last)
    for turn, value in enumerate(step.inputs, step.number):
        cell = tuple(2 * size // 3 for size in value.shape)
        if turn % 3 == 0:
            yield resolve(trace, cursor, ViewOptions(sample=1), Focus(value.key, cell))
        elif turn % 3 == 1:
            yield resolve(trace, cursor, focus=Focus(value.key, cell, reach=True), kept=last)
        else:
            yield resolve(trace, Cursor(0, step.number, middle), focus=Focus(value.key, cell))


@pytest.mark.parametrize(("preset", "options"), CASES)
def test_no_stage_asks_an_operation(preset: str, options: Mapping[str, int], request: pytest.FixtureRequest) -> None:
    trace = open_preset(preset, **options).trace()
    every = [frame for step in telling(trace.program) for frame in frames(trace, step)]
    request.getfixturevalue("silent")
    for frame in every:
        assert arrange(frame, 1040, 700, 14).heatmaps, frame.title
        arrange_network(frame, 300, 13)


def test_the_guard_sees_an_operation_that_is_asked(silent: pytest.MonkeyPatch) -> None:
    with pytest.raises(AskedError):
        REGISTRY["MatMul"]().terms((0, 0))
