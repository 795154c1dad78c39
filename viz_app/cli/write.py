"""Let a network continue a text."""

import sys
from argparse import Namespace

from core.options import OptionError
from core.trained import trained_presets
from core.writing import Taste, Writer, written
from viz_app.cli.opening import open_experiment
from viz_app.cli.streams import printable

_PRESET = "transformer"
MOST = 10_000


def write_text(arguments: Namespace) -> int:
    """Write what a network makes of a text, token by token; the trained weights write, where nothing else was said.

    Raises
    ------
    OptionError
        If the network continues no text, the text cannot be continued, or a number is out of its range.
    """
    if not 1 <= arguments.tokens <= MOST:
        raise OptionError(f"Expected from 1 to {MOST:,} tokens to write; got {arguments.tokens}.")
    if arguments.image is not None or arguments.label is not None:
        raise OptionError("Expected a text to continue, and no image: leave --image and --label out.")
    taste = Taste(arguments.temperature, arguments.top_k, 1 if arguments.seed is None else arguments.seed)
    if arguments.preset is None and arguments.weights is None:
        arguments.preset = _PRESET
    if arguments.start is None and arguments.weights is None and arguments.preset in trained_presets():
        arguments.start = "trained"
    experiment = open_experiment(arguments)
    writer = Writer(experiment)
    seen = writer.seen(arguments.text)
    came = written(writer, experiment.run().state(0), arguments.text, taste, arguments.tokens)
    if len(seen) + arguments.tokens - 1 > writer.longest:
        sys.stderr.write(f"netstep: The network sees the last {writer.longest} characters of a longer text.\n")
    sys.stdout.write(f"{printable(arguments.text + came)}\n")
    return 0
