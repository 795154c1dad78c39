"""Measure the export: the kernel that slides over 8 x 8 places, at 1920 x 1080, as a PNG sequence and as an MP4.

Usage: python tests/benchmarks/export.py [--rounds K]

Ours is against the same pictures drawn by matplotlib, an Axes a map and a ``savefig`` a frame, and against Manim
Community that renders the same motion, each where it is installed. All begin with the run open; they take turns, and
the best of the rounds counts. A frame is a picture: a video shows each for one frame.
"""

import argparse
import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from core.options import Options
from core.presets.convolution import KernelSettings
from core.run.trace import Cursor, Trace
from viz_app.export.formats import format_named
from viz_app.export.job import Job, export_all
from viz_app.export.look import Look, Timing
from viz_app.frame.place import Place

SIZE = (1920, 1080)
RATE = 30
AIMS = {"matplotlib": 10.0, "manim": 2.0}
STRIDE = 2
"""Over 16 x 16 pixels the kernel comes to rest at 8 x 8 places."""

Write = Callable[[Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--places", type=int, default=64, help="how many of the places (64)")
    arguments = parser.parse_args()
    rounds = arguments.rounds
    experiment = KernelSettings("heart", "blur", stride=STRIDE).open(Options())
    trace = experiment.trace()
    rows, columns = experiment.program.steps[0].output.shape[-2:]
    assert rows * columns == 64, "8 x 8 places"
    count = arguments.places
    for kind, contestants in (("PNG sequence", pictures(trace, count)), ("MP4", videos(trace, count))):
        rates = dict.fromkeys(contestants, 0.0)
        for _ in range(rounds):
            for name, write in contestants.items():
                with tempfile.TemporaryDirectory() as folder:
                    started = time.perf_counter()
                    write(Path(folder))
                    rates[name] = max(rates[name], count / (time.perf_counter() - started))
        for name, rate in rates.items():
            ratio = (
                f", ours is {rates['netstep'] / rate:.1f} times as fast (aim {AIMS[name]:g})" if name in AIMS else ""
            )
            print(f"{kind}: {name} {rate:.1f} frames per second{ratio}")
    for name in AIMS:
        if not importlib.util.find_spec(name):
            print(f"{name} is not installed")


def pictures(trace: Trace, count: int) -> Mapping[str, Write]:
    """Return what writes a PNG for each place of the kernel."""
    found: dict[str, Write] = {"netstep": lambda folder: ours(trace, count, "png", folder)}
    if importlib.util.find_spec("matplotlib"):
        found["matplotlib"] = lambda folder: with_matplotlib(trace, count, folder)
    return found


def videos(trace: Trace, count: int) -> Mapping[str, Write]:
    """Return what writes a video of the kernel, a frame for each of its places."""
    found: dict[str, Write] = {"netstep": lambda folder: ours(trace, count, "mp4", folder / "a.mp4")}
    if importlib.util.find_spec("manim"):
        found["manim"] = lambda folder: with_manim(trace, count, folder)
    return found


def ours(trace: Trace, count: int, name: str, target: Path) -> None:
    places = [Place().at(Cursor(0, 0, cell)) for cell in range(count)]
    timing = Timing(cell=1 / RATE, hold=0.0, rate=RATE)
    export_all(Job("", trace, places, format_named(name), target, Look(SIZE), timing), lambda done, total: None)


def moves(trace: Trace, count: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield where the window of the kernel lies, and the outputs so far: those to come are NaN."""
    out = trace.array("net_1")[0, 0]
    for cell in range(count):
        known = out.astype(float).ravel()
        known[cell + 1 :] = np.nan
        row, column = divmod(cell, out.shape[1])
        yield row * STRIDE - 1, column * STRIDE - 1, known.reshape(out.shape)


def with_matplotlib(trace: Trace, count: int, folder: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot
    from matplotlib.patches import Rectangle

    image, kernel = trace.array("x")[0, 0], trace.array("w_1")[0, 0]
    figure, (left, middle, right) = pyplot.subplots(1, 3, figsize=(19.2, 10.8), dpi=100)
    left.imshow(image, cmap="gray")
    box = left.add_patch(Rectangle((0, 0), *kernel.shape, fill=False, edgecolor="tab:green", linewidth=3))
    middle.imshow(kernel, cmap="RdBu")
    for (row, column), value in np.ndenumerate(kernel):
        middle.text(column, row, f"{value:.3f}", ha="center", va="center")
    shown = right.imshow(trace.array("net_1")[0, 0], cmap="RdBu")
    for number, (row, column, known) in enumerate(moves(trace, count)):
        box.set_xy((column - 0.5, row - 0.5))
        shown.set_data(known)
        figure.suptitle(f"net_1[{number}] = {np.nansum(known):.4f}")
        figure.savefig(folder / f"{number:05d}.png")
    pyplot.close(figure)


def with_manim(trace: Trace, count: int, folder: Path) -> None:
    import manim

    image = trace.array("x")[0, 0]
    side = 0.35

    class Slide(manim.Scene):  # type: ignore[misc, name-defined]
        def construct(self) -> None:
            def grid(numbers: np.ndarray, corner: np.ndarray) -> dict[tuple[int, ...], "manim.Square"]:
                cells = {}
                for place, value in np.ndenumerate(numbers):
                    cell = manim.Square(
                        side, fill_opacity=1, stroke_width=0.5, fill_color=manim.rgb_to_color([value] * 3)
                    )
                    cells[place] = cell.move_to(corner + side * np.array([place[1], -place[0], 0]))
                    self.add(cells[place])
                return cells

            squares = grid(image / image.max(), np.array([-6.5, 2.8, 0]))
            results = grid(np.zeros((8, 8)), np.array([2.0, 1.5, 0]))
            window = manim.Square(3 * side, color=manim.GREEN)
            self.add(window)
            for row, column, known in moves(trace, count):
                window.move_to(squares[max(row + 1, 0), max(column + 1, 0)])
                for place, value in np.ndenumerate(known):
                    if np.isfinite(value):
                        results[place].set_fill(manim.rgb_to_color([min(abs(float(value)), 1.0)] * 3))
                self.wait(1 / RATE, frozen_frame=False)

    settings = {"pixel_width": SIZE[0], "pixel_height": SIZE[1], "frame_rate": RATE, "media_dir": str(folder),
                "disable_caching": True, "verbosity": "ERROR", "progress_bar": "none"}  # fmt: skip
    with manim.tempconfig(settings):
        Slide().render()


if __name__ == "__main__":
    main()
