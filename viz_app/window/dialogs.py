"""The dialogs of the window: where a picture is written to, what NetStep is, and that something went wrong."""

import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from importlib import metadata
from os.path import isfile  # pathlib's raises where a folder may not be searched
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.experiment import Experiment
from core.wording import counted
from viz_app.frame.frame import Frame
from viz_app.reading.images.formats import ENDINGS
from viz_app.saved.container import ENDING as SESSION
from viz_app.session.training.weights import ENDING
from viz_app.takeaway.kinds import Kind

if TYPE_CHECKING:
    from viz_app.export.formats.base import Format

_ABOUT = "A debugger for neural networks: one training iteration, one operation at a time."
_PNG = ".png"
_JSON = ".json"
_NETWORK = "Description of a network"


def ask_picture(parent: QWidget, experiment: Experiment, frame: Frame) -> Path | None:
    """Ask for the file of a frame's picture; ``None`` where a person would rather not."""
    name = f"{experiment.preset}-{frame.cursor.iteration}-{frame.cursor.step:03d}{_PNG}"
    return _ask_to_write(parent, "Export picture", name, {_PNG: "PNG image"})


def ask_export(parent: QWidget, experiment: Experiment, frame: Frame, chosen: "Format", *, folder: bool) -> Path | None:
    """Ask for the file of a format to write, or for a folder; ``None`` where a person would rather not."""
    if folder:
        name = QFileDialog.getExistingDirectory(parent, f"Export: a folder for each {chosen.title}")
        return Path(name) if name else None
    ending = chosen.endings[0]
    name = f"{experiment.preset}-{frame.cursor.iteration}-{frame.cursor.step:03d}{ending}"
    return _ask_to_write(parent, "Export", name, {ending: chosen.title})


def may_replace(parent: QWidget, title: str, paths: Sequence[Path]) -> bool:
    """Ask whether files that are there already may be replaced."""
    buttons = QMessageBox.StandardButton
    are = "exists" if len(paths) == 1 else "exist"
    text = f"{counted(len(paths), 'file')} of these names {are} in {paths[0].parent}. Do you want to replace them?"
    return QMessageBox.question(parent, title, text, buttons.Yes | buttons.No, buttons.No) == buttons.Yes


def ask_weights(parent: QWidget, name: str) -> Path | None:
    """Ask for the file of weights to write; ``None`` where a person would rather not."""
    return _ask_to_write(parent, "Save weights", name, {ENDING: "Weights"})


def ask_session(parent: QWidget, name: str) -> Path | None:
    """Ask for the file of a session to write; ``None`` where a person would rather not."""
    return _ask_to_write(parent, "Save session", name, {SESSION: "Session"})


def ask_anything(parent: QWidget) -> Path | None:
    """Ask for a file of any kind to open; ``None`` where a person would rather not."""
    endings = (SESSION, ENDING, _JSON, ".npz", ".npy", ".csv", ".tsv", ".gz", *(f".{ending}" for ending in ENDINGS))
    return ask_open(
        parent, "Open", f"Sessions, weights, networks, data, images ({' '.join(f'*{one}' for one in endings)})"
    )


def ask_recover(parent: QWidget, when: datetime) -> bool:
    """Ask whether a session is opened that NetStep kept before it ended unexpectedly."""
    buttons = QMessageBox.StandardButton
    text = (
        f"NetStep did not close properly. The session was kept on {when:%d %B %Y at %H:%M:%S}. Open it? "
        "Discard removes it."
    )
    answer = QMessageBox.question(parent, "NetStep", text, buttons.Open | buttons.Discard, buttons.Open)
    return answer == buttons.Open


def ask_network(parent: QWidget, experiment: Experiment) -> Path | None:
    """Ask for the file of the description of a network to write; ``None`` where a person would rather not."""
    return _ask_to_write(parent, "Save network", f"{experiment.preset}{_JSON}", {_JSON: _NETWORK})


def ask_takeaway(parent: QWidget, title: str, name: str, kinds: Sequence[Kind]) -> Path | None:
    """Ask for a file of numbers, code or curves to write; ``None`` where a person would rather not.

    Parameters
    ----------
    parent : QWidget
        Above what it asks.
    title : str
        What it asks for.
    name : str
        What is offered, without an ending.
    kinds : sequence of Kind
        What the file can be, the usual one first.
    """
    return _ask_to_write(parent, title, f"{name}{kinds[0].ending}", {kind.ending: kind.title for kind in kinds})


def ask_network_to_open(parent: QWidget) -> Path | None:
    """Ask which description of a network is opened; ``None`` where a person would rather not."""
    return ask_open(parent, "Open network", f"{_NETWORK} (*{_JSON})")


def ask_image_to_open(parent: QWidget) -> Path | None:
    """Ask which image is opened; ``None`` where a person would rather not."""
    return ask_open(parent, "Open image", f"Images ({' '.join(f'*.{ending}' for ending in ENDINGS)})")


def ask_open(parent: QWidget, title: str, kind: str) -> Path | None:
    """Ask for a file to read; ``None`` where a person would rather not."""
    name, _ = QFileDialog.getOpenFileName(parent, title, "", f"{kind};;All files (*)")
    return Path(name) if name else None


def ask_data(parent: QWidget) -> Path | None:
    """Ask for a file of data; ``None`` where a person would rather not."""
    return ask_open(parent, "Open data", "Data (*.npz *.npy *.csv *.tsv *.txt *.gz *-ubyte *.idx *.data)")


def ask_data_folder(parent: QWidget) -> Path | None:
    """Ask for a folder of data; ``None`` where a person would rather not."""
    name = QFileDialog.getExistingDirectory(parent, "Open a folder of data")
    return Path(name) if name else None


def _ask_to_write(parent: QWidget, title: str, name: str, kinds: Mapping[str, str]) -> Path | None:
    """Ask for a file to write, with one of some endings; the mapping says what each of them is called.

    A file that is there already is replaced with the person's yes alone: the dialog asks about the name as it is typed,
    and here it is asked about the name with the ending that it gets.
    """
    filters = {f"{called} (*{ending})": ending for ending, called in kinds.items()}
    while True:
        name, chosen = QFileDialog.getSaveFileName(parent, title, name, ";;".join(filters))
        if not name:
            return None
        ending = filters.get(chosen, next(iter(kinds)))
        path = Path(name if name.lower().endswith(tuple(kinds)) else f"{name}{ending}")
        if path.name == Path(name).name or not isfile(path) or _may_replace(parent, title, path):
            return path


def ask_unsaved(parent: QWidget, name: str, lost: Sequence[str]) -> QMessageBox.StandardButton:
    """Ask what becomes of work that is not saved: save the session, lose it, or stay."""
    buttons = QMessageBox.StandardButton
    told = lost[0] if len(lost) == 1 else f"{', '.join(lost[:-1])} and {lost[-1]}"
    text = f"{name} has changes that are not saved: {told}. Save the session?"
    choices = buttons.Save | buttons.Discard | buttons.Cancel
    return QMessageBox.question(parent, "NetStep", text, choices, buttons.Save)


def _may_replace(parent: QWidget, title: str, path: Path) -> bool:
    buttons = QMessageBox.StandardButton
    text = f"{path.name} already exists. Do you want to replace it?"
    answer = QMessageBox.question(parent, title, text, buttons.Yes | buttons.No, buttons.No)
    return answer == buttons.Yes


def show_about(parent: QWidget, experiment: Experiment) -> None:
    """Tell what NetStep is, and whose the data are."""
    dataset = experiment.dataset
    data = f"<p>Data: {escape(dataset.attribution)}</p>" if dataset and dataset.attribution else ""
    stands_on = f"Python {platform.python_version()}, Qt {qVersion()}, NumPy {np.__version__}"
    text = f"<h3>NetStep {escape(own_version())}</h3><p>{_ABOUT}</p><p>{stands_on}</p>{data}"
    QMessageBox.about(parent, "About NetStep", text)


def own_version() -> str:
    """Return the version of NetStep that is installed; words where it runs without being installed."""
    try:
        return metadata.version("netstep")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def show_failure(parent: QWidget, what: str) -> None:
    """Say that something unexpected went wrong; one such dialog at a time."""
    if parent.findChild(QMessageBox, "failure") is not None:
        return
    text = f"Something went wrong; the details are in the terminal, and you can go on. ({what})"
    box = QMessageBox(QMessageBox.Icon.Warning, "NetStep", text, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("failure")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
