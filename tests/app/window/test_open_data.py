"""Data are opened with a look at them first, and what cannot be taken leaves all as it was."""

import gzip
import hashlib
import os
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from tests.app.reading.server import serving
from tests.app.reading.written import idx, images, labels
from viz_app.panels.browser import BrowserPanel
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.panels.stage import StagePanel
from viz_app.reading.data import is_data
from viz_app.reading.named import data_sets as named
from viz_app.reading.named.data_sets import File, Named

ROWS = "area\trooms\tkind\n52,5\t3\tflat\n110,25\t5\thouse\n48\t2\tflat\n180,5\t7\thouse\n"


@pytest.fixture
def window(open_window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    window = open_window("digits")
    yield window
    window.close()
    qtbot.waitUntil(ended)


@pytest.fixture
def panel(window):
    window.parts.actions["open_data"].trigger()
    return window.panels[DataOfferPanel]


@pytest.fixture
def look(window, panel, qtbot):
    """Return a function that looks into something, and waits until it is read."""

    def take(source):
        panel.source_requested.emit(source)
        wait(window, qtbot)

    return take


def wait(window, qtbot):
    qtbot.waitUntil(lambda: not window.session.data.found.busy, timeout=10_000)


def found(window):
    return window.session.data.found


def ended():
    """Tell whether no thread reads any more, not even one that was stopped."""
    return not any(thread.name == "netstep-background" for thread in threading.enumerate())


def everything(window):
    session = window.session
    return session.experiment, session.trace, session.place, session.frame


def choose(panel, field, text):
    box = panel.form.questions.controls[field].box
    place = next(n for n in range(box.count()) if box.itemText(n).startswith(text))
    box.setCurrentIndex(place)
    box.activated.emit(place)


def shown(widget):
    return widget.text() if not widget.isHidden() else ""


def header(panel):
    table = panel.form.preview.table
    return [table.horizontalHeaderItem(place).text() for place in range(table.columnCount())]


@pytest.fixture
def eight(tmp_path):
    """Return a folder with IDX files of 8 x 8 images, as large as the network takes them."""
    folder = tmp_path / "eight"
    folder.mkdir()
    (folder / "train-images-idx3-ubyte").write_bytes(idx(images(60, 8, 8)))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(labels(60)))
    return folder


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "homes.csv"
    path.write_text(ROWS.replace("\t", ";"), encoding="utf-8")
    return path


def test_images_that_fit_are_seen_and_taken_and_the_run_goes_on(window, panel, look, eight):
    session = window.session
    session.navigation.go_to_iteration(3)
    weights = session.trace.array("w_1", 3)
    look(eight)
    form = panel.form
    assert shown(form.name) == "eight · IDX files"
    assert "60" in form.summary.text()
    assert len(form.preview.grid.samples) == 60
    assert form.bars.accessibleDescription().startswith("0: 6, 1: 6")
    assert str(eight) in form.source.toolTip()
    assert form.fit.text() == "The network takes these data as it is; the run goes on with them."
    assert form.take.text() == "Take the data"
    form.take.click()
    assert session.experiment.dataset.name == "eight"
    assert session.place.cursor.iteration == 3
    assert np.array_equal(session.trace.array("w_1", 3), weights)
    assert not window.parts.data.isVisible()
    assert window.panels[StagePanel].line == "Took eight: 60 samples · 8 × 8 · 10 classes."


def test_nothing_changes_before_the_data_are_taken(window, panel, look, eight, table):
    before = everything(window)
    look(eight)
    look(table)
    choose(panel, "label", "kind")
    panel.form.close_button.click()
    assert everything(window) == before


def test_a_network_that_does_not_fit_is_adapted_on_request_only(window, panel, look, tmp_path):
    path = tmp_path / "pairs.npz"
    np.savez(path, x=np.random.default_rng(0).random((40, 12)), y=np.arange(40) % 3)
    look(path)
    form, session = panel.form, window.session
    assert form.fit.text().startswith("A sample has 12 numbers instead of 64.")
    assert form.fit.text().endswith("The weights are drawn anew.")
    assert form.take.text() == "Adapt the network and take the data"
    form.take.click()
    assert session.experiment.network.forward.values["x"].shape == (1, 12)
    assert session.experiment.dataset.name == "pairs.npz"
    assert np.isfinite(session.trace.array("loss", 3))
    assert "adapted" in window.windowTitle()


def test_who_would_rather_keep_trained_weights_keeps_them(window, panel, look, tmp_path, monkeypatch, qtbot):
    path = tmp_path / "pairs.npz"
    np.savez(path, x=np.random.default_rng(0).random((40, 12)), y=np.arange(40) % 3)
    session = window.session
    session.trainer.start()
    qtbot.waitUntil(lambda: session.trainer.reached > 20)
    session.trainer.pause()
    look(path)
    before = everything(window)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    panel.form.take.click()
    assert everything(window) == before
    assert panel.isVisible()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)


def test_a_table_shows_its_rows_and_asks_what_the_network_is_asked_for(window, panel, look, table, qtbot):
    look(table)
    choose(panel, "label", "kind")
    wait(window, qtbot)
    assert header(panel) == ["area\nnumbers", "rooms\nnumbers", "kind\ntarget: 2 classes"]
    assert panel.form.preview.table.item(1, 0).text() == "110,25"
    assert panel.form.bars.accessibleDescription() == "flat: 2, house: 2"
    assert "2 outputs instead of 10" in panel.form.fit.text()
    panel.form.take.click()
    data = window.session.experiment.dataset
    assert data.class_names == ("flat", "house")
    assert np.asarray(data.inputs[1]).tolist() == [110.25, 5]


def test_a_number_as_target_makes_it_regression(window, panel, look, table, qtbot):
    look(table)
    choose(panel, "label", "area")
    wait(window, qtbot)
    choose(panel, "target", "number")
    wait(window, qtbot)
    assert header(panel)[0] == "area\ntarget: numbers"
    assert header(panel)[2] == "kind\n2 words"
    assert "What is asked for goes from 48 to 180.5; its mean is 97.81." in panel.form.numbers.text()
    panel.form.take.click()
    data = window.session.experiment.dataset
    assert data.labels is None
    assert np.asarray(data.targets[1]).tolist() == [110.25]
    assert window.session.experiment.loss == "squared_error"


def test_a_column_is_left_out_by_its_tick(window, panel, look, table, qtbot):
    look(table)
    choose(panel, "label", "kind")
    wait(window, qtbot)
    columns = panel.form.questions.controls["leave_out"].several
    columns.item(1).setCheckState(Qt.CheckState.Checked)
    wait(window, qtbot)
    panel.form.take.click()
    assert window.session.experiment.dataset.sample_shape == (1,)


def test_normalisation_is_off_and_shows_its_numbers_when_it_is_on(window, panel, look, eight, qtbot):
    look(eight)
    assert panel.form.questions.controls["normalise"].box.currentText().startswith("no")
    assert "mean" not in panel.form.numbers.text().lower()
    choose(panel, "normalise", "all numbers")
    wait(window, qtbot)
    pixels = np.frombuffer((eight / "train-images-idx3-ubyte").read_bytes()[16:], np.uint8) / 255
    assert f"Mean {pixels.mean():.4g}, standard deviation {pixels.std():.4g}" in panel.form.numbers.text()


def test_a_share_that_is_held_back_is_chosen(window, panel, look, eight, qtbot):
    look(eight)
    choose(panel, "held_back", "20%")
    wait(window, qtbot)
    panel.form.take.click()
    assert len(window.session.experiment.held_back) == 12


BAD = {
    "empty.csv": b"",
    "rubbish.npy": b"\x93NUMPY\x01\x00 not at all",
    "rubbish.npz": b"PK\x03\x04 not at all",
    "short-idx3-ubyte": idx(images(10, 8, 8))[:100],
    "ragged.csv": b"a,b\n1,2\n3\n4,5\n",
    "binary.dat": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_sentence_in_the_window(window, panel, look, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    before = everything(window)
    look(path)
    told = shown(panel.form.problem)
    assert name in told
    assert told.endswith(".")
    assert found(window).dataset is None
    assert not panel.form.take.isVisible() or not panel.form.take.isEnabled()
    assert everything(window) == before


def test_what_was_found_before_is_not_mixed_with_what_is_refused(window, panel, look, eight, tmp_path):
    look(eight)
    look(tmp_path / "nothing")
    assert found(window).offer is None
    assert "nothing" in shown(panel.form.problem)
    panel.form.take.click()
    assert window.session.experiment.own is None


def test_files_and_folders_are_asked_for(window, panel, monkeypatch, eight, table, qtbot):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(eight))
    panel.form.folder.click()
    wait(window, qtbot)
    assert found(window).offer.name == "eight"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    panel.form.files.click()
    wait(window, qtbot)
    assert found(window).offer.name == "homes.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    panel.form.files.click()
    assert found(window).offer.name == "homes.csv"


def test_what_is_dropped_on_the_window_is_looked_into(window, panel, eight, qtbot):
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(eight))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, dropped, button, none)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), action, dropped, button, none))
    wait(window, qtbot)
    assert found(window).offer.name == "eight"


@pytest.mark.parametrize("preset", ["digits", "playground"])
@pytest.mark.parametrize("name", ["eight", "homes.csv"])
def test_what_is_dropped_on_the_main_window_and_is_no_image_is_looked_into(window, eight, table, qtbot, preset, name):
    window.session.opening.open_preset(preset)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(eight if name == "eight" else table))])
    window.images.drop(dropped)
    qtbot.waitUntil(lambda: found(window).offer is not None)
    wait(window, qtbot)
    assert found(window).offer.name == name
    assert window.parts.data.isVisible()


def test_rows_of_a_spreadsheet_are_pasted_into_the_browser(window, qtbot):
    window.parts.actions["browse_data"].trigger()
    browser = window.panels[BrowserPanel]
    QGuiApplication.clipboard().setText(ROWS)
    browser.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(browser.form.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(window, qtbot)
    panel = window.panels[DataOfferPanel]
    assert panel.isVisible()
    choose(panel, "label", "kind")
    wait(window, qtbot)
    panel.form.take.click()
    data = window.session.experiment.dataset
    assert np.asarray(data.inputs[:]).tolist() == [[52.5, 3], [110.25, 5], [48, 2], [180.5, 7]]
    assert browser.form.name.text() == data.name == "Pasted rows 1.tsv"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_clipboard_without_rows_says_so(window, panel, text):
    QGuiApplication.clipboard().setText(text)
    panel.paste_requested.emit()
    assert shown(panel.form.problem) == "The clipboard holds no rows. Copy cells in a spreadsheet first."


def test_numbers_of_the_shape_of_the_network_that_are_pasted_are_taken_as_they_are(window, qtbot):
    window.session.opening.open_preset("playground")
    QGuiApplication.clipboard().setText("0,5\t1\tblue\n-1\t2,5\torange\n2\t2\tblue\n")
    panel = window.panels[DataOfferPanel]
    window.parts.actions["open_data"].trigger()
    panel.paste_requested.emit()
    wait(window, qtbot)
    if found(window).dataset is None:
        choose(panel, "label", "column 3")
        wait(window, qtbot)
    assert found(window).fit.keeps_weights
    panel.form.take.click()
    assert np.asarray(window.session.experiment.dataset.inputs[:]).tolist() == [[0.5, 1], [-1, 2.5], [2, 2]]


def named_on(server, way, monkeypatch, title="MNIST"):
    """Let a name stand for files of a server that behaves in a way."""
    files = []
    for name, data in server.files.items():
        shape = (20, 8, 8) if "idx3" in name else (20,)
        files.append(File(name, hashlib.md5(data).hexdigest(), len(data), shape))
    one = Named(
        "mnist", title, "Twenty images.", (server.address(way),), tuple(files), tuple("0123456789"), "MIT", "Us"
    )
    known = {**named.NAMED, "mnist": one}
    monkeypatch.setattr(named, "NAMED", known)
    return one


FILES = {
    f"{part}-{what}-ubyte.gz": gzip.compress(idx(images(20, 8, 8) if "idx3" in what else labels(20)))
    for part in ("train", "t10k")
    for what in ("images-idx3", "labels-idx1")
}


def test_a_name_is_downloaded_seen_and_taken(window, panel, look, monkeypatch, qtbot):
    with serving(FILES) as server:
        named_on(server, "good", monkeypatch)
        look("mnist")
        form = panel.form
        assert form.download.isVisible()
        assert not form.take.isVisible()
        assert "MIT · Us" in form.source.toolTip()
        assert not server.asked
        form.download.click()
        wait(window, qtbot)
    assert len(found(window).dataset) == 40
    assert form.take.isVisible()
    form.take.click()
    assert window.session.experiment.dataset.name == "MNIST"
    assert len(window.session.experiment.held_back) == 20


def test_a_download_that_stalls_is_cancelled_and_the_window_answers_meanwhile(window, panel, look, monkeypatch, qtbot):
    before = everything(window)
    with serving(FILES) as server:
        named_on(server, "stall", monkeypatch)
        look("mnist")
        panel.form.download.click()
        qtbot.waitUntil(server.half_sent.is_set)
        qtbot.waitUntil(lambda: "MB)" in panel.form.doing.text)
        assert panel.form.cancel.isVisible()
        window.session.navigation.step(1)
        assert window.session.place.cursor.step == 1
        window.session.navigation.step(-1)
        panel.form.cancel.click()
        assert not found(window).busy
        assert shown(panel.form.problem) == "Stopped; nothing has changed."
        assert panel.form.download.text() == "Try again"
        qtbot.waitUntil(ended, timeout=10_000)
    assert everything(window)[:2] == before[:2]
    folder = named.folder_of(named.NAMED["mnist"])
    assert [name for name in os.listdir(folder) if not name.startswith("tmp")] == []


def test_a_download_is_tried_again(window, panel, look, monkeypatch, qtbot):
    with serving(FILES) as server:
        one = named_on(server, "lost", monkeypatch)
        look("mnist")
        panel.form.download.click()
        wait(window, qtbot)
        told = shown(panel.form.problem)
        assert "404" in told
        assert panel.form.download.text() == "Try again"
        assert shown(panel.form.path) == str(named.folder_of(one))
        panel.form.copy_path.click()
        assert QGuiApplication.clipboard().text() == str(named.folder_of(one))
        found(window).offer.reader.one = replace(one, mirrors=(server.address("good"),))
        panel.form.download.click()
        wait(window, qtbot)
    assert len(found(window).dataset) == 40


def test_closing_the_window_stops_a_download(window, panel, look, monkeypatch, qtbot):
    with serving(FILES) as server:
        named_on(server, "stall", monkeypatch)
        look("mnist")
        panel.form.download.click()
        qtbot.waitUntil(server.half_sent.is_set)
        window.close()
        assert not found(window).busy or ended()


def test_the_last_of_several_looks_holds(window, panel, eight, table, qtbot):
    for source in (eight, table, eight, table):
        panel.source_requested.emit(source)
    wait(window, qtbot)
    assert found(window).offer.name == "homes.csv"
    qtbot.waitUntil(ended)
    assert found(window).offer.name == "homes.csv"


def test_it_is_seen_anew_whether_another_network_takes_the_data(window, panel, look, eight, qtbot):
    look(eight)
    assert found(window).fit.changes == ()
    window.session.opening.open_preset("sigmoid-3-4-2")
    qtbot.waitUntil(lambda: bool(found(window).fit.changes))
    assert panel.form.take.text() == "Adapt the network and take the data"
    window.session.opening.open_preset("conv-kernel")
    qtbot.waitUntil(lambda: bool(found(window).misfit))
    assert not panel.form.take.isEnabled()
    assert panel.form.fit.text().endswith(".")


@pytest.mark.parametrize("preset", ["digits", "sigmoid-3-4-2"])
def test_data_dropped_on_the_main_window_are_looked_into_whatever_network_is_open(window, qtbot, tmp_path, preset):
    window.session.opening.open_preset(preset)
    (tmp_path / "rooms.tsv").write_text(ROWS)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "rooms.tsv"))])
    window.images.drop(dropped)
    wait(window, qtbot)
    assert window.parts.data.isVisible()
    assert window.session.data.found.offer.count == 4


def test_what_looks_like_data_is_told_apart(tmp_path):
    np.save(tmp_path / "array.npy", np.zeros((2, 3)))
    (tmp_path / "table.tsv").write_text("a\tb\n")
    (tmp_path / "words.md").write_text("# Words")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    os.mkfifo(tmp_path / "pipe.csv")
    told = {path.name: is_data(path) for path in tmp_path.iterdir()}
    assert told == {"array.npy": True, "table.tsv": True, "words.md": False, "image.png": False, "pipe.csv": False}
    assert is_data(tmp_path)
    assert not is_data(tmp_path / "nothing")
