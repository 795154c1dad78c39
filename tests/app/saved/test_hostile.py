"""A file that is cut short, altered, not ours, a bomb or of the future is refused in a sentence, or opened in part."""

import hashlib
import json
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.presets import open_preset
from core.run.trace import Cursor
from viz_app.saved.container import ARRAYS, DOCUMENT, FIRST, SessionError
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import Saved, session_file
from viz_app.saved.session_reading import read_session
from viz_app.session.saving import snapshot
from viz_app.session.session import Session

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def whole(qapp, tmp_path_factory) -> bytes:
    """Return the file of a small session."""
    session = Session(open_preset("worked-2-2-2"))
    session.go(Cursor(2, 9))
    data = session_file(snapshot(session, WindowRecord("dark", 100)), tmp_path_factory.mktemp("a"))
    session.deleteLater()
    return data


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "it.netstep"


def members(data: bytes, path: Path) -> Members:
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: Members, *, compress: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compress) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def signed(parts: Members, *, version: int = 1) -> Members:
    """Return members with checksums that are right: only what they say is wrong."""
    sums = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in parts.items()
        if name != FIRST
    }
    about = {"kind": "netstep session", "version": version, "members": sums}
    return {FIRST: json.dumps(about).encode(), **{name: data for name, data in parts.items() if name != FIRST}}


def changed(parts: Members, change: Callable[[dict[str, Any]], object], *, version: int = 1) -> Members:
    document = json.loads(parts[DOCUMENT])
    change(document)
    return signed({**parts, DOCUMENT: json.dumps(document).encode()}, version=version)


def refusal(path: Path) -> str:
    with pytest.raises(SessionError) as caught:
        read_session(path)
    text = str(caught.value)
    assert text.startswith(f"{path.name} was not opened: ")
    assert text.endswith(".")
    assert "\n" not in text
    assert "it makes no sense" not in text, text
    return text


def opened_or_refused(path: Path) -> Saved | None:
    """Return the session of a file; ``None`` where it is refused in a sentence. Anything else fails the test."""
    try:
        return read_session(path)
    except SessionError as error:
        told = str(error)
    assert told.endswith(".")
    assert "\n" not in told
    return None


def test_what_is_no_session_is_said_in_one_sentence(whole: bytes, place: Path) -> None:
    parts = members(whole, place)
    altered = {**parts, ARRAYS: bytes([*parts[ARRAYS][:-1], parts[ARRAYS][-1] ^ 1])}
    archives: list[tuple[Members, int, str]] = [
        ({"a.txt": b"no"}, zipfile.ZIP_STORED, "it is another archive"),
        (altered, zipfile.ZIP_STORED, "arrays.safetensors has been altered since it was written"),
        ({**parts, DOCUMENT: bytes(9)}, zipfile.ZIP_STORED, "session.json has been altered"),
        ({**parts, "../../evil.py": b"1"}, zipfile.ZIP_STORED, "got ../../evil.py"),
        ({**parts, "/etc/passwd": b"1"}, zipfile.ZIP_STORED, "got /etc/passwd"),
        ({FIRST: parts[FIRST], DOCUMENT: parts[DOCUMENT]}, zipfile.ZIP_STORED, "a member arrays.safetensors"),
        ({**parts, ARRAYS: bytes(50_000_000)}, zipfile.ZIP_DEFLATED, "expected members that are not compressed"),
        ({f"{n}": b"" for n in range(20)} | {FIRST: b"{}"}, zipfile.ZIP_STORED, "at most 16 members"),
        ({**parts, FIRST: b"[" * 100_000}, zipfile.ZIP_STORED, "nested too deeply"),
        ({**parts, FIRST: b'{"kind": "other", "version": 1}'}, zipfile.ZIP_STORED, "something else"),
        ({**parts, FIRST: b'{"kind": "netstep session", "version": true}'}, zipfile.ZIP_STORED, "something else"),
        (signed({**parts, ARRAYS: pickle.dumps(print)}), zipfile.ZIP_STORED, "its arrays cannot be read"),
    ]
    for archive, compress, expected in archives:
        packed(place, archive, compress=compress)
        assert expected in refusal(place), expected
    for data, expected in (
        (b"", "something else"),
        (b"PK", "something else"),
        (pickle.dumps({"a": 1}), "something else"),
        (whole[:-1], "damaged or cut short"),
        (whole[: len(whole) // 2], "damaged or cut short"),
    ):
        place.write_bytes(data)
        assert expected in refusal(place)


def _wrong() -> Iterator[tuple[Callable[[dict[str, Any]], object], str]]:
    """Yield what a file may tell that cannot be, and what is said of it."""

    def put(*path: str, value: object) -> Callable[[dict[str, Any]], object]:
        def change(document: dict[str, Any]) -> None:
            for name in path[:-1]:
                document = document[name] if isinstance(document, dict) else document[int(name)]
            document[path[-1]] = value

        return change

    yield put("experiment", "preset", value="__import__('os')"), "expected a preset that there is"
    yield put("experiment", "options", "optimizer", value="os.system"), "expected an optimizer among"
    yield put("experiment", "options", "seed", value="1"), "an option seed that cannot be"
    yield put("experiment", "options", "batch_size", value=10**9), "expected a batch size"
    yield put("experiment", "code", value="print()"), "expected fields among"
    yield put("experiment", "parameters", "w_1", value="a999"), "expected an array 'a999'"
    yield put("experiment", "settings", value={"image": "x"}), "settings, and worked-2-2-2 has none"
    yield (
        put("experiment", "edit", value={"network": {"kind": "eval"}, "loss": "x", "kept": {}, "how": ""}),
        "expected a kind",
    )
    yield put("place", "step", value=10**6), "expected a step from 0 to"
    yield put("place", "iteration", value=77), "expected the state at the start of iteration 77"
    yield put("place", "iteration", value=-1), "expected a whole number from 0"
    yield put("place", "cell", value=10**9), "expected a cell from 0 to"
    yield put("place", "focus", value={"key": "os", "index": [0]}), "expected a cell that the network has"
    yield put("place", "focus", value={"key": "w_1", "index": [0, 99]}), "expected a cell that the network has"
    yield put("view", "sample", value=5), "expected a row of the batch"
    yield put("view", "notation", value="evil"), "notation: expected one of"
    yield put("run", "states", value=[]), "expected the state at the start of iteration 0"
    yield put("run", "losses", "iterations", value="a0"), "expected as many iterations"
    yield put("run", "judged", value={"bogus": {"iterations": "a0", "numbers": "a0"}}), "expected judgements of"
    yield put("run", "numbers", value=[{"iteration": 0, "numbers": {"bogus": 1.0}}]), "expected a hyper-parameter"
    yield put("breakpoints", value=[{"kind": "Popen", "fields": {}, "on": True}]), "expected a breakpoint among"
    yield put("watches", value={"key": "loss"}), "expected a list"
    yield put("goal", "epochs", value=-1.0), "expected a number of epochs of more than 0"
    yield put("window", "look", value={"theme_name": "../x"}), "Expected a theme among"
    yield put("window", "speed", value=-2.0), "expected a speed from 0"
    yield put("own", value={"drawing": "a0"}), "expected a square sheet of uint8"
    yield put("own", value={"photo": {"pixels": "a0", "title": "x"}}), "pixels of 8 or 16 bit"
    yield put("own", value={"photo": {"pixels": "a999", "title": "x"}}), "expected an array 'a999'"
    yield put("text", value={"typed": "x", "temperature": -1.0}), "Expected a temperature from 0"
    yield put("text", value={"typed": "x" * 30_000}), "at most 20,000 characters"
    yield put("experiment", "data", "preset", value=False), "lies in no file"
    yield put("targets", value={"name": "x", "own": False, "originals": {"99": "a0"}}), "expected a sample from 0 to"
    yield put("targets", value={"name": "x", "own": False, "originals": {"-1": "a0"}}), "by the numbers of their"
    yield put("evil", value=1), "expected sections among"
    yield lambda document: document.pop("run"), "expected a section run"


def test_what_a_file_tells_and_cannot_be_is_said_in_one_sentence(whole: bytes, place: Path) -> None:
    parts = members(whole, place)
    for change, expected in _wrong():
        packed(place, changed(parts, change))
        if expected == "lies in no file":
            with pytest.raises(SessionError, match="the samples that were shown"):
                read_session(place)
            continue
        assert expected in refusal(place), expected


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_a_file_it_opens_or_is_refused(whole: bytes, place: Path, data: st.DataObject) -> None:
    """Bytes change, go or come: nothing but a session or a sentence comes of it."""
    at, kind = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.sampled_from(("flip", "cut", "insert")))
    if kind == "flip":
        bad = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    else:
        bad = whole[:at] if kind == "cut" else whole[:at] + data.draw(st.binary(min_size=1, max_size=9)) + whole[at:]
    place.write_bytes(bad)
    saved = opened_or_refused(place)
    assert saved is None or saved.place.iteration == 2


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_signed_file_tells_it_opens_or_is_refused(whole: bytes, place: Path, data: st.DataObject) -> None:
    """Somebody who knows the format changes one thing anywhere in what it tells."""
    parts = members(whole, place)
    anything = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**16), st.floats(), st.text(max_size=5),
                         st.just([]), st.just({}), st.just("a0"))  # fmt: skip

    def change(document: dict[str, Any]) -> None:
        here: Any = document
        while True:
            key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
            inner = here[key]
            if isinstance(inner, (dict, list)) and inner and data.draw(st.integers(0, 5)):
                here = inner
                continue
            here[key] = data.draw(anything)
            return

    packed(place, changed(parts, change))
    opened_or_refused(place)


def test_a_newer_file_opens_as_far_as_it_is_known(whole: bytes, place: Path) -> None:
    parts = members(whole, place)

    def newer(document: dict[str, Any]) -> None:
        document["hologram"] = {"depth": 3}
        document["window"]["ambience"] = "candle"

    packed(place, {**changed(parts, newer, version=2), "hologram.bin": b"1"})
    saved = read_session(place)
    assert saved.place.iteration == 2
    assert saved.notes == (
        "It was saved by a newer NetStep; what this one does not know is left out: hologram.bin, hologram, window.",
    )
    packed(place, changed(parts, lambda document: document["experiment"].update(preset="mamba"), version=2))
    assert "saved by a newer NetStep (version 2), and expected a preset that there is; got 'mamba'" in refusal(place)
