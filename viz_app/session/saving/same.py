"""Tell whether something is still what it was, and keep nothing for that."""

from weakref import ref


class Same:
    """Objects that are compared by who they are; whatever is gone equals nothing that came later.

    Parameters
    ----------
    *objects : object or None
        What is compared: none of it is kept alive.
    """

    def __init__(self, *objects: object) -> None:
        self._references = tuple(None if one is None else ref(one) for one in objects)

    def __eq__(self, other: object) -> bool:
        """Tell whether all are the same: an object has one reference for as long as that is kept."""
        if not isinstance(other, Same):
            return NotImplemented
        pairs = zip(self._references, other._references, strict=True)
        return all(one is another for one, another in pairs)

    __hash__ = None  # type: ignore[assignment]  # nothing is looked up by it
