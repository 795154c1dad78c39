"""Collect the values of steps, with a table of contents, for an npz file."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.notation import Notation, plain, symbol
from core.program import Program, Step
from core.values import Array
from viz_app.frame.words.captions import caption
from viz_app.takeaway.called import code_names
from viz_app.takeaway.snapshot import Snapshot

CONTENTS = "contents"
"""The array that says in JSON what the others are."""


def read_and_made(steps: Sequence[Step]) -> Sequence[str]:
    """Return the keys of what steps read and make, in the order in which they come."""
    return list(dict.fromkeys(value.key for step in steps for value in (*step.inputs, step.output)))


def value_arrays(values: Snapshot) -> Mapping[str, Array]:
    """Return values by name, and before them ``contents``: what each of them is."""
    program = values.program
    names = code_names(program, values.notation, (CONTENTS,))
    table = {
        "network": values.name,
        "iteration": values.iteration,
        "dtype": values.dtype,
        "values": [_entry(program, key, names, values.notation) for key in values.arrays],
    }
    contents = np.array(json.dumps(table, ensure_ascii=False, indent=1))
    return {CONTENTS: contents, **{names[key]: array for key, array in values.arrays.items()}}


def _entry(program: Program, key: str, names: Mapping[str, str], notation: Notation) -> Mapping[str, Any]:
    """Return what is told of a value."""
    value, step = program.values[key], program.producers.get(key)
    layer = next((layer.name for layer in program.layers if layer.number == value.layer), None)
    entry: dict[str, Any] = {
        "name": names[key],
        "symbol": plain(symbol(program, value, notation)),
        "layer": value.layer,
        "of": layer,
        "role": str(value.role),
        "shape": list(value.shape),
        "axes": [str(value.axis(number).kind) for number in range(len(value.shape))],
    }
    if step is not None:
        read = [names[one.key] for one in step.inputs]
        source = step.op.source(*read)
        entry |= {"step": step.number, "phase": str(step.phase), "source": source, "says": caption(step, read)}
    return entry
