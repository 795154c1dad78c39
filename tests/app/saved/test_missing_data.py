"""Data that are gone, moved or changed are said; what can be opened without them is."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.presets import open_preset
from tests.app.saved.test_round_trip import picture
from viz_app.reading.data import open_data
from viz_app.saved import data as saved_data
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import Saved, write_session
from viz_app.saved.session_reading import read_session
from viz_app.session.saving import snapshot, take_up
from viz_app.session.session import Session


@pytest.fixture
def session(qapp):
    session = Session(open_preset("digits", batch_size=4))
    yield session
    session.deleteLater()


def taken(session: Session, path: Path) -> None:
    """Take a table of numbers, and go to iteration 3."""
    rows = np.random.default_rng(1).normal(size=(20, 3)).round(3)
    path.parent.mkdir()
    path.write_text("\n".join(["a,b,c,kind", *(f"{a},{b},{c},{'cat' if a > b else 'dog'}" for a, b, c in rows)]))
    assert session.opening.take_data(open_data(path), adapt=True)
    session.navigation.go_to(3, 5)


def saved(session: Session, path: Path) -> Saved:
    write_session(snapshot(session, WindowRecord()), path)
    return read_session(path)


def test_data_are_found_beside_a_session_that_was_moved_with_them(session: Session, tmp_path: Path) -> None:
    taken(session, tmp_path / "here" / "animals.csv")
    assert saved(session, tmp_path / "here" / "it.netstep").notes == ()
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert read_session(tmp_path / "there" / "it.netstep").notes == ()


def test_few_samples_are_kept_in_the_session_and_what_became_of_the_file_is_said(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "here" / "animals.csv"
    taken(session, path)
    before, its = session.trace.array("loss", 5).tobytes(), tmp_path / "it.netstep"
    saved(session, its)
    path.write_text(path.read_text().replace("dog", "cow", 1).replace("dog", "cow"))
    assert read_session(its).notes == ()  # the same numbers, whatever they are called
    path.write_text(path.read_text().replace("0.", "1.", 1))
    opened = read_session(its)
    assert opened.notes == ("animals.csv has changed since the session was saved. The session has kept its samples.",)
    path.unlink()
    opened = read_session(its)
    assert opened.notes[0].startswith("The data cannot be opened again. animals.csv: expected a file or a folder")
    assert opened.trace.array("loss", 5).tobytes() == before
    assert opened.experiment.dataset.class_names == ("cat", "dog")


def test_without_large_data_the_shown_samples_and_the_weights_are_opened(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same maps of the same samples, at iteration 0 of a run of its own."""
    monkeypatch.setattr(saved_data, "_KEPT_BYTES", 100)
    path = tmp_path / "here" / "animals.csv"
    taken(session, path)
    its = tmp_path / "it.netstep"
    assert saved(session, its).notes == ()
    path.unlink()
    opened = read_session(its)
    assert opened.notes[0].endswith(
        "Opened with the 4 samples alone that were shown, at iteration 0, on the weights of iteration 3: open the data "
        "to go on with all of them."
    )
    other = Session(open_preset("worked-2-2-2"))
    take_up(other, opened)
    assert (other.place.iteration, other.place.step) == (0, 5)
    for key in ("x", "net_1", "loss", "delta_1"):
        assert other.trace.array(key).tobytes() == session.trace.array(key, 3).tobytes()
    assert len(picture(other)) > 1000
    other.deleteLater()


def test_data_by_name_that_are_not_here_are_said(session: Session, tmp_path: Path, monkeypatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(saved_data, "_KEPT_BYTES", 100)
    dataset = session.experiment.dataset
    named = {"source": "MNIST", "named": True, "choices": {}}
    assert session.opening.take_data(replace(dataset, name="MNIST", opened_with=named))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    opened = saved(session, tmp_path / "it.netstep")
    assert opened.notes[0].startswith("MNIST has not been downloaded here.")


def test_a_file_whose_name_is_no_text_is_found_again(session: Session, tmp_path: Path) -> None:
    """Names of files may hold bytes that no text has; Python keeps them as halves of surrogate pairs."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes names of text alone")
    folder.rmdir()
    taken(session, folder / "animals.csv")
    assert saved(session, tmp_path / "it.netstep").notes == ()


def test_targets_that_were_typed_go_with_the_data_that_are_gone(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_data, "_KEPT_BYTES", 100)
    path = tmp_path / "here" / "animals.csv"
    taken(session, path)
    assert session.targets.set(17, 1 - session.experiment.dataset.targets[17])
    saved(session, tmp_path / "it.netstep")
    path.unlink()
    take_up(session, read_session(tmp_path / "it.netstep"))
    assert session.experiment.dataset is not None
    assert len(session.experiment.dataset) == 4
    assert not session.targets.originals
