"""The network as cards: every layer once, folded or not, and every read value a link or a wire."""

import pytest

from core.presets import PRESETS, open_preset
from core.values import Phase, Role
from tests.large import resnet, transformer
from viz_app.frame.outline import first_folds, folded_all
from viz_app.frame.outline.cards import cards_of

_BLOCKS, _IMAGES = transformer(3).program, resnet((4, 8), 16).program


@pytest.mark.parametrize("name", [name for name in PRESETS if PRESETS[name]])
def test_networks_without_parts_are_their_layers_in_order(name):
    program = open_preset(name).program
    cards = [card for card in cards_of(program, None).cards if card.number is not None]
    if not any(scope.path for scope in program.scopes):
        assert [(card.number, card.name) for card in cards] == [(one.number, one.name) for one in program.layers]


def _named(program, folds):
    cards = cards_of(program, folds)
    return cards, [card.name for card in cards.cards]


def test_a_skip_connection_is_a_wire_past_the_cards_between():
    cards, names = _named(_BLOCKS, None)
    wires = {(names[wire.first], names[other]) for wire in cards.wires for other in wire.others}
    assert ("positions 8", "Sum") in wires  # what goes around the first attention
    assert ("Sum", "Sum") in wires


def test_a_projection_reads_the_block_before_and_meets_the_rest_in_the_sum():
    cards, names = _named(_IMAGES, folded_all(_IMAGES) - {"6"})
    around, total = names.index("around: conv 8 @ 1 × 1"), names.index("Sum, ReLU")
    assert names[around - 1].startswith("second")
    wires = {(wire.first, other) for wire in cards.wires for other in wire.others}
    first = names.index("residual block 4", names.index("residual block 4") + 1)
    assert {(first, around), (around - 1, total)} <= wires
    assert around in cards.links


def test_queries_keys_and_values_branch_inside_attention():
    cards = cards_of(open_preset("attention").program, None).cards
    nodes = next(card.nodes for card in cards if card.nodes)
    first = [node.value.name for node in nodes if node.rank == 0]
    assert first == ["q", "k", "v"]
    heads = next(node for node in nodes if node.value.name == "heads")
    assert {nodes[place].value.name for place in heads.reads} == {"weights", "v"}


@pytest.mark.parametrize("program", [_BLOCKS, _IMAGES], ids=["transformer", "resnet"])
def test_every_step_of_a_layer_is_in_one_card_however_it_is_folded(program):
    for folds in (None, first_folds(program), folded_all(program), frozenset({"3"})):
        cards = cards_of(program, folds)
        shared = [step for card in cards.cards for step in card.steps]
        forward = [step.number for step in program.steps if step.phase is Phase.FORWARD]
        assert sorted(shared) == forward
        for step, place in zip(program.steps, cards.of_steps, strict=True):
            assert place is not None or step.layer is None
        assert len({value.key for card in cards.cards for value in card.values}) == sum(
            len(card.values) for card in cards.cards
        )


def test_a_folded_block_shows_what_it_makes_and_nothing_inside():
    cards, names = _named(_BLOCKS, folded_all(_BLOCKS))
    block = cards.cards[names.index("transformer block, 2 heads × 3")]
    assert [value.key for value in block.values] == ["out_4", "grad_out_4"]
    assert not any(value.role is Role.WEIGHT and value.layer == 3 for card in cards.cards for value in card.values)
