"""Let ziamath do nothing in vain: measure rows of a formula, twice as often at every level, and copy styles."""

from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

_FORMS = ("prefix", "infix", "postfix")


@cache
def measure_rows_once() -> None:
    """Let rows be measured only where something in them stretches, and not while they are measured themselves.

    WORKAROUND: ziamath (0.12, 0.13) builds all of a row twice, first to see how high its parentheses must be, and in
    that first build every row inside does the same: a formula with n rows inside each other takes 2^n times as
    long. What stretches has no height in the first build, so that how high it would be is not needed there. And it
    copies the style of every element, all the way down, only to read it: a third of what is left.
    """
    from ziamath import styles
    from ziamath.nodes.mrow import Mrow

    styles.asdict = vars  # type: ignore[attr-defined, assignment]

    class Row(Mrow, tag="mrow"):
        def _get_height_nostretch(self, line: Any, **about: Any) -> tuple[float, float]:
            if about.get("nostretch") or not any(_stretches(element) for child in line for element in child.iter()):
                return 0.0, 0.0
            low, high = super()._get_height_nostretch(line, **about)
            return low, high


def _stretches(element: Element) -> bool:
    """Tell whether an element may be a sign that is as high as its row."""
    from ziamath import operators

    text = (element.text or "").strip()
    if element.tag not in ("mo", "mi") or text not in operators.names:
        return "stretchy" in element.attrib or element.tag == "mfenced"
    if "stretchy" in element.attrib:
        return element.attrib["stretchy"] != "false"
    return any(operators.get_params(text, form).get("stretchy", "false") != "false" for form in _FORMS)
