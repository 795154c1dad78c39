"""Fetch an image that a browser tells the address of."""

import base64
import binascii
import re
import ssl
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from core.images.photo import PhotoError

LARGEST = 50_000_000
"""Bytes."""
_PIECE = 65_536
_SECONDS = 15.0
_SCHEMES = ("http", "https")
_DATA = re.compile(r"data:(?P<kind>[^;,]*)(?P<options>[^,]*),", re.IGNORECASE)


def fetch_image(address: str, name: str, report: Callable[[float | None, str], None]) -> bytes:
    """Return what an address holds.

    Parameters
    ----------
    address : str
        Of the schemes ``http``, ``https`` and ``data``.
    name : str
        What a person calls it.
    report : callable
        Takes how far it is, from 0 to 1, or ``None``, and a word; what it raises ends the fetching.

    Raises
    ------
    PhotoError
        If it cannot be fetched, is no image or is too large; one sentence.
    """
    if address[:5].lower() == "data:":
        return _unpacked(address, name)
    if urlsplit(address).scheme.lower() not in _SCHEMES:
        raise PhotoError(f"{name} cannot be fetched: expected an address that begins with http or https.")
    try:
        return _downloaded(address, name, report)
    except HTTPError as error:
        error.close()
        raise PhotoError(f"{name} cannot be fetched: its server answers {error.code} ({error.reason}).") from None
    except TimeoutError:
        raise PhotoError(f"{name} cannot be fetched: its server has not answered for {_SECONDS:g} seconds.") from None
    except (URLError, OSError, HTTPException, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError(f"{name} cannot be fetched: {_reason(error)}.") from None


def _downloaded(address: str, name: str, report: Callable[[float | None, str], None]) -> bytes:
    request = Request(address, headers={"User-Agent": "NetStep", "Accept": "image/*"})
    with _opener().open(request, timeout=_SECONDS) as answer:
        kind = answer.headers.get_content_type()
        if kind.startswith("text/"):
            raise PhotoError(f"{name} is {_called(kind)}, no image: save the image as a file, and open that.")
        size = answer.headers.get("Content-Length", "")
        whole = int(size) if size.isdecimal() else None
        _check_length(whole or 0, name)
        pieces = bytearray()
        while piece := answer.read(_PIECE):
            pieces += piece
            _check_length(len(pieces), name)
            report(min(1.0, len(pieces) / whole) if whole else None, f"Fetching {name}")
        if whole is not None and len(pieces) < whole:
            raise PhotoError(f"{name} cannot be fetched: the connection broke off after {len(pieces):,} bytes.")
        return bytes(pieces)


def _opener() -> OpenerDirector:
    """Return what opens http and https alone: a redirection leads to no file of this computer."""
    director = OpenerDirector()
    for handler in (
        ProxyHandler(), HTTPHandler(), HTTPSHandler(context=ssl.create_default_context()), HTTPRedirectHandler(),
        HTTPDefaultErrorHandler(), HTTPErrorProcessor(), UnknownHandler(),
    ):  # fmt: skip
        director.add_handler(handler)
    return director


def _check_length(length: int, name: str) -> None:
    if length > LARGEST:
        raise PhotoError(f"{name} is larger than {LARGEST / 1e6:.0f} MB, the most that is fetched.")


def _called(kind: str) -> str:
    return "a web page" if kind == "text/html" else "text"


def _unpacked(address: str, name: str) -> bytes:
    """Return what a ``data:`` address holds (RFC 2397)."""
    _check_length(len(address) * 3 // 4, name)
    head = _DATA.match(address)
    if head is None:
        raise PhotoError(f"{name} cannot be read: expected data:image/png;base64, and so on.")
    body = address[head.end() :]
    if "base64" not in head["options"].lower():
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(unquote_to_bytes(body), validate=False)
    except binascii.Error:
        raise PhotoError(f"{name} cannot be read: its base64 is cut short.") from None


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower() if reason.strerror[1:].islower() else reason.strerror
    return str(reason).rstrip(".") or type(reason).__name__
