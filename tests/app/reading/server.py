"""A server on this machine that sends files as it should, or as servers on bad days do."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serves files from memory; the first part of an address says how.

    ``/good/name`` sends it, ``/lost/name`` says 404, ``/moved/name`` leads to ``/good/name``, ``/circle/name`` to
    itself, ``/cut/name`` sends half, ``/altered/name`` another byte, ``/more/name`` goes on, ``/stall/name`` sends half
    and then nothing, ``/mute/name`` says nothing at all, ``/slow/name`` sends a little at a time, ``/page/name`` sends
    a page that says sorry, ``/chunked/name`` does not say how much will come, ``/rubbish/name`` is no HTTP.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.asked: list[str] = []
        self.over, self.half_sent = threading.Event(), threading.Event()

    def address(self, way: str) -> str:
        """Return the address of the folder that behaves in a way."""
        return f"http://127.0.0.1:{self.server_address[1]}/{way}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        _, way, name = self.path.split("/")
        self.server.asked.append(self.path)
        self.close_connection = True
        getattr(self, f"_{way}")(self.server.files[name])

    def _head(self, size: int | None, code: int = 200, **headers: str) -> None:
        self.send_response(code)
        if size is not None:
            self.send_header("Content-Length", str(size))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

    def _good(self, data: bytes) -> None:
        self._head(len(data))
        self.wfile.write(data)

    def _lost(self, _: bytes) -> None:
        self.send_error(404)

    def _moved(self, _: bytes) -> None:
        self._head(0, 302, Location=self.path.replace("/moved/", "/good/"))

    def _circle(self, _: bytes) -> None:
        self._head(0, 302, Location=self.path)

    def _cut(self, data: bytes) -> None:
        self._head(len(data))
        self.wfile.write(data[: len(data) // 2])

    def _altered(self, data: bytes) -> None:
        self._good(data[:-1] + bytes([data[-1] ^ 1]))

    def _more(self, data: bytes) -> None:
        self._good(data + b"more")

    def _page(self, _: bytes) -> None:
        self._good(b"<html>Sorry, not today.</html>")

    def _chunked(self, data: bytes) -> None:
        self._head(None, Transfer_Encoding="chunked")
        for part in (data[: len(data) // 2], data[len(data) // 2 :], b""):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))

    def _rubbish(self, _: bytes) -> None:
        self.wfile.write(b"\x00\xff nothing that anybody knows\r\n\r\n")

    def _stall(self, data: bytes) -> None:
        self._head(len(data))
        self.wfile.write(data[: len(data) // 2])
        self.wfile.flush()
        self.server.half_sent.set()
        self.server.over.wait(30)

    def _mute(self, _: bytes) -> None:
        self.server.half_sent.set()
        self.server.over.wait(30)

    def _slow(self, data: bytes) -> None:
        self._head(len(data))
        size = len(data) // 10
        for start in range(0, len(data), size):
            self.wfile.write(data[start : start + size])
            self.wfile.flush()
            self.server.half_sent.set()
            if self.server.over.wait(0.02):
                return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Server]:
    """Serve files while the block runs; nothing of it is left after that."""
    server = Server(files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
