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


_THUMBNAILS = (Role.WEIGHT, Role.BIAS, Role.OUT, Role.DELTA)


def layers_of(views: Views, before: tuple[LayerView, ...] = (), step: Step | None = None) -> tuple[LayerView, ...]:
    """Return the layers with the values that have a thumbnail: data, parameters, activations, deltas.

    Parameters
    ----------
    views : Views
        The moment.
    before : tuple of LayerView
        The layers of another moment, of the same program in the same notation: those that look the same are taken over.
    step : Step or None
        The step of that moment.
    """
    if before and step is not None:
        return tuple(_taken_over(views, layer, step) for layer in before)
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
