import pytest

from core.notation import Notation
from core.presets import open_preset
from tests.large import resnet, transformer
from viz_app.frame.search import MOST, search

_BLOCKS = transformer(2).program
_DIGITS = open_preset("digits").program


def _keys(program, query, notation=Notation.NET_OUT):
    return [program.steps[found.first].output.key for found in search(program, query, notation) if not found.fold]


@pytest.mark.parametrize("query", ["delta_1", "δ₁", "δ1", "DELTA_1", "  delta_1 "])
def test_a_step_is_found_by_its_key_and_its_symbol_first(query):
    assert _keys(_DIGITS, query)[0] == "delta_1"


def test_symbols_of_both_notations_are_found_in_either():
    for notation in Notation:
        assert "net_2" in _keys(_DIGITS, "z₂", notation)
        assert "net_2" in _keys(_DIGITS, "z_2", notation)
        assert "net_2" in _keys(_DIGITS, "net_2", notation)


def test_operations_layers_and_blocks_are_found():
    assert _keys(_DIGITS, "hadamard") == ["delta_1"]
    layer = search(_BLOCKS, "transformer", Notation.NET_OUT)
    assert layer[0].fold == "2"
    assert {found.fold for found in layer if found.fold} >= {"2", "3"}
    assert "attention_weights_3" in _keys(_BLOCKS, "softmax attention layer 3")
    small = resnet((4, 8), 16).program
    assert any(found.fold for found in search(small, "conv", Notation.NET_OUT))
    assert _keys(small, "conv")


def test_all_words_must_be_there_and_nothing_is_found_of_nothing():
    for query in ("", "  ", "no such step", "delta_1 update", "\x00", "δ" * 500):
        assert search(_DIGITS, query, Notation.NET_OUT) == ()


def test_no_more_are_told_than_can_be_read():
    assert len(search(_BLOCKS, "a", Notation.NET_OUT)) == MOST
