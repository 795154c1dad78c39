"""What the README tells people to type works, and what it shows is there."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from core.description import network_from
from core.editing import edited
from core.experiment import Edit
from core.presets import PRESETS, open_preset
from viz_app.__main__ import main
from viz_app.cli.parser import build_parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line, comments=True) for line in re.findall(r"^\.venv/bin/netstep (.+)$", README, re.M)]
BENCHMARKS = re.findall(r"^\.venv/bin/python tests/benchmarks/(\S+)", README, re.M)
SHORTEST = {
    "browsing.py": ("--images", "300", "--rounds", "1"),
    "drawing.py": ("--preset", "digits", "--digits", "1"),
    "stepping.py": ("--preset", "worked-2-2-2", "--batch", "1", "--rounds", "1"),
    "startup.py": ("--rounds", "1"),
    "training.py": ("--seconds", "0.1", "--batches", "1"),
    "opening.py": ("--share", "0.01", "--rounds", "1"),
    "export.py": ("--rounds", "1", "--places", "2"),
    "scale.py": ("--program", "deep", "--steps", "1", "--jump", "1"),
}
"""Options with which each benchmark takes seconds: they show that it runs, not what it measures."""
PROGRAMS = re.findall(r"^```python\n(.+?)^```", README, re.M | re.S)


LONGEST = 200
"""Seconds after which a process is taken to wait for an answer that nobody gives."""


def run(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=LONGEST
    )


def test_there_are_commands_programs_and_benchmarks() -> None:
    assert {command[0] for command in COMMANDS} == {"presets", "steps", "check", "values", "export", "train", "write"}
    assert set(BENCHMARKS) == set(SHORTEST)
    assert PROGRAMS


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_work(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (part for part in command if part.endswith(".png")):
        image = Image.new("L", (40, 40), 255)
        image.paste(0, (18, 5, 22, 35))
        image.save(name)
    assert build_parser().parse_args(command).command == command[0]
    if command[0] == "export" and not command[-1].endswith((".py", ".csv", ".npz")):
        one = ["--step", "delta_1"] if "--phase" in command else ["--steps", "0"]
        command = [*command, *one, "--cells", "1", "--size", "320x240"]
    if "--weights" in command:
        assert main(["train", "--epochs", "0.1", "--out", command[-1]]) == 0
    assert main(command) == 0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmarks_run(name: str, tmp_path: Path) -> None:
    done = run(str(ROOT / "tests" / "benchmarks" / name), *SHORTEST[name], folder=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert len(done.stdout.splitlines()) > 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_run(program: str, tmp_path: Path) -> None:
    done = run("-c", program, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    losses = [float(line.split()[0]) for line in done.stdout.splitlines() if re.match(r"[0-9]", line)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.1


def test_descriptions_of_networks_are_some() -> None:
    descriptions = re.findall(r"^```json\n(.+?)^```", README, re.M | re.S)
    assert descriptions
    for description in descriptions:
        about = json.loads(description)
        loss = about.pop("loss")
        digits = open_preset("digits")
        assert edited(digits, Edit(network_from(about), loss, {})).trainable


def test_every_preset_is_listed() -> None:
    table = re.findall(r"^\| (`.+?`) \|", README.split("## What opens by name")[1].split("##")[0], re.M)
    assert [name for row in table for name in re.findall(r"`(.+?)`", row)] == list(PRESETS)


@pytest.mark.parametrize("path", re.findall(r"!\[.+?\]\((.+?)\)", README))
def test_pictures_are_there(path: str) -> None:
    assert (ROOT / path).read_bytes().startswith(b"\x89PNG")
