"""Choose what the network panel shows: layer by layer, the values that have a thumbnail."""

from dataclasses import dataclass

from core.values import Role, Scope
from viz_app.frame.views import MapView, Views


@dataclass(frozen=True, eq=False)
class LayerView:
    """A layer in the network panel: its name and the values that have a thumbnail."""

    number: int | None
    name: str
    maps: tuple[MapView, ...]


_THUMBNAILS = (Role.WEIGHT, Role.BIAS, Role.OUT, Role.DELTA)


def layers_of(views: Views) -> tuple[LayerView, ...]:
    """Return the layers with the values that have a thumbnail: data, parameters, activations, deltas."""
    program = views.program
    data = tuple(views.view(value) for value in program.inputs if value.role in (Role.INPUT, Role.TARGET))
    layers = [LayerView(None, "Data", data)] if data else []
    layers += [LayerView(layer.number, layer.name, _layer_maps(views, layer)) for layer in program.layers]
    if program.loss:
        layers.append(LayerView(None, "Loss", (views.view(program.values[program.loss]),)))
    return tuple(layers)


def _layer_maps(views: Views, layer: Scope) -> tuple[MapView, ...]:
    values = views.program.by_layer.get(layer.number, ())
    chosen = [value for role in _THUMBNAILS for value in values if value.role is role]
    if not any(value.role is Role.OUT for value in chosen):
        chosen = [value for value in values if value.role is Role.NET] + chosen
    return tuple(views.view(value) for value in chosen)
