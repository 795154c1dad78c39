import pytest

from core.iteration import compile_iteration
from core.layers import Activate, Block, Dense, Node, Sum
from core.network import Graph, Input
from core.optimizers import SGD
from core.presets import open_preset
from core.values import Phase
from tests.large import deep, transformer

_PROGRAMS = {
    "blocks": transformer(3).program,
    "deep": deep(5).program,
    **{name: open_preset(name).program for name in ("digits", "conv-digits", "attention", "batched-product")},
}


@pytest.mark.parametrize("program", _PROGRAMS.values(), ids=_PROGRAMS.keys())
def test_spans_hold_steps_of_one_phase_and_lie_in_those_around_them(program):
    around = []
    for span in program.spans:
        assert len(span.steps) > 1
        assert {program.steps[step].phase for step in span.steps} == {span.phase}
        around = [*around[: span.depth], span]
        assert len(around) == span.depth + 1
        assert tuple(one.unit for one in around[:-1]) == span.outer
        for outer in around[:-1]:
            assert set(span.steps) < set(outer.steps)


def test_every_block_is_one_span_in_each_phase():
    spans = transformer(3).program.spans
    for fold in ("2", "3", "4", "3/attention", "3/forward"):
        assert [span.phase for span in spans if span.fold == fold] == [Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE]


def test_alike_layers_in_a_row_are_told_as_one():
    repeated = [span for span in transformer(3).program.spans if span.unit.count > 1]
    assert {span.unit.title for span in repeated} == {"transformer block, 2 heads × 3"}
    assert [span.phase for span in repeated] == [Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE]
    assert not [span for span in transformer(2).program.spans if span.unit.count > 1]
    assert {span.unit.count for span in deep(5).program.spans} == {1, 3}  # the first and the last have other shapes


def test_the_backward_pass_of_a_block_ends_with_the_gradient_that_it_hands_back():
    program = transformer(3).program
    third = next(span for span in program.spans if span.fold == "3" and span.phase is Phase.BACKWARD)
    assert program.steps[third.last].output.key == "grad_out_2"


def test_nodes_are_called_by_their_names_and_blocks_by_their_kinds():
    parts = Node("first", Dense(4, "tanh"), ("x",)), Node("second", Dense(4, None), ("first",))
    inner = Block("two layers", parts, "second")
    nodes = Node("left", inner, ("x",)), Node("sum", Sum(), ("left", "x")), Node("end", Activate("relu"), ("sum",))
    program = compile_iteration(Graph({"x": Input((4,))}, nodes, "end"), "squared_error", SGD(), batch_size=2)
    titles = {span.unit.title for span in program.spans if span.phase is Phase.FORWARD}
    assert titles == {"left: two layers", "first: dense 4, Tanh", "second: dense 4"}
