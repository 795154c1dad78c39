"""Weights are saved whole and open again; what is no file of weights leaves the running network as it was."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.layers import Dense
from core.network import Network
from core.presets import open_preset
from core.run.trace import Cursor
from core.weights import Weights, read_weights, weights_file
from viz_app.session.session import Session


@pytest.fixture
def told(session: Session) -> list[str]:
    """Return what the session says."""
    messages: list[str] = []
    session.message.connect(messages.append)
    return messages


def last(session: Session) -> int:
    return len(session.trace.program.steps) - 1


@pytest.mark.parametrize(
    ("iteration", "step", "cell", "saved"), [(0, 0, None, 0), (3, 5, None, 3), (3, -1, None, 4), (3, -1, 0, 3)]
)
def test_what_is_saved_is_the_start_of_the_iteration_or_its_end_where_the_update_is_done(
    session: Session, told: list[str], tmp_path: Path, iteration: int, step: int, cell: int | None, saved: int
) -> None:
    session.go(Cursor(iteration, step % (last(session) + 1), cell))
    assert session.weights.iteration == saved
    assert session.weights.suggested_name == f"worked-2-2-2-{saved}.safetensors"
    assert session.weights.save(tmp_path / "w")
    weights = read_weights(tmp_path / "w")
    assert (weights.about["iteration"], weights.about["preset"]) == (saved, "worked-2-2-2")
    for key, array in weights.state.items():
        assert array.tobytes() == session.trace.array(key, saved).tobytes()
    words = {0: "0 iterations", 1: "1 iteration"}.get(saved, f"{saved} iterations")
    assert told == [f"Wrote {tmp_path / 'w'}: the weights after {words}."]


def test_it_is_known_how_far_a_run_was_saved(session: Session, tmp_path: Path) -> None:
    files = session.weights
    assert files.saved_iteration is None
    session.go(Cursor(5, 0))
    assert files.saved_iteration is None
    files.save(tmp_path / "w")
    assert files.saved_iteration == 5
    session.go(Cursor(7, 0))
    assert files.saved_iteration == 5
    session.opening.open_preset("worked-2-2-2")
    assert files.saved_iteration is None


def test_saved_weights_open_as_the_network_that_they_are_of(session: Session, told: list[str], tmp_path: Path) -> None:
    assert session.opening.open_preset("digits", optimizer="adam", batch_size=4)
    session.go(Cursor(3, 2))
    assert session.weights.save(tmp_path / "mine.safetensors")
    before = {key: session.trace.array(key, 3).copy() for key in session.trace.program.state}
    session.opening.open_preset("worked-2-2-2")
    assert session.weights.open(tmp_path / "mine.safetensors")
    assert session.experiment.preset == "digits"
    assert (session.experiment.options.optimizer, session.experiment.options.batch_size) == ("adam", 4)
    assert session.place.cursor == Cursor(0, 0)
    for key, array in before.items():
        assert session.trace.array(key, 0).tobytes() == array.tobytes()
    assert told[-1] == "Opened mine.safetensors."


def test_numbers_of_the_optimizer_change_in_the_middle_of_a_run(session: Session) -> None:
    session.opening.open_preset("digits", optimizer="momentum", l2=0.01, batch_size=4)
    session.go(Cursor(3, 2))
    trace = session.trace
    assert session.opening.set_options(l2=0.5, optimizer_parameters="momentum=0.25")
    assert session.trace is trace
    assert session.place.cursor == Cursor(3, 2)
    told = [trace.run.hyperparameters(iteration) for iteration in (2, 3, 4)]
    assert [numbers["lambda_2"] for numbers in told] == [0.01, 0.5, 0.5]
    assert [numbers["mu"] for numbers in told] == [0.9, 0.25, 0.25]


def without(path: Path) -> None:
    """Write nothing: there is no such file."""


def folder(path: Path) -> None:
    path.mkdir()


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def cut_short(path: Path) -> None:
    whole(path)
    path.write_bytes(path.read_bytes()[:-5])


def whole(path: Path) -> None:
    experiment = open_preset("digits")
    save_file({key: np.array(array) for key, array in experiment.parameters.items()}, path)


def huge_header(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 2**40) + b"{}")


def large_header(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 11_000_000) + b" " * 11_000_010)


def other_names(path: Path) -> None:
    save_file({"weight": np.ones((2, 2), np.float32)}, path)


def other_shapes(path: Path) -> None:
    arrays = open_preset("worked-2-2-2").parameters
    save_file({key: np.ones((3, *array.shape), np.float32) for key, array in arrays.items()}, path)


def more_names(path: Path) -> None:
    arrays = open_preset("worked-2-2-2").parameters
    save_file({key: np.array(array) for key, array in arrays.items()} | {"w_3": np.ones(3)}, path)


def not_finite(path: Path) -> None:
    arrays = open_preset("worked-2-2-2").parameters
    save_file({key: np.full(array.shape, np.nan) for key, array in arrays.items()}, path)


def described(path: Path, **about: Any) -> None:
    arrays = open_preset("worked-2-2-2").parameters
    metadata = {"netstep": json.dumps({"version": 1, **about})}
    save_file({key: np.array(array) for key, array in arrays.items()}, path, metadata)


def another_network(path: Path) -> None:
    described(path, preset="digits", network={"kind": "sequential", "input": {"shape": [2]}, "layers": []})


def other_layers(path: Path) -> None:
    layers = [{"layer": "Dense", "units": 2, "activation": "softmax"}]
    described(path, preset="digits", network={"kind": "sequential", "input": {"shape": [2]}, "layers": layers})


def another_option(path: Path) -> None:
    described(path, batch_size=10**6)


def newer(path: Path) -> None:
    described(path, version=99)


BAD: list[tuple[Callable[[Path], None], str]] = [
    (without, "Could not read w.safetensors: No such file or directory."),
    (folder, "Could not read w.safetensors: Is a directory."),
    (noise, "expected a safetensors file"),
    (cut_short, "expected a safetensors file that is whole"),
    (whole, "The weights do not fit worked-2-2-2: Expected w_1 of shape (2, 2); got (64, 32)."),
    (huge_header, "it is cut short or something else"),
    (large_header, "expected a header of at most 10,000,000 bytes"),
    (other_names, "Expected a parameter w_1, b_1, w_2, b_2; the file has weight."),
    (other_shapes, "Expected w_1 of shape (2, 2); got (3, 2, 2)."),
    (more_names, "the file has w_3, too."),
    (not_finite, "expected finite numbers"),
    (another_network, "its network cannot be"),
    (other_layers, "was not opened."),
    (another_option, "batch size of 1"),
    (newer, "made by a newer NetStep"),
]


@pytest.mark.parametrize(("write", "words"), BAD, ids=[write.__name__ for write, _ in BAD])
def test_a_bad_file_leaves_the_running_network_as_it_was(
    session: Session, told: list[str], tmp_path: Path, write: Callable[[Path], None], words: str
) -> None:
    session.go(Cursor(2, 3))
    before = session.experiment, session.trace, session.place, session.frame
    path = tmp_path / "w.safetensors"
    write(path)
    assert not session.weights.open(path)
    assert (session.experiment, session.trace, session.place, session.frame) == before
    (message,) = told
    assert words in message
    assert "w.safetensors" in message
    assert message.endswith(".")
    assert "\n" not in message
    assert str(tmp_path) not in message


def test_a_disk_that_fills_up_leaves_the_old_file_whole(
    session: Session, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w"
    assert session.weights.save(path)
    before = path.read_bytes()
    session.go(Cursor(3, 0))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert not session.weights.save(path)
    assert told[-1] == "The weights were not written: No space left on device."
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["w"]
    assert session.weights.saved_iteration == 0


def test_what_is_not_trained_has_no_weights_to_save(session: Session, told: list[str], tmp_path: Path) -> None:
    session.opening.open_preset("conv-kernel")
    assert not session.weights.save(tmp_path / "w")
    assert told == ["Expected a network that is trained, to save its weights; conv-kernel is not."]
    assert not list(tmp_path.iterdir())


def test_weights_of_another_preset_open_though_they_are_of_none_here(session: Session, tmp_path: Path) -> None:
    experiment = open_preset("digits")
    parameters = {key: np.array(array) for key, array in experiment.parameters.items()}
    (tmp_path / "w").write_bytes(weights_file(Weights(parameters, experiment.network, {"preset": "digits"})))
    assert session.weights.open(tmp_path / "w")
    assert session.experiment.preset == "digits"
    assert session.frame.program is session.experiment.program


def test_weights_that_were_opened_stay_where_other_options_need_another_program(
    session: Session, tmp_path: Path
) -> None:
    session.opening.open_preset("digits")
    session.go(Cursor(2, 0))
    session.weights.save(tmp_path / "w")
    w_1 = read_weights(tmp_path / "w").state["w_1"].tobytes()
    assert session.weights.open(tmp_path / "w")
    for chosen in ({"batch_size": 4}, {"optimizer": "adam"}, {"loss": "squared_error"}, {"l2": 0.1}):
        assert session.opening.set_options(**chosen)
        assert session.trace.array("w_1").tobytes() == w_1
    assert session.opening.set_options(seed=5)
    assert session.trace.array("w_1").tobytes() != w_1
    assert session.opening.set_options(batch_size=3)
    assert session.trace.array("w_1").tobytes() == open_preset("digits", seed=5).parameters["w_1"].tobytes()


def test_weights_of_an_edited_network_open_as_that_network(session: Session, tmp_path: Path) -> None:
    session.opening.open_preset("digits")
    network = Network((64,), (Dense(5, "tanh"), Dense(10, "softmax")))
    assert session.opening.edit(network, "squared_error")
    session.go(Cursor(2, 0))
    assert session.weights.save(tmp_path / "w")
    w_1 = session.trace.array("w_1", 2).tobytes()
    session.opening.open_preset("worked-2-2-2")
    assert session.weights.open(tmp_path / "w")
    experiment = session.experiment
    assert (experiment.preset, experiment.network, experiment.loss) == ("digits", network, "squared_error")
    assert experiment.edit is not None
    assert session.opening.set_options(batch_size=4)
    assert session.experiment.network == network
    assert session.trace.array("w_1").tobytes() == w_1


def test_an_edit_takes_its_own_loss_and_the_options_another_after_it(session: Session) -> None:
    session.opening.open_preset("digits", loss="huber_error:0.5", start="trained")
    assert session.experiment.network is not None
    assert session.opening.edit(session.experiment.network, "cross_entropy", {"w_1": "w_1"})
    assert (session.experiment.loss, session.experiment.options.start) == ("cross_entropy", "scratch")
    assert session.opening.set_options(loss="absolute_error")
    assert session.experiment.loss == "absolute_error"
    assert session.opening.set_options(batch_size=4)
    assert session.experiment.loss == "absolute_error"


def test_trained_weights_do_not_fit_an_edited_network(session: Session, told: list[str]) -> None:
    session.opening.open_preset("digits")
    assert session.opening.edit(Network((64,), (Dense(5, "tanh"), Dense(10, "softmax"))), "cross_entropy")
    before = session.experiment
    assert not session.opening.set_options(start="trained")
    assert session.experiment is before
    assert told == ["The trained weights do not fit digits: Expected w_1 of shape (64, 5); got (64, 32)."]


def test_another_kind_of_points_can_be_chosen_after_the_loss_was_chosen_back(session: Session, told: list[str]) -> None:
    session.opening.open_preset("playground")
    assert session.opening.set_options(loss="binary_cross_entropy")
    assert not session.opening.set_settings(data="plane")
    assert session.opening.set_settings(data="circles")
    assert session.opening.set_options(loss="cross_entropy")
    assert session.opening.set_settings(data="plane")
    assert session.experiment.loss == "squared_error"
