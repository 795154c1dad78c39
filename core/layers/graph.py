"""Wire layers to a graph: named nodes with named inputs, in an order in which they can be built."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword

from core.builder import Builder
from core.layers.base import Layer
from core.ops.base import ShapeError
from core.values import DuplicateNameError, Value


@dataclass(frozen=True)
class Node:
    """A layer in a graph.

    Parameters
    ----------
    name : str
        What other nodes call its output; letters, digits and underscores.
    layer : Layer
        What it does.
    inputs : tuple of str
        The names of the nodes, or of the inputs of the graph, that it reads, in order.
    """

    name: str
    layer: Layer
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Wiring:
    """Nodes that read each other and the inputs of a graph.

    Parameters
    ----------
    inputs : tuple of str
        What comes from outside.
    nodes : tuple of Node
        In any order; those that do not wait for each other are built in this one.
    output : str
        The node whose output is that of the graph.

    Raises
    ------
    DuplicateNameError
        If two nodes, or a node and an input, have one name.
    ShapeError
        If a name is none, a node reads what nobody makes, takes another number of inputs or waits for itself, or the
        output is no node.
    """

    inputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    output: str
    order: tuple[Node, ...] = field(init=False, compare=False, repr=False)
    """The nodes in an order in which each comes after what it reads."""

    def __post_init__(self) -> None:
        """Check the names, and put the nodes in order."""
        if not isinstance(self.nodes, tuple) or not all(isinstance(node, Node) for node in self.nodes):
            raise ShapeError(f"expected nodes, such as (Node('hidden', Dense(10), ('x',)),); got {self.nodes!r}")
        if not self.nodes:
            raise ShapeError("expected at least one node; got none")
        named = tuple(node.name for node in self.nodes)
        made = (*self.inputs, *named)
        _check_names(made)
        for node in self.nodes:
            _check_inputs(node, made)
        if self.output not in named:
            raise ShapeError(f"expected an output among {_listed(named)}; got {self.output!r}")
        object.__setattr__(self, "order", tuple(_in_order(self.inputs, self.nodes)))

    def build(self, builder: Builder, values: Mapping[str, Value], inside: bool) -> Value:
        """Append every node in a scope of its own and return the output.

        Parameters
        ----------
        builder : Builder
            Where the steps go.
        values : mapping of str to Value
            The inputs by name.
        inside : bool
            Whether the nodes are parts of the layer that is open, or layers by themselves.
        """
        found = dict(values)
        for node in self.order:
            given = [found[name] for name in node.inputs]
            opened = builder.part(node.name, node.layer.name) if inside else builder.layer(node.layer.name, node.name)
            with opened:
                found[node.name] = node.layer.build(builder, *given)
        return found[self.output]


def _check_names(names: Sequence[str]) -> None:
    for position, name in enumerate(names):
        if not _is_name(name):
            raise ShapeError(f"expected a name of letters, digits and underscores, such as hidden_1; got {name!r}")
        if name in names[:position]:
            raise DuplicateNameError(f"{name}: expected a new name; two nodes are called so")


def _is_name(name: object) -> bool:
    """Tell whether a name can stand in a formula and in Python; a formula cannot begin with an underscore."""
    return isinstance(name, str) and name.isascii() and name.isidentifier() and name[0] != "_" and not iskeyword(name)


def _check_inputs(node: Node, made: Sequence[str]) -> None:
    if not isinstance(node.layer, Layer):
        raise ShapeError(f"{node.name}: expected a layer, such as Dense(10); got {node.layer!r}")
    if not isinstance(node.inputs, tuple):
        raise ShapeError(f"{node.name}: expected the names of its inputs, such as ('x',); got {node.inputs!r}")
    for name in node.inputs:
        if name not in made:
            raise ShapeError(f"{node.name}: expected inputs among {_listed(made)}; got {name!r}, which nobody makes")
    takes = node.layer.takes
    if takes is None and len(node.inputs) < 2:
        raise ShapeError(f"{node.name} ({node.layer.name}): expected two or more inputs; got {len(node.inputs)}")
    if takes is not None and len(node.inputs) != takes:
        noun = "input" if takes == 1 else "inputs"
        raise ShapeError(f"{node.name} ({node.layer.name}): expected {takes} {noun}; got {len(node.inputs)}")


def _in_order(inputs: Sequence[str], nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield each node after what it reads."""
    ready, waiting = set(inputs), list(nodes)
    while waiting:
        node = next((node for node in waiting if ready.issuperset(node.inputs)), None)
        if node is None:
            circle = _circle(waiting)
            pairs = zip(circle, [*circle[1:], circle[0]], strict=True)
            reads = ", ".join(f"{one} reads {other}" for one, other in pairs)
            raise ShapeError(f"expected nodes without a circle; got {reads}")
        waiting.remove(node)
        ready.add(node.name)
        yield node


def _circle(waiting: Sequence[Node]) -> list[str]:
    """Return the names of nodes in a circle: each reads the next, and the last reads the first."""
    readers = {node.name: node.inputs for node in waiting}
    path = [waiting[0].name]
    while True:
        following = next(name for name in readers[path[-1]] if name in readers)
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
