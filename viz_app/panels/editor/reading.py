"""Put into words what is in a network that cannot be edited here."""

from collections.abc import Sequence
from math import prod

from core.experiment import Experiment
from core.network import Graph, Network
from core.ops.base import show_shape
from core.program import Program
from core.values import Role
from core.wording import counted


def overview(experiment: Experiment) -> Sequence[str]:
    """Return a line for every layer: its name, what it reads, the shape after it, and how many parameters it has."""
    network = experiment.network
    if network is None:
        return []
    program = network.forward
    reads = {node.name: ", ".join(node.inputs) for node in network.wiring.order} if isinstance(network, Graph) else {}
    given = (value for value in program.inputs if value.role is Role.INPUT)
    lines = [f"{value.key}: {show_shape(value.shape[1:])} from the data" for value in given]
    if not isinstance(network, Graph | Network):
        return lines
    for scope in program.layers:
        if scope.number is not None:
            read = reads.get(scope.path[0], "") if scope.path else ""
            after = f" · reads {read}" if read else ""
            lines.append(f"{scope.number} · {scope.name}{after} · {_told(program, scope.number)}")
    return lines


def _told(program: Program, number: int) -> str:
    count = sum(prod(value.shape) for value in program.parameters if value.layer == number)
    last = [step.output for step in program.steps if step.output.layer == number][-1]
    return f"gives {show_shape(last.shape[1:])} · {counted(count, 'parameter') if count else 'no parameters'}"
