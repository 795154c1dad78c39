"""A look is stored as JSON, and what is no look is refused at the border."""

import json
import re
from dataclasses import fields, replace
from typing import Any

import pytest

from core.notation import Notation
from core.presets import open_preset
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.look import Look, LookError
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.place import Place, resolve_place
from viz_app.frame.views import ViewOptions
from viz_app.frame.words.writing import Writing

OTHER = Look((960, 720), "print", 2.5, True, ColorMap.CIVIDIS, Writing(3, comma=True), Notation.Z_A, False,
             frozenset({Part.FORMULA, Part.NETWORK}), 2.0)  # fmt: skip


def test_a_look_comes_back_from_json_as_it_was() -> None:
    assert all(getattr(OTHER, one.name) != getattr(Look(), one.name) for one in fields(Look)), "nothing is as usual"
    for look in (Look(), OTHER):
        assert Look.from_json(json.loads(json.dumps(look.to_json()))) == look


def test_what_is_not_told_is_as_usual() -> None:
    assert Look.from_json({}) == Look()
    assert Look.from_json({"theme_name": "dark", "writing": {}}) == Look(theme_name="dark")


@pytest.mark.parametrize(
    "stored",
    [None, [], "light", {"them": "dark"}, {"theme_name": "pink"}, {"theme_name": None}, {"size": [100, 100]},
     {"size": [1920]}, {"size": [1920.0, 1080]}, {"size": [True, 1080]}, {"size": [10**9, 10**9]}, {"scale": 0},
     {"scale": "2"}, {"scale": float("nan")}, {"scale": float("inf")}, {"scale": True}, {"transparent": 1},
     {"colors": "jet"}, {"colors": ["viridis"]}, {"writing": 3}, {"writing": {"digits": 1}},
     {"writing": {"digits": 3.0}}, {"writing": {"digits": True}}, {"writing": {"comma": "yes"}},
     {"writing": {"point": "."}}, {"notation": "z"}, {"grey_images": 0}, {"parts": []}, {"parts": "stage"},
     {"parts": ["stage", "menu"]}, {"parts": [["stage"]]}, {"text": 100}, {1: 2}, {"x" * 10_000: 1}],
)  # fmt: skip
def test_what_is_no_look_is_refused_in_a_sentence(stored: Any) -> None:
    with pytest.raises(LookError) as told:
        Look.from_json(stored)
    assert str(told.value).startswith("Expected ")
    assert str(told.value).endswith(".")
    assert len(str(told.value)) < 300


def test_a_look_views_a_place_and_leaves_row_and_channel() -> None:
    viewed = OTHER.view(ViewOptions(sample=3, channel=2))
    assert (viewed.sample, viewed.channel) == (3, 2)
    assert (viewed.notation, viewed.writing, viewed.parts) == (OTHER.notation, OTHER.writing, OTHER.parts)


def test_every_number_of_a_frame_has_the_digits_and_the_comma_that_are_chosen() -> None:
    """In the words of every step, and with a comma nowhere a point between figures."""
    for name in ("sigmoid-3-4-2", "attention"):
        experiment = open_preset(name)
        trace = experiment.trace()
        for step in range(len(experiment.program.steps)):
            texts = {}
            for writing in (Writing(), Writing(comma=True), Writing(2)):
                options = replace(ViewOptions(), writing=writing)
                texts[writing] = resolve_place(trace, Place(0, step, 0, options=options)).live
            assert not re.search(r"\d\.\d", texts[Writing(comma=True)])
            assert _as_points(texts[Writing(comma=True)]) == _as_points(texts[Writing()])
            assert len(texts[Writing(2)]) <= len(texts[Writing()])


def _as_points(text: str) -> str:
    """Return a text with one sign for all decimal signs and for all that stands between the numbers of a list."""
    return re.sub(r"[,;] ", " ", re.sub(r"(?<=\d)[.,](?=\d)", ".", text))


def test_the_usual_parts_are_those_of_the_window() -> None:
    assert ViewOptions().parts == Look().parts == USUAL_PARTS
