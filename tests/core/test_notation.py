"""Values and equations are written the way a person writes them."""

import re

import pytest

from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.notation import Notation, code_name, equation, plain, right_side, symbol
from core.optimizers import OPTIMIZERS, SGD
from core.presets import PRESETS, open_preset
from core.program import Program
from core.values import Phase, Role


def compiled(*layers: Dense, loss: str = "cross_entropy", through_jacobian: bool = False) -> Program:
    return compile_iteration(Network((3,), layers), loss, SGD(0.1), 5, through_jacobian=through_jacobian)


PROGRAM = compiled(Dense(4, "relu"), Dense(2, "softmax"))
LONG = compiled(Dense(4, "leaky_relu"), Dense(2, "softmax"), through_jacobian=True)


def written(program: Program, phase: Phase, notation: Notation = Notation.NET_OUT) -> list[str]:
    return [plain(equation(program, step, notation)) for step in program.steps if step.phase is phase]


def test_the_forward_pass() -> None:
    assert written(PROGRAM, Phase.FORWARD) == [
        "sum₁ = x · w₁",
        "net₁ = sum₁ + b₁",
        "out₁ = max(0, net₁)",
        "sum₂ = out₁ · w₂",
        "net₂ = sum₂ + b₂",
        "out₂ = softmax(net₂)",
    ]
    assert written(PROGRAM, Phase.LOSS) == ["ℓ = −Σⱼ yⱼ ln (out₂)ⱼ", "L = 1/N Σᵢ₌₁ᴺ ℓᵢ"]


def test_the_backward_pass_and_the_update() -> None:
    assert written(PROGRAM, Phase.BACKWARD) == [
        "error₂ = out₂ − y",
        "δ₂ = 1/N · error₂",
        "∂L/∂b₂ = Σᵢ (δ₂)ᵢ",
        "∂L/∂w₂ = out₁ᵀ · δ₂",
        "∂L/∂out₁ = δ₂ · w₂ᵀ",
        "relu'(net₁) = [net₁ > 0]",
        "δ₁ = ∂L/∂out₁ ⊙ relu'(net₁)",
        "∂L/∂b₁ = Σᵢ (δ₁)ᵢ",
        "∂L/∂w₁ = xᵀ · δ₁",
    ]
    assert written(PROGRAM, Phase.UPDATE)[:2] == ["Δw₁ = η · ∂L/∂w₁", "w₁ⁿᵉʷ = w₁ − Δw₁"]


def test_the_other_notation() -> None:
    assert written(PROGRAM, Phase.FORWARD, Notation.Z_A) == [
        "s₁ = x · w₁",
        "z₁ = s₁ + b₁",
        "a₁ = max(0, z₁)",
        "s₂ = a₁ · w₂",
        "z₂ = s₂ + b₂",
        "a₂ = softmax(z₂)",
    ]
    assert "δ₁ = ∂L/∂a₁ ⊙ relu'(z₁)" in written(PROGRAM, Phase.BACKWARD, Notation.Z_A)


def test_the_long_way_through_the_jacobian() -> None:
    assert written(LONG, Phase.BACKWARD)[:5] == [
        "ratio₂ = y ⊘ out₂",
        "slope₂ = −1 · ratio₂",
        "∂L/∂out₂ = 1/N · slope₂",
        "J₂ = diag(out₂) − out₂ᵀ out₂",
        "δ₂ = ∂L/∂out₂ · J₂",
    ]
    assert "leaky relu'(net₁) = max([net₁ > 0], 0.01)" in written(LONG, Phase.BACKWARD)


def test_functions_with_long_formulas() -> None:
    program = compiled(Dense(4, "sigmoid", bias=False), Dense(2, "gelu"), loss="squared_error")
    forward, backward = written(program, Phase.FORWARD), written(program, Phase.BACKWARD)
    assert forward[:2] == ["net₁ = x · w₁", "out₁ = 1/(1 + e^(−net₁))"]
    assert forward[-1] == "out₂ = 1/2 · net₂ · (1 + tanh(√(2/π) · (net₂ + 0.044715 · (net₂)³)))"
    assert "sigmoid'(net₁) = out₁ ⊙ (1 − out₁)" in backward
    assert any(line.startswith("gelu'(net₂) = 1/2 · (1 + t) · (1 + net₂ · (1 − t)") for line in backward)
    assert written(program, Phase.LOSS)[0] == "ℓ = 1/2 Σⱼ (out₂ − y)ⱼ²"


def test_equations_as_tex() -> None:
    steps = {step.output.key: step for step in PROGRAM.steps}
    assert equation(PROGRAM, steps["net_1"]) == r"\mathrm{net}_{1} = \mathrm{sum}_{1} + b_{1}"
    assert equation(PROGRAM, steps["grad_w_2"]) == (
        r"\frac{\partial L}{\partial w_{2}} = \mathrm{out}_{1}^{\top} \cdot \delta_{2}"
    )
    assert right_side(PROGRAM, steps["change_w_1"]) == r"\eta \, \frac{\partial L}{\partial w_{1}}"


@pytest.mark.parametrize("notation", Notation)
@pytest.mark.parametrize("program", [PROGRAM, LONG], ids=["at once", "through the Jacobian"])
def test_no_two_values_are_written_alike(program: Program, notation: Notation) -> None:
    symbols = [symbol(program, value, notation) for value in program.values.values()]
    assert len(symbols) == len(set(symbols))


def test_no_equation_says_only_that_a_value_is_itself() -> None:
    for program in (PROGRAM, LONG, compiled(Dense(2, "gelu"), loss="squared_error")):
        for step in program.steps:
            assert right_side(program, step) != symbol(program, step.output)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"w_{12}^{\top}", "w₁₂ᵀ"),
        (r"x_{i}", "xᵢ"),
        (r"x_{q}", "x_q"),
        (r"x^{y + z}", "x^(y + z)"),
        (r"\frac{a + b}{2 \, c}", "(a + b)/(2 · c)"),
        (r"\frac{a}{b - c}", "a/(b − c)"),
        (r"\text{cross-entropy} - 1", "cross-entropy − 1"),
        (r"\sqrt{\frac{2}{\pi}}", "√(2/π)"),
        (r"\frac{1}{\sqrt{d_{k}}}", "1/√dₖ"),
        (r"\frac{1}{\sqrt{4}} \, x", "1/√4 · x"),
        (r"\sqrt{\hat{v}_{w_{1}}}", "√(v_hat(w₁))"),
        (r"\sqrt{a + b}", "√(a + b)"),
        (r"\mathrm{transpose}_{0,2,1,3}\left(x\right)", "transpose(x; 0, 2, 1, 3)"),
        (r"\mathrm{mask}_{j \leq i}\left(\mathrm{scaled}_{1}\right)", "mask(scaled₁; j ≤ i)"),
        (r"\mathrm{reshape}_{5 \times 9}\left(\left(a\right) + b\right) + c", "reshape((a) + b; 5 × 9) + c"),
        (r"\max_{2 \times 2} \left(\mathrm{out}_{1}\right)", "max(out₁; 2 × 2)"),
        (r"\mathrm{slice}_{4:5}\left(\max_{2 \times 2} \left(x\right)\right)", "slice(max(x; 2 × 2); 4:5)"),
        (r"\sum_{n,y,x} \left(\delta_{3}\right)_{n,y,x}", "Σ over n, y, x of δ₃[n, y, x]"),
        (r"V^{\mathrm{heads}}_{\mathrm{block}, 2}", "V(heads)[block, 2]"),
        (r"\sum_{n,y,x} \left(a + b\right)_{n,y,x}", "Σ over n, y, x of (a + b)[n, y, x]"),
        (r"e^{-\mathrm{net}_{1}}", "e^(−net₁)"),
        (r"\left(\frac{\partial L}{\partial x}\right)^{(2)}", "(∂L/∂x)⁽²⁾"),
        (r"\mathrm{leaky\;relu}'\left(z\right)", "leaky relu'(z)"),
        (r"W^{Q}_{1}", "W(Q)₁"),
        (r"\frac{\partial L}{\partial W^{O}_{1}}", "∂L/∂W(O)₁"),
        (r"\hat{m}_{w_{1}}", "m_hat(w₁)"),
        (r"m_{w_{1}}^{\mathrm{new}}", "m(w₁)ⁿᵉʷ"),
        (r"m_{W^{Q}_{1}}", "m(W(Q)₁)"),
        (r"\frac{1}{1 - \beta_{1}^{t}} \, m_{w_{1}}", "1/(1 − β₁ᵗ) · m(w₁)"),
        (r"w_{\mathrm{hidden}}", "w_hidden"),
        (r"m_{w_{\mathrm{hidden}}}", "m(w_hidden)"),
        (r"w_{\mathrm{hidden}, 2}", "w[hidden, 2]"),
    ],
)
def test_plain(tex: str, text: str) -> None:
    assert plain(tex) == text


_GIVEN = Role.CONSTANT, Role.HYPERPARAMETER
"""The numbers of layers and optimizers keep the names that they have in their papers: β is a shift, and a rate."""
EVERYTHING = [
    open_preset(name, **chosen).program
    for name in PRESETS
    for chosen in ({"through_jacobian": True}, *({"optimizer": name} for name in OPTIMIZERS))
    if not name.startswith("mlp")
]


@pytest.mark.parametrize("notation", Notation)
def test_no_name_is_raw_and_no_two_are_written_alike(notation: Notation) -> None:
    for program in EVERYTHING:
        values = [value for value in program.values.values() if value.role not in _GIVEN]
        names = [plain(symbol(program, value, notation)) for value in values]
        raw = [name for name in names if re.search(r"[\^\\{}]|_\w*[^\W_a-zA-Z0-9]", name.replace("_hat", ""))]
        assert not raw
        assert len(names) == len(set(names)), program.output


def test_names_are_short_enough_for_the_timeline_and_the_rows_of_a_table() -> None:
    for program in EVERYTHING:
        long = [name for step in program.steps if len(name := plain(symbol(program, step.output))) > _LONGEST]
        assert not long


_LONGEST = 26
"""Letters, as in ``(∂L/∂centered[skip, 5])⁽¹⁾``."""


@pytest.mark.parametrize("notation", Notation)
def test_equations_are_written_as_a_person_writes_them(notation: Notation) -> None:
    for program in EVERYTHING:
        for step in program.steps:
            text = plain(equation(program, step, notation))
            raw = re.search(r"[\\{}]|_[^a-zA-Z]|_\(|√\(\w+\)|(?<!e)\^|\s[,;)\]]|[(\[]\s|  ", text)
            assert not raw, text
            assert [text.count(sign) for sign in "(["] == [text.count(sign) for sign in ")]"], text


@pytest.mark.parametrize("notation", Notation)
def test_names_in_code_are_words_of_the_notation_and_differ(notation: Notation) -> None:
    for program in EVERYTHING:
        codes = [code_name(program, value, notation) for value in program.values.values()]
        assert all(code.isidentifier() for code in codes)
        assert len(codes) == len(set(codes))
        if notation is Notation.NET_OUT:
            assert codes == list(program.values)
        else:
            assert not [code for code in codes if re.search(r"(^|grad_)(net|out|sum)_\d", code)]


def test_one_letter_stands_for_one_number() -> None:
    """N is the number of samples wherever it stands; rows of tokens are counted."""
    for batch in (1, 3):
        program = open_preset("attention", batch_size=batch).program
        for step in program.steps:
            if "; N" in plain(equation(program, step)):
                assert step.output.shape[0] == batch
    for name, letter in (("digits", "N"), ("transformer", "K")):
        program = open_preset(name, batch_size=3).program
        assert plain(equation(program, program.producers["loss"])).startswith(f"L = 1/{letter} Σ")
        shares = [step for step in program.steps if f" = 1/{letter} · " in plain(equation(program, step))]
        assert [step.purpose.says.endswith(f"1/{letter}.") for step in shares] == [True]
