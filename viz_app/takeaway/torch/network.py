"""Write the class of a network: its modules, and how its numbers go through them."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from keyword import iskeyword

from core.builder import Builder
from core.layers import Block, Layer, Wiring
from core.network import Architecture, Graph, Network
from core.values import Value
from viz_app.takeaway.torch import blocks as blocks
from viz_app.takeaway.torch import recurrent as recurrent
from viz_app.takeaway.torch.taken import TAKEN
from viz_app.takeaway.torch.writing import WRITERS, Place, UnsayableError, Weight, Written, within


@dataclass(frozen=True)
class Model:
    """A network as PyTorch code.

    Parameters
    ----------
    classes : tuple of str
        The text of its classes, that of the network last.
    pieces : tuple of str
        The pieces that they need.
    weights : mapping of str to Weight
        What its ``state_dict`` holds.
    inputs : tuple of str
        The keys of what it is given, in the order of its arguments.
    bare : str or None
        The activation that has been left to the loss.
    """

    classes: tuple[str, ...]
    pieces: tuple[str, ...]
    weights: Mapping[str, Weight]
    inputs: tuple[str, ...]
    bare: str | None


def write_network(network: Architecture, batch_size: int, merged: Collection[str]) -> Model:
    """Return a network as PyTorch code.

    Parameters
    ----------
    network : Architecture
        Layers in order, or a graph of them.
    batch_size : int
        How many samples go through it.
    merged : collection of str
        The activations at its end that the loss has in itself.

    Raises
    ------
    UnsayableError
        If a layer has no words in PyTorch.
    """
    builder, last = Builder(), _last_activation(network)
    bare = last if last in merged else None
    if isinstance(network, Network):
        made = _Class("Network", ("x",), builder)
        values = {"x": network.input.declare(builder, "x", batch_size)}
        made.add_in_order(network.layers, values["x"], bare=bare is not None)
    elif isinstance(network, Graph):
        made = _Class("Network", tuple(network.inputs), builder)
        values = {name: given.declare(builder, name, batch_size) for name, given in network.inputs.items()}
        made.add_graph(network.wiring, values, inside=False, bare=bare is not None)
    else:
        raise UnsayableError("There are no words in PyTorch for a network that is neither layers in order nor a graph.")
    text = made.text("The network, as NetStep has it" + (f"; {bare} is left to the loss." if bare else "."))
    return Model((*made.classes, text), tuple(made.pieces), made.weights, tuple(values), bare)


def _last_activation(network: Architecture) -> str | None:
    """Return the activation that the output of a network comes from, where nothing else reads what it is made of."""
    if isinstance(network, Network):
        layer: Layer | None = network.layers[-1]
    elif isinstance(network, Graph):
        read = {name for node in network.nodes for name in node.inputs}
        layer = next((one.layer for one in network.nodes if one.name == network.output and one.name not in read), None)
    else:
        layer = None
    return getattr(layer, "activation", None) if type(layer).__name__ in ("Dense", "Activate") else None


@dataclass
class _Class:
    """A class in the making; ``numbers`` tells the classes of blocks apart."""

    name: str
    arguments: tuple[str, ...]
    builder: Builder
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    modules: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    weights: dict[str, Weight] = field(default_factory=dict)
    pieces: dict[str, None] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)

    def add_in_order(self, layers: Sequence[Layer], value: Value, *, bare: bool) -> None:
        """Add layers of which each reads the one before."""
        kinds = Counter[str]()
        for number, layer in enumerate(layers, 1):
            kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(layer).__name__).lower()
            kinds[kind] += 1
            with self.builder.layer(layer.name):
                written, value = self._build(layer, (value,), bare=bare and number == len(layers))
            self._add(written, f"{kind}_{kinds[kind]}", "x", ("x",))
        self.lines.append("return x")

    def add_graph(self, wiring: Wiring, values: Mapping[str, Value], *, inside: bool, bare: bool) -> Value:
        """Add nodes, each after what it reads; return the output of the one that is that of all."""
        found = dict(values)
        for node in wiring.order:
            given = tuple(found[name] for name in node.inputs)
            called = node.layer.name
            opened = self.builder.part(node.name, called) if inside else self.builder.layer(called, node.name)
            with opened:
                last = node.name == wiring.output
                written, found[node.name] = self._build(node.layer, given, bare=bare and last)
            self._add(written, _safe(node.name), _safe(node.name), tuple(map(_safe, node.inputs)))
        self.lines.append(f"return {_safe(wiring.output)}")
        return found[wiring.output]

    def text(self, doc: str) -> str:
        """Return the class as Python."""
        made = [f"        {line}" for line in ("super().__init__()", *self.modules)]
        lines = [f"        {line}" for line in self.lines]
        arguments = ", ".join(("self", *map(_safe, self.arguments)))
        head = [f"class {self.name}(nn.Module):", f"    {doc!r}" if '"' in doc else f'    """{doc}"""', ""]
        return "\n".join([*head, "    def __init__(self):", *made, "", f"    def forward({arguments}):", *lines])

    def _build(self, layer: Layer, given: tuple[Value, ...], *, bare: bool) -> tuple[Written, Value]:
        """Return a layer as code, and its output."""
        if isinstance(layer, Block):
            return self._block(layer, given[0])
        writer = WRITERS.get(type(layer))
        if writer is None:
            raise UnsayableError(f"There are no words in PyTorch for the layer {layer.name}.")
        written = writer(layer, Place(self.builder, given, self.builder.scope, bare))
        return written, layer.build(self.builder, *given)

    def _block(self, layer: Block, value: Value) -> tuple[Written, Value]:
        inner = _Class(f"Block{next(self.numbers)}", ("x",), self.builder, self.numbers)
        output = inner.add_graph(layer.wiring, {"x": value}, inside=True, bare=False)
        classes = (*inner.classes, inner.text(f"{layer.title}."))
        return Written(f"{inner.name}()", "{m}({x})", inner.weights, tuple(inner.pieces), classes), output

    def _add(self, written: Written, attribute: str, output: str, inputs: tuple[str, ...]) -> None:
        if written.module:
            self.modules.append(f"self.{attribute} = {written.module}")
            self.weights |= within(written.weights, attribute)
        self.lines.append(f"{output} = {written.call.format(*inputs, m=f'self.{attribute}', x=inputs[0])}")
        self.pieces |= dict.fromkeys(written.pieces)
        self.classes += written.classes


def _safe(name: str) -> str:
    """Return the name of a node as one that nothing else has."""
    return f"{name}_" if name in TAKEN or iskeyword(name) else name
