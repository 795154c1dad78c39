"""Compare the working tree with another commit: every value, table of steps, file name and picture, byte for byte.

Usage: python -m tests.side_by_side [--base REV] [--presets NAME ...] [--no-pictures]

Both trees run the same probe, each in a process of its own; what the base says is kept for the next call. Differences
that are meant stand in ``INTENDED``, each with its reason; any other ends the command with 1.
"""

import argparse
import fnmatch
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BASE = "aae0bb3"
"""The last commit whose pictures have all been looked at."""
INTENDED: Mapping[str, str] = {
    "*playground*": "the preset is new",
    "steps --preset attention/*": "what stands below a function is written in plain words",
    "presets/0[234]*": "the list of presets has more",
    "*lstm*": "the preset is new",
    "*transformer*": "the preset is new",
    "*residual-digits*": "the preset is new",
}
"""Patterns of entries that differ on purpose, and why."""

_DTYPES = ("float32", "float64")
_ITERATIONS = 3
_SIZES = ((1280, 720), (1920, 1080))
_PREFERENCES = ("viz_app.window.preferences", "viz_app.window.settings", "viz_app.settings")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--base", default=BASE, help=f"the commit to compare with ({BASE})")
    parser.add_argument("--presets", nargs="*", default=None, help="only these")
    parser.add_argument("--no-pictures", action="store_true", help="values and tables alone")
    parser.add_argument("--probe", metavar="FILE", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.probe:
        _only_this_tree()
        Path(arguments.probe).write_text(json.dumps(dict(probe(arguments.presets, not arguments.no_pictures))))
        return 0
    options = [*(["--presets", *arguments.presets] if arguments.presets else [])]
    options += ["--no-pictures"] if arguments.no_pictures else []
    before = _kept_base(arguments.base, options)
    after = _run_probe(ROOT, options)
    return report(before, after)


def _only_this_tree() -> None:
    """Let no module come from the tree that is installed for development instead of the one that is probed."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
    core = importlib.import_module("core")
    assert Path(str(core.__file__)).parents[1] == Path.cwd(), core.__file__


def report(before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """Print what differs and return the exit code: 1 where a difference is not intended."""
    differing = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    unlisted = [key for key in differing if not _reason(key)]
    for key in unlisted[:60]:
        kind = "gone" if key not in after else "new" if key not in before else "differs"
        sys.stdout.write(f"{kind:8} {key}\n")
    if len(unlisted) > 60:
        sys.stdout.write(f"(and {len(unlisted) - 60} more)\n")
    listed = len(differing) - len(unlisted)
    sys.stdout.write(f"{len(before)} entries: {len(unlisted)} differ, {listed} more differ on purpose\n")
    return 1 if unlisted or not before else 0


def probe(presets: list[str] | None, pictures: bool) -> Iterator[tuple[str, str]]:
    """Yield a name and a hash for everything that must not change without being listed."""
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    table = _find("core.presets", "PRESETS")
    for name in presets or table:
        yield from _tables(name)
        for dtype in _DTYPES:
            yield from _values(name, dtype)
        yield from _names_of_files(name)
        if pictures:
            yield from _pictures(name)
    if pictures:
        yield from _windows(presets or list(table))
    yield from _settings()
    application.quit()


def _tables(preset: str) -> Iterator[tuple[str, str]]:
    arguments = [sys.executable, "-m", "viz_app"]
    commands = [["presets"], ["steps", "--preset", preset]]
    for command in commands:
        done = subprocess.run([*arguments, *command], capture_output=True, check=True)
        for number, line in enumerate(done.stdout.decode().splitlines()):
            yield f"{' '.join(command)}/{number:03d}", line


def _values(preset: str, dtype: str) -> Iterator[tuple[str, str]]:
    open_preset = _find("core.presets", "open_preset")
    for options in ({}, {"through_jacobian": True}) if preset == "digits" else ({},):
        experiment = open_preset(preset, dtype=dtype, **options)
        trace = experiment.trace()
        start = f"{preset}/{dtype}{''.join(f'/{key}' for key in options)}"
        for iteration in range(_ITERATIONS):
            for key in experiment.program.values:
                yield f"trace/{start}/{iteration}/{key}", _hash(trace.array(key, iteration).tobytes())
        yield from _executed(start, experiment)


def _executed(start: str, experiment: Any) -> Iterator[tuple[str, str]]:
    executor_type = _find(("core.run.executor", "core.executor"), "Executor")
    executor = executor_type(experiment.program, experiment.parameters, experiment.options.dtype)
    for iteration in range(_ITERATIONS):
        loss = executor.run(experiment.batch(iteration))
        yield f"executor/{start}/{iteration}/loss", repr(loss)
        parameters = executor.state if hasattr(executor, "state") else executor.parameters
        for key, array in parameters.items():
            yield f"executor/{start}/{iteration}/{key}", _hash(array.tobytes())


def _names_of_files(preset: str) -> Iterator[tuple[str, str]]:
    experiment = _find("core.presets", "open_preset")(preset)
    file_name = _find(("viz_app.export.pages", "viz_app.export.png"), ("page_name", "file_name"))
    cursor = _find(("core.run.trace", "core.trace"), "Cursor")
    for step in experiment.program.steps:
        for end, place in (("", cursor(0, step.number)), ("/2/0", cursor(2, step.number, 0))):
            yield f"file/{preset}/{step.number}{end}", file_name(experiment.program, place).removesuffix(".png")


def _pictures(preset: str) -> Iterator[tuple[str, str]]:
    """Yield every stage in a size, both as a whole and at a cell, in turn in a theme."""
    resolve = _find(("viz_app.frame.frame", "viz_app.frame"), "resolve")
    arrange = _find(("viz_app.picture.stages", "viz_app.stages"), "arrange")
    export = ("viz_app.export.raster", "viz_app.export.png")
    render = _find(export, "render_image")
    themes = _find(("viz_app.paint.theme", "viz_app.theme"), "THEMES")
    cursor = _find(("core.run.trace", "core.trace"), "Cursor")
    trace = _find("core.presets", "open_preset")(preset).trace()
    for step in trace.program.steps:
        count = max(1, prod(step.output.shape))
        for cell in (None, count // 2):
            size = _SIZES[step.number % 2]
            theme = ("light", "dark")[(step.number // 2 + (cell is None)) % 2]
            picture = arrange(resolve(trace, cursor(0, step.number, cell), None), *size, size[1] / 45)
            image = render(picture, themes[theme], size)
            yield f"picture/{preset}/{step.number}/{step.output.key}/{cell}", _image_hash(image)


def _windows(presets: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the whole window, at a few places of each preset."""
    from PySide6.QtCore import QCoreApplication, QEvent, QSettings
    from PySide6.QtWidgets import QApplication

    window_type = _find(("viz_app.window.main_window", "viz_app.main_window"), "MainWindow")
    session_type = _find(("viz_app.session.session", "viz_app.session"), "Session")
    settings_type = _find(_PREFERENCES, ("Preferences", "Settings"))
    open_preset = _find("core.presets", "open_preset")
    for number, preset in enumerate(presets):
        folder = tempfile.mkdtemp()
        settings = settings_type(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
        settings.theme = ("light", "dark")[number % 2]
        window = window_type(session_type(open_preset(preset)), settings)
        window.resize(*_SIZES[number % 2])
        window.show()
        last = len(window.session.frame.program.steps) - 1
        for place in ((0, 0, None), (0, last // 2, 0), (1, last, None)):
            getattr(window.session, "navigation", window.session).go_to(*place)
            _settle(QApplication)
            yield f"window/{preset}/{place}", _image_hash(window.grab().toImage())
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _settings() -> Iterator[tuple[str, str]]:
    """Yield what today's settings file is read as."""
    from PySide6.QtCore import QSettings

    settings_type = _find(_PREFERENCES, ("Preferences", "Settings"))
    path = Path(tempfile.mkdtemp()) / "settings.ini"
    path.write_text("[General]\ntheme=dark\nscale=150\npreset=conv-digits\nnotation=z/a\n")
    settings = settings_type(QSettings(str(path), QSettings.Format.IniFormat))
    for name in ("theme", "scale", "preset", "notation"):
        yield f"settings/{name}", repr(getattr(settings, name, None))


def _settle(application: Any) -> None:
    """Let what waits for the window to be idle be done: it paints the curves, and prefetches."""
    end = time.monotonic() + 0.25
    while time.monotonic() < end:
        application.processEvents()


def _find(modules: str | tuple[str, ...], names: str | tuple[str, ...]) -> Any:
    """Return what a module, or the first of several that there is, calls by a name, or by the first of several."""
    for module in (modules,) if isinstance(modules, str) else modules:
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            continue
        for name in (names,) if isinstance(names, str) else names:
            if hasattr(found, name):
                return getattr(found, name)
    raise ModuleNotFoundError(f"expected {names} in {modules}")


def _image_hash(image: Any) -> str:
    bits = image.constBits()
    return f"{image.width()}x{image.height()} {_hash(bytes(bits))}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _reason(key: str) -> str | None:
    return next((why for pattern, why in INTENDED.items() if fnmatch.fnmatch(key, pattern)), None)


def _kept_base(revision: str, options: list[str]) -> Mapping[str, str]:
    """Return what the base says, from the last call where there was one."""
    commit = subprocess.run(["git", "rev-parse", revision], cwd=ROOT, capture_output=True, check=True, text=True)
    mark = _hash(Path(__file__).read_bytes() + repr((commit.stdout, options, sys.version)).encode())
    kept = Path(tempfile.gettempdir()) / f"netstep-base-{mark}.json"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / "base"
            worktree = ["git", "worktree"]
            subprocess.run([*worktree, "add", "--detach", tree, commit.stdout.strip()], cwd=ROOT, check=True)
            try:
                kept.write_text(json.dumps(_run_probe(tree, options)))
            finally:
                subprocess.run([*worktree, "remove", "--force", tree], cwd=ROOT, check=True)
    return dict(json.loads(kept.read_text()))


def _run_probe(tree: Path, options: list[str]) -> dict[str, str]:
    """Run this file's probe with the modules of a tree."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "probe.json"
        environment = {
            **os.environ,
            "PYTHONPATH": str(tree),
            "PYTHONSAFEPATH": "1",
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": folder,
            "XDG_CACHE_HOME": folder,
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, __file__, "--probe", str(answer), *options]
        subprocess.run(command, cwd=tree, env=environment, check=True)
        return dict(json.loads(answer.read_text()))


if __name__ == "__main__":
    sys.exit(main())
