"""Each step has a paragraph: why it is there, where it comes from, what to look for. It is short."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from core.iteration import LOSSES, compile_iteration
from core.layers import Dense
from core.network import Network
from core.notation import Notation, plain, symbol
from core.ops.base import Op
from core.ops.elementwise import Add
from core.ops.sums import Broadcast
from core.optimizers import OPTIMIZERS, SGD
from core.presets import PRESETS, open_preset
from core.program import Program, Step
from core.reasons import MOST_WORDS, reason
from core.values import Phase, Role
from tests.core.layers.graphs import GRAPHS
from tests.core.ops.cases import every_op
from tests.core.optimizers.small import TREATMENTS
from tests.core.optimizers.small import program as treated
from tests.steps import MANY


@cache
def programs() -> dict[str, Program]:
    found = {}
    for name in PRESETS:
        found[name] = open_preset(name).program
        samples = len(open_preset(name).dataset or ())
        if samples > 1 and not name.startswith("mlp"):
            found[f"{name}, 2 samples"] = open_preset(name, batch_size=2).program
            found[f"{name}, Jacobian"] = open_preset(name, through_jacobian=True).program
    for name in OPTIMIZERS:
        found |= {f"{name}, {treatment}": treated(name, treatment) for treatment in TREATMENTS}
    for name, graph in GRAPHS.items():
        found[name] = compile_iteration(graph, "cross_entropy", SGD(0.1), 2)
    for loss in LOSSES:
        found |= {f"{loss} of {name}": open_preset(name, loss=loss).program for name in ("digits", "worked-2-2-2")}
    for name in ("leaky_relu", "sigmoid", "tanh", "gelu"):
        network = Network((3,), (Dense(4, name), Dense(2, name)))
        found[name] = compile_iteration(network, "squared_error", SGD(0.1), 3)
    return found


def told() -> Iterator[tuple[Program, Step, Notation, str]]:
    for program in programs().values():
        for step in program.steps:
            for notation in Notation:
                yield program, step, notation, reason(program, step, notation)


@every_op
def test_every_operation_says_why_and_what_to_look_for(op: type[Op]) -> None:
    for text in (op.why, op.look):
        check_prose(text)
        assert set(re.findall(r"{(\w+)}", text)) <= {"a", "c", *("b" * (op.arity - 1))}


def test_every_step_has_a_reason_of_at_most_80_words() -> None:
    assert MOST_WORDS == 80
    for _, step, _, text in told():
        assert 12 <= len(text.split()) <= MOST_WORDS, (step.output.key, text)
        check_prose(text)
        assert not set(text) & set("{}\\^"), text


def test_a_reason_says_more_than_the_sentence() -> None:
    for _, step, _, text in told():
        assert (step.purpose.says or step.op.sentence("a", "b")) not in text


def test_purposes_are_prose() -> None:
    for program in programs().values():
        for step in program.steps:
            for text in (step.purpose.says, step.purpose.why, step.purpose.look):
                check_prose(text)


def check_prose(text: str) -> None:
    assert not text or re.match(r"[A-ZΔΣδ∂({ℓa-z0-9]", text)
    assert not text or text.endswith("."), text
    assert "  " not in text
    assert "\n" not in text


def test_a_reason_names_only_values_that_exist_in_the_notation() -> None:
    patterns: dict[tuple[int, Notation], str] = {}
    for program, step, notation, text in told():
        if (id(program), notation) not in patterns:
            names = {plain(symbol(program, value, notation)) for value in program.values.values()} | {"L"}
            pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
            patterns[id(program), notation] = pattern
        known = patterns[id(program), notation]
        loose = re.sub(rf"(?<![^\W_])({known})(?![^\W_ᵀ])", "@", text)
        unknown = re.findall(r"∂[^@\s]+|\w*[₀-₉]\S*", loose)
        assert not unknown, (step.output.key, notation, unknown, text)


@pytest.mark.parametrize("word", ["net", "out", "sum"])
def test_in_the_other_notation_no_value_has_the_name_of_the_first(word: str) -> None:
    for _, _, notation, text in told():
        if notation is Notation.Z_A:
            assert not re.search(rf"(?<![a-z]){word}[₀-₉]", text), text


def test_the_chain_rule_is_written_out_for_every_step_of_the_backward_pass() -> None:
    for program, step, notation, text in told():
        if step.phase is not Phase.BACKWARD:
            assert step.link is None
            continue
        if step.link is None:
            assert isinstance(step.op, Add | Broadcast), "only what joins or repeats gradients differentiates nothing"
            continue
        of = plain(symbol(program, step.link.of, notation))
        forward = plain(symbol(program, program.steps[step.link.step].output, notation))
        assert f"∂L/∂{of}" in text
        assert f"∂{forward}/∂" in text


def test_links_join_a_gradient_with_the_step_that_it_comes_from() -> None:
    for program in programs().values():
        for step in program.steps:
            if step.link is None:
                continue
            forward = program.steps[step.link.step]
            assert forward.phase in (Phase.FORWARD, Phase.LOSS)
            assert step.link.of in forward.inputs or any(
                step.link.of in program.producers[value.key].inputs
                for value in forward.inputs
                if value.key in program.producers
            )
            if step.output.role in (Role.GRADIENT, Role.DELTA):
                assert step.output.subject == step.link.of.key
                assert step.output.shape == step.link.of.shape
            if step.link.delta is not None and step.link.delta.shape:
                assert step.link.delta.shape == forward.output.shape


def test_a_step_tells_how_gradients_will_come_back() -> None:
    program = open_preset("digits").program
    text = reason(program, program.producers["sum_2"])
    assert "∂L/∂w₂ = ∂L/∂sum₂ · ∂sum₂/∂w₂ and ∂L/∂out₁ = ∂L/∂sum₂ · ∂sum₂/∂out₁" in text
    backward = reason(program, program.producers["grad_w_2"])
    assert "∂L/∂w₂ = ∂L/∂sum₂ · ∂sum₂/∂w₂, here out₁ᵀ · δ₂, with δ₂ for ∂L/∂sum₂." in backward


_LONG = 120
"""What a layer itself says of a step may leave no room."""


def test_every_step_that_a_gradient_comes_back_through_tells_its_slope() -> None:
    """Whether it is differentiated alone or with the step that reads it, as softmax is with the cross-entropy."""
    found = 0
    short = [
        program for name, program in programs().items() if len(program.steps) <= MANY and name not in GRAPHS
    ]  # no room where names are long
    for program, step in ((each, step) for each in short for step in each.steps):
        gradients = {value.subject for value in program.values.values() if value.role in (Role.GRADIENT, Role.DELTA)}
        of = [value for value in step.inputs if value.key in gradients]
        if not of or step.phase not in (Phase.FORWARD, Phase.LOSS) or len(step.purpose.why) > _LONG:
            continue
        text = reason(program, step)
        slopes = [f"∂{plain(symbol(program, step.output))}/∂{plain(symbol(program, value))}" for value in of]
        assert any(slope in text for slope in slopes), text
        found += 1
    assert found > 200


def test_several_paths_are_told_apart() -> None:
    program = compile_iteration(GRAPHS["skip"], "cross_entropy", SGD(0.1), 2)
    parts = [step for step in program.steps if step.output.part and step.link]
    assert parts
    for step in parts:
        assert "over all paths" in reason(program, step)


def test_what_is_one_of_several_paths_is_told_as_a_part_on_the_way_there() -> None:
    program = programs()["lstm"]
    assert "(∂L/∂Wⁱ₁)⁽ᵗ²⁾ = ∂L/∂sum(x)[t2, i, 1] · ∂sum(x)[t2, i, 1]/∂Wⁱ₁ is a part of ∂L/∂Wⁱ₁." in reason(
        program, program.producers["t2_i_sum_x_1"]
    )
    added = {value.subject for value in program.values.values() if value.part}
    for step in program.steps:
        for value in step.inputs if step.phase is Phase.FORWARD else ():
            name = plain(symbol(program, value))
            if value.key in added and f"∂L/∂{name}" in reason(program, step):
                assert f"is a part of ∂L/∂{name}" in reason(program, step)
