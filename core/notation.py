"""Write values and equations the way a person does: as TeX, or as plain text with Unicode signs."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from core.ops.activations import Activation
from core.program import Program, Step
from core.values import Role, Value


class Notation(StrEnum):
    """How sums and activations are called: net and out (seed 001), or z and a."""

    NET_OUT = "net/out"
    Z_A = "z/a"


_NAMES: Mapping[Notation, Mapping[Role, str]] = {
    Notation.NET_OUT: {Role.SUM: r"\mathrm{sum}", Role.NET: r"\mathrm{net}", Role.OUT: r"\mathrm{out}"},
    Notation.Z_A: {Role.SUM: "s", Role.NET: "z", Role.OUT: "a"},
}
_SPACE = r"\;"
_FIXED = {"loss": "L", "losses": r"\ell"}


def symbol(program: Program, value: Value, notation: Notation = Notation.NET_OUT) -> str:
    r"""Return the TeX of a value: ``w_{1}``, ``\delta_{1}``, ``\frac{\partial L}{\partial w_{1}}``."""
    if value.symbol:
        return value.symbol
    if value.subject in program.values and (about := _about_subject(program, value, notation)):
        return about
    if value.key in _FIXED:
        return _FIXED[value.key]
    name = _NAMES[notation].get(value.role)
    if name and value.layer is not None:
        return f"{name}_{{{value.layer}}}"
    return _from_key(value.key)


def _about_subject(program: Program, value: Value, notation: Notation) -> str | None:
    assert value.subject is not None
    subject = program.values[value.subject]
    written = symbol(program, subject, notation)
    part = re.search(r"_part_(\d+)$", value.key)
    mark = rf"^{{({part[1]})}}" if part else ""
    match value.role:
        case Role.DELTA:
            return rf"\delta_{{{value.layer}}}{mark}"
        case Role.GRADIENT:
            fraction = rf"\frac{{\partial L}}{{\partial {written}}}"
            return rf"\left({fraction}\right){mark}" if part else fraction
        case Role.DERIVATIVE:
            producer = program.producers[value.key]
            function = next(
                (step.op.name for step in program.consumers[subject.key] if isinstance(step.op, Activation)), None
            )
            if function is None:
                return rf"J_{{{value.layer}}}" if "Jacobian" in producer.op.title else None
            return rf"\mathrm{{{function.replace('_', _SPACE)}}}'\left({written}\right)"
        case Role.CHANGE:
            return rf"\Delta {written}"
        case Role.UPDATED:
            return rf"{written}^{{\mathrm{{new}}}}"
    return None


def _from_key(key: str) -> str:
    name, _, number = key.rpartition("_")
    words = name if number.isdigit() else key
    head = words if len(words) == 1 else rf"\mathrm{{{words.replace('_', _SPACE)}}}"
    return f"{head}_{{{number}}}" if number.isdigit() else head


def right_side(program: Program, step: Step, notation: Notation = Notation.NET_OUT) -> str:
    """Return the right-hand side of a step's equation as TeX."""
    return step.op.equation(*(symbol(program, value, notation) for value in step.inputs))


def equation(program: Program, step: Step, notation: Notation = Notation.NET_OUT) -> str:
    """Return the equation of a step as TeX: ``net_1 = sum_1 + b_1``."""
    return f"{symbol(program, step.output, notation)} = {right_side(program, step, notation)}"


_SIGNS = {
    r"\cdot": "·",
    r"\odot": "⊙",
    r"\oslash": "⊘",
    r"\star": "⋆",
    r"\times": "×",
    r"\partial": "∂",
    r"\delta": "δ",
    r"\Delta": "Δ",
    r"\eta": "η",
    r"\sigma": "σ",
    r"\ell": "ℓ",
    r"\sum": "Σ",
    r"\Sigma": "Σ",
    r"\ln": "ln",
    r"\max": "max",
    r"\tanh": "tanh",
    r"\top": "T",
    r"\pi": "π",
    r"\infty": "∞",
    r"\mu": "μ",
    r"\ast": "∗",
    r"\leq": "≤",
    r"\geq": "≥",
    r"\in": "∈",
    r"\left": "",
    r"\right": "",
    r"\,": " ",
    r"\;": " ",
    r"\quad": "  ",
}
_SUBSCRIPTS = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()TNijknew", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀᴺⁱʲᵏⁿᵉʷ")


@lru_cache(maxsize=4096)  # every frame names dozens of values
def plain(tex: str) -> str:
    """Return TeX as one line of plain text: ``∂L/∂w₁ = xᵀ · δ₁``."""
    text = tex
    for name in ("mathrm", "mathbf", "text"):
        text = _braced(text, name, lambda inside: inside)
    text = _braced(text, "sqrt", lambda inside: f"√({inside})")
    while r"\frac" in text:
        text = _fraction(text)
    for sign in sorted(_SIGNS, key=len, reverse=True):
        text = text.replace(sign, _SIGNS[sign])
    text = re.sub(r"_\{([^{}]*)\}|_(\w)", lambda m: _shift(m[1] or m[2], _SUBSCRIPTS, "_"), text)
    text = re.sub(r"\^\{([^{}]*)\}|\^(\w)", lambda m: _shift(m[1] or m[2], _SUPERSCRIPTS, "^"), text)
    text = re.sub(r"([∂Δ]) ", r"\1", text.replace("{", "").replace("}", ""))
    return re.sub(r"\s+", " ", text).strip()


def _shift(text: str, table: dict[int, int], mark: str) -> str:
    shifted = text.translate(table)
    changed = all(old != new or old == " " for old, new in zip(text, shifted, strict=True))
    if changed:
        return shifted
    return f"{mark}{text}" if re.fullmatch(r"\w+", text) else f"{mark}({text})"


def _closing(text: str, start: int) -> int:
    """Return the position of the brace that closes the one at ``start``."""
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return len(text) - 1


def _braced(text: str, command: str, write: "object") -> str:
    assert callable(write)
    while (at := text.find(f"\\{command}{{")) >= 0:
        start = at + len(command) + 1
        end = _closing(text, start)
        text = text[:at] + write(text[start + 1 : end]) + text[end + 1 :]
    return text


def _fraction(text: str) -> str:
    at = text.rfind(r"\frac")
    top_end = _closing(text, at + 5)
    bottom_end = _closing(text, top_end + 1)
    top = _grouped(text[at + 6 : top_end], " + ", " - ")
    bottom = _grouped(text[top_end + 2 : bottom_end], " + ", " - ", r"\,", r"\cdot")
    return f"{text[:at]}{top}/{bottom}{text[bottom_end + 1 :]}"


def _grouped(text: str, *signs: str) -> str:
    return f"({text})" if any(sign in text for sign in signs) else text
