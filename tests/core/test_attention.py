"""Self-attention against PyTorch, forward and backward, and the experiment that opens by its name."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.objects import COLOURS, POSITIONS, SHAPES, coloured_objects
from core.iteration import compile_iteration
from core.layers import Dense, Flatten, LastToken, SelfAttention
from core.network import Network
from core.ops.base import ShapeError
from core.ops.linear import MatMul
from core.ops.mask import CausalMask
from core.ops.softmax import SoftmaxJacobian
from core.optimizers import SGD
from core.options import OptionError, Options
from core.presets import open_preset
from core.presets.attention import AttentionSettings
from core.program import Program
from core.run.gradcheck import check_gradients
from core.run.trace import Cursor, Trace, broken_cells
from core.values import Array, Range

CLASSES = 3


@dataclass(frozen=True)
class Problem:
    """An attention layer, a dense layer and a batch."""

    layer: SelfAttention
    program: Program
    parameters: dict[str, Array]
    data: dict[str, Array]

    def trace(self) -> Trace:
        return Trace(self.program, self.parameters, lambda _: self.data, "float64")


def problem(
    heads: int,
    head_width: int,
    tokens: int,
    features: int,
    samples: int,
    *,
    causal: bool,
    seed: int = 0,
    through_jacobian: bool = False,
) -> Problem:
    layer = SelfAttention(heads, heads * head_width, causal)
    network = Network((tokens, features), (layer, Flatten(), Dense(CLASSES, "softmax")))
    program = compile_iteration(network, "cross_entropy", SGD(0.1), samples, through_jacobian=through_jacobian)
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(samples, tokens, features))
    y = np.eye(CLASSES)[generator.integers(0, CLASSES, samples)]
    return Problem(layer, program, dict(network.initial(seed, "float64")), {"x": x, "y": y})


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    sizes = [draw(st.integers(1, most)) for most in (3, 4, 5, 5, 3)]
    return problem(*sizes, causal=draw(st.booleans()), seed=draw(st.integers(0, 99)))


def torch_values(given_problem: Problem) -> dict[str, Any]:
    """Run PyTorch's own attention, forward and backward."""
    torch = pytest.importorskip("torch")
    everything = {**given_problem.parameters, **given_problem.data}
    values = {key: torch.tensor(array, requires_grad=True) for key, array in everything.items()}
    x, heads = values["x"], given_problem.layer.heads
    query, key, value = ((x @ values[f"w_{letter}_1"]).unflatten(2, (heads, -1)).transpose(1, 2) for letter in "qkv")
    mixed = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=given_problem.layer.causal)
    values["out_1"] = mixed.transpose(1, 2).flatten(2) @ values["w_o_1"]
    net = values["out_1"].flatten(1) @ values["w_3"] + values["b_3"]
    values["loss"] = torch.nn.functional.cross_entropy(net, values["y"])
    values["loss"].backward()
    return values


@given(problems())
@settings(max_examples=60)
def test_attention_agrees_with_torch(drawn: Problem) -> None:
    expected, trace = torch_values(drawn), drawn.trace()
    for key in ("out_1", "loss"):
        np.testing.assert_allclose(trace.array(key), expected[key].detach(), rtol=1e-10, atol=1e-10)
    for key in drawn.parameters:
        np.testing.assert_allclose(trace.array(f"grad_{key}"), expected[key].grad, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("through_jacobian", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, 2])
def test_attention_agrees_with_central_differences(heads: int, causal: bool, through_jacobian: bool) -> None:
    made = problem(heads, 2, 3, 4, 2, causal=causal, through_jacobian=through_jacobian)
    checks = check_gradients(made.program, {**made.parameters, **made.data})
    assert {check.key for check in checks} == {"w_q_1", "w_k_1", "w_v_1", "w_o_1", "w_3", "b_3"}
    assert max(check.error for check in checks) < 1e-6
    jacobians = [step for step in made.program.steps if isinstance(step.op, SoftmaxJacobian)]
    assert bool(jacobians) == through_jacobian


@given(problems())
@settings(max_examples=30)
def test_rows_of_attention_are_distributions_and_the_future_weighs_exactly_nothing(drawn: Problem) -> None:
    trace = drawn.trace()
    weights = trace.array("weights_1")
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    future = np.triu(np.ones(weights.shape[-2:], bool), 1)
    assert (weights[..., future] == 0).all() or not drawn.layer.causal
    assert drawn.program.values["weights_1"].range is Range.PROBABILITY
    assert trace.broken_step(Cursor(0, drawn.program.producers["weights_1"].number)) is None
    if drawn.layer.causal:
        assert (trace.array("masked_1")[..., future] == -np.inf).all()
        assert (trace.array("grad_scaled_1")[..., future] == 0).all()


def test_no_score_is_so_low_that_what_is_hidden_wins() -> None:
    trace = open_preset("attention", learning_rate=1.0).trace()
    for iteration in range(30, 35):
        scores, weights = trace.array("masked_1", iteration), trace.array("weights_1", iteration)
        future = np.triu(np.ones(weights.shape[-2:], bool), 1)
        assert (weights[..., future] == 0).all()
        assert (trace.array("grad_scaled_1", iteration)[..., future] == 0).all()
        np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-5)
        assert trace.bounds("masked_1", iteration) == (scores[np.isfinite(scores)].min(), scores[..., ~future].max())
    assert float(trace.array("scaled_1", 33).min()) < -1e4


def test_a_score_that_is_not_finite_counts_where_it_is_not_hidden() -> None:
    made = problem(1, 1, 3, 4, 2, causal=True)
    step = made.program.producers["masked_1"]
    trace = made.trace()
    trace.run_to(Cursor(0, step.number))
    assert broken_cells(step, trace.array("masked_1")) == 0
    seen = trace.array("masked_1").copy()
    seen[0, 1, 0], seen[0, 0, 2] = -np.inf, np.nan
    assert broken_cells(step, seen) == 1


def test_every_step_of_attention_is_visible() -> None:
    program = problem(2, 3, 4, 5, 2, causal=True).program
    shapes = {key: program.values[f"{key}_1"].shape for key in ("q", "q_heads", "scores", "weights", "heads", "concat")}
    assert shapes == {
        "q": (8, 6),
        "q_heads": (2, 2, 4, 3),
        "scores": (2, 2, 4, 4),
        "weights": (2, 2, 4, 4),
        "heads": (2, 2, 4, 3),
        "concat": (8, 6),
    }
    assert program.producers["scores_1"].op == MatMul(transpose_b=True)
    factor, scores = program.producers["scaled_1"].inputs
    assert program.constants[factor] == pytest.approx(3**-0.5)
    assert scores.key == "scores_1"
    assert isinstance(program.producers["masked_1"].op, CausalMask)
    assert program.producers["weights_1"].inputs[0].key == "masked_1"


def test_tokens_are_named() -> None:
    names = ("the", "cat", "sat")
    network = Network((3, 4), (SelfAttention(2, token_names=names), LastToken()))
    program = compile_iteration(network, "squared_error", SGD(0.1), 2)
    assert program.values["weights_1"].axis_names == (None, None, names, names)
    assert program.values["q_heads_1"].axis_names == (None, None, names, None)
    assert program.values["q_1"].axis_names == (names * 2, None)
    unnamed = compile_iteration(Network((3, 4), (SelfAttention(), LastToken())), "squared_error", SGD(0.1), 1)
    assert unnamed.values["weights_1"].axis_names == (None, ("1", "2", "3"), ("1", "2", "3"))


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (SelfAttention(4), (3, 6), r"Layer 1 \(self-attention, 4 heads\): .*divides the width 6: 1, 2, 3, 6; got 4"),
        (SelfAttention(3, width=8), (3, 6), "divides the width 8: 1, 2, 4, 8; got 3"),
        (SelfAttention(), (6,), r"expected sequences \(samples × tokens × features\); got 1 × 6"),
        (SelfAttention(token_names=("a", "b")), (3, 6), "expected 3 token names, one for each token; got 2"),
        (LastToken(), (6,), "expected sequences"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Network(shape, (layer,))


@pytest.mark.parametrize("arguments", [{"heads": 0}, {"width": 0}])
def test_numbers_that_are_not_positive_are_refused(arguments: dict[str, int]) -> None:
    with pytest.raises(ShapeError, match="at least 1"):
        SelfAttention(**arguments)


def test_the_question_names_the_object_with_its_colour() -> None:
    dataset = coloured_objects()
    assert dataset.token_names is not None
    for names, label in zip(dataset.token_names, dataset.labels, strict=True):  # type: ignore[arg-type]
        shape = names[-1].removesuffix("?")
        assert shape in SHAPES
        assert f"{COLOURS[label]} {shape}" in names[:-1]
        assert sorted(name.split()[1] for name in names[:-1]) == sorted(SHAPES)


def test_the_experiment_opens_looking_at_the_right_object() -> None:
    experiment = open_preset("attention", batch_size=32)
    trace, dataset = experiment.trace(), experiment.dataset
    assert dataset is not None
    assert dataset.token_names is not None
    weights = trace.array("weights_1")[:, :, -1, :-1].mean(axis=1)
    names = [dataset.token_names[sample] for sample in experiment.samples(0)]
    right = [[n.split()[1] for n in row[:-1]].index(row[-1].removesuffix("?")) for row in names]
    assert (weights.argmax(axis=1) == right).mean() > 0.9
    assert experiment.program.values["weights_1"].axis_names == (None, None, POSITIONS, POSITIONS)


def test_the_experiment_learns_from_scratch() -> None:
    untrained = AttentionSettings(warm_up=0).open(Options(batch_size=32, learning_rate=1.0))
    trace = untrained.trace()
    assert float(trace.array("loss")) > 1
    assert float(trace.array("loss", 100)) < 0.2


def test_the_settings_open_another_experiment() -> None:
    experiment = AttentionSettings(heads=4, width=8, causal=False, warm_up=0).open(Options())
    assert experiment.program.values["weights_1"].shape == (1, 4, 5, 5)
    assert experiment.settings == AttentionSettings(4, 8, causal=False, warm_up=0)
    with pytest.raises(ShapeError, match="divides the width 8"):
        AttentionSettings(heads=3).open(Options())
    with pytest.raises(OptionError, match="warm-up from 0"):
        AttentionSettings(warm_up=-1).open(Options())
