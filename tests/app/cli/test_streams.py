"""Letters that a stream cannot hold are spelled; what is closed leads nowhere."""

import io
import sys

import pytest

from core.notation import equation, plain
from core.presets import PRESETS, open_preset
from viz_app.cli import streams


@pytest.mark.parametrize(
    ("text", "spelling"),
    [("w₁ᵀ · δ₂", "w_1^T . delta_2"), ("L = 1/N Σᵢ₌₁ᴺ ℓᵢ", "L = 1/N sum_i=1^N l_i"), ("∂L/∂out₁", "dL/dout_1"),
     ("σ(net₁) ⊙ Δ", "sigma(net_1) (.) Delta"), ("8 × 8", "8 x 8"), ("wᵢⱼ⁻¹", "w_ij^-1"), ("é", "e"),
     ("文", r"\u6587"), ("\udcff", r"\udcff"), ("plain", "plain"), ("", "")],
)  # fmt: skip
def test_letters_are_spelled(text: str, spelling: str) -> None:
    assert streams.spelled(text) == spelling


@pytest.mark.parametrize("name", PRESETS)
def test_every_equation_has_a_spelling(name: str) -> None:
    program = open_preset(name).program
    for step in program.steps:
        written = streams.spelled(plain(equation(program, step)))
        assert written.isascii()
        assert "\\" not in written, "a letter was given as its number"


def test_a_poor_stream_spells(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="latin-1"))
    streams.prepare()
    sys.stdout.write("δ₁ × w")
    sys.stdout.flush()
    assert buffer.getvalue() == "delta_1 × w".encode("latin-1")
    assert streams.printable("δ₁ × w") == "delta_1 × w"


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_closed_stream_leads_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, name, None)
    streams.prepare()
    with getattr(sys, name) as stream:
        assert stream.write("δ") == 1
