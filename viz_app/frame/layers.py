"""Choose what the network panel shows: layer by layer, the values that have a thumbnail."""

from dataclasses import dataclass, replace

from core.program import Step
from viz_app.frame.outline.cards import Card, cards_of
from viz_app.frame.views import MapView, Views


@dataclass(frozen=True, eq=False)
class LayerView:
    """A card of the network panel, a layer or a part of one, and the values that have a thumbnail."""

    card: Card
    maps: tuple[MapView, ...]

    @property
    def number(self) -> int | None:
        """The number of the layer, where it is a whole one."""
        return self.card.number

    @property
    def name(self) -> str:
        """What a person is told of it."""
        return self.card.name


Beside = tuple[tuple[LayerView, ...], Step]
"""The layers of a moment, and its step."""


def layers_of(views: Views, beside: Beside | None = None) -> tuple[LayerView, ...]:
    """Return the layers with the values that have a thumbnail: data, parameters, activations, deltas.

    Parameters
    ----------
    views : Views
        The moment.
    beside : tuple of (tuple of LayerView, Step) or None
        The layers and the step of another moment, of the same program in the same notation: what looks the same is
        taken over.
    """
    if beside is not None:
        known, step = beside
        return tuple(_taken_over(views, layer, step) for layer in known)
    cards = cards_of(views.program, views.options.folds).cards
    return tuple(LayerView(card, tuple(views.view(value) for value in card.values)) for card in cards)


def _taken_over(views: Views, layer: LayerView, step: Step) -> LayerView:
    same = [views.shows(view, step) for view in layer.maps]
    if all(same):
        return layer
    maps = zip(layer.maps, same, strict=True)
    return replace(layer, maps=tuple(view if stays else views.view(view.value) for view, stays in maps))
