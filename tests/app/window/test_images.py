"""Images in the window: opened, dropped, pasted and fetched; what cannot be taken leaves all as it was."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from core.images.settings import Preparation
from tests.app.reading.test_hostile_photos import huge_png
from tests.pictures import coloured, digit, paper, written
from viz_app.panels.kernel.panel import KernelPanel
from viz_app.panels.kernel.weights import WeightsTable
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.own_input.image import ImagePage
from viz_app.panels.stage import StagePanel
from viz_app.widgets.texts.line import Line

THREE = written(Image.fromarray(paper(digit(3))), "PNG")
FIVE = written(Image.fromarray(paper(digit(5))), "PNG")
WHITE = written(Image.new("L", (50, 50), 255), "PNG")
BAD = {
    "empty.png": b"",
    "text.png": b"no image at all",
    "cut.png": THREE[: len(THREE) // 2],
    "bomb.png": huge_png(50_000, 50_000),
    "white.png": WHITE,
}


@pytest.fixture
def make(open_window):
    def make(preset="mlp-784-800-10", **options):
        return open_window(preset, (1280, 720), **options)

    yield make
    QGuiApplication.clipboard().clear()


def page(window) -> ImagePage:
    return window.panels[OwnInputPanel].page_of(ImagePage)


def settle(qtbot, window) -> None:
    """Wait until what was brought has been read."""
    qtbot.waitUntil(lambda: not window.images.background.busy, timeout=20_000)
    QApplication.processEvents()


def message(window) -> str:
    return window.panels[StagePanel].findChild(Line).text


def offered(path: Path | None = None, data: bytes | None = None, text: str = "", address: str = "") -> QMimeData:
    mime = QMimeData()
    if path is not None:
        mime.setUrls([QUrl.fromLocalFile(str(path))])
    if data is not None:
        mime.setImageData(QImage.fromData(data))
    if text:
        mime.setText(text)
    if address:
        mime.setUrls([QUrl(address)])
    return mime


def drop(widget, mime: QMimeData) -> bool:
    """Drag something over a widget and let it go; return whether it may be dropped there."""
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, mime, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(QPointF(50, 50), action, mime, buttons, keys))
    return True


def test_a_dropped_file_is_shown_in_stages_and_steps_the_network(make, qtbot, tmp_path):
    window = make(start="trained")
    path = tmp_path / "three.png"
    path.write_bytes(THREE)
    assert drop(window, offered(path=path))
    settle(qtbot, window)
    assert window.parts.own_input.isVisible()
    assert page(window).isVisible()
    guest = window.session.guests.guest
    assert guest.title == "three.png"
    shown = [card for card in page(window).cards if card.isVisibleTo(page(window))]
    assert len(shown) == len(page(window).prepared.stages) == 9
    np.testing.assert_array_equal(shown[-1].picture.array.ravel(), guest.inputs)
    np.testing.assert_array_equal(window.session.trace.array("x", iteration=0).shape[1:], guest.inputs.shape)
    assert window.session.guests.predict(guest.inputs).argmax() == 3


def test_what_is_no_image_and_several_files_are_told_and_not_read(make, tmp_path):
    window = make()
    for name, data, kind in (
        ("page.html", b"\n<!DOCTYPE HTML><p>", "a web page"),
        ("notes.md", b"# Lecture 3\n", "text"),
        ("slides.pdf", b"%PDF-1.7", "a PDF document"),
        ("film.mp4", bytes(4) + b"ftypisom", "a film"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        drop(window, offered(path=path))
        assert message(window) == f"{name} is {kind}; expected a session, weights, a network, data or an image."
    several = QMimeData()
    several.setUrls([QUrl.fromLocalFile(str(path)) for path in sorted(tmp_path.glob("*.*"))])
    drop(window, several)
    assert message(window) == f"Dropped: {len(several.urls())} files; bring one of them, or a folder that holds them."
    assert not window.images.background.busy


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_taken_leaves_all_as_it_was(make, qtbot, tmp_path, name):
    window = make()
    good, bad = tmp_path / "good.png", tmp_path / name
    good.write_bytes(FIVE)
    bad.write_bytes(BAD[name])
    drop(window, offered(path=good))
    settle(qtbot, window)
    guest, photo, prepared = window.session.guests.guest, page(window).photo, page(window).prepared
    drop(window, offered(path=bad))
    settle(qtbot, window)
    said = page(window).reason.text()
    assert said.startswith(f"{name} ")
    assert said.endswith(".")
    assert message(window) == said
    assert (window.session.guests.guest, page(window).photo, page(window).prepared) == (guest, photo, prepared)
    window.session.guests.dismiss()
    page(window).run.click()
    np.testing.assert_array_equal(window.session.guests.guest.inputs, guest.inputs)
    drop(window, offered(path=good))
    settle(qtbot, window)
    assert page(window).reason.text() == ""


def test_pasted_pixels_are_taken_and_text_is_not(make, qtbot):
    window = make()
    QGuiApplication.clipboard().setMimeData(offered(data=THREE))
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert window.session.guests.guest.title == "Pasted image"
    assert page(window).photo.size == (160, 160)
    QGuiApplication.clipboard().setMimeData(offered(text="1 2 3"))
    window.parts.own_input.activateWindow()
    page(window).open.setFocus()
    QTest.keyClick(page(window).open, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "text, which is no image" in page(window).reason.text()
    drawing = QMimeData()
    drawing.setData("image/svg+xml", b"<svg/>")
    QGuiApplication.clipboard().setMimeData(drawing)
    page(window).paste.click()
    assert "SVG" in page(window).reason.text()
    assert page(window).photo.title == "Pasted image"


def test_numbers_are_still_pasted_into_a_kernel(make, qtbot):
    window = make("conv-kernel")
    table = window.panels[KernelPanel].findChild(WeightsTable)
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    QGuiApplication.clipboard().setText("7\t8")
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert table.weights[0][:2] == (7.0, 8.0)
    assert "no image" not in message(window)


def test_pasted_pixels_with_transparency_lie_on_white_paper(make, qtbot):
    window = make("conv-kernel")
    rgba = np.zeros((30, 40, 4), np.uint8)
    rgba[..., 3] = np.arange(40) * 6
    rgba[..., 0] = 200
    QGuiApplication.clipboard().setMimeData(offered(data=written(Image.fromarray(rgba), "PNG")))
    window.parts.actions["paste_image"].trigger()
    settle(qtbot, window)
    photo = page(window).photo
    assert "Transparency is laid on white paper." in photo.notes
    expected = 255 - rgba[..., 3] / 255 * (255 - np.array([200, 0, 0])[:, None, None])
    np.testing.assert_allclose(photo.pixels, np.moveaxis(expected, 0, -1), atol=1.5)


def test_a_pasted_file_is_opened(make, qtbot, tmp_path):
    window = make()
    path = tmp_path / "five.png"
    path.write_bytes(FIVE)
    QGuiApplication.clipboard().setMimeData(offered(path=path))
    window.parts.actions["paste_image"].trigger()
    settle(qtbot, window)
    assert page(window).photo.title == "five.png"


def test_an_image_is_opened_by_the_dialog(make, qtbot, tmp_path, monkeypatch):
    window = make()
    path = tmp_path / "five.png"
    path.write_bytes(FIVE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *parts: (str(path), ""))
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, window)
    assert window.session.guests.guest.title == "five.png"


def test_a_window_is_framed_while_something_is_dragged_over_it(make, qtbot, tmp_path):
    window = make()
    target = window.images.targets[0]
    mime = offered(path=tmp_path / "any.png")
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert target.hint.isVisible()
    assert target.hint.geometry() == window.rect()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not target.hint.isVisible()
    assert not drop(window, QMimeData())
    assert not target.hint.isVisible()


class Server(BaseHTTPRequestHandler):
    """Answers with images, a page, a redirection, and one that stalls."""

    stall = threading.Event()

    def do_GET(self) -> None:
        kind, body = "image/png", THREE
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/three.png")
            self.end_headers()
            return
        if self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
            return
        if self.path == "/page":
            kind, body = "text/html", b"<html></html>"
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) * (2 if self.path == "/cut" else 1)))
        self.end_headers()
        if self.path == "/stall":
            self.wfile.write(body[:10])
            self.wfile.flush()
            self.stall.wait(20)
            return
        self.wfile.write(body)

    def log_message(self, *parts: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Server.stall.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Server.stall.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("place", ["/three.png", "/away"])
def test_an_image_of_a_browser_is_fetched(make, qtbot, server, place):
    window = make()
    drop(window, offered(address=server + place))
    settle(qtbot, window)
    assert page(window).photo.size == (160, 160)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/page", "a web page"),
        ("/gone", "answers 404"),
        ("/cut", "broke off"),
        ("/file", "cannot be fetched"),
    ],
)
def test_what_cannot_be_fetched_is_refused(make, qtbot, server, place, said):
    window = make()
    drop(window, offered(address=server + place))
    settle(qtbot, window)
    assert said in message(window)
    assert message(window).endswith(".")
    assert window.session.guests.guest is None


def test_fetching_is_cancelled_by_the_button_and_by_something_newer(make, qtbot, server, tmp_path):
    window = make()
    path = tmp_path / "five.png"
    path.write_bytes(FIVE)
    window.parts.actions["own_input"].trigger()
    drop(window, offered(address=f"{server}/stall"))
    assert page(window).cancel.isVisible()
    page(window).cancel.click()
    assert not window.images.background.busy
    assert not page(window).cancel.isVisible()
    drop(window, offered(address=f"{server}/stall"))
    drop(window, offered(path=path))
    Server.stall.set()
    settle(qtbot, window)
    assert page(window).photo.title == "five.png"


def test_a_data_address_is_unpacked(make, qtbot):
    window = make()
    drop(window, offered(text="data:image/png;base64," + base64.b64encode(FIVE).decode()))
    settle(qtbot, window)
    assert page(window).photo.size == (160, 160)


def test_parameters_change_the_input_and_are_kept_for_the_next_image(make, qtbot, tmp_path):
    window = make()
    path = tmp_path / "three.png"
    path.write_bytes(THREE)
    drop(window, offered(path=path))
    settle(qtbot, window)
    controls = {control.name: control for card in page(window).cards for control in card.controls}
    before = page(window).prepared.inputs
    with qtbot.waitSignal(page(window).guest_requested):
        controls["box"].field.selectAll()
        QTest.keyClicks(controls["box"].field, "12")
        QTest.keyClick(controls["box"].field, Qt.Key.Key_Return)
    assert page(window).settings.box == 12
    assert np.abs(page(window).prepared.inputs - before).max() > 0.1
    path.write_bytes(FIVE)
    drop(window, offered(path=path))
    settle(qtbot, window)
    assert page(window).settings.box == 12
    page(window).reset.click()
    assert page(window).settings == Preparation()
    assert not page(window).reset.isEnabled()


def test_pointing_at_a_pixel_says_its_number(make, qtbot, tmp_path):
    window = make()
    path = tmp_path / "three.png"
    path.write_bytes(THREE)
    drop(window, offered(path=path))
    settle(qtbot, window)
    card = page(window).cards[len(page(window).prepared.stages) - 1]
    box = card.picture.box
    x, y = box.x() + (10 + 0.5) / 28 * box.width(), box.y() + (20 + 0.5) / 28 * box.height()
    told = card.picture.describe(x, y)
    assert told.startswith("Row 20, column 10: ")
    assert float(told.split(": ")[1]) == pytest.approx(page(window).prepared.inputs[20 * 28 + 10], abs=1e-3)


def test_the_kernel_slides_over_any_image(make, qtbot, tmp_path):
    window = make("conv-kernel")
    path = tmp_path / "colours.png"
    path.write_bytes(written(Image.fromarray(coloured(700)), "PNG"))
    drop(window, offered(path=path))
    settle(qtbot, window)
    settings = window.session.experiment.settings
    assert settings.own_image.shape == (3, 512, 512)
    np.testing.assert_array_equal(window.session.trace.array("x")[0], settings.own_image)
    choice = window.panels[KernelPanel].findChildren(type(window.panels[KernelPanel]._image))[0]
    assert choice.currentText() == "colours.png"
    window.session.opening.set_settings(image="heart", own_image=None, own_title="")
    assert choice.currentText() == "Heart"


def test_a_network_without_images_says_so(make, qtbot, tmp_path):
    window = make("worked-2-2-2")
    path = tmp_path / "three.png"
    path.write_bytes(THREE)
    drop(window, offered(path=path))
    assert not window.images.background.busy
    assert message(window).startswith("This network takes no image; ")
    assert not window.parts.own_input.isVisible()


def test_what_is_no_image_goes_to_whoever_reads_data(make, qtbot, tmp_path):
    window = make()
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    opened = []
    window.images.file_brought.connect(opened.append)
    drop(window, offered(path=path))
    drop(window, offered(path=tmp_path))
    assert opened == [path, tmp_path]
    assert not window.images.background.busy


def test_nothing_is_read_once_the_window_is_closed(make, qtbot, server):
    window = make()
    drop(window, offered(address=f"{server}/stall"))
    Server.stall.set()
    window.close()
    assert not window.images.background.busy
