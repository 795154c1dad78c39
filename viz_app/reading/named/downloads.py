"""Download the files of a data set: from the first mirror that answers, checked, and never half."""

import hashlib
import http.client
import select
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.data.idx import IdxError, idx_header
from core.data.progress import Progress
from viz_app.reading.files import DataError, refused, shown
from viz_app.reading.named.data_sets import File, Named

PATIENCE_S = 10.0
"""A server that sends nothing for so long is given up."""
_AT_ONCE = 2**16
_LISTEN_S = 0.1


class _Failed(Exception):  # noqa: N818  # told to the person by DataError, once all mirrors have
    """A mirror has not given the file; the message says why, in a few words."""


def missing_files(one: Named, folder: Path) -> tuple[File, ...]:
    """Return the files of a data set that are not in a folder, neither compressed nor unpacked."""
    return tuple(file for file in one.files if found_file(file, folder) is None)


def found_file(file: File, folder: Path) -> Path | None:
    """Return where a file is: as it is downloaded, or unpacked by hand."""
    paths = folder / file.name, folder / file.name.removesuffix(".gz")
    return next((path for path in paths if path.is_file()), None)


def check_file(file: File, path: Path) -> str:
    """Check a file that was downloaded, or put there by hand; return what a person should know of it.

    One that is compressed in another way, or not at all, has another sum; it is taken where its numbers are as many.

    Raises
    ------
    DataError
        If it is another file.
    """
    try:
        if path.name == file.name and _md5(path) == file.md5:
            return ""
        shape = idx_header(path).shape
    except IdxError as error:
        raise DataError(f"{str(error).rstrip('.')}. Delete {path}, so that it can be downloaded again.") from None
    except OSError as error:
        raise refused(path, error) from None
    if shape != file.shape:
        raise DataError(
            f"{shown(path)}: expected numbers of shape {file.shape}; got {shape}. Delete {path}, so that it can be "
            "downloaded again."
        )
    return f"{shown(path)} is not the published file: its checksum is another, its shape is right."


def fetch(one: Named, folder: Path, progress: Progress, patience_s: float = PATIENCE_S) -> None:
    """Download the files of a data set that are missing; each gets its name when it is there whole.

    Parameters
    ----------
    one : Named
        The data set.
    folder : Path
        Where the files go.
    progress : Progress
        Told how many bytes have come; a cancel is heeded within a tenth of a second, and while an address is being
        called, when it answers or ``patience_s`` are over.
    patience_s : float
        A server that sends nothing for so long is given up.

    Raises
    ------
    DataError
        If no mirror gives a file: the message says why, and where to put which files by hand.
    Cancelled
        If somebody stops it; files that are there whole stay.
    """
    wanted = missing_files(one, folder)
    total, before = sum(file.size for file in wanted), 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(folder, error) from None
    for file in wanted:
        reasons = []
        for mirror in one.mirrors:
            progress.tell(before, total, f"Downloading {one.title}: {file.name}")
            try:
                _retrieve(mirror + file.name, file, folder, _Meter(progress, before, total), patience_s)
                break
            except _Failed as failed:
                reasons.append(f"{urlsplit(mirror).hostname}: {failed}")
        else:
            raise _given_up(one, wanted, folder, file, reasons)
        before += file.size


def _given_up(one: Named, wanted: tuple[File, ...], folder: Path, file: File, reasons: list[str]) -> DataError:
    names, why = ", ".join(other.name for other in wanted), "; ".join(dict.fromkeys(reasons))
    return DataError(
        f"{one.title}: {file.name} could not be downloaded ({why}); put {names} into {folder} by hand, or try again."
    )


class _Meter:
    """Tells the progress of one of several files."""

    def __init__(self, progress: Progress, before: int, total: int) -> None:
        self._progress, self._before, self._total = progress, before, total

    def tell(self, done: int) -> None:
        """Say how many bytes of this file have come; Cancelled goes through to who asked."""
        self._progress.tell(self._before + done, self._total)


def _retrieve(url: str, file: File, folder: Path, meter: _Meter, patience_s: float) -> None:
    """Download a file beside its place, check its sum, and move it there."""
    import pooch

    pooch.get_logger().setLevel("ERROR")

    def download(address: str, target: Any, _: Any) -> None:
        with open(target, "wb") as stream:
            _stream(address, stream, file, meter, patience_s)

    try:
        pooch.retrieve(url, f"md5:{file.md5}", file.name, folder, downloader=download)
    except urllib.error.HTTPError as error:
        raise _Failed(f"it answered {error.code} {error.reason}".strip()) from None
    except urllib.error.URLError as error:
        raise _Failed(_reason(error.reason)) from None
    except (http.client.HTTPException, ssl.SSLError) as error:
        raise _Failed(f"it sent what is no answer ({type(error).__name__})") from None
    except TimeoutError:
        raise _Failed(f"it sent nothing for {patience_s:g} s") from None
    except ConnectionError:
        raise _Failed("the connection broke off") from None
    except OSError as error:
        raise refused(folder, error) from None
    except ValueError:  # from pooch: the sum is another
        raise _Failed("the file is altered (its checksum is another)") from None


def _stream(url: str, stream: Any, file: File, meter: _Meter, patience_s: float) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "netstep", "Accept-Encoding": "identity"})
    with urllib.request.urlopen(request, timeout=patience_s) as response:
        done = 0
        while done < file.size and (data := _read(response, done, file.size, meter, patience_s)):
            done += len(data)
            stream.write(data)
            meter.tell(done)
    if done < file.size:
        raise _Failed(f"it broke off after {done:,} of {file.size:,} bytes")


def _read(response: Any, done: int, size: int, meter: _Meter, patience_s: float) -> bytes:
    """Return what has come; while nothing comes, listen whether somebody stops it.

    What came with the headers is read first: the socket knows nothing of it.
    """
    waited = 0.0
    while done and not response.chunked and not _is_ready(response):
        meter.tell(done)
        waited += _LISTEN_S
        if waited >= patience_s:
            raise TimeoutError
    data: bytes = response.read1(min(_AT_ONCE, size - done))
    return data


def _is_ready(response: Any) -> bool:
    ready, _, _ = select.select([response.fileno()], [], [], _LISTEN_S)
    return bool(ready)


def _reason(reason: object) -> str:
    """Return why an address could not be called, in a few words."""
    if isinstance(reason, TimeoutError):
        return "it did not answer in time"
    if isinstance(reason, ConnectionRefusedError):
        return "it refused the connection"
    if isinstance(reason, ssl.SSLError):
        return "its certificate could not be checked"
    if isinstance(reason, OSError):
        return "it could not be reached"
    return " ".join(str(reason).split())[:80]


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
