"""The export dialog writes what was chosen, asks before it replaces, and can be left at any time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from core.data.guest import Guest
from core.notation import Notation
from core.run.trace import Cursor
from core.values import Phase
from viz_app.export.formats import FORMATS
from viz_app.export.formats.png import encode_png
from viz_app.export.pages import Page
from viz_app.export.raster import page_image
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.look import SHEETS, Look
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.place import resolve_place
from viz_app.frame.words.writing import Writing
from viz_app.session.session import Session
from viz_app.window.exporting.export_dialog import ExportDialog


@pytest.fixture
def dialog(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExportDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)
    session.navigation.go_to(0, 3, None)
    made = ExportDialog(session, Look((480, 270), "dark"), parent)
    yield made
    made.close()
    parent.deleteLater()


def choose(dialog: ExportDialog, format_name: str, what: str) -> None:
    """Choose a format and what is exported, by the names that a person sees beside them."""
    dialog.formats.setCurrentIndex(dialog.formats.findData(format_name))
    dialog.what.range.setCurrentIndex(dialog.what.range.findData(what))


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let whoever is asked for a file or a folder name one."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))


def press(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.mouseClick(dialog._export, Qt.MouseButton.LeftButton)


def test_a_document_of_the_steps_that_were_chosen(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "lecture")
    choose(dialog, "pdf", "some")
    dialog.what.first.setValue(2)
    dialog.what.last.setValue(4)
    with qtbot.waitSignal(dialog.done_writing) as told:
        press(qtbot, dialog)
    assert told.args == [f"Wrote {tmp_path / 'lecture.pdf'}."]
    document = pypdfium2.PdfDocument(tmp_path / "lecture.pdf")
    assert len(document) == 3
    document.close()


def test_a_picture_is_of_the_place_in_the_size_and_colours_chosen(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "one.png")
    choose(dialog, "png", "this")
    dialog.looks.width_field.setValue(640)
    dialog.looks.height_field.setValue(360)
    dialog.looks.clear.setChecked(True)
    with qtbot.waitSignal(dialog.done_writing):
        press(qtbot, dialog)
    with Image.open(tmp_path / "one.png") as image:
        assert image.size == (640, 360)
        assert image.getpixel((639, 359))[3] == 0  # type: ignore[index]
    assert dialog.places() == [dialog._session.place]


def test_files_of_a_folder_are_replaced_with_a_yes_alone(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path)
    choose(dialog, "svg", "loss")
    steps = [step for step in dialog._session.trace.program.steps if step.phase is Phase.LOSS]
    names = [f"step-{step.number:03d}-{step.output.key}.svg" for step in steps]
    mine = tmp_path / names[-1]
    mine.write_text("mine")
    asked = []
    for reply in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        monkeypatch.setattr(QMessageBox, "question", lambda *parts, reply=reply: asked.append(parts[2]) or reply)
        if reply == QMessageBox.StandardButton.No:
            press(qtbot, dialog)
            assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]
        else:
            with qtbot.waitSignal(dialog.done_writing):
                press(qtbot, dialog)
    assert asked == [f"1 file of these names exists in {tmp_path}. Do you want to replace them?"] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert "mine" not in mine.read_text()


def test_a_video_can_be_cancelled_and_leaves_nothing(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "long.mp4")
    choose(dialog, "mp4", "all")
    press(qtbot, dialog)
    assert dialog._runner.running
    assert dialog._close.text() == "Cancel"
    with qtbot.waitSignal(dialog._runner.progressed):
        pass
    qtbot.mouseClick(dialog._close, Qt.MouseButton.LeftButton)
    assert not dialog._runner.running
    assert list(tmp_path.iterdir()) == []
    assert "cancelled" in dialog._said.text()


def test_a_window_that_closes_gives_up_what_is_being_written(
    open_window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window()
    answer(monkeypatch, tmp_path / "long.mp4")
    window.parts.actions["export"].trigger()
    dialog = window.findChild(ExportDialog)
    choose(dialog, "mp4", "all")
    press(qtbot, dialog)
    with qtbot.waitSignal(dialog._runner.progressed):
        pass
    runner = dialog._runner
    assert window.close()
    assert not runner.running
    assert [path for path in tmp_path.iterdir() if path.suffix != ".ini"] == []


def test_what_cannot_be_written_is_told_in_one_sentence(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "missing" / "a.pdf")
    choose(dialog, "pdf", "this")
    with qtbot.waitSignal(dialog._runner.failed) as told:
        press(qtbot, dialog)
    assert told.args == [f"Could not write {tmp_path / 'missing' / 'a.pdf'}: No such file or directory."]
    assert dialog._said.text() == told.args[0]
    assert dialog._export.isEnabled()


def test_steps_by_name_of_several_iterations(dialog: ExportDialog) -> None:
    choose(dialog, "png", "named")
    dialog.what.step.setCurrentIndex(5)
    dialog.what.end.setValue(2)
    assert [place.cursor for place in dialog.places()] == [Cursor(iteration, 5) for iteration in range(3)]
    assert dialog.what.count == 3
    dialog.what.start.setValue(3)
    assert dialog._said.text() == "Expected the first iteration first; got 3 to 2."
    assert not dialog._export.isEnabled()


def test_every_choice_of_a_look_is_shown_and_taken(session: Session, qtbot: QtBot) -> None:
    look = Look((640, 400), "print", 2.0, False, ColorMap.CIVIDIS, Writing(3, comma=True), Notation.Z_A, True,
                USUAL_PARTS | {Part.NETWORK}, 1.5)  # fmt: skip
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(session, look, parent)
    assert dialog.look == look
    before = dialog._preview.pixmap().toImage()
    dialog.looks.parts[Part.NETWORK].click()
    assert dialog.look == replace(look, parts=USUAL_PARTS)
    assert dialog._preview.pixmap().toImage() != before
    dialog.looks.sizes.setCurrentIndex(list(SHEETS).index("a4-column"))
    assert (dialog.look.size, dialog.look.text) == ((960, 720), 2.0)
    for box in dialog.looks.parts.values():
        box.setChecked(False)
    assert dialog._said.text() == "Expected at least one part of a picture; choose one."
    assert not dialog._export.isEnabled()
    dialog.close()


def test_a_guest_is_exported_and_not_the_sample_that_it_came_in_place_of(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert session.guests.show(Guest(np.array([0.5, 0.25]), np.array([0.9, 0.1])))
    assert session.visit is not None
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(session, Look((480, 270)), parent)
    answer(monkeypatch, tmp_path / "one.png")
    with qtbot.waitSignal(dialog.done_writing):
        press(qtbot, dialog)
    page = Page(resolve_place(session.visit, session.place), Look((480, 270)))
    assert (tmp_path / "one.png").read_bytes() == encode_png(page_image(page))
    dialog.close()


def test_it_offers_every_format_and_what_counts_for_each(dialog: ExportDialog) -> None:
    assert [dialog.formats.itemData(number) for number in range(dialog.formats.count())] == [*FORMATS]
    for name in FORMATS:
        choose(dialog, name, "this")
        assert dialog._tabs.isTabEnabled(2) == dialog.format.timed
        assert dialog.looks._form.isRowVisible(dialog.looks.clear) == dialog.format.transparent
        assert not dialog.what._form.isRowVisible(dialog.what._steps)


def test_cells_are_walked_at_the_place(dialog: ExportDialog) -> None:
    choose(dialog, "gif", "this")
    dialog.what.cells.setValue(64)
    assert [place.cursor for place in dialog.places()] == [Cursor(0, 3, 0), Cursor(0, 3, 1)]
