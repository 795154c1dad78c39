"""Captions are true of what is computed: what is added up, and which lines meet, is called what it is."""

import re
from functools import cache

from core.iteration import compile_iteration
from core.notation import plain, symbol
from core.ops.linear import AddBias, MatMul
from core.ops.losses import CrossEntropy
from core.ops.sums import Sum
from core.ops.windows.convolution import Conv2d
from core.optimizers import SGD
from core.presets import PRESETS, open_preset
from core.program import Program, Step
from core.run.trace import Cursor
from core.values import AxisKind
from tests.core.layers.graphs import GRAPHS
from viz_app.frame.frame import resolve
from viz_app.frame.words.captions import caption
from viz_app.picture.elements import Text
from viz_app.picture.stages import arrange


@cache
def programs() -> tuple[Program, ...]:
    presets = [open_preset(name, through_jacobian=through).program for name in PRESETS for through in (False, True)]
    batches = [open_preset(name, batch_size=3).program for name in ("digits", "conv-digits", "attention")]
    graphs = [compile_iteration(graph, "cross_entropy", SGD(0.1), 2) for graph in GRAPHS.values()]
    return (*presets, *batches, *graphs)


def said(program: Program, step: Step) -> str:
    return caption(step, [plain(symbol(program, value)) for value in step.inputs])


def test_a_product_meets_the_lines_that_it_says() -> None:
    found = 0
    for program in programs():
        for step in program.steps:
            if lines := re.search(r"Each (row|column) of \S+ meets each (row|column) of", said(program, step)):
                assert isinstance(step.op, MatMul)
                assert lines[1] == ("column" if step.op.transpose_a else "row")
                assert lines[2] == ("row" if step.op.transpose_b else "column")
                found += 1
    assert found


def test_what_is_added_up_is_called_what_it_is() -> None:
    kinds = set()
    for program in programs():
        for step in program.steps:
            over = re.search(r"over (all samples|all tokens of all samples|all rows)\.", said(program, step))
            if over is None:
                assert not (isinstance(step.op, Sum) and step.op.axes == (0,) and len(step.inputs[0].shape) == 2)
                continue
            delta = step.inputs[-1]
            kind = delta.axis(-2).kind if delta.axes else AxisKind.POSITION
            expected = {AxisKind.SAMPLE: "all samples", AxisKind.TOKEN: "all tokens of all samples"}
            assert over[1] == expected.get(kind, "all rows"), step.output.key
            kinds.add(kind)
    assert {AxisKind.SAMPLE, AxisKind.TOKEN} <= kinds


def test_each_sample_is_named_only_where_rows_are_samples() -> None:
    for program in programs():
        for step in program.steps:
            if isinstance(step.op, AddBias) and "sample" in said(program, step):
                assert step.output.axis(0).kind is AxisKind.SAMPLE


def test_a_convolution_says_once_that_its_kernel_is_not_flipped() -> None:
    for program in programs():
        for step in program.steps:
            assert ("cross-correlation" in said(program, step)) == isinstance(step.op, Conv2d)
            if isinstance(step.op, Conv2d):
                assert "not flipped" in said(program, step)


def test_cross_entropy_is_told_for_targets_of_any_kind() -> None:
    program = open_preset("digits").program
    (step,) = (step for step in program.steps if isinstance(step.op, CrossEntropy))
    assert said(program, step) == "Minus the logarithm of each probability, weighted by its target, all added up."


def test_a_sum_of_rows_is_not_called_a_sum_of_each_column() -> None:
    trace = open_preset("digits").trace()
    step = next(step for step in trace.program.steps if isinstance(step.op, Sum))
    picture = arrange(resolve(trace, Cursor(0, step.number)), 1200, 800, 14)
    texts = [element.text for element in picture.elements if isinstance(element, Text)]
    assert "add up the rows" in texts
    assert not [text for text in texts if "column" in text]
