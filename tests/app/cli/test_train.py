"""Training from the command line is the training of the trace; what it writes opens again."""

import csv
from pathlib import Path

import numpy as np
import pytest

from core.presets import PRESETS, open_preset
from core.trained import trained_weights
from core.weights import read_weights
from viz_app.__main__ import main

FIRST = "train --preset digits --epochs 1 --batch 300 --held-back 297 --optimizer adam --out w"
WORKED = "train --preset worked-2-2-2 --epochs 1000 --in-order --out w --csv losses.csv"


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_weights_are_those_of_the_trace(folder: Path) -> None:
    assert (
        main(
            [
                "train",
                "--preset",
                "digits",
                "--epochs",
                "1",
                "--batch",
                "300",
                "--held-back",
                "297",
                "--optimizer",
                "adam",
                "--out",
                "w",
            ]
        )
        == 0
    )
    weights = read_weights(folder / "w")
    experiment = open_preset("digits", batch_size=300, shuffle=True, held_back=297, optimizer="adam")
    trace = experiment.trace()
    assert weights.about["iteration"] == 5
    assert weights.network == experiment.network
    for key, array in weights.state.items():
        assert array.tobytes() == trace.array(key, 5).tobytes(), key


def test_every_command_starts_from_weights_and_takes_their_preset(folder: Path) -> None:
    assert main(["train", "--preset", "sigmoid-3-4-2", "--epochs", "3", "--optimizer", "momentum", "--out", "w"]) == 0
    assert main(["values", "--weights", "w", "--out", "all.npz"]) == 0
    values = np.load(folder / "all.npz")
    for key, array in read_weights(folder / "w").state.items():
        assert values[key].tobytes() == array.tobytes()


def test_the_losses_are_a_table(folder: Path) -> None:
    assert main(["train", "--preset", "digits", "--epochs", "2", "--batch", "200", "--csv", "losses.csv"]) == 0
    rows = read_table(folder / "losses.csv")
    assert [row["iteration"] for row in rows] == [str(number) for number in range(len(rows))]
    experiment = open_preset("digits", batch_size=200, shuffle=True, held_back=179)
    run = experiment.trace().run
    run.state(len(rows))
    assert [float(row["loss"]) for row in rows] == run.losses.all.numbers.tolist()
    judged = [row for row in rows if row["test_accuracy"]]
    assert len(judged) == 2
    assert all(0 < float(row["test_accuracy"]) < 1 for row in judged)


def test_the_curves_are_a_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["train", "--preset", "sigmoid-3-4-2", "--epochs", "2", "--curves"]
    assert main([*line, "curves.svg"]) == 0
    text = (folder / "curves.svg").read_text(encoding="utf-8")
    assert all(f">{word}<" in text for word in ("Curves of sigmoid-3-4-2", "Loss", "Accuracy", "iteration"))
    capsys.readouterr()
    assert main([*line, "curves.gif"]) == 2
    expected = "Expected a name that ends with one of .png, .svg, .pdf for --curves; got curves.gif."
    assert capsys.readouterr().err == f"netstep: {expected}\n"


def test_options_of_training_are_taken_and_kept(folder: Path) -> None:
    line = "train --preset digits --epochs 1 --batch 200 --loss huber_error:0.5 --optimizer momentum"
    line += " --optimizer-parameters momentum=0.5 --l2 0.01 --clip-norm 1 --freeze 1 --out w"
    assert main(line.split()) == 0
    weights, experiment = read_weights(folder / "w"), open_preset("digits")
    about = {key: weights.about[key] for key in ("loss", "optimizer_parameters", "l2", "clip_norm", "frozen")}
    assert list(about.values()) == ["huber_error:0.5", "momentum=0.5", 0.01, 1.0, ["1"]]
    same = [key for key, array in experiment.parameters.items() if np.array_equal(array, weights.state[key])]
    assert same == ["w_1", "b_1"]


def test_weights_bring_their_loss_and_their_optimizer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--epochs", "0.1", "--loss", "huber_error:0.5", "--optimizer", "momentum", "--out", "w"]) == 0
    capsys.readouterr()
    assert main(["steps", "--weights", "w"]) == 0
    shown = capsys.readouterr().out
    assert "h(out" in shown
    assert "velocity" in shown
    assert main(["steps", "--weights", "w", "--loss", "cross_entropy"]) == 0
    assert "ln" in capsys.readouterr().out


@pytest.mark.parametrize("preset", ["digits", "mlp-784-800-10", "conv-digits"])
def test_every_command_starts_from_trained_weights(preset: str, folder: Path) -> None:
    assert main(["values", "--preset", preset, "--start", "trained", "--out", "all.npz"]) == 0
    state = trained_weights(preset).state
    values = np.load(folder / "all.npz")
    assert all(np.array_equal(values[key], array.astype("float32")) for key, array in state.items())


def test_a_table_tells_how_good_it_gets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--preset", "digits", "--epochs", "50", "--batch", "300", "--held-back", "97"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].split("  ")[0] == "epoch"
    epochs = [int(line.split()[0]) for line in shown[1:-1]]
    assert 10 <= len(epochs) <= 21
    assert epochs[-1] == 50
    assert shown[-1].startswith("50 epochs are over. ")


def test_the_worked_example_goes_on_as_it_does_in_float64_pytorch(folder: Path) -> None:
    torch = pytest.importorskip("torch")
    assert (
        main(
            ["train", "--preset", "worked-2-2-2", "--epochs", "1000", "--in-order", "--out", "w", "--csv", "losses.csv"]
        )
        == 0
    )
    experiment = open_preset("worked-2-2-2")
    assert experiment.options.dtype == "float64"
    weights = {key: torch.tensor(np.array(array), requires_grad=True) for key, array in experiment.parameters.items()}
    x, y = (torch.tensor(array) for array in experiment.batch(0).values())
    losses = []
    for _ in range(1000):
        hidden = torch.sigmoid(x @ weights["w_1"] + weights["b_1"])
        out = torch.sigmoid(hidden @ weights["w_2"] + weights["b_2"])
        loss = 0.5 * ((out - y) ** 2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for key, weight in weights.items():
                if key in experiment.program.gradients:
                    weight -= experiment.program.hyperparameters["eta"] * weight.grad
                weight.grad = None
    written = [float(row["loss"]) for row in read_table(folder / "losses.csv")]
    np.testing.assert_allclose(written, losses, rtol=1e-12)
    for key, array in read_weights(folder / "w").state.items():
        np.testing.assert_allclose(array, weights[key].detach().numpy(), rtol=1e-12)


BAD = [
    ("train --preset conv-kernel", "trained on samples; conv-kernel is not"),
    ("train --epochs 0", "a number of epochs of more than 0; got 0"),
    ("train --epochs inf", "a finite number; got 'inf'"),
    ("train --epochs many", "a number; got 'many'"),
    ("train --rate 0", "positive, finite learning rate; got 0"),
    ("train --rate 1e39", "a learning rate that float32 can hold"),
    ("train --patience 0", "a patience of at least 1 epoch; got 0"),
    ("train --held-back 1797", "at most 1796 samples held back"),
    ("train --batch 1800", "batch size"),
    ("train --schedule fast", "a schedule such as constant"),
    ("train --schedule cosine:-3", "iterations from 1"),
    ("train --out .", "is a folder"),
    ("train --csv missing/losses.csv", "there is none"),
    ("train --weights missing.safetensors", "Could not read missing.safetensors"),
    ("steps --weights noise", "noise: expected a safetensors file"),
    ("steps --preset attention --weights good", "does not fit attention"),
    ("steps --preset conv-kernel --weights good", "a network that is trained, for --weights"),
    ("train --loss hinge", "a loss among cross_entropy"),
    ("train --l2 -1", "a factor of the L2 penalty from 0; got -1"),
    ("train --freeze 7", "layers or parameters to freeze among"),
    ("train --optimizer-parameters momentum=2 --optimizer momentum", "a momentum from 0 to less than 1; got 2"),
    ("steps --preset attention --start trained", "a preset that trained weights are shipped for"),
    ("steps --start somewhere", "a start of scratch or trained; got 'somewhere'"),
    ("steps --start trained --weights good", "either --weights or --start trained; got both"),
    ("train --epochs 1 --out good", "good exists: choose another name, or replace it with --force"),
]


@pytest.mark.parametrize(("line", "message"), BAD, ids=[line for line, _ in BAD])
def test_bad_input_gets_one_sentence_and_writes_nothing(
    line: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "noise").write_bytes(bytes(range(256)))
    assert main(["train", "--preset", "sigmoid-3-4-2", "--epochs", "1", "--out", "good"]) == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    capsys.readouterr()
    assert main(line.split()) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_disk_that_fills_up_leaves_the_old_file_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--preset", "sigmoid-3-4-2", "--epochs", "1", "--out", "w"]) == 0
    before = (folder / "w").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert main(["train", "--preset", "sigmoid-3-4-2", "--epochs", "2", "--out", "w", "--force"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert (folder / "w").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["w"]


@pytest.mark.parametrize("name", [name for name in PRESETS if open_preset(name).trainable])
def test_every_preset_that_is_trained_trains(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(f"train --preset {name} --epochs 0.1".split()) == 0
    assert "0.1 epochs are over." in capsys.readouterr().out
