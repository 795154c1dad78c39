"""The dialogs of the window: where a picture is written to, what NetStep is, and that something went wrong."""

import platform
from html import escape
from importlib import metadata
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.experiment import Experiment
from viz_app.frame.frame import Frame

_ABOUT = "A debugger for neural networks: one training iteration, one operation at a time."


def ask_picture(parent: QWidget, experiment: Experiment, frame: Frame) -> Path | None:
    """Ask for the file of a frame's picture; ``None`` where a person would rather not."""
    suggestion = f"{experiment.preset}-{frame.cursor.iteration}-{frame.cursor.step:03d}.png"
    path, _ = QFileDialog.getSaveFileName(parent, "Export picture", suggestion, "PNG image (*.png)")
    return Path(path).with_suffix(".png") if path else None


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
