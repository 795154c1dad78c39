"""Write values and equations the way a person does: as TeX, or as plain text with Unicode signs."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from core.ops.activations import Activation
from core.ops.softmax import SoftmaxJacobian
from core.program import Program, Step
from core.values import Role, Scope, Value


class Notation(StrEnum):
    """How sums and activations are called: net and out, or z and a."""

    NET_OUT = "net/out"
    Z_A = "z/a"


_HEADS: Mapping[Notation, Mapping[str, str]] = {
    Notation.NET_OUT: {"sum_x": r"\mathrm{sum}^{x}", "sum_h": r"\mathrm{sum}^{h}", "net_x": r"\mathrm{net}^{x}"},
    Notation.Z_A: {"sum": "s", "net": "z", "out": "a", "sum_x": "s^{x}", "sum_h": "s^{h}", "net_x": "z^{x}"},
}
"""What stands for the names of values in a notation; other names are written as they are."""
_WORDS: Mapping[Notation, Mapping[str, str]] = {
    Notation.NET_OUT: {},
    Notation.Z_A: {"sum": "s", "net": "z", "out": "a", "sum_x": "s_x", "sum_h": "s_h", "net_x": "z_x"},
}
"""The same in code."""
_SPACE = r"\;"


def symbol(program: Program, value: Value, notation: Notation = Notation.NET_OUT) -> str:
    r"""Return the TeX of a value: ``w_{1}``, ``\delta_{1}``, ``\frac{\partial L}{\partial w_{1}}``."""
    if value.symbol:
        return value.symbol
    if value.subject in program.values and (about := _about_subject(program, value, notation)):
        return about
    return _with_index(head(value, notation), value)


def _about_subject(program: Program, value: Value, notation: Notation) -> str | None:
    assert value.subject is not None
    subject = program.values[value.subject]
    written = symbol(program, subject, notation)
    mark = rf"^{{({_part(value)})}}" if value.part else ""
    match value.role:
        case Role.DELTA:
            return _with_index(r"\delta", subject) + mark
        case Role.GRADIENT:
            fraction = rf"\frac{{\partial L}}{{\partial {written}}}"
            return rf"\left({fraction}\right){mark}" if value.part else fraction
        case Role.DERIVATIVE:
            return _derivative(program, value, subject, written)
        case Role.CHANGE if value.head is None:
            return rf"\Delta {written}"
        case Role.UPDATED:
            return rf"{written}^{{\mathrm{{new}}}}"
        case Role.STATE | Role.INTERMEDIATE | Role.CHANGE:
            return f"{head(value, notation)}_{{{written}}}"
    return None


def _part(value: Value) -> str:
    """Return which part of a gradient a value is: the place that it comes from, the first and the last, or its number.

    Places are in the order in which the backward pass meets them.
    """
    ends = value.places[:1] + value.places[1:][-1:]
    return r" \ldots ".join(", ".join(map(_word, filter(None, place))) for place in ends) or str(value.part)


def _derivative(program: Program, value: Value, subject: Value, written: str) -> str | None:
    """Return how the derivative of an activation function is written, or the Jacobian of softmax."""
    if isinstance(program.producers[value.key].op, SoftmaxJacobian):
        return _with_index("J", value)
    functions = (step.op for step in program.consumers[subject.key])
    name = next((op.name for op in functions if isinstance(op, Activation)), None)
    return None if name is None else rf"\mathrm{{{name.replace('_', _SPACE)}}}'\left({written}\right)"


def head(value: Value, notation: Notation) -> str:
    """Return the TeX of a value's name, without its place."""
    name = value.name or value.key
    return value.head or _HEADS[notation].get(name) or _word(name)


def _with_index(head: str, value: Value) -> str:
    """Return TeX with the place of a value below it: its layer, and which of several of its name it is."""
    return in_scope(head, value.scope, value.copy)


def in_scope(head: str, scope: Scope, copy: int = 1) -> str:
    """Return TeX with a scope below it, and the number of one of several of its name there."""
    parts = [*map(_word, filter(None, scope.written)), *([str(scope.number)] if scope.numbered else [])]
    parts += [str(copy)] if copy > 1 else []
    return f"{head}_{{{', '.join(parts)}}}" if parts else head


def _word(name: str) -> str:
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', _SPACE)}}}"


def right_side(program: Program, step: Step, notation: Notation = Notation.NET_OUT) -> str:
    """Return the right-hand side of a step's equation as TeX."""
    return step.op.equation(*(symbol(program, value, notation) for value in step.inputs))


def equation(program: Program, step: Step, notation: Notation = Notation.NET_OUT) -> str:
    """Return the equation of a step as TeX: ``net_1 = sum_1 + b_1``."""
    return f"{symbol(program, step.output, notation)} = {right_side(program, step, notation)}"


def code_name(program: Program, value: Value, notation: Notation = Notation.NET_OUT) -> str:
    """Return what a value is called in code: its key, in the words of the notation: ``z_1``, ``grad_a_1``."""
    word, subject = _WORDS[notation].get(value.name), program.values.get(value.subject or "")
    renamed = value.key
    if word and value.key == value.scope.key(value.name, value.copy):
        renamed = value.scope.key(word, value.copy)
    elif subject is not None:
        renamed = value.key.replace(subject.key, code_name(program, subject, notation))
    return value.key if renamed in program.values else renamed


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
    r"\sin": "sin",
    r"\cos": "cos",
    r"\top": "T",
    r"\pi": "π",
    r"\infty": "∞",
    r"\ldots": "…",
    r"\mu": "μ",
    r"\ast": "∗",
    r"\leq": "≤",
    r"\geq": "≥",
    r"\in": "∈",
    r"\min": "min",
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\lambda": "λ",
    r"\epsilon": "ε",
    r"\left": "",
    r"\right": "",
    r"\,": " · ",
    r"\;": " ",
    r"\quad": "  ",
}
_SUBSCRIPTS = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()TNijknewt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀᴺⁱʲᵏⁿᵉʷᵗ")


_MINUS = "−"
_SIMPLE = r"\d+|[a-z](_\{\w\})?"
"""What needs no brackets below a root."""
_HAT = "\ue000"
"""What stands for a hat until all else is written; few fonts can put one on a letter."""
_BELOW, _END = "\ue001", "\ue002"
"""What stands around what is below a name and has no signs of its own, until it is known what follows."""


@lru_cache(maxsize=4096)  # every frame names dozens of values
def plain(tex: str) -> str:
    """Return TeX as one line of plain text: ``∂L/∂w₁ = xᵀ · δ₁``.

    What stands below or above a name and has no such sign in Unicode follows in brackets: ``W(Q)₁``, ``m(w₁)ⁿᵉʷ``,
    ``δ₃[n, y, x]``; below a function, it follows what that is applied to: ``reshape(x; 5 × 9)``.
    """
    text = tex
    for name in ("mathrm", "mathbf", "text"):
        text = _braced(text, name, lambda inside: inside)
    text = _braced(text, "hat", lambda inside: f"{inside}{_HAT}")
    text = _braced(text, "sqrt", lambda inside: f"√{inside}" if re.fullmatch(_SIMPLE, inside) else f"√({inside})")
    while r"\frac" in text:
        text = _fraction(text)
    for sign in sorted(_SIGNS, key=len, reverse=True):
        text = text.replace(sign, _SIGNS[sign])
    text = re.sub(r"([_^])(\w)", r"\1{\2}", text)
    before = ""
    while text != before:  # what stands below a name may itself have something below or above it
        before = text
        text = re.sub(r"_\{([^{}]*)\}", lambda m: _shift(m[1], _SUBSCRIPTS, "_"), text)
        text = re.sub(r"\^\{([^{}]*)\}", lambda m: _shift(m[1], _SUPERSCRIPTS, "^"), text)
    text = _after(text)
    text = re.sub(r"([∂Δ]) ", r"\1", text.replace("{", "").replace("}", ""))
    text = re.sub(r"(?<![^\W_])-|-(?![^\W_])", _MINUS, text)  # a hyphen stands between letters
    return re.sub(r"\s+", " ", text.replace(_HAT, "_hat")).strip()


def _shift(text: str, table: dict[int, int], mark: str) -> str:
    shifted = text.translate(table)
    changed = all(old != new or old == " " for old, new in zip(text, shifted, strict=True))
    if changed:
        return shifted
    if mark == "_" and re.fullmatch(r"[A-Za-z0-9]+", text):
        return f"_{text}"
    if re.fullmatch(rf"[^\W_][\w(){_HAT}]*", text):
        return f"({text})"
    if mark == "_":
        return f"{_BELOW}{text}{_END}"
    bracketed = text.startswith("(") and _closing(text, 0, "()") == len(text) - 1
    return text if bracketed else f"^({text})"


def _after(text: str) -> str:
    """Write after a name what stands below it: after what a function is applied to, else in square brackets."""
    while (end := text.rfind(_END)) >= 0:
        start = text.rfind(_BELOW, 0, end)
        name, below, rest = text[:start], re.sub(r",\s*", ", ", text[start + 1 : end]), text[end + 1 :].lstrip()
        if name.endswith(_SIGNS[r"\sum"]):
            text = f"{name} over {below} of {rest}"
        elif rest.startswith("("):
            close = _closing(rest, 0, "()")
            text = f"{name}{rest[:close]}; {below}{rest[close:]}"
        else:
            text = re.sub(r"(?<!\w)\((\w+)\)$", r"\1", name) + f"[{below}]{text[end + 1 :]}"
    return text


def _closing(text: str, start: int, braces: str = "{}") -> int:
    """Return the position of the brace that closes the one at ``start``."""
    depth = 0
    for position in range(start, len(text)):
        depth += {braces[0]: 1, braces[1]: -1}.get(text[position], 0)
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
