"""Set the formulas of the network that opens first: ``python -m resources.set_formulas``.

So the first start on a machine needs no typesetting, which takes 10 ms a formula, and 150 ms before the first one.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from core.notation import Notation
from core.presets import DEFAULT_PRESET, open_preset
from core.run.trace import Cursor
from viz_app.frame.frame import resolve
from viz_app.picture.elements import Formula
from viz_app.picture.network import arrange_network
from viz_app.picture.stages import arrange
from viz_app.picture.typeset import program_formulas, typeset, use_store

TARGET = Path(__file__).with_name("formulas.json.gz")


def formulas() -> Iterator[str]:
    """Return every formula of the default preset: of its program, and of the pictures of its first iteration."""
    trace = open_preset(DEFAULT_PRESET).trace()
    yield from program_formulas(trace.program, Notation.NET_OUT)
    for step in trace.program.steps:
        for cell in (None, 0):
            frame = resolve(trace, Cursor(0, step.number, cell))
            for picture in (arrange(frame, 1200, 800, 14), arrange_network(frame, 300, 13)):
                yield from (element.tex for element in picture.elements if isinstance(element, Formula))


def set_formulas() -> dict[str, tuple[str | None, float, float]]:
    """Set all formulas; return their drawings and sizes."""
    use_store(None)
    typeset.cache_clear()
    made = {tex: typeset(tex) for tex in formulas()}
    return {tex: (formula.svg, formula.width, formula.height) for tex, formula in made.items()}


def rebuild(path: Path = TARGET) -> None:
    """Write the formulas into a compressed file, the same for the same formulas."""
    path.write_bytes(gzip.compress(json.dumps(set_formulas(), indent=0).encode(), mtime=0))


if __name__ == "__main__":
    rebuild()
    sys.stdout.write(f"Wrote {TARGET}\n")
