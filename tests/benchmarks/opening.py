"""What it costs to open 70,000 images of 28 × 28, plain and compressed, and to take some: time, and memory.

    python tests/benchmarks/opening.py

Each way is opened in a process of its own, from files that are written first. Beside it stands what the same takes
where all images are made floats at once, as an array. Plain files are to open within 100 ms and 40 MB, and a page of
100 thumbnails is to take less than 20 ms.
"""

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

if not __package__:  # started by its path: find the tests by theirs
    sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

PARTS = {"train": 60_000, "t10k": 10_000}
WAYS = ("plain", "compressed", "floats at once")
MOST_MS, MOST_MB, MOST_PAGE_MS = 100, 40, 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, open them in every way, and print a table."""
    options = parser().parse_args(arguments)
    if options.way:
        print(json.dumps(measured(options.way, Path(options.folder))))
        return 0
    print(f"{'':<16} {'open':>10} {'memory':>10} {'100 thumbnails':>16} {'batch of 64':>13}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), options.share)
        for way in WAYS:
            turns = [run(way, folder) for _ in range(options.rounds)]
            opened, memory, page, batch = (statistics.median(column) for column in zip(*turns, strict=True))
            print(f"{way:<16} {opened:>7.1f} ms {memory:>7.1f} MB {page:>13.2f} ms {1000 * batch:>10.0f} µs")
            failed |= way == "plain" and (opened > MOST_MS or memory > MOST_MB or page > MOST_PAGE_MS)
    print(f"bounds of plain: {MOST_MS} ms, {MOST_MB} MB, {MOST_PAGE_MS} ms: {'missed' if failed else 'held'}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--rounds", type=int, default=5, help="how often each way is opened (default: 5)")
    result.add_argument("--share", type=float, default=1.0, help="of the 70,000 images (default: 1)")
    result.add_argument("--way", choices=WAYS, default="", help=argparse.SUPPRESS)
    result.add_argument("--folder", default="", help=argparse.SUPPRESS)
    return result


def write(folder: Path, share: float) -> None:
    """Write both parts, plain and compressed; the images are dark for the most part, as digits are."""
    generator = np.random.default_rng(0)
    for way in ("plain", "compressed"):
        (folder / way).mkdir()
    for part, whole in PARTS.items():
        count = max(100, round(share * whole))
        pixels = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        pixels[:, :7] = pixels[:, 21:] = pixels[:, :, :9] = 0
        numbers = generator.integers(0, 10, count, dtype=np.uint8)
        for name, array in ((f"{part}-images-idx3-ubyte", pixels), (f"{part}-labels-idx1-ubyte", numbers)):
            head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            data = head + array.tobytes()
            (folder / "plain" / name).write_bytes(data)
            (folder / "compressed" / f"{name}.gz").write_bytes(gzip.compress(data, 6))


def run(way: str, folder: str) -> tuple[float, float, float, float]:
    """Return what a process of its own measures."""
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, "--folder", folder], capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout))


def measured(way: str, folder: Path) -> tuple[float, float, float, float]:
    """Return milliseconds to open, megabytes more than before, and milliseconds for a page and for a batch."""
    from dataclasses import replace

    from viz_app.reading.data import open_data

    before, start = resident(), time.perf_counter()
    dataset = open_data(folder / ("compressed" if way == "compressed" else "plain"))
    if way == "floats at once":
        dataset = replace(dataset, inputs=np.asarray(dataset.inputs), targets=np.asarray(dataset.targets))
    opened, memory = 1e3 * (time.perf_counter() - start), resident() - before
    generator = np.random.default_rng(1)
    pages = [
        1e3 * seconds(dataset.thumbnails, range(first, first + 100))
        for first in (0, len(dataset) // 2, len(dataset) - 100)
    ]
    batches = [generator.integers(0, len(dataset), 64).tolist() for _ in range(200)]
    times = [1e3 * seconds(dataset.take, chosen) for chosen in batches]
    return opened, memory, statistics.median(pages), statistics.median(times)


def seconds(take: Callable[[Sequence[int]], object], samples: Sequence[int]) -> float:
    """Return how long it takes to take some samples."""
    start = time.perf_counter()
    take(samples)
    return time.perf_counter() - start


def resident() -> float:
    """Return how many megabytes of this process are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
