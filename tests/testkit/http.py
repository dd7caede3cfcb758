"""A web server that serves parts of files and remembers which, on the loopback interface."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Served:
    """Where a folder is served, and what was asked for: tuples of (name, first byte, end)."""

    address: str
    requests: list = field(default_factory=list)

    def url(self, name: str) -> str:
        """What GDAL opens to read a file of the folder."""
        return f"/vsicurl/{self.address}/{name}"

    def times_served(self, name: str, size: int) -> list:
        """How often each part of a file was served: a list of (start, end, times), ascending."""
        ends = sorted({0, size, *(end for asked, *part in self.requests if asked == name for end in part)})
        parts = [(start, end) for asked, start, end in self.requests if asked == name]
        return [
            (start, end, sum(first <= start and end <= last for first, last in parts))
            for start, end in zip(ends, ends[1:])
        ]

    def bytes_served(self, name: str) -> int:
        """All bytes of a file that were served, however often."""
        return sum(end - start for asked, start, end in self.requests if asked == name)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, served: list, *arguments):
        self.folder, self.served = folder, served
        super().__init__(*arguments)

    def do_HEAD(self):  # noqa: N802
        self._answer(body=False)

    def do_GET(self):  # noqa: N802
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = self.folder / self.path.lstrip("/")
        if not path.is_file():
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        size = path.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        end = min(size, int(asked[2]) + 1) if asked and asked[2] else size
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if body:
            self.served.append((path.name, start, end))
            with open(path, "rb") as file:
                file.seek(start)
                self.wfile.write(file.read(end - start))

    def log_message(self, *_arguments):
        """Say nothing."""


@contextmanager
def serving(folder) -> Iterator[Served]:
    """Serve the files of a folder within the block."""
    requests: list = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, Path(folder), requests))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}", requests)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
