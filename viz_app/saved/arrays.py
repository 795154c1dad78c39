"""Keep the arrays of a session in one safetensors file, each once, by names that say nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.run.record import Series
from viz_app.saved.container import SessionError

_DTYPES = frozenset({"float16", "float32", "float64", "int64", "int32", "uint8", "uint16", "bool"})
Names = Mapping[str, str]
"""The names of arrays, by what they are."""


class KeptArrays:
    """Arrays that are to be written; an array that is put twice is kept once."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}
        self._names: dict[int, str] = {}

    def put(self, array: NDArray[Any]) -> str:
        """Keep an array, and return the name that it has in the file."""
        if id(array) not in self._names:
            name = f"a{len(self._arrays)}"
            self._arrays[name], self._names[id(array)] = array, name
        return self._names[id(array)]

    def put_all(self, arrays: Mapping[str, NDArray[Any]]) -> dict[str, str]:
        """Keep arrays, and return their names."""
        return {key: self.put(array) for key, array in arrays.items()}

    def put_series(self, series: Series) -> dict[str, str]:
        """Keep the numbers of iterations."""
        return {"iterations": self.put(series.iterations), "numbers": self.put(series.numbers)}

    def data(self) -> bytes:
        """Return a safetensors file of all of them."""
        from safetensors.numpy import save  # late: opening the window does not wait for it

        found: bytes = save({name: np.asarray(array, order="C") for name, array in self._arrays.items()})
        return found


class FoundArrays:
    """The arrays of a file, by name; they are read-only.

    Raises
    ------
    SessionError
        If it is no safetensors file, or holds what is no number.
    """

    def __init__(self, data: bytes) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            self._arrays: dict[str, NDArray[Any]] = load(data)
        except (SafetensorError, ValueError, KeyError, TypeError) as error:
            raise SessionError(f"its arrays cannot be read: {str(error).rstrip('.')}") from None
        for name, array in self._arrays.items():
            if array.dtype.name not in _DTYPES:
                raise SessionError(f"expected arrays of {', '.join(sorted(_DTYPES))}; {name[:20]} has {array.dtype}")
            array.flags.writeable = False

    def get(self, name: str) -> NDArray[Any]:
        """Return an array.

        Raises
        ------
        SessionError
            If there is none of that name.
        """
        if name not in self._arrays:
            raise SessionError(f"expected an array {name[:20]!r}; it is missing")
        return self._arrays[name]

    def floats(self, name: str) -> NDArray[Any]:
        """Return an array of floats; raise SessionError where it is another one."""
        array = self.get(name)
        if array.dtype.kind != "f":
            raise SessionError(f"expected an array of floats; {name[:20]} is one of {array.dtype}")
        return array

    def all_floats(self, names: Names) -> dict[str, NDArray[Any]]:
        """Return arrays of floats."""
        return {key: self.floats(name) for key, name in names.items()}

    def series(self, iterations: str, numbers: str) -> Series:
        """Return the numbers of iterations; raise SessionError where these are none."""
        first, second = self.get(iterations), self.get(numbers)
        if first.dtype != np.int64 or second.dtype != np.float64 or first.ndim != 1 or first.shape != second.shape:
            raise SessionError("expected as many iterations as numbers of them; got others")
        return Series(first, second)
