"""Numbers that make no sense are refused, and every value and step of an update can be read."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from core.notation import Notation, equation, plain, symbol
from core.optimizers import OPTIMIZERS, Clipping, Penalties
from core.values import Phase
from tests.core.optimizers.small import TREATMENTS, program

Numbers = Mapping[str, tuple[str, tuple[float, ...]]]
"""What an error calls each number, and what the number must not be."""

NEVER = (-1.0, math.nan, math.inf, -math.inf, True, "x", None)
POSITIVE, SHARE, NOT_NEGATIVE = (0, 0.0), (1, 1.0, 1.5), ()
"""What each kind of number must not be, besides ``NEVER``."""
NUMBERS: Numbers = {
    "learning_rate": ("learning rate", POSITIVE),
    "momentum": ("momentum", SHARE),
    "alpha": ("alpha", SHARE),
    "beta_1": ("beta 1", SHARE),
    "beta_2": ("beta 2", SHARE),
    "epsilon": ("epsilon", POSITIVE),
    "weight_decay": ("weight decay", NOT_NEGATIVE),
}
FIELDS = [(name, field) for name, made in OPTIMIZERS.items() for field in made.__dataclass_fields__]  # type: ignore[attr-defined]
WRONG = [(name, field, NUMBERS[field][0], number) for name, field in FIELDS for number in (*NEVER, *NUMBERS[field][1])]


@pytest.mark.parametrize(("name", "field", "called", "number"), WRONG)
def test_a_number_out_of_range_is_refused_in_one_sentence(name: str, field: str, called: str, number: Any) -> None:
    with pytest.raises(ValueError, match=rf"^expected a (positive )?{called}.*; got ") as refused:
        OPTIMIZERS[name](**{field: number})
    assert str(refused.value).endswith(f"got {number!r}")


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_numbers_at_the_border_are_taken(name: str, field: str) -> None:
    wrong = NUMBERS[field][1]
    OPTIMIZERS[name](**{field: 0.999 if wrong is SHARE else 1e-12})
    if wrong is not POSITIVE:
        OPTIMIZERS[name](**{field: 0})


@pytest.mark.parametrize("number", NEVER)
@pytest.mark.parametrize("field", ["l1", "l2"])
def test_penalties_are_not_negative(field: str, number: Any) -> None:
    with pytest.raises(ValueError, match=f"^expected a factor of the {field.upper()} penalty from 0; got "):
        Penalties(**{field: number})


@pytest.mark.parametrize("number", [*NEVER[:-1], 0])
@pytest.mark.parametrize("field", ["value", "norm"])
def test_limits_are_positive(field: str, number: Any) -> None:
    with pytest.raises(ValueError, match=f"^expected a positive clipping {field}; got "):
        Clipping(**{field: number})


@pytest.mark.parametrize("notation", Notation)
@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_two_values_are_written_the_same(name: str, treatment: str, notation: Notation) -> None:
    compiled = program(name, treatment)
    written = [symbol(compiled, value, notation) for value in compiled.values.values()]
    assert len(set(written)) == len(written)
    assert len(set(map(plain, written))) == len(written)


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_step_of_an_update_says_what_it_is_for(name: str, treatment: str) -> None:
    compiled = program(name, treatment)
    update = [step for step in compiled.steps if step.phase is Phase.UPDATE]
    for step in update:
        assert step.purpose.says.endswith("."), step.output.key
        written = plain(equation(compiled, step))
        assert "\\" not in written
        assert "{" not in written


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_whatever_is_remembered_is_replaced_once(name: str) -> None:
    compiled = program(name, "everything")
    for key, following in compiled.state.items():
        assert following == f"new_{key}"
        assert compiled.values[following].shape == compiled.values[key].shape
    needed = {value.key for step in compiled.steps for value in step.inputs}
    needed |= set(compiled.state.values()) | {str(compiled.loss), str(compiled.output)}
    assert {step.output.key for step in compiled.steps} <= needed, "a step that nobody asked for"


def test_the_equations_of_adam() -> None:
    compiled = program("adam")
    written = [plain(equation(compiled, step)) for step in compiled.steps if step.output.key.endswith("_w_1")]
    assert written[written.index("∂L/∂w₁ = xᵀ · δ₁") + 1 :] == [
        "gap(m(w₁)) = ∂L/∂w₁ − m(w₁)",
        "Δm(w₁) = (1 − β₁) · gap(m(w₁))",
        "m(w₁)ⁿᵉʷ = m(w₁) + Δm(w₁)",
        "squared(w₁) = (∂L/∂w₁)²",
        "gap(v(w₁)) = squared(w₁) − v(w₁)",
        "Δv(w₁) = (1 − β₂) · gap(v(w₁))",
        "v(w₁)ⁿᵉʷ = v(w₁) + Δv(w₁)",
        "m_hat(w₁) = 1/(1 − β₁ᵗ) · m(w₁)ⁿᵉʷ",
        "v_hat(w₁) = 1/(1 − β₂ᵗ) · v(w₁)ⁿᵉʷ",
        "root(w₁) = √(v_hat(w₁))",
        "size(w₁) = root(w₁) + ε",
        "direction(w₁) = m_hat(w₁) ⊘ size(w₁)",
        "Δw₁ = η · direction(w₁)",
        "w₁ⁿᵉʷ = w₁ − Δw₁",
    ]
