"""A network goes into a file and comes back; a bad file is refused in one sentence."""

import json
from pathlib import Path

import pytest

from core.editing.files import LARGEST_FILE, NetworkFileError, network_file, read_network
from core.presets import PRESETS, open_preset
from tests.core.editing.networks import assert_is_sentence
from tests.core.layers.graphs import GRAPHS

NETWORKS = {name: network for name in PRESETS if (network := open_preset(name).network) is not None} | GRAPHS
SEQUENCE = {"kind": "sequential", "input": {"shape": [4]}, "layers": [{"layer": "Dense", "units": 2}]}
BAD = {
    "empty": b"",
    "no text": b"\xff\xfe\x00",
    "no JSON": b"{kind",
    "a list": b"[]",
    "a number": b"7",
    "nothing in it": b"{}",
    "deep": b"[" * 100_000,
    "a huge number": json.dumps({**SEQUENCE, "input": {"shape": [10**30]}}).encode(),
    "another loss": json.dumps({**SEQUENCE, "loss": "none"}).encode(),
    "a loss that is a list": json.dumps({**SEQUENCE, "loss": []}).encode(),
    "another layer": json.dumps({**SEQUENCE, "layers": [{"layer": "None"}]}).encode(),
    "no layers": json.dumps({**SEQUENCE, "layers": []}).encode(),
    "too large": b" " * (LARGEST_FILE + 1),
    "infinite": b'{"kind": "sequential", "input": {"shape": [Infinity]}, "layers": []}',
    "digits": b'{"kind": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_come_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    path.write_bytes(network_file(NETWORKS[name], "squared_error"))
    assert read_network(path) == (NETWORKS[name], "squared_error")


def test_a_file_need_not_say_the_loss(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    path.write_text(json.dumps(SEQUENCE))
    assert read_network(path)[1] is None


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "Network.json"
    path.write_bytes(BAD[name])
    with pytest.raises(NetworkFileError) as refused:
        read_network(path)
    assert str(refused.value).startswith("Network.json: ")
    assert_is_sentence(str(refused.value))
    assert len(str(refused.value)) < 400
