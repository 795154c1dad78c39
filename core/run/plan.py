"""Decide once how a program is run again and again: which steps, in which order, and where each value lies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from core.program import Program, Step
from core.run.arithmetic import arithmetic
from core.run.parts import Parts
from core.values import Array, Phase, Shape

BLOCK_BYTES = 1 << 20
"""How much of each array a chain of steps takes at a time: a few such blocks fit into the cache of a processor.

Arrays of few blocks fit into it as they are; there a chain only means more calls.
"""
_FEW_BLOCKS = 4


@dataclass(frozen=True)
class Layout:
    """A shape and the order of its axes in memory, the one with the widest stride first."""

    shape: Shape
    axes: tuple[int, ...]

    @classmethod
    def of(cls, array: Array) -> "Layout":
        """Return the layout of an array; as for ``np.empty_like``, axes of equal stride keep their order."""
        by_stride = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
        return cls(array.shape, tuple(by_stride))

    @property
    def size(self) -> int:
        """The number of cells."""
        return prod(self.shape)

    @cached_property
    def outer_axis(self) -> int:
        """The axis with the widest stride among those with more than one position."""
        return next(axis for axis in self.axes if self.shape[axis] > 1)

    def view(self, cells: Array) -> Array:
        """Return a run of cells, or the start of it, in this layout."""
        ordered = cells[: self.size].reshape([self.shape[axis] for axis in self.axes])
        return ordered.transpose(sorted(range(len(self.axes)), key=self.axes.__getitem__))

    def block(self, length: int) -> "Layout":
        """Return the layout of ``length`` positions along the outer axis."""
        shape = list(self.shape)
        shape[self.outer_axis] = length
        return Layout(tuple(shape), self.axes)


@dataclass(frozen=True)
class Chain:
    """Steps that run together: one step, or several that are carried out block by block.

    Every step of a chain makes the same layout, and a block of it needs only a block of what the step before made:
    run one block after the other the numbers are the same, and the block is still in the cache for the next step.
    """

    steps: tuple[Step, ...]
    only_loss: bool
    """Whether nothing but the loss needs these steps."""


@dataclass(frozen=True)
class Plan:
    """How a program is run again and again.

    Parameters
    ----------
    program : Program
        What is run.
    keep : collection of str
        The keys of values that must still be there at the end of an iteration.
    layouts : mapping of str to Layout
        How each value lies in memory.
    block_cells : int
        How many cells of each array a chain takes at a time.
    """

    program: Program
    keep: frozenset[str]
    layouts: Mapping[str, Layout]
    block_cells: int

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are run, in order."""
        return order_steps(self.program, self.keep)

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The steps in chains, in order."""
        wanted = _ancestors(self.program, {*self.program.updates.values(), *self.keep})
        runs: list[list[Step]] = []
        for step in self.steps:
            only_loss = step.number not in wanted
            if runs and (runs[-1][-1].number not in wanted) == only_loss and self._continues(runs[-1], step):
                runs[-1].append(step)
            else:
                runs.append([step])
        return tuple(Chain(tuple(run), run[0].number not in wanted) for run in runs)

    @cached_property
    def inner(self) -> frozenset[str]:
        """The values that nobody reads outside of the chain that makes them: they need no more room than a block."""
        found: set[str] = set()
        for chain in self.chains:
            numbers = {step.number for step in chain.steps}
            made = {step.output.key for step in chain.steps if self._readers(step.output.key) <= numbers}
            found |= made - self._lasting if len(chain.steps) > 1 else set()
        return frozenset(found)

    @cached_property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """The first and the last chain in which each value is there.

        Inputs and constants are there before the first chain, and they and what is kept still after the last one.
        """
        spans = dict.fromkeys(self._given, (-1, -1))
        for position, chain in enumerate(self.chains):
            for step in chain.steps:
                for value in step.inputs:
                    spans[value.key] = (spans[value.key][0], position)
                spans[step.output.key] = (position, position)
        end = len(self.chains)
        lasting = self._lasting | self._given
        return {key: (first, end if key in lasting else last) for key, (first, last) in spans.items()}

    @cached_property
    def replaceable(self) -> frozenset[str]:
        """The data that every chain takes as a whole: they may as well be an array that somebody else made."""
        fixed = set(self.program.state)
        for chain in self.chains:
            if len(chain.steps) > 1:
                fixed.update(value.key for step in chain.steps for value in step.inputs)
        return frozenset(value.key for value in self.program.inputs) - fixed

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """For each value the key of the one whose memory it takes over: its own where it gets memory of its own.

        The next value of the state takes over the memory of the one before, once nobody reads that any more. Any other
        operation that works in place takes over an input which it is the last to read.
        """
        homes = {key: key for key in self._given}
        before = {following: key for key, following in self.program.updates.items()}
        last_turn = {value.key: turn for turn, step in enumerate(self.steps) for value in step.inputs}
        for turn, step in enumerate(self.steps):
            target = before.get(step.output.key)
            candidates = [target] if target else [v.key for v in step.inputs if self.spans[v.key][1] < len(self.chains)]
            for key in candidates:
                if (last_turn.get(key) == turn and self._fits(key, step)) or (
                    key == target and last_turn.get(key, -1) < turn and self._replaces(key, step)
                ):
                    homes[step.output.key] = homes[key]
                    break
            else:
                homes[step.output.key] = step.output.key
        return homes

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(value.key for value in (*self.program.inputs, *self.program.constants))

    @cached_property
    def _lasting(self) -> frozenset[str]:
        loss = {self.program.loss} if self.program.loss else set()
        return frozenset({*self.keep, *self.program.updates.values()} | loss)

    def _replaces(self, key: str, step: Step) -> bool:
        """Tell whether the output of a step may be written over the state that it replaces and nobody reads now."""
        return self.layouts[key] == self.layouts[step.output.key] and key not in self.keep and key not in self.inner

    def _fits(self, key: str, step: Step) -> bool:
        """Tell whether the output of a step may be written over one of its inputs."""
        output = step.output.key
        alike = self.layouts[key] == self.layouts[output] and (key in self.inner) == (output in self.inner)
        return alike and step.op.inplace and key not in self.keep and key in {value.key for value in step.inputs}

    def _continues(self, run: list[Step], step: Step) -> bool:
        layout = self.layouts[step.output.key]
        large = layout.size >= _FEW_BLOCKS * self.block_cells
        same = layout == self.layouts[run[-1].output.key]
        return large and same and self._cuts(run[-1]) and self._cuts(step)

    def _cuts(self, step: Step) -> bool:
        """Tell whether a step can be carried out block by block."""
        layout = self.layouts[step.output.key]
        shapes = [value.shape for value in step.inputs]
        cuts = step.op.cuts(layout.outer_axis, *shapes)
        if cuts is None or step.op.scratch_shapes(*shapes):
            return False
        return all(cut == layout.outer_axis for cut, shape in zip(cuts, shapes, strict=True) if shape == layout.shape)

    def _readers(self, key: str) -> set[int]:
        return {step.number for step in self.program.consumers[key]} & self._run

    @cached_property
    def _run(self) -> frozenset[int]:
        return frozenset(step.number for step in self.steps)


def make_plan(program: Program, dtype: str, keep: Collection[str] = (), block_bytes: int = BLOCK_BYTES) -> Parts[Plan]:
    """Plan the memory of a program; on large arrays that takes as long as an iteration, so it is done in parts."""
    layouts = yield from find_layouts(program, keep, dtype)
    return Plan(program, frozenset(keep), layouts, block_bytes // np.dtype(dtype).itemsize)


def find_layouts(program: Program, keep: Collection[str], dtype: str) -> Parts[Mapping[str, Layout]]:
    """Run every step once, as a trace does, on zeros, to see how it likes to lay out its value; each is a part."""
    arrays: dict[str, Array] = {value.key: np.zeros(value.shape, dtype) for value in program.inputs}
    arrays |= {value.key: np.asarray(number, dtype) for value, number in program.constants.items()}
    for step in order_steps(program, keep):
        with arithmetic():
            arrays[step.output.key] = step.op.compute(*(arrays[value.key] for value in step.inputs))
        yield
    return {key: Layout.of(array) for key, array in arrays.items()}


def order_steps(program: Program, keep: Collection[str] = ()) -> tuple[Step, ...]:
    """Return the steps that the updates, the loss and the values to keep need, in the order of execution.

    That is the order of the program, but a parameter is updated as soon as its gradient is there and nobody reads the
    parameter any more: then the gradient is still in the cache, and the parameter can be updated in its place.
    """
    roots = {*program.updates.values(), *keep, *([program.loss] if program.loss else [])}
    needed = _ancestors(program, roots)
    turns = {number: number for number in needed if program.steps[number].phase is not Phase.UPDATE}
    body = dict(turns)
    for parameter, updated in program.updates.items():
        before, sources = _update_steps(program, updated)
        readers = (step.number for step in program.consumers[parameter])
        turn = max((body[number] for number in (*sources, *readers) if number in body), default=-1)
        for number in before:
            turns[number] = min(turn, turns.get(number, turn))
    late = len(program.steps)
    return tuple(program.steps[n] for n in sorted(needed, key=lambda n: (turns.get(n, late), n)))


def _update_steps(program: Program, key: str) -> tuple[set[int], set[int]]:
    """Return the numbers of the update's steps that make a value, and of the steps before it that they read.

    What those read in turn comes before them, so nobody needs to look there for the last of all.
    """
    found: set[int] = set()
    sources: set[int] = set()
    wanted = [program.producers[key]] if key in program.producers else []
    while wanted:
        step = wanted.pop()
        if step.phase is not Phase.UPDATE:
            sources.add(step.number)
        elif step.number not in found:
            found.add(step.number)
            wanted += (program.producers[v.key] for v in step.inputs if v.key in program.producers)
    return found, sources


def _ancestors(program: Program, keys: Collection[str]) -> frozenset[int]:
    """Return the numbers of the steps that make these values, directly or not."""
    found: set[int] = set()
    wanted = [program.producers[key] for key in keys if key in program.producers]
    while wanted:
        step = wanted.pop()
        if step.number not in found:
            found.add(step.number)
            wanted += (program.producers[v.key] for v in step.inputs if v.key in program.producers)
    return frozenset(found)
