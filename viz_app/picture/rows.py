"""Let ziamath measure each row of a formula as often as it is nested, and not twice as often at every level."""

from functools import cache
from typing import Any


@cache
def measure_rows_once() -> None:
    """Let rows that are built only to be measured not measure what is in them once more.

    WORKAROUND: ziamath (0.12, 0.13) builds all of a row twice, first to see how high its parentheses must be, and in
    that first build every row inside does the same: a formula with n parentheses inside each other takes 2^n times as
    long. What stretches has no height in the first build, so that how high it would be is not needed there.
    """
    from ziamath.nodes.mrow import Mrow

    class Row(Mrow, tag="mrow"):
        def _get_height_nostretch(self, line: Any, **about: Any) -> tuple[float, float]:
            if about.get("nostretch"):
                return 0.0, 0.0
            low, high = super()._get_height_nostretch(line, **about)
            return low, high
