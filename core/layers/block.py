"""Make a layer of layers: a part of a network that is used as one."""

from dataclasses import dataclass
from functools import cached_property

from core.builder import Builder
from core.layers.base import Layer
from core.layers.graph import Node, Wiring
from core.ops.base import ShapeError
from core.values import Value


@dataclass(frozen=True)
class Block(Layer):
    """Use a graph of layers as one layer; its values live in scopes of their own: ``block_1_attention_w_q``.

    Parameters
    ----------
    title : str
        What a person calls it.
    nodes : tuple of Node
        What is inside; the input of the block is called ``x`` there.
    output : str
        The node whose output is that of the block.

    Raises
    ------
    DuplicateNameError
        If two nodes have one name, or one is called ``x``.
    ShapeError
        If there is no title, or the nodes do not fit each other; see ``Wiring``.
    """

    called = "block"

    title: str
    nodes: tuple[Node, ...]
    output: str

    def check(self) -> None:
        if not isinstance(self.title, str) or not self.title:
            raise ShapeError(f"expected a title, such as 'residual block'; got {self.title!r}")
        _ = self.wiring

    @property
    def name(self) -> str:
        return self.title

    @cached_property
    def wiring(self) -> Wiring:
        """How the nodes hang together."""
        return Wiring(("x",), self.nodes, self.output)

    def build(self, builder: Builder, *inputs: Value) -> Value:
        return self.wiring.build(builder, {"x": inputs[0]}, inside=True)
