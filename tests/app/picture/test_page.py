"""A page with all its parts: the network, the reason, the code and the timeline have rooms of their own."""

from dataclasses import replace
from functools import cache

import pytest

from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import Frame, ViewOptions
from viz_app.frame.look import SHEETS, em_of
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.place import Place, resolve_place
from viz_app.picture.elements import Panel, Picture, Rect, Text, rect_of
from viz_app.picture.page import arrange_page

pytestmark = pytest.mark.usefixtures("qapp")
EVERYTHING = frozenset(Part)
ROOMS = ("hd", "a4-column", "upright")


@cache
def frame_of(preset: str, step: int | str, parts: frozenset[Part] = EVERYTHING) -> Frame:
    """Return the frame of a step with some parts."""
    experiment = open_preset(preset)
    number = experiment.program.producers[step].number if isinstance(step, str) else step
    place = Place().at(Cursor(0, number))
    return resolve_place(experiment.trace(), replace(place, options=ViewOptions(parts=parts)))


def page(frame: Frame, size: str) -> Picture:
    """Return the page of a frame, as it is exported."""
    sheet = SHEETS[size]
    return arrange_page(frame, *sheet.size, em_of(sheet.size, sheet.text)).without_asides()


def cards(picture: Picture) -> list[Rect]:
    """Return the rooms of the cards of the network: panels with the buttons of values in them."""
    panels = [one.rect for one in picture.elements if isinstance(one, Panel) and not one.key]
    buttons = [one.rect for one in picture.elements if isinstance(one, Panel) and one.key]
    return [panel for panel in panels if any(panel.contains(*button.center) for button in buttons)]


def texts(picture: Picture) -> list[str]:
    """Return what is written."""
    return [one.text for one in picture.elements if isinstance(one, Text)]


@pytest.mark.parametrize(("preset", "step"), [("digits", 3), ("residual-digits", 160), ("attention", 8)])
def test_nothing_leaves_a_page_or_covers_another_part_of_it(preset: str, step: int) -> None:
    frame = frame_of(preset, step)
    for size in ROOMS:
        picture = page(frame, size)
        inside = Rect(0, 0, picture.width, picture.height).inset(-0.6)
        for element in picture.elements:
            room = rect_of(element)
            assert inside.contains(room.x, room.y), (size, element)
            assert room.right <= inside.right, (size, element)
            assert room.bottom <= inside.bottom, (size, element)
        found = cards(picture)
        others = [one.rect for one in picture.elements if isinstance(one, Panel) and not one.key]
        below = [room for room in others if room.width > 0.9 * picture.width and room not in found]
        assert found, size
        assert below, size
        assert not [(size, card) for card in found for other in below if card.overlaps(other)]


def test_where_layers_are_left_out_there_are_dots_and_the_current_one_stays() -> None:
    frame = frame_of("residual-digits", 160)
    shown = texts(page(frame, "hd"))
    assert "⋮" in shown
    card = frame.cards.of_steps[frame.step.number]
    assert card is not None
    assert any(frame.layers[card].name in text for text in shown)
    whole = texts(page(frame_of("digits", 3, USUAL_PARTS | {Part.NETWORK}), "hd"))
    assert "⋮" not in whole
    assert any("dense 10" in text for text in whole)
