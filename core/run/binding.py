"""Bind the steps of a plan to the memory that they read and write, so that a call is all that is left to do."""

from collections.abc import Callable, Iterator
from functools import partial
from math import prod
from typing import Any

import numpy as np

from core.ops.base import Scratch
from core.program import Step
from core.run.memory import Room, allocate
from core.run.plan import Chain, Layout, Plan
from core.values import Array, Shape

Call = Callable[[], object]


class Binding:
    """The memory of a plan, and its steps bound to it.

    Parameters
    ----------
    plan : Plan
        What is run, and where each value lies.
    dtype : dtype
        Of every array.
    """

    def __init__(self, plan: Plan, dtype: "np.dtype[np.floating]") -> None:
        self._plan = plan
        work = self._work_arrays()
        cells = allocate((*self._value_rooms(), *(room for _, _, _, room in work)), dtype)
        self._blocks = {key: cells[plan.homes[key]] for key in plan.inner}
        self.arrays = {
            key: plan.layouts[key].view(cells[home]) for key, home in plan.homes.items() if key not in plan.inner
        }
        """The memory of every value that is more than a block; only that of constants is filled.

        A value that the plan calls replaceable is looked up anew in every call.
        """
        for value, number in plan.program.constants.items():
            self.arrays[value.key][...] = number
        self.scratch: dict[str, Scratch] = {}
        """The work arrays, for each value that is the first input of steps that need some."""
        for first, name, shape, room in work:
            self.scratch.setdefault(first, Scratch())[name] = cells[room.key].reshape(shape)

    def calls(self, chain: Chain) -> Iterator[Call]:
        """Yield the calls that run a chain, in order."""
        if len(chain.steps) == 1:
            yield self._whole(*chain.steps)
            return
        layout = self._plan.layouts[chain.steps[0].output.key]
        length, count = self._block_length(layout), layout.shape[layout.outer_axis]
        for start in range(0, count, length):
            run = slice(start, min(start + length, count))
            for step in chain.steps:
                cuts = step.op.cuts(layout.outer_axis, *(value.shape for value in step.inputs))
                assert cuts is not None
                pairs = zip((value.key for value in step.inputs), cuts, strict=True)
                inputs = (self._cut(key, axis, run) for key, axis in pairs)
                yield partial(step.op.compute, *inputs, out=self._cut(step.output.key, layout.outer_axis, run))

    def _whole(self, step: Step) -> Call:
        keys = tuple(value.key for value in step.inputs)
        options: dict[str, Any] = {"out": self.arrays[step.output.key]}
        if step.op.scratch_shapes(*(value.shape for value in step.inputs)):
            options["scratch"] = self.scratch[keys[0]]
        if self._plan.replaceable.isdisjoint(keys):
            return partial(step.op.compute, *(self.arrays[key] for key in keys), **options)
        arrays, compute = self.arrays, step.op.compute

        def call() -> object:
            return compute(*[arrays[key] for key in keys], **options)

        return call

    def _cut(self, key: str, axis: int | None, run: slice) -> Array:
        if key in self._blocks:
            return self._plan.layouts[key].block(run.stop - run.start).view(self._blocks[key])
        array = self.arrays[key]
        return array if axis is None else array[(slice(None),) * axis + (run,)]

    def _block_length(self, layout: Layout) -> int:
        count = layout.shape[layout.outer_axis]
        return max(1, self._plan.block_cells * count // layout.size)

    def _value_rooms(self) -> Iterator[Room]:
        """Yield the room of every value that has memory of its own: as long as it or a value in its place is there."""
        plan = self._plan
        last: dict[str, int] = {}
        for key, home in plan.homes.items():
            last[home] = max(last.get(home, -1), plan.spans[key][1])
        for home, end in last.items():
            layout = plan.layouts[home]
            size = layout.block(self._block_length(layout)).size if home in plan.inner else layout.size
            yield Room(home, size, plan.spans[home][0], end)

    def _work_arrays(self) -> list[tuple[str, str, Shape, Room]]:
        """Return the work arrays by first input and name, there from the first to the last chain that uses them."""
        shapes: dict[tuple[str, str], Shape] = {}
        moments: dict[tuple[str, str], list[int]] = {}
        for moment, chain in enumerate(self._plan.chains):
            for step in chain.steps:
                for name, shape in step.op.scratch_shapes(*(value.shape for value in step.inputs)).items():
                    shapes[step.inputs[0].key, name] = shape
                    moments.setdefault((step.inputs[0].key, name), []).append(moment)
        return [
            (first, name, shape, Room(f"{first}/{name}", prod(shape), min(used), max(used)))
            for ((first, name), shape), used in zip(shapes.items(), moments.values(), strict=True)
        ]
