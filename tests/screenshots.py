"""Write pictures to look at: every stage in both themes, and window and presentation in both themes and two sizes.

Usage: python -m tests.screenshots --out FOLDER     every step of every preset, and windows
       python -m tests.screenshots --readme         the pictures of the README

Whoever changes what people see runs it, opens the pictures, and judges them.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()

from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.experiment import Experiment
from core.presets import PRESETS, open_preset
from core.run.trace import Cursor
from viz_app.export.formats import format_named
from viz_app.export.job import Job, export_all
from viz_app.export.look import Look
from viz_app.frame.frame import Focus
from viz_app.frame.place import Place
from viz_app.session.session import Session
from viz_app.window.main_window import MainWindow
from viz_app.window.preferences import Preferences
from viz_app.window.presentation.window import PresentationWindow

SIZES = ((1920, 1080), (1280, 720))
THEMES = ("light", "dark")
README = Path(__file__).parents[1] / "resources" / "screenshots"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--readme", action="store_true")
    arguments = parser.parse_args()
    application = QApplication([])  # before the exporter makes one that has no windows
    if arguments.readme:
        write_readme()
    elif arguments.out:
        write_all(arguments.out)
    else:
        parser.error("expected --out FOLDER or --readme")
    application.quit()


def write_all(folder: Path) -> None:
    """Write the stage of every step of every preset, and the window at each preset's first step."""
    for preset in PRESETS:
        for theme in THEMES:
            target = folder / preset / theme
            target.mkdir(parents=True, exist_ok=True)
            experiment = open_preset(preset)
            places = [Place(0, step) for step in range(len(experiment.program.steps))]
            export(experiment, places, target, (1280, 720), theme)
            for width, height in SIZES:
                step = experiment.program.steps[0]
                last = tuple(size - 1 for size in step.output.shape)
                grab(preset, Cursor(), Focus(step.output.key, last), (width, height), theme).save(
                    str(target / f"window-{width}x{height}.png")
                )
                middle = Cursor(0, len(experiment.program.steps) // 2)
                presented(preset, middle, (width, height), theme).save(str(target / f"quiz-{width}x{height}.png"))
                if experiment.dataset is not None and experiment.loss:
                    losses = Cursor(3, experiment.program.producers["losses"].number)
                    grab(preset, losses, Focus("losses", (0, 0)), (width, height), theme, guest=True).save(
                        str(target / f"guest-{width}x{height}.png")
                    )


def write_readme() -> None:
    """Write the pictures of the README."""
    README.mkdir(parents=True, exist_ok=True)
    product = grab("digits", Cursor(3, 0), Focus("sum_1", (0, 18)), (1600, 900), "light")
    product.save(str(README / "product.png"))
    step = open_preset("playground").program.producers["out_2"]
    playground = grab("playground", Cursor(600, step.number), Focus("out_2", (0, 1)), (1600, 900), "dark")
    playground.save(str(README / "playground.png"))
    hadamard = open_preset("digits", batch_size=8)
    step = hadamard.program.producers["delta_1"].number
    convolution = open_preset("conv-digits")
    inside = Cursor(0, convolution.program.producers["sum_1"].number, 1000)
    with tempfile.TemporaryDirectory() as folder:
        for experiment, cursor, theme, name in (
            (hadamard, Cursor(0, step, 8 * 32 - 20), "light", "hadamard"),
            (convolution, inside, "dark", "convolution"),
        ):
            target = Path(folder) / name
            target.mkdir()
            export(experiment, [Place().at(cursor)], target, (1280, 800), theme)
            next(target.iterdir()).replace(README / f"{name}.png")


def export(experiment: Experiment, places: list[Place], target: Path, size: tuple[int, int], theme: str) -> None:
    """Write the picture of each place into a folder."""
    look = Look(size, theme)
    export_all(Job("", experiment.trace(), places, format_named("png"), target, look, overwrite=True), tell)


def grab(
    preset: str, cursor: Cursor, focus: Focus, size: tuple[int, int], theme: str, *, guest: bool = False
) -> QPixmap:
    """Return a picture of the whole window, with the last sample as a guest where one is asked for."""
    preferences = Preferences()
    preferences.theme = theme
    session = Session(open_preset(preset))
    window = MainWindow(session, preferences)
    window.resize(*size)
    window.show()
    session.navigation.go_to(cursor.iteration, cursor.step, cursor.cell)
    settle()
    session.cells.focus(focus.key, focus.index)
    settle()
    if guest:
        session.guests.show_sample(len(session.experiment.dataset or ()) - 1)
        settle()
    picture = window.grab()
    window.close()
    window.deleteLater()
    return picture


def presented(preset: str, cursor: Cursor, size: tuple[int, int], theme: str) -> QPixmap:
    """Return a picture of the presentation during a quiz, with its controls."""
    preferences = Preferences()
    preferences.theme = theme
    session = Session(open_preset(preset))
    window = MainWindow(session, preferences)
    window.show()
    window.parts.actions["present"].trigger()
    (shown,) = window.findChildren(PresentationWindow)
    shown.showNormal()
    shown.resize(*size)
    session.navigation.go_to(cursor.iteration, cursor.step, cursor.cell)
    session.quiz.set_on(True)
    settle()
    QTest.mouseMove(shown.windowHandle(), shown.rect().center())
    picture = shown.grab()
    window.close()
    window.deleteLater()
    return picture


def settle() -> None:
    """Let what is done while idle be done."""
    end = time.monotonic() + 1
    while time.monotonic() < end:
        QApplication.processEvents()


def tell(done: int, total: int) -> None:
    """Show how far an export is."""
    sys.stderr.write(f"\r{done}/{total} ")


if __name__ == "__main__":
    main()
