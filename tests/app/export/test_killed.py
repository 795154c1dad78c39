"""What ends an export before its time leaves no damaged file, whatever the format."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.experiment import Experiment
from viz_app.export.formats import FORMATS, format_named
from viz_app.export.job import Job, export, export_all
from viz_app.export.look import Look
from viz_app.frame.place import Place
from viz_app.whole_file import remove_leftovers

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no such signals and limits"),
]
SIZE = (320, 240)
LIMIT = 3000
"""What a file may have on a disk that is nearly full, in bytes: fewer than that of any format."""
_CODE = (
    "import sys; from viz_app.__main__ import main; sys.exit(main(['export', '--preset', 'conv-kernel', '--cells',"
    "'4000', '--size', '320x240', '--force', '--out', sys.argv[1]]))"
)


def job_of(experiment: Experiment, name: str, target: Path, count: int = 3) -> Job:
    places = [Place(0, step) for step in range(count)]
    return Job("a", experiment.trace(), places, format_named(name), target, Look(SIZE), overwrite=True)


@contextmanager
def nearly_full_disk() -> Iterator[None]:
    """Let no file grow beyond a few bytes."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(small: Experiment, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"a{format_named(name).endings[0]}"
    target.write_text("mine")
    count = 3 if format_named(name).in_one_file else 1
    with nearly_full_disk(), pytest.raises(OSError, match=r"File too large") as told:
        export_all(job_of(small, name, target, count), lambda done, total: None)
    assert told.value.errno == errno.EFBIG
    assert told.value.filename == str(target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "mine"


@pytest.mark.parametrize("name", [name for name in FORMATS if format_named(name).in_one_file])
def test_what_is_cancelled_leaves_the_old_file_and_nothing_else(small: Experiment, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"a{format_named(name).endings[0]}"
    target.write_text("mine")
    going = export(job_of(small, name, target, 4))
    for _ in zip(range(2), going, strict=False):
        pass
    going.close()
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "mine"


def test_a_folder_that_cannot_be_written_to_is_an_os_error(small: Experiment) -> None:
    folder = Path("/proc/self")
    if not folder.is_dir():
        pytest.skip("there is no such folder here")
    for target in (folder, folder / "a.mp4"):
        with pytest.raises(OSError, match=r"No such file|denied|not permitted|Read-only"):
            export_all(job_of(small, "png" if target == folder else "mp4", target), lambda done, total: None)


def test_who_is_killed_damages_nothing_and_the_next_export_tidies_up(small: Experiment, tmp_path: Path) -> None:
    target = tmp_path / "a.apng"
    target.write_text("mine")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen([sys.executable, "-c", _CODE, str(target)], env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            parts = list(tmp_path.glob(".netstep-*.part"))
            if parts and parts[0].stat().st_size:
                break
            assert process.poll() is None, "it is done before it could be killed"
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    (part,) = parts
    assert target.read_text() == "mine"
    export_all(job_of(small, "png", tmp_path), lambda done, total: None)
    assert part.exists(), "it could be of another machine, and still be written"
    _age(part)
    export_all(job_of(small, "png", tmp_path), lambda done, total: None)
    assert not part.exists()
    assert target.read_text() == "mine"


def test_only_what_is_left_over_goes(tmp_path: Path) -> None:
    gone = _ended_process()
    names = (f".netstep-{gone}-0.part", f".netstep-{gone}-12.part", f".netstep-{os.getpid()}-0.part", "netstep.part",
             f".netstep-{gone}-x.part", f".netstep-{gone}-0.part.png", ".netstep--1-0.part", ".part")  # fmt: skip
    for name in names:
        (tmp_path / name).write_text("x")
        _age(tmp_path / name)
    (tmp_path / f".netstep-{gone}-1.part").write_text("new")
    (tmp_path / f".netstep-{gone}-2.part").mkdir()
    (tmp_path / f".netstep-{gone}-3.part").symlink_to(tmp_path / "netstep.part")
    before = {path.name for path in tmp_path.iterdir()}
    remove_leftovers(tmp_path)
    assert before - {path.name for path in tmp_path.iterdir()} == set(names[:2])
    remove_leftovers(tmp_path / "missing")


def _ended_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def _age(path: Path) -> None:
    long_ago = time.time() - 3600
    os.utime(path, (long_ago, long_ago))
