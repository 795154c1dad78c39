"""Read images in a process of its own, and tell of each what came of it, how long it took, and how much memory.

    python -m tests.hostile FILE …        # a line of JSON for each file
    python -m tests.hostile --list LIST   # the names of the files are the lines of LIST

The memory is the most that the process held while it read the file, less what it held before it read the first one;
it is known on Linux alone.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from core.images.photo import Photo, PhotoError
from viz_app.reading.images.photos import read_photo

_PEAK = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def main(arguments: list[str]) -> None:
    names = Path(arguments[1]).read_text().splitlines() if arguments[:1] == ["--list"] else arguments
    _warm_up()
    idle = peak()
    for name in names:
        forget_peak()
        begin = time.monotonic()
        outcome = read(Path(name))
        seconds = time.monotonic() - begin
        line = {"name": name, **outcome, "seconds": seconds, "mb": (peak() - idle) / 1e3}
        sys.stdout.write(json.dumps(line) + "\n")


def read(path: Path) -> dict[str, object]:
    """Return what came of reading a file, as a window would, up to the picture that is prepared."""
    try:
        photo = read_photo(path, path.name)
        _ = photo.working
    except PhotoError as error:
        return {"outcome": "refused", "said": str(error)}
    except BaseException as error:  # noqa: BLE001  # that is what is looked for
        return {"outcome": "raised", "said": f"{type(error).__name__}: {error}"}
    return {"outcome": "opened", "said": f"{photo.pixels.dtype} {photo.pixels.shape}; {' '.join(photo.notes)}"}


def _warm_up() -> None:
    """Load all that is loaded once."""
    from io import BytesIO

    from PIL import Image

    stream = BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "PNG")
    photo = read_photo(stream.getvalue(), "warm")
    assert isinstance(photo, Photo)
    assert np.all(photo.working == 0)


def peak() -> int:
    """Return the most memory that the process has held since the last ``forget_peak``, in kB."""
    if not _STATUS.exists():
        return 0
    lines = _STATUS.read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def forget_peak() -> None:
    if _PEAK.exists():
        _PEAK.write_text("5")


if __name__ == "__main__":
    main(sys.argv[1:])
