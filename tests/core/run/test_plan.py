"""What the executor computes, in which order, and what takes over whose memory."""

import numpy as np
import pytest
from hypothesis import given

from core.builder import Builder
from core.layers import Dense
from core.network import Network
from core.ops.activations import ReLU
from core.ops.elementwise import Add, Scale
from core.presets import open_preset
from core.program import Program
from core.run.parts import finish
from core.run.plan import Layout, Plan, find_layouts, order_steps
from core.values import Phase, Role
from tests.core.drawing import Problem, problems

BLOCK = 1 << 16


def plan_of(program: Program, *keep: str, block_cells: int = BLOCK) -> Plan:
    return Plan(program, frozenset(keep), finish(find_layouts(program, keep, "float32")), block_cells)


@pytest.fixture(scope="module")
def mlp() -> Program:
    return open_preset("mlp-784-800-10", batch_size=4).program


@given(problems())
def test_every_step_comes_after_those_it_needs(problem: Problem) -> None:
    ready = {value.key for value in (*problem.program.inputs, *problem.program.constants)}
    for step in order_steps(problem.program):
        assert ready.issuperset(value.key for value in step.inputs)
        ready.add(step.output.key)
    assert ready.issuperset({*problem.program.updates.values(), problem.program.loss})


def test_steps_that_nobody_needs_are_left_out() -> None:
    builder = Builder()
    x = builder.input("x", (2, 3), Role.INPUT)
    used = builder.apply(ReLU(), x, key="used")
    builder.apply(Add(), used, x, key="unused")
    total = builder.apply(Add(), used, used, key="total")
    program = builder.build(loss=total.key)
    assert [step.output.key for step in order_steps(program)] == ["used", "total"]
    assert [step.output.key for step in order_steps(program, ["unused"])] == ["used", "unused", "total"]


def test_a_parameter_is_updated_once_nobody_reads_it_any_more(mlp: Program) -> None:
    order = [step.output.key for step in order_steps(mlp)]
    assert order.index("grad_out_1") < order.index("change_w_2") < order.index("new_w_2") < order.index("delta_1")
    assert order.index("new_b_2") < order.index("grad_w_2")


def test_parameters_are_updated_in_place(mlp: Program) -> None:
    homes = plan_of(mlp).homes
    assert all(homes[new] == key for key, new in mlp.updates.items())
    assert homes["net_1"] == "sum_1"
    assert homes["out_1"] == "out_1"


def test_what_is_kept_is_not_written_over(mlp: Program) -> None:
    homes = plan_of(mlp, "w_1", "sum_1").homes
    assert homes["new_w_1"] == "new_w_1"
    assert homes["net_1"] == "net_1"


def test_cell_by_cell_steps_on_large_arrays_are_one_chain(mlp: Program) -> None:
    plan = plan_of(mlp)
    chains = [[step.output.key for step in chain.steps] for chain in plan.chains if len(chain.steps) > 1]
    assert chains == [["change_w_1", "new_w_1"]]
    assert plan.inner == {"change_w_1"}
    assert plan_of(mlp, "change_w_1").inner == frozenset()


def test_an_outer_product_is_part_of_the_chain() -> None:
    plan = plan_of(open_preset("mlp-784-800-10", batch_size=1).program)
    chains = [[step.output.key for step in chain.steps] for chain in plan.chains if len(chain.steps) > 1]
    assert chains == [["grad_w_1", "change_w_1", "new_w_1"]]


def test_only_the_loss_needs_the_steps_of_the_loss(mlp: Program) -> None:
    only_loss = [step.output.key for chain in plan_of(mlp).chains for step in chain.steps if chain.only_loss]
    assert only_loss == ["losses", "loss"]
    kept = [step.output.key for chain in plan_of(mlp, "losses").chains for step in chain.steps if chain.only_loss]
    assert kept == ["loss"]


def test_a_parameter_that_is_read_after_its_update_is_not_updated_in_place() -> None:
    builder = Builder()
    w = builder.input("w", (2,), Role.WEIGHT)
    half = builder.constant("half", 0.5, "1/2")
    builder.phase = Phase.UPDATE
    new = builder.apply(Scale(), half, w, key="new_w")
    total = builder.apply(Add(), new, w, key="total")
    assert plan_of(builder.build(updates={"w": new.key}, loss=total.key)).homes["new_w"] == "new_w"


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_a_layout_is_that_of_the_array(axes: tuple[int, ...]) -> None:
    array = np.empty((2, 3, 4), "float32").transpose(axes)
    layout = Layout.of(array)
    view = layout.view(np.empty(30, "float32"))
    assert (view.shape, view.strides) == (array.shape, array.strides)
    assert layout.outer_axis == int(np.argmax(array.strides))
    assert layout.block(1).view(np.empty(24, "float32")).shape[layout.outer_axis] == 1


def test_a_network_of_one_layer_has_a_plan() -> None:
    network = Network((3,), (Dense(2, "softmax"),))
    assert network.forward.parameters
    builder = Builder()
    out = network.build(builder, 1)
    plan = plan_of(builder.build(output=out.key), out.key)
    assert [chain.steps[0].output.key for chain in plan.chains] == ["sum_1", "net_1", "out_1"]
