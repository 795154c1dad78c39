"""Find the parameters that a person means who freezes layers or parameters."""

from collections import defaultdict
from collections.abc import Collection

from core.network import Architecture
from core.wording import suggestion


def frozen_keys(network: Architecture, names: Collection[str]) -> frozenset[str]:
    """Return the keys of the parameters that names stand for: a key, or all of a layer by its number or its name.

    Raises
    ------
    ValueError
        If a name stands for none, or nothing is left to train.
    """
    forward = network.forward
    known: dict[str, set[str]] = defaultdict(set)
    for value in forward.parameters:
        for name in (value.key, str(value.layer), *value.scope.path[:1]):
            known[name].add(value.key)
    if unknown := [name for name in names if name not in known]:
        got = f"{unknown[0]!r}{suggestion(unknown[0], known)}"
        raise ValueError(f"expected layers or parameters to freeze among {', '.join(known)}; got {got}")
    found = frozenset(key for name in names for key in known[name])
    if found and not {value.key for value in forward.parameters} - found - forward.frozen:
        raise ValueError(f"expected at least one parameter that is trained; with {', '.join(names)} all are frozen")
    return found
