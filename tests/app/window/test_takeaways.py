"""What is taken out of the window as numbers or code: what was shown, whole, and told in a sentence."""

import csv

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from tests.app.takeaway.test_script import run
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.window.takeaway import takeaways


@pytest.fixture
def answer(monkeypatch, tmp_path):
    """Return the name that file dialogs answer with, below a folder of the test; nothing for a person who cancels."""
    answer = {"name": ""}

    def path(*_):
        return (str(tmp_path / answer["name"]) if answer["name"] else ""), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", path)
    return answer


@pytest.fixture
def window(open_window):
    window = open_window("digits", batch_size=2)
    window.session.navigation.go_to(0, 3, None)
    return window


@pytest.fixture
def save(window, qtbot, answer):
    """Return a function that saves something under a name, waits until that is done, and returns what was said."""

    def save(action, name):
        answer["name"] = name
        window.parts.actions[action].trigger()
        qtbot.waitUntil(lambda: not window._handlers.takeaways.writing.busy)
        return message(window)

    return save


def message(window):
    return window.panels[StagePanel].line


def test_scripts_are_copied_that_run_by_themselves(window):
    trace, step = window.session.trace, window.session.frame.step
    window.parts.actions["copy_operation"].trigger()
    assert message(window) == "Copied the operation as a NumPy script; its large arrays are packed into the text."
    scope = run(QGuiApplication.clipboard().text())
    np.testing.assert_array_equal(scope[step.output.key], trace.array(step.output.key))
    window.parts.actions["copy_iteration"].trigger()
    scope = run(QGuiApplication.clipboard().text())
    for key in trace.program.producers:
        np.testing.assert_array_equal(scope[key], trace.array(key))


def test_what_is_saved_is_the_iteration_that_is_shown(window, save, tmp_path, monkeypatch):
    window.session.navigation.go_to(1, 2, None)
    trace = window.session.trace
    assert (
        save("save_values", "all")
        == f"Wrote {tmp_path / 'all.npz'} ({(tmp_path / 'all.npz').stat().st_size / 1e3:,.0f} kB)."
    )
    with np.load(tmp_path / "all.npz") as file:
        for key in trace.program.values:
            np.testing.assert_array_equal(file[key], trace.array(key, 1))
    save("save_step_values", "step.npz")
    with np.load(tmp_path / "step.npz") as file:
        assert set(file.files) == {"contents", "net_1", "out_1"}
    said = save("save_script", "iteration.py")
    assert said.startswith(f"Wrote {tmp_path / 'iteration.py'}, and its arrays into iteration-arrays.npz (")
    scope = run((tmp_path / "iteration.py").read_text(encoding="utf-8"), tmp_path / "iteration.py")
    np.testing.assert_array_equal(scope["new_w_1"], trace.array("new_w_1", 1))
    window.session.cells.focus("out_1", (0, 0))
    save("save_map", "map.csv")
    with (tmp_path / "map.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    np.testing.assert_array_equal(np.array([line[1:] for line in lines[1:]], np.float32), trace.array("out_1", 1))
    # The arrays beside a script are a file of their own: it is replaced with a yes alone.
    asked, before = [], (tmp_path / "iteration-arrays.npz").read_bytes()
    monkeypatch.setattr(QMessageBox, "question", lambda *parts: asked.append(parts[2]) or QMessageBox.StandardButton.No)
    (tmp_path / "iteration.py").unlink()
    save("save_script", "iteration.py")
    assert len(asked) == 1
    assert not (tmp_path / "iteration.py").exists()
    assert (tmp_path / "iteration-arrays.npz").read_bytes() == before


def test_the_network_is_saved_as_code_or_a_sentence_says_why_not(window, save, tmp_path):
    said = save("save_network_code", "network")
    assert said.startswith(f"Wrote {tmp_path / 'network.py'}, and its arrays into network-arrays.npz (")
    text = (tmp_path / "network.py").read_text(encoding="utf-8")
    assert "self.dense_1 = nn.Linear(64, 32)" in text
    assert f"(NetStep: {window.session.trace.array('loss')[()]})" in text
    compile(text, "network.py", "exec")
    window.session.opening.open_preset("conv-kernel")
    assert save("save_network_code", "kernel").startswith("conv-kernel has no loss here")
    assert not (tmp_path / "kernel.py").exists()


def test_where_the_forward_pass_alone_is_stepped_it_is_what_is_copied(window, save, tmp_path):
    assert window.session.inferring.enter()
    window.parts.actions["copy_iteration"].trigger()
    scope, shown = run(QGuiApplication.clipboard().text()), window.session.shown
    assert "loss" not in scope
    np.testing.assert_array_equal(scope["out_2"], shown.array("out_2"))
    save("save_values", "forward.npz")
    with np.load(tmp_path / "forward.npz") as file:
        assert set(file.files) == {"contents", *shown.program.values}
    assert save("save_network_code", "network").startswith("Wrote ")
    assert "loss.backward()" in (tmp_path / "network.py").read_text(encoding="utf-8")


def test_curves_are_saved_as_a_table_and_as_pictures(window, save, tmp_path):
    panel = window.panels[CurvesPanel]
    window.session.navigation.go_to(6, 0, None)
    window.session.opening.set_options(batch_size=4)
    window.session.navigation.go_to(3, 0, None)
    save("save_curves", "curves.csv")
    with (tmp_path / "curves.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))[1:]
    names = panel.runs
    assert [line[0] for line in lines] == [names[0]] * 6 + [names[1]] * 3
    assert [float(line[2]) for line in lines[6:]] == window.session.trace.run.losses.all.numbers[:3].tolist()
    for ending, begins in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")):
        assert save("save_curves_picture", f"curves{ending}").startswith(f"Wrote {tmp_path / f'curves{ending}'} (")
        assert (tmp_path / f"curves{ending}").read_bytes().startswith(begins)
    text = (tmp_path / "curves.svg").read_text(encoding="utf-8")
    assert f"1: {names[0]}" in text
    assert "Curves of digits" in text


def test_without_curves_there_is_nothing_to_save(open_window):
    window = open_window("conv-kernel")
    window.parts.actions["save_curves_picture"].trigger()
    assert message(window) == "There are no curves yet: every iteration that has been run adds a loss."


def test_what_cannot_be_written_is_told_and_leaves_nothing(window, save, tmp_path):
    said = save("save_values", "none/all.npz")
    assert said == f"Could not write {tmp_path / 'none' / 'all.npz'}: No such file or directory."
    (tmp_path / "folder.npz").mkdir()
    assert "Is a directory" in save("save_step_values", "folder.npz")
    before = message(window)
    assert save("save_map", "") == before
    window.session.navigation.go_to(0, 3, 0)
    window.session.cells.focus("losses", (0, 0))
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".npz"] == ["folder.npz"]


def test_what_is_too_large_for_the_clipboard_is_to_be_saved(window, monkeypatch):
    monkeypatch.setattr(takeaways, "_MOST_COPIED", 4000)
    QGuiApplication.clipboard().setText("before")
    window.parts.actions["copy_iteration"].trigger()
    assert QGuiApplication.clipboard().text() == "before"
    assert message(window) == "A script of the iteration would hold more than 0.004 MB; save it as a file."
