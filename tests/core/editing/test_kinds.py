"""Every layer that there is can be found, and every field of it filled."""

from dataclasses import MISSING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.editing import fields_of, kinds
from core.layers import LAYERS, Layer
from core.layers.fields import Choice, Names, Sizes, Subset, Whole, Written
from tests.core.editing.networks import JUNK, assert_is_sentence, fitting

BY_FILE = {"Block": {"title", "nodes", "output"}}
"""The fields that are made in files alone."""
FIELDS = [(name, field) for name, kind in LAYERS.items() for field in fields_of(kind)]
WRITTEN = [field.entry for _, field in FIELDS if isinstance(field.entry, Written)]


def test_every_layer_with_one_input_can_be_added() -> None:
    offered = {kind.layer.__name__ for group in kinds().values() for kind in group}
    alone = {name for name, kind in LAYERS.items() if kind.takes == 1}
    assert offered == alone - BY_FILE.keys()


def test_every_kind_has_a_title_of_its_own_and_a_sentence() -> None:
    found = [kind for group in kinds().values() for kind in group]
    assert len({kind.title for kind in found}) == len(found)
    assert all(kind.title != kind.layer.__name__ and kind.sentence.endswith(".") for kind in found)


@pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
def test_every_field_can_be_edited_or_is_known_to_come_by_file(kind: type[Layer]) -> None:
    unknown = {field.name for field in fields_of(kind) if field.entry is None}
    assert unknown == BY_FILE.get(kind.__name__, set())


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[f"{name}.{field.name}" for name, field in FIELDS])
def test_what_a_new_layer_has_may_stand_in_its_fields(name: str, field: object) -> None:
    if field.entry is not None:  # type: ignore[attr-defined]
        field.entry.check(field.first)  # type: ignore[attr-defined]
    else:
        assert field.first is MISSING  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [kind.layer for group in kinds().values() for kind in group])
def test_every_choice_of_every_field_is_one_that_the_layer_takes(kind: type[Layer]) -> None:
    """What the annotations say and what the layer itself checks do not differ."""
    first = {field.name: field.first for field in fields_of(kind)}
    for field in fields_of(kind):
        match field.entry:
            case Choice() as entry:
                values = [value for value, _ in entry.entries]
            case Whole() | Sizes() as entry:
                values = [entry.least, entry.most]
            case Subset() as entry:
                values = [frozenset(entry.names), frozenset()]
            case _:
                values = []
        for value in values:
            assert kind(**{**first, field.name: value}).name


@given(st.data(), st.sampled_from(WRITTEN))
def test_what_is_written_is_read_as_the_same(data: st.DataObject, entry: Written) -> None:
    value = data.draw(fitting(entry))
    assert entry.read(entry.write(value)) == value
    entry.check(value)


@given(st.text(max_size=12) | st.sampled_from(["3x5", "3 × 5", "3,5", "3 5", " 3 ", "0", "1e3", "٣"]))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(text: str) -> None:
    for entry in WRITTEN:
        try:
            entry.check(entry.read(text))
        except ValueError as error:
            assert_is_sentence(str(error))


def test_sizes_are_read_as_people_write_them() -> None:
    entry = Sizes(3)
    assert [entry.read(text) for text in ("3x5", "3 × 5", "3,5", "3 5", " 3; 5 ")] == [(3, 5)] * 5
    assert entry.read(" 3 ") == 3
    assert Sizes(none="as the window").read("  ") is None
    assert Names().read("a, b") == ("a", "b")


@given(JUNK)
def test_junk_is_refused_by_every_entry_or_fits(value: object) -> None:
    for _, field in FIELDS:
        if field.entry is not None:
            try:
                field.entry.check(value)
            except ValueError as error:
                assert_is_sentence(str(error))
