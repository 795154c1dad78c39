"""The command line as a process: its streams, its signals, and what it loads."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import viz_app

ROOT = Path(viz_app.__file__).parents[1]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    path = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **options.pop("env", {})}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **options}
    return subprocess.Popen([sys.executable, *arguments], env=environment, text=True, **pipes)


def test_the_module_runs_as_a_program() -> None:
    process = start("-m", "viz_app", "steps", "--preset", "worked-2-2-2")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "L = 1/N" in out


def test_a_reader_that_leaves_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    process = start("-m", "viz_app", "steps", stdout=write)
    os.close(write)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("line", ["steps", "presets", "--version", "values --out all.npz"])
def test_a_full_disk_is_one_sentence(line: str, unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = start("-m", "viz_app", *line.split(), stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (2, "netstep: Could not finish: No space left on device.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream with a POSIX shell")
@pytest.mark.parametrize(
    ("line", "closed", "code"),
    [("steps", ">&-", 0), ("--version", ">&-", 0), ("values --out all.npz", ">&- 2>&-", 0),
     ("steps --batch 0", "2>&-", 2)],
)  # fmt: skip
def test_a_closed_stream_is_no_error(line: str, closed: str, code: int) -> None:
    process = start("-c", f'"$0" -m viz_app {line} {closed}', sys.executable, executable="/bin/sh")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", "")


@pytest.mark.parametrize(
    ("encoding", "equation", "shape"),
    [("ascii", "sum_1 = x . w_1", "1 x 32"), ("latin-1", "sum_1 = x · w_1", "1 × 32"),
     ("utf-8", "sum₁ = x · w₁", "1 × 32")],
)  # fmt: skip
def test_a_terminal_without_greek_gets_it_spelled(encoding: str, equation: str, shape: str) -> None:
    process = start("-m", "viz_app", "steps", env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    header, first, *_ = out.splitlines()
    assert (first.index(equation), first.index(shape)) == (header.index("equation"), header.index("shape"))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_control_c_ends_without_a_traceback() -> None:
    code = "import os, signal, sys, time; from core.run import gradcheck; from viz_app.__main__ import main\n"
    code += "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has it ignored in the background\n"
    code += "gradcheck.evaluate = lambda *_: (os.kill(os.getpid(), signal.SIGINT), time.sleep(30))\n"
    code += "sys.exit(main(['check']))"
    process = start("-c", code)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT
    assert err == "\n"


def test_commands_without_a_window_import_no_qt() -> None:
    code = """if True:
        import sys
        from viz_app.__main__ import main
        for line in ('presets', 'steps', 'check --preset worked-2-2-2', 'values --out all.npz', 'steps --batch 65'):
            main(line.split())
        qt = {'PySide6', 'shiboken6', 'pyqtgraph', 'ziamath'}.intersection(sys.modules)
        sys.exit(f'imported {qt}' if qt else 0)
    """
    process = start("-c", code)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err


@pytest.mark.parametrize(("line", "code"), [("--help", 0), ("steps --help", 0), ("steps --batch x", 2), ("--no", 2)])
def test_help_and_wrong_options_import_no_numpy(line: str, code: int) -> None:
    program = f"""if True:
        import sys
        from viz_app.__main__ import main
        code = main({line.split()!r})
        sys.exit('imported NumPy' if 'numpy' in sys.modules else code)
    """
    process = start("-c", program)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, "imported" in err) == (code, False)
