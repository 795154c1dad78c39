"""What a command line gets wrong is said in one sentence, with the exit code 2, and nothing is written."""

import re
import shutil
from argparse import Namespace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.optimizers import OPTIMIZERS
from viz_app.__main__ import main
from viz_app.cli import opening, tables
from viz_app.cli.opening import open_experiment


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


EXPERIMENT = ("--preset digits", "--batch 2", "--sample 1", "--seed 1", "--dtype float64", "--optimizer adam",
              "--kernel blur", "--image heart", "--stride 2", "--padding 1", "--dilation 2")  # fmt: skip
BAD = [
    ("steps --preset nothing", "Expected a preset among digits, "),
    ("--preset nothing", "Expected a preset among digits, "),
    ("--preset digits --batch 1798", "batch size from 1 to 1797"),
    ("steps --batch 0", "batch size"),
    ("steps --preset worked-2-2-2 --batch 2", "batch size of 1"),
    ("steps --preset conv-kernel --batch 5", "Expected a batch size of 1 for conv-kernel; got 5"),
    ("steps --batch x", "expected a whole number; got 'x'"),
    ("steps --batch 1.5", "expected a whole number; got '1.5'"),
    ("steps --batch 9999999999999999999999", "a whole number of at most 18 digits; got '9999"),
    ("steps digits", "nothing but options; got 'digits' (for the preset write --preset digits); see netstep --help"),
    ("steps --sample 1797", "sample from 0 to 1796"),
    ("steps --sample -1", "sample that is a whole number from 0; got -1"),
    ("check --seed -1", "seed that is a whole number from 0; got -1"),
    ("--preset digits --seed 4294967296", "seed from 0 to 4294967295; got 4294967296"),
    ("steps --dtype int8", "float32 or float64; got 'int8'"),
    (
        "steps --optimizer adm",
        f"Expected an optimizer among {', '.join(OPTIMIZERS)}; got 'adm' (did you mean adam?).",
    ),
    ("--optimizer", "expected one argument"),
    ("steps --theme light", "the command steps takes no --theme"),
    ("steps --pre digits", "there is no option --pre (did you mean --preset?)"),
    ("walk", "expected presets, steps, check, values, export, write or train; got 'walk'; see"),
    ("stesp", "got 'stesp' (did you mean steps?)"),
    ("EXPORT --out a", "--out stands after its command"),
    ("digits", "got 'digits' (for the preset write --preset digits)"),
    ("conv-kernel steps", "(for the preset write --preset conv-kernel)"),
    ("steps worked-2-2-2 --seed 1", "(for the preset write --preset worked-2-2-2)"),
    ("--sed 1", "there is no option --sed (did you mean --seed?)"),
    ("steps --optimiser adam", "there is no option --optimiser (did you mean --optimizer?)"),
    ("steps -x", "there is no option -x"),
    ("-s 1 steps", "there is no option -s"),
    ("--", "nothing but options; got '--'"),
    ("steps ---", "nothing but options; got '---'"),
    ("-", "got '-'"),
    ("steps 1 2", "nothing but options; got '1'"),
    ("presets presets", "nothing but options; got 'presets'"),
    *[(f"{option} presets", f"presets takes no {option.split()[0]}") for option in EXPERIMENT],
    *[(f"presets {option}", f"presets takes no {option.split()[0]}") for option in EXPERIMENT],
    ("--theme dark presets", "presets takes no --theme"),
    ("--theme dark steps", "steps takes no --theme"),
    ("--theme dark check", "check takes no --theme"),
    ("--theme dark values --out all.npz", "values takes no --theme"),
    ("steps --out all.npz", "steps takes no --out"),
    ("values --steps 1-2 --out all.npz", "values takes no --steps"),
    ("--out all.npz", "--out stands after its command, as in netstep train --out"),
    ("--force values --out all.npz", "--force stands after its command"),
    ("steps --preset digit", "got 'digit' (did you mean digits?)"),
    ("steps --preset Attention", "got 'Attention' (did you mean attention?)"),
    ("--theme drak", "got 'drak' (did you mean dark?)"),
    ("steps --preset conv-kernel --kernel sobelx", "(did you mean sobel-x?)"),
    ("steps --preset conv-kernel --image hart", "(did you mean heart?)"),
    ("steps --preset=", "Expected a preset among"),
    ("values --out -", "the name of a file to write; got '-'"),
    ("export --out -", "the name of a file or of a folder to write into, such as pictures; got '-'"),
    ("values --out a --out", "expected one argument"),
    ("--preset steps --out=all.npz", "--out stands after its command"),
    ("presets seed", "nothing but options; got 'seed'"),
    ("--theme pink", "expected light, dark or system; got 'pink'"),
    ("values", "required: --out"),
    ("values --out .", "is a folder"),
    ("values --out=", "the name of a file to write; got ''"),
    ("values --out all/", "the name of a file to write; got 'all/'"),
    ("values --out missing/all.npz", "there is none"),
    ("values --out /dev/null", "is something else"),
    ("values --preset nothing --out all.npz", "Expected a preset"),
    ("values --batch 1798 --out all.npz", "batch size from 1 to 1797"),
    ("export", "required: --out"),
    ("export --out=", "the name of a file or of a folder to write into, such as pictures; got ''"),
    ("export --out pictures --steps 3-25", "steps from 0 to 24"),
    ("export --out pictures --steps 25", "steps from 0 to 24"),
    ("export --out pictures --steps 5-3", "the first one first"),
    ("export --out pictures --steps a-b", "two numbers"),
    ("export --out pictures --steps 1-2-3", "two numbers"),
    ("export --out pictures --size 0x0", "size from 320x240 to 7680x4320"),
    ("export --out pictures --size 100000x100000", "size from 320x240 to 7680x4320"),
    ("export --out pictures --size 1920x100", "size from 320x240 to 7680x4320"),
    ("export --out pictures --size big", "WxH"),
    ("export --out pictures --size 800", "WxH"),
    ("export --out pictures --theme system", "expected light, dark or print; got 'system'"),
    ("--theme system export --out pictures", "light, dark or print for pictures; got 'system'"),
    ("export --out missing/pictures", "there is none"),
    ("export --out pictures --seed -1", "seed"),
    ("export --out pictures --cells -1", "a number of cells from 0; got -1"),
    ("export --out pictures --cells x", "expected a whole number; got 'x'"),
    (
        "export --out pictures --phase forwards",
        "forward, loss, backward, update; got 'forwards' (did you",
    ),
    (
        "export --out pictures --preset conv-kernel --phase update",
        "conv-kernel has; it has no update steps",
    ),
    ("export --out pictures --step delta_9", "such as new_b_2; got 'delta_9' (did you mean delta_"),
    ("export --out pictures --step loss --phase forward", "none is in --phase forward and --step loss"),
    ("export --out pictures --iterations 3-1", "iterations as two numbers up to 10,000, such as 0-9"),
    ("export --out pictures --iterations x", "iterations as two numbers"),
    ("export --out pictures --preset conv-kernel --iterations 1", "a network that is trained, for --iterations"),
    ("export --out pictures --iterations 0-9999", "at most 100,000 pictures; got 250,000"),
    ("export --out pictures --format jpeg", "numpy or pytorch; got 'jpeg'"),
    ("export --out .mp4", "a name before the ending, such as pictures.mp4; got .mp4"),
    ("export --out .npz", "a name before the ending, such as pictures.npz; got .npz"),
    ("export --out pictures --with=", "parts of a picture for --with, among title"),
    ("export --out pictures --without=,", "parts of a picture for --without, among title"),
    ("export --out a.py --size 3x3", "no --size for numpy"),
    ("export --out a.npz --scale 2", "no --scale for npz"),
    ("export --out pictures.jpeg", "a file that ends with one of .png, .svg, .pdf"),
    ("export --out walk.gif --format mp4", "a name that ends with .mp4 for mp4; got walk.gif"),
    ("export --out one.png", "one step for one PNG picture; got 25: name a folder"),
    ("export --out one.svg --steps 3-4", "one step for one SVG picture; got 2: name a folder"),
    ("export --out missing/one.pdf", "there is none"),
    ("export --out pictures --scale 0", "a scale from 0.1 to 8; got 0"),
    ("export --out pictures --scale 9", "a scale from 0.1 to 8; got 9"),
    ("export --out pictures --size 7680x4320 --scale 4", "at most 100 million pixels; got 30720 x 17280"),
    ("export --out a.mp4 --size 7680x4320 --scale 1.5", "at most 8,192 pixels a side for MP4 video"),
    ("export --out a.mp4 --transparent", "a picture with a ground for MP4 video"),
    ("export --out a.pdf --fps 3", "a format that moves, such as mp4, for --fps; got pdf"),
    ("export --out a.mp4 --fps 0", "--fps from 1 to 120; got 0"),
    ("export --out a.gif --duration 0", "--duration from 0.01 to 600 seconds; got 0"),
    ("export --out a.gif --hold -1", "--hold from 0 to 600 seconds; got -1"),
    ("export --out a.gif --cell-duration 601", "--cell-duration from 0.01 to 600 seconds; got 601"),
    ("export --out pictures --kernel blur", "conv-kernel, for --kernel; got digits"),
    ("steps --preset attention --stride 2 --padding 1", "for --stride, --padding; got attention"),
    ("export --out pictures --preset conv-kernel --kernel no", "a kernel among identity, blur"),
    ("export --out pictures --preset conv-kernel --image no", "an image among heart, shapes"),
    ("export --out pictures --preset conv-kernel --stride 0", "a stride of at least 1"),
    ("export --out pictures --preset conv-kernel --stride 1,2,3", "a stride as a number or as rows,columns"),
    ("export --out pictures --preset conv-kernel --dilation -1", "a dilation as a number or as rows,columns"),
    ("export --out pictures --preset conv-kernel --dilation 40 --padding valid", "a dilation of at most 31 × 31"),
    ("export --out pictures --preset conv-kernel --padding 1,2,3", "a padding of same, valid, a number"),
    ("export --out pictures --preset conv-kernel --padding 100", "a padding of same, valid, a number"),
    ("--preset conv-kernel --kernel no", "a kernel among identity, blur"),
]


@pytest.mark.usefixtures("exported")
@pytest.mark.parametrize(("line", "message"), BAD, ids=[line for line, _ in BAD])
def test_bad_input_gets_one_sentence(line: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.err.startswith("netstep")
    assert shown.err.endswith(".\n")
    assert shown.err.count("\n") == 1
    assert shown.out == ""
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("exported")
@pytest.mark.parametrize("command", ["presets", "steps", "check", "values", "export"])
def test_a_command_takes_the_options_that_its_help_lists_and_no_others(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed(name: str) -> set[str]:
        main([name, "--help"])
        return set(re.findall(r"^  (?:-h, )?--([a-z0-9-]+)", capsys.readouterr().out, re.MULTILINE))

    everywhere = set().union(*(listed(name) for name in ("steps", "values", "export")))
    assert {"help", "seed", "force", "cells"} <= everywhere
    needed = ["--out=x"] if "out" in listed(command) else []
    for option in everywhere - {"help"}:
        main([command, *needed, f"--{option}=x"])
        refused = f"the command {command} takes no --{option};" in capsys.readouterr().err
        assert refused == (option not in listed(command))


WORDS = st.sampled_from(
    ["presets", "steps", "check", "values", "export", "digits", "worked-2-2-2", "conv-kernel", "--preset", "--batch",
     "--sample", "--seed", "--dtype", "--optimizer", "--theme", "--kernel", "--stride", "--padding", "--steps",
     "--cells", "--size", "--phase", "--step", "--format", "mp4", "a.pdf", "--fps", "--scale",
     "--out", "--force", "--preset=", "--seed=1", "--out=", "--sed", "--", "-", "", " ", "-1", "0",
     "1", "1e9", "1,5", "3-7", "½", "\udcff", "a\nb", "\x1b[2J", "nan", "99999999999999999999", "float64", "adam",
     "blur", "dark", "320x240", "missing/x", "%s", "{0}", "'", "文"]
)  # fmt: skip


@pytest.mark.usefixtures("exported")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(words=st.lists(WORDS, max_size=6))
def test_whatever_is_written_it_is_done_or_refused_in_one_sentence(
    words: list[str], folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "open_window", open_no_window)
    monkeypatch.setattr(tables, "check_gradients", lambda *_: [])
    code = main(words)
    shown = capsys.readouterr()
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if code == 0:
        assert "Traceback" not in shown.err
        return
    assert code == 2
    assert re.fullmatch(r"netstep[^\n]*\.\n", shown.err), shown.err
    assert shown.err[:-1].isprintable() or "\udcff" in shown.err
    assert shown.out == ""


def open_no_window(arguments: Namespace) -> int:
    if arguments.preset is not None:
        open_experiment(arguments)
    return 0
