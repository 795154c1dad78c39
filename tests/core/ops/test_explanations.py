"""Every operation explains itself: an equation, a line of Python, a sentence, a complete docstring."""

import ast
import inspect
import re
from functools import cache

import numpy as np
import pytest

from core.notation import plain
from core.ops import longhand
from core.ops.base import Op
from core.ops.longhand import text_of
from core.values import DTYPES, Array
from tests.core.ops.cases import Case, every_example, every_op

PLAIN = ("x", "y", "A", "B", "C")
WRITTEN = (
    r"\mathrm{net}_{1}",
    r"\frac{\partial L}{\partial w_{2}}",
    r"\delta_{1}^{(2)}",
    "b_{3}",
    r"w_{1}^{\mathrm{new}}",
    "x",
    "y",
)
every_notation = pytest.mark.parametrize(
    "symbols", [PLAIN, WRITTEN, WRITTEN[1:], WRITTEN[2:]], ids=["letters", "indexed", "fraction", "raised"]
)
PURPOSES = (
    "backward",
    "batch",
    "bias",
    "chain rule",
    "delta",
    "forward",
    "gradient",
    "layer",
    "learning rate",
    "loss",
    "neuron",
    "path",
    "sample",
    "token",
    "update",
    "weight",
)
"""What a sentence that is true wherever its operation stands cannot say: where it stands, and what for."""
MAY_SAY = {
    "AddBias": ("bias",),
    "AddChannelBias": ("bias",),
    "AveragePool2dGradient": ("delta",),
    "CausalMask": ("token",),
    "Conv2dInputGradient": ("delta",),
    "Conv2dKernelGradient": ("delta",),
    "MaxPool2dGradient": ("delta",),
    "RowTimesJacobian": ("chain rule",),
    "SoftmaxGradient": ("chain rule", "gradient"),
}
"""The operations that have only one place, and what their sentences may say of it."""


@every_example
@pytest.mark.parametrize("dtype", DTYPES)
def test_source_pasted_into_python_gives_the_value(case: Case, dtype: str) -> None:
    arrays = case.arrays(dtype)
    value, computed = pasted(case.op, case.names, arrays), case.op.compute(*arrays)
    assert isinstance(value, np.ndarray | np.generic)
    assert value.dtype == computed.dtype == dtype
    assert value.shape == computed.shape == case.output_shape
    if case.op.rounds(*(array.shape for array in arrays)):
        close = 1e-12 if dtype == "float64" else 3e-5
        np.testing.assert_allclose(value, computed, rtol=close, atol=close)
    else:
        np.testing.assert_array_equal(value, computed)


@every_example
def test_source_is_one_short_line_that_names_the_inputs(case: Case) -> None:
    source = case.op.source(*case.names)
    assert "\n" not in source
    assert len(source) <= 100
    assert not any(word in source for word in ("lambda", "einsum", "as_strided", "sliding_window_view"))
    assert all(re.search(rf"\b{name}\b", source) for name in case.names)


@every_op
def test_helpers_are_the_functions_that_the_source_calls(op: type[Op]) -> None:
    for example in op.examples():
        named = re.findall(r"(?<![.\w])[a-z]\w+", example.op.source(*PLAIN[: op.arity]))
        called = {name for name in named if inspect.isfunction(vars(longhand).get(name))}
        assert called == {helper.__name__ for helper in example.op.calls}


@every_op
def test_helpers_are_short_documented_and_stand_alone(op: type[Op]) -> None:
    for helper in {helper for example in op.examples() for helper in example.op.calls}:
        text = text_of(helper)
        assert inspect.getdoc(helper)
        assert max(map(len, text.splitlines())) <= 92
        assert len(text.splitlines()) <= 20
        assert set(helper.__code__.co_names) & set(vars(longhand)) <= {"np", helper.__name__}, (
            "a helper needs nothing but NumPy"
        )


def test_a_build_without_the_text_of_helpers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(function: object) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr(inspect, "getsource", missing)
    text_of.cache_clear()
    assert text_of(longhand.softmax) == "# This build does not carry the text of softmax."
    text_of.cache_clear()


def pasted(op: Op, names: tuple[str, ...], arrays: list[Array]) -> object:
    """Paste the helpers of an operation and its line into a Python that has only NumPy."""
    scope = {"np": np, **dict(zip(names, arrays, strict=True))}
    for helper in op.calls:
        exec(text_of(helper), scope)
    return eval(op.source(*names), scope)


@every_example
@every_notation
def test_equation_mentions_every_symbol(case: Case, symbols: tuple[str, ...]) -> None:
    symbols = symbols[: case.op.arity]
    equation = case.op.equation(*symbols)
    assert all(symbol in equation for symbol in symbols)
    assert equation == equation.strip()
    assert balanced(equation)
    assert equation.count(r"\left") == equation.count(r"\right")


@every_example
@every_notation
def test_equation_can_be_drawn(case: Case, symbols: tuple[str, ...]) -> None:
    picture = drawn(case.op.equation(*symbols[: len(case.shapes)]))
    assert picture.startswith("<svg")
    # Depending on a setting that the application changes, a glyph is a path of its own or a use of one.
    assert max(picture.count("<path"), picture.count("<use")) >= len(case.shapes)


@every_example
@every_notation
def test_equation_as_plain_text_holds_no_tex(case: Case, symbols: tuple[str, ...]) -> None:
    text = plain(case.op.equation(*symbols[: len(case.shapes)]))
    assert text
    assert not set(text) & set("\\{}")
    assert "  " not in text
    assert text.count("(") == text.count(")")


@every_example
def test_sentence_is_one_short_sentence_with_the_names_of_the_inputs(case: Case) -> None:
    sentence = case.op.sentence(*case.names)
    assert sentence[0].isupper()
    assert re.fullmatch(r"[^.!?]+\.", sentence)
    assert len(sentence) <= 120
    assert not set(sentence) & set("{}\\_\n")
    assert "  " not in sentence
    assert sentence not in inspect.cleandoc(case.op.__doc__ or "")


@every_op
def test_sentence_is_true_wherever_the_operation_stands(op: type[Op]) -> None:
    example = next(iter(op.examples()))
    sentence = example.op.sentence(*PLAIN[: op.arity]).lower()
    said = {purpose for purpose in PURPOSES if re.search(rf"\b{purpose}(s|es)?\b", sentence)}
    assert said == set(MAY_SAY.get(op.__name__, ()))


@every_example
def test_names_in_a_sentence_are_those_of_the_inputs(case: Case) -> None:
    renamed = tuple(name.upper() for name in case.names)
    sentence = case.op.sentence(*case.names)
    for name, other in zip(case.names, renamed, strict=True):
        sentence = re.sub(rf"\b{name}\b", other, sentence)
    assert sentence == case.op.sentence(*renamed)


@every_op
def test_docstring_begins_with_an_imperative_and_the_equation(op: type[Op]) -> None:
    summary, empty, equation, *_ = docstring(op).splitlines()
    assert summary.endswith(".")
    assert not summary.split()[0].endswith("s"), "the first word is an imperative"
    assert empty == ""
    assert " = " in equation


@every_op
def test_shapes_are_told_once_by_the_class_with_the_rule(op: type[Op]) -> None:
    tellers = [
        cls for cls in op.__mro__ if issubclass(cls, Op) and re.search(r"^Shapes: .+ give", docstring(cls), re.M)
    ]
    assert tellers == [next(cls for cls in op.__mro__ if "output_shape" in vars(cls))]


@every_op
def test_docstring_tells_the_errors_that_the_class_raises(op: type[Op]) -> None:
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(ast.parse(inspect.getsource(op))))
    section = re.search(r"^Raises\n-+\nShapeError\n    If .+", docstring(op), re.M)
    assert bool(section) == raises == ("Raises\n" in docstring(op))


@every_op
def test_sources_can_be_had(op: type[Op]) -> None:
    assert not re.search(r"\bseeds?\b", docstring(op), re.I), "a reader has no seed documents"
    assert ("References\n" in docstring(op)) == bool(re.search(r"^References\n-+\n.+\(\d{4}\)", docstring(op), re.M))


@every_op
def test_title_is_for_people(op: type[Op]) -> None:
    assert op.title[0].isupper()
    assert "_" not in op.title


def docstring(cls: type) -> str:
    """Return the docstring that a class has itself."""
    return inspect.cleandoc(cls.__doc__ or "")


@cache
def drawn(tex: str) -> str:
    """Draw a formula as SVG; examples of one operation share it."""
    picture: str = pytest.importorskip("ziamath").Latex(tex).svg()
    return picture


def balanced(tex: str) -> bool:
    """Tell whether every brace that opens closes."""
    depth = 0
    for sign in re.sub(r"\\[{}]", "", tex):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0
