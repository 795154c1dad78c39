"""Weights come back to the last bit, with their network; a file that is none, or another's, is refused."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from core.experiment import Experiment
from core.presets import PRESETS, open_preset
from core.weights import KIND, Weights, WeightsError, read_weights, weights_file

TRAINED = [name for name in PRESETS if open_preset(name).trainable]


def weights_of(experiment: Experiment, iterations: int = 2) -> Weights:
    return Weights(experiment.trace().run.state(iterations), experiment.network, {"seed": 3, "preset": "x"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "digits.safetensors"
    path.write_bytes(weights_file(weights_of(open_preset("digits"))))
    return path


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("preset", TRAINED)
def test_what_is_written_is_read(preset: str, dtype: str, tmp_path: Path) -> None:
    experiment = open_preset(preset, dtype=dtype, optimizer="adam")
    weights = weights_of(experiment)
    (tmp_path / "w.safetensors").write_bytes(weights_file(weights))
    read = read_weights(tmp_path / "w.safetensors")
    assert read.network == experiment.network
    assert read.about == weights.about
    assert read.state.keys() == weights.state.keys()
    state = read.of(experiment.program)
    assert state.keys() == experiment.program.state.keys()
    for key, array in weights.state.items():
        assert state[key].dtype == array.dtype
        assert state[key].tobytes() == array.tobytes()


def test_another_optimizer_takes_the_parameters_alone(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(weights_file(weights_of(open_preset("digits", optimizer="adam"))))
    program = open_preset("digits", optimizer="momentum").program
    assert read_weights(tmp_path / "w").of(program).keys() == {value.key for value in program.parameters}


def test_a_file_of_somebody_elses_brings_no_network(tmp_path: Path) -> None:
    experiment = open_preset("digits")
    save_file({key: np.array(array) for key, array in experiment.parameters.items()}, tmp_path / "w")
    read = read_weights(tmp_path / "w")
    assert (read.network, dict(read.about)) == (None, {})
    assert read.of(experiment.program).keys() == experiment.parameters.keys()


def test_another_network_is_refused(file: Path) -> None:
    read = read_weights(file)
    with pytest.raises(WeightsError, match=r"^Expected w_1 of shape \(784, 800\); got \(64, 32\)\.$"):
        read.of(open_preset("mlp-784-800-10").program)
    with pytest.raises(WeightsError, match=r"^Expected a parameter w_3, b_3.*; the file has "):
        read.of(open_preset("conv-digits").program)
    strange = Weights({**read.state, "w_9": np.zeros((1, 1))})
    with pytest.raises(WeightsError, match=r"the file has w_9, too\.$"):
        strange.of(open_preset("digits").program)


def with_header(header: Any, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
NUMBERS = np.ones(2, "float32").tobytes()
HOSTILE = {
    "nothing": b"",
    "three bytes": b"abc",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a pickle": b"\x80\x04\x95" + bytes(60),
    "a header of gigabytes": struct.pack("<Q", 1 << 40) + b"{}",
    "a header larger than allowed": with_header(b" " * 10_000_001),
    "no JSON": with_header(b"{nope"),
    "deep JSON": with_header(b"[" * 100_000),
    "a list": with_header([1, 2]),
    "a tensor that is none": with_header({"w": 3}),
    "strange numbers": with_header({"w": {**TENSOR, "dtype": "I8"}}, NUMBERS),
    "too few bytes": with_header({"w": TENSOR}, NUMBERS[:-1]),
    "too many bytes": with_header({"w": TENSOR}, NUMBERS + b"x"),
    "wrong offsets": with_header({"w": {**TENSOR, "data_offsets": [4, 2]}}, NUMBERS),
    "a negative size": with_header({"w": {**TENSOR, "shape": [-2]}}, NUMBERS),
    "a huge shape": with_header({"w": {**TENSOR, "shape": [1 << 62, 8]}}, NUMBERS),
    "not finite": with_header({"w": TENSOR}, np.array([1, np.nan], "float32").tobytes()),
    "a description that is no JSON": with_header({"__metadata__": {KIND: "{"}, "w": TENSOR}, NUMBERS),
    "a description that is deep": with_header({"__metadata__": {KIND: "[" * 99_999}, "w": TENSOR}, NUMBERS),
    "a description without a version": with_header({"__metadata__": {KIND: "{}"}, "w": TENSOR}, NUMBERS),
    "a newer version": with_header({"__metadata__": {KIND: '{"version": 99}'}, "w": TENSOR}, NUMBERS),
    "another network": with_header(
        {"__metadata__": {KIND: '{"version": 1, "network": {"kind": "pickle"}}'}, "w": TENSOR}, NUMBERS
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence_that_names_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(WeightsError, match=r"^w\.safetensors: .*\.$") as refused:
        read_weights(path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(where=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_read_or_refused(file: Path, where: float, byte: int, cut: bool) -> None:
    data = bytearray(file.read_bytes())
    place = int(where * (min(len(data), 3000) - 1))
    damaged = file.with_name("damaged")
    data[place] = byte
    damaged.write_bytes(data[:place] if cut else data)
    try:
        read = read_weights(damaged)
        read.of(open_preset("digits").program)
    except WeightsError:
        assert cut or data != file.read_bytes()
    else:
        assert not cut
