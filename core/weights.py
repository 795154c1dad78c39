"""Keep the state of a network in a safetensors file, with what it is the state of; read it back, checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.description import DescriptionError, describe, network_from
from core.network import Architecture
from core.ops.base import ShapeError
from core.program import Program
from core.values import Array, DuplicateNameError

KIND, VERSION = "netstep", 1
"""What the metadata of our files say of themselves."""
_LARGEST_HEADER = 10_000_000
"""Bytes; that of a network of a thousand layers takes a fiftieth."""
_LENGTH = 8
"""Bytes in which a safetensors file says how long its header is."""
_DTYPES = {"F16": np.float16, "F32": np.float32, "F64": np.float64}
"""The types of numbers that are read."""


class WeightsError(ValueError):
    """A file does not hold the weights of a network, or of this one; the message is one sentence."""


@dataclass(frozen=True)
class Weights:
    """The state of a network, and what it is the state of.

    Parameters
    ----------
    state : mapping of str to ndarray
        Parameters, and what the optimizer remembers, by key.
    network : Architecture or None
        What was trained; ``None`` where a file of somebody else's does not say.
    about : mapping of str to object
        Plain data: how it was trained (``preset``, ``data``, ``loss``, ``optimizer``, ``learning_rate``, ``seed``,
        ``batch_size``, ``iteration``), as far as it is known.
    """

    state: Mapping[str, Array]
    network: Architecture | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def of(self, program: Program) -> Mapping[str, Array]:
        """Return the state for a program: its parameters, and what the optimizer remembers where all of that is there.

        Raises
        ------
        WeightsError
            If a parameter is missing or has another shape, or there is one that the program has not.
        """
        wanted = {value.key: value.shape for value in program.learnt}
        if missing := [key for key in wanted if key not in self.state]:
            raise WeightsError(f"Expected a parameter {_listed(missing)}; the file has {_listed(self.state)}.")
        remembered = {key: program.values[key].shape for key in program.state if key not in wanted}
        if not all(key in self.state and self.state[key].shape == shape for key, shape in remembered.items()):
            remembered = {}
        for key, shape in wanted.items():
            if self.state[key].shape != shape:
                raise WeightsError(f"Expected {key} of shape {shape}; got {self.state[key].shape}.")
        if self.network is None and (unknown := sorted(self.state.keys() - program.state.keys())):
            raise WeightsError(f"Expected only the parameters {_listed(wanted)}; the file has {_listed(unknown)}, too.")
        return {key: self.state[key] for key in (*wanted, *remembered)}

    def of_parameters(self, program: Program) -> Mapping[str, Array]:
        """Return the parameters alone, for a program that may not know what else there is.

        Raises
        ------
        WeightsError
            If one is missing or has another shape.
        """
        known = {value.key for value in program.learnt}
        return Weights({key: array for key, array in self.state.items() if key in known}, self.network).of(program)


def weights_file(weights: Weights) -> bytes:
    """Return what a safetensors file of weights holds; whoever writes it does so aside, and renames it."""
    from safetensors.numpy import save  # late: opening the window does not wait for it

    about: dict[str, Any] = {"version": VERSION, **weights.about}
    if weights.network is not None:
        about["network"] = describe(weights.network)
    arrays = {key: np.asarray(array, order="C") for key, array in weights.state.items()}
    data: bytes = save(arrays, metadata={KIND: json.dumps(about)})
    return data


def read_weights(path: Path) -> Weights:
    """Read weights from a safetensors file; one of somebody else's brings no network.

    Raises
    ------
    WeightsError
        If it is no such file, is cut short, or says what cannot be; the message names the file.
    OSError
        If it cannot be read.
    """
    try:
        metadata = _check_header(path)
        return _read(path, metadata)
    except WeightsError as error:
        raise WeightsError(f"{path.name}: {error}") from None


def _check_header(path: Path) -> str | None:
    """Check the header, before anything is made of it; return what it says of the network, if anything."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(_LENGTH)
        length = int.from_bytes(start, "little")
        if len(start) < _LENGTH or length > size - _LENGTH:
            raise WeightsError(f"expected a safetensors file; it is cut short or something else ({size:,} bytes).")
        if length > _LARGEST_HEADER:
            raise WeightsError(f"expected a header of at most {_LARGEST_HEADER:,} bytes; got {length:,}.")
        text = stream.read(length)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise WeightsError("expected a safetensors file; its header is no JSON.") from None
    if not isinstance(header, dict):
        raise WeightsError("expected a safetensors file; its header is no list of tensors.")
    for key, tensor in header.items():
        if key != "__metadata__" and not (isinstance(tensor, dict) and tensor.get("dtype") in _DTYPES):
            got = tensor.get("dtype") if isinstance(tensor, dict) else tensor
            raise WeightsError(f"expected numbers of type {', '.join(_DTYPES)}; {key} has {str(got)[:20]}.")
    metadata = header.get("__metadata__")
    told = metadata.get(KIND) if isinstance(metadata, dict) else None
    return told if isinstance(told, str) else None


def _read(path: Path, told: str | None) -> Weights:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        state = load_file(path)
    except (SafetensorError, ValueError) as error:
        raise WeightsError(f"expected a safetensors file that is whole; {error}.") from None
    if broken := [key for key, array in state.items() if not np.isfinite(array).all()]:
        raise WeightsError(f"expected finite numbers; {_listed(broken)} has others.")
    if told is None:
        return Weights(state)
    try:
        about = json.loads(told)
        if not isinstance(about, dict) or not isinstance(about.get("version"), int):
            raise WeightsError("expected a description of the network with a version; got none.")
        if about["version"] > VERSION:
            newer = f"got {about['version']}, made by a newer NetStep"
            raise WeightsError(f"expected a file of version {VERSION} or older; {newer}.")
        network = _network(about.pop("network", None))
    except RecursionError:
        raise WeightsError("its description is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise WeightsError(f"its description is no JSON: {error}.") from None
    about.pop("version")
    return Weights(state, network, about)


def _network(given: object) -> Architecture | None:
    try:
        return None if given is None else network_from(given)
    except (DescriptionError, DuplicateNameError, ShapeError) as error:
        raise WeightsError(f"its network cannot be: {str(error).rstrip('.')}.") from None


def _listed(keys: Any, most: int = 6) -> str:
    names = list(keys)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}" or "none"
