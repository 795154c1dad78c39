import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.set_formulas import formulas, set_formulas
from viz_app.picture import typeset as module
from viz_app.picture.typeset import Store, Typeset, prefetch, shipped_formulas, text_width, typeset, use_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "cache" / "formulas.json")
    typeset.cache_clear()
    use_store(store)
    yield store
    use_store(None)
    typeset.cache_clear()


def test_sizes_grow_with_the_type() -> None:
    width, height = typeset(r"w_{1}").size_at(20)
    assert typeset(r"w_{1}").size_at(40) == pytest.approx((2 * width, 2 * height))
    assert typeset(r"w_{1} + b_{1}").size_at(20)[0] > 2 * width
    assert typeset(r"\frac{a}{b}").size_at(20)[1] > height


@pytest.mark.parametrize("tex", ["", r"\frac{a", r"a_1_2", r"\left( x"])
def test_what_cannot_be_set_is_written_as_plain_text(tex: str) -> None:
    made = typeset(tex)
    assert made.svg is None
    assert made.colored("#ff0000") is None
    assert made.height > 0


def test_parentheses_inside_each_other_are_measured_once_a_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """And they are as high as where each is measured anew for every one around it, as ziamath does by itself."""
    typeset("x")  # ziamath warns where it is imported otherwise
    from ziamath.nodes import mnode, mrow

    def nested(levels: int) -> str:
        return r"\left(1 + \frac{1}{2} " * levels + r"x_{1}^{2}" + r"\right)^{2}" * levels

    made: list[int] = []
    usual = mnode.Mnode.fromelement.__func__

    def counted(kind, *arguments, **about):  # type: ignore[no-untyped-def]
        made.append(1)
        return usual(kind, *arguments, **about)

    monkeypatch.setattr(mnode.Mnode, "fromelement", classmethod(counted))
    typeset.cache_clear()
    flat = module._set(nested(2))
    few = len(made)
    module._set(nested(6))
    assert len(made) - few < 10 * few
    monkeypatch.setitem(mnode._node_classes, "mrow", mrow.Mrow)
    made.clear()
    assert module._set(nested(2)) == flat
    assert len(made) > few


def test_formulas_are_drawn_as_ziamath_draws_them_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from ziamath import styles
    from ziamath.nodes import mnode, mrow

    given = [tex for tex in shipped_formulas() if r"\left" in tex][:2]
    texts = [
        *given,
        r"\left(\frac{a}{b_{1}}\right)^{\top} \cdot |x| \in [0, 1]",
        r"\max_{k} \sqrt{\widehat{x}_{\mathrm{n1}, 8}}",
    ]
    quick = [module._set(tex) for tex in texts]
    assert all(made.svg for made in quick)
    monkeypatch.setitem(mnode._node_classes, "mrow", mrow.Mrow)
    monkeypatch.setattr(styles, "asdict", asdict)
    assert [module._set(tex) for tex in texts] == quick


def test_the_color_is_chosen_afterwards() -> None:
    colored = typeset("x").colored("#fedcba")
    assert colored is not None
    assert "#fedcba" in colored
    assert colored.count("#fedcba") == colored.count("fill=")


def test_text_is_measured_by_its_characters() -> None:
    assert text_width("WWWW", 20) > text_width("nnnn", 20) > text_width("iiii", 20) > 0
    assert text_width("n", 40) == 2 * text_width("n", 20)
    assert text_width("WWWW", 20, mono=True) == text_width("iiii", 20, mono=True)


def test_prefetching_sets_each_formula_once_and_keeps_them_for_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(prefetch(["x", "y", "x"])) == ["x", "y"]
    first = typeset("x")
    typeset.cache_clear()
    monkeypatch.delattr(module, "_set")
    use_store(Store(store.path))
    assert typeset("x") == first
    assert list(store.path.parent.iterdir()) == [store.path]


def test_what_was_asked_for_last_is_carried_to_the_next_start_and_no_more_than_a_bound(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_STORED", 3)
    for tex in ("a", "b", "c"):
        store.add(tex, Typeset("<svg/>", 1.0, 1.0, tex))
    assert store.get("a") is not None
    store.add("d", Typeset("<svg/>", 1.0, 1.0, "d"))
    store.save()
    again = Store(store.path)
    assert [tex for tex in "abcd" if again.get(tex) is None] == ["b"]


def packed(content: object) -> bytes:
    """Return what a store writes for a content, with the right checksum."""
    text = (content if isinstance(content, str) else json.dumps(content)).encode()
    return b"%08x\n%b" % (zlib.crc32(text), text)


def content_of(store: Store) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(store.path.read_bytes().partition(b"\n")[2])
    return content


@given(place=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_damaged_the_formula_is_as_it_was_or_set_again(
    store: Store, place: int, byte: int, cut: bool
) -> None:
    made = typeset(r"\frac{a}{b}")
    store.add(r"\frac{a}{b}", made)
    store.save()
    whole = store.path.read_bytes()
    place %= len(whole)
    store.path.write_bytes(whole[:place] if cut else whole[:place] + bytes([byte]) + whole[place + 1 :])
    assert Store(store.path).get(r"\frac{a}{b}") in (made, None)
    store.path.write_bytes(whole)
    assert Store(store.path).get(r"\frac{a}{b}") == made


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize("content", [DEEP, packed(DEEP).decode(), '{"a":' * 100_000])
def test_a_deep_store_counts_as_empty_and_is_written_anew(store: Store, content: str) -> None:
    store.path.parent.mkdir()
    store.path.write_text(content)
    again = Store(store.path)
    assert again.get("x") is None
    again.add("x", typeset("x"))
    again.save()
    assert Store(store.path).get("x") == typeset("x")


@pytest.mark.parametrize("origin", [None, "/nowhere/ziamath/__init__.py", "frozen"])
def test_in_a_bundle_there_is_no_source_of_ziamath(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str | None
) -> None:
    path = tmp_path / "formulas.json"
    first = Store(path)
    first.add("x", typeset("x"))
    first.save()
    monkeypatch.setattr(module, "find_spec", lambda name: ModuleSpec(name, None, origin=origin))
    second = Store(path)
    assert second.get("x") is None
    second.add("x", typeset("x"))
    second.save()
    assert Store(path).get("x") == typeset("x")


@pytest.mark.parametrize(
    "content",
    ["", "no JSON", "[]", '{"version": "0", "formulas": {"x": ["wrong", 1, 1]}}', '{"version": 3}', b"\xff\xfe\x00"],
)
def test_a_damaged_or_old_store_counts_as_empty(store: Store, content: str | bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert Store(store.path).get("x") is None
    store.path.write_bytes(packed(content) if isinstance(content, str) else content)
    assert Store(store.path).get("x") is None


@pytest.mark.parametrize(
    "formulas", [{"x": ["<svg/>"]}, {"x": 5}, ["x"], {"x": ["<svg/>", "wide", 1]}, {"x": ["<svg/>", 10**400, 1]}]
)
def test_a_store_with_the_wrong_content_counts_as_empty(store: Store, formulas: object) -> None:
    typeset("x")
    store.save()
    store.path.write_bytes(packed({**content_of(store), "formulas": formulas}))
    assert Store(store.path).get("x") is None


def test_a_store_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "formulas.json")
    store.add("x", typeset("x"))
    store.save()
    assert (tmp_path / "file").read_text() == "in the way"


def test_the_formulas_of_the_first_start_are_set_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(module, "_set")
    use_store(Store(tmp_path / "formulas.json", shipped=True))
    typeset.cache_clear()
    for tex in formulas():
        assert typeset(tex).svg, f"{tex} is not shipped: run python -m resources.set_formulas"
    use_store(None)
    typeset.cache_clear()


def test_shipped_formulas_are_as_they_would_be_set_now() -> None:
    shipped, now = shipped_formulas(), set_formulas()
    assert shipped.keys() == now.keys()
    for tex, (svg, *size) in now.items():
        assert shipped[tex][1:] == pytest.approx(size, rel=0.02), tex
        assert svg
