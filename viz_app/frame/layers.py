"""Choose what the network panel shows: layer by layer, the values that have a thumbnail."""

from dataclasses import dataclass, replace

from core.program import Step
from core.values import Role, Scope
from viz_app.frame.views import MapView, Views


@dataclass(frozen=True, eq=False)
class LayerView:
    """A layer in the network panel: its name and the values that have a thumbnail."""

    number: int | None
    name: str
    maps: tuple[MapView, ...]


Beside = tuple[tuple[LayerView, ...], Step]
"""The layers of a moment, and its step."""

_THUMBNAILS = (Role.WEIGHT, Role.BIAS, Role.OUT, Role.DELTA)


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
    program = views.program
    data = tuple(views.view(value) for value in program.inputs if value.role in (Role.INPUT, Role.TARGET))
    layers = [LayerView(None, "Data", data)] if data else []
    layers += [LayerView(layer.number, layer.name, _layer_maps(views, layer)) for layer in program.layers]
    if program.loss:
        layers.append(LayerView(None, "Loss", (views.view(program.values[program.loss]),)))
    return tuple(layers)


def _taken_over(views: Views, layer: LayerView, step: Step) -> LayerView:
    same = [views.shows(view, step) for view in layer.maps]
    if all(same):
        return layer
    maps = zip(layer.maps, same, strict=True)
    return replace(layer, maps=tuple(view if stays else views.view(view.value) for view, stays in maps))


def _layer_maps(views: Views, layer: Scope) -> tuple[MapView, ...]:
    values = views.program.by_layer.get(layer.number, ())
    chosen = [value for role in _THUMBNAILS for value in values if value.role is role]
    if not any(value.role is Role.OUT for value in chosen):
        chosen = [value for value in values if value.role is Role.NET] + chosen
    return tuple(views.view(value) for value in chosen)
