"""A file is written whole or not at all, and nothing is left beside it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from viz_app.picture.typeset import Store, Typeset
from viz_app.whole_file import check_files, whole_file


def write(path: Path, *, overwrite: bool = True, then: Callable[[], object] | None = None) -> None:
    """Write a file; ``then`` is done before it is finished."""
    with whole_file(path, overwrite=overwrite) as stream:
        stream.write(b"new")
        if then:
            then()


def fail(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_new_file_has_its_content_and_usual_rights(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write(tmp_path / "file", overwrite=False)
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("old", [None, b"old"])
@pytest.mark.parametrize("failing", ["write", "replace", "open"])
def test_what_cannot_be_written_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes | None, failing: str
) -> None:
    path = tmp_path / "file"
    if old is not None:
        path.write_bytes(old)
    with monkeypatch.context() as patch:
        if failing != "write":
            patch.setattr(Path, failing, fail)
        with pytest.raises(OSError, match="No space left") as told:
            write(path, then=fail if failing == "write" else None)
        assert told.value.filename == str(path)
    left = [found.read_bytes() for found in tmp_path.iterdir()]
    assert left == ([] if old is None else [old])


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "file", then=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_what_appears_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(FileExistsError):
        write(path, overwrite=False, then=lambda: path.write_bytes(b"mine"))
    assert [found.read_bytes() for found in tmp_path.iterdir()] == [b"mine"]


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_folder_of_the_name_stays(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "name").mkdir()
    with pytest.raises(IsADirectoryError):
        check_files([tmp_path / "name"], overwrite=overwrite)
    with pytest.raises(IsADirectoryError):
        write(tmp_path / "name", overwrite=overwrite)
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        write(tmp_path / "file")
    tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_one_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "folder" / "target")
    with pytest.raises(FileExistsError):
        check_files([link], overwrite=False)
    write(link)
    assert link.is_symlink()
    assert (tmp_path / "folder" / "target").read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["replace", "open"])
def test_formulas_that_cannot_be_kept_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    store = Store(tmp_path / "formulas.json")
    store.add("x", Typeset("<svg/>", 1, 1, "x"))
    monkeypatch.setattr(Path, failing, fail)
    store.save()
    assert list(tmp_path.iterdir()) == []
