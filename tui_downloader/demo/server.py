"""A small HTTP/1.1 server on loopback that hands out the pictures at the pace of a slow line.

Owns the answers on the wire. Must never serve a name that is not in its gallery, and must never write
to a file of its own.
"""

from __future__ import annotations

import base64
import os
import socketserver
import sys
import threading
import time
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

from tui_downloader.demo.activity import Activity
from tui_downloader.demo.byte_range import Selection, holds, select
from tui_downloader.demo.gallery import Exhibit, Gallery
from tui_downloader.demo.rendezvous import HOST, server_field

_SLICES_PER_SECOND = 20
"""How often a paced connection gets some bytes: often enough for progress to look even."""

_MAX_SLICE_BYTES = 262_144
"""The most that is read from a file at once, however fast the pace."""


class PictureServer(ThreadingHTTPServer):
    """The listening socket, and what its connections share."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, gallery: Gallery, activity: Activity, *, rate_bytes_per_second: int) -> None:
        """Bind and listen.

        Args:
            port: The port, 0 for any free one.
            gallery: What is served.
            activity: Where transfers are counted.
            rate_bytes_per_second: The pace of each connection; at least 1.

        Raises:
            OSError: The port is taken.
        """
        self.gallery = gallery
        self.activity = activity
        self.rate_bytes_per_second = rate_bytes_per_second
        self.closing = threading.Event()
        super().__init__((HOST, port), PictureHandler)

    def server_bind(self) -> None:
        """Bind without asking for this machine's name, which a name service may answer late."""
        socketserver.TCPServer.server_bind(self)
        self.server_name = HOST
        self.server_port = self.socket.getsockname()[1]

    def server_close(self) -> None:
        """Stop listening and break off what is running."""
        self.closing.set()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's
        """Log what no handler expected, without the traceback; a client that went away is no news.

        Args:
            request: The connection's socket.
            client_address: The other end.
        """
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            _log(f"A request could not be answered: {type(error).__name__}")


class PictureHandler(BaseHTTPRequestHandler):
    """One connection, which may bring several requests."""

    server: PictureServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60.0  # seconds that a silent client may keep a connection
    error_content_type = "text/plain"
    error_message_format = "%(code)d %(message)s\n"

    def version_string(self) -> str:
        """Return the value of the field Server, by which launchers know this process."""
        return server_field(os.getpid())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Log no request: the log is for what went wrong."""

    def do_GET(self) -> None:
        """Answer with the picture or a part of it."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer as GET does, without the content; a Range has no meaning here (RFC 9110 section 14.2)."""
        self._answer()

    def parse_request(self) -> bool:
        """Read the request's head; refuse every method other than GET and HEAD."""
        if not super().parse_request():
            return False
        self.server.activity.touch(time.monotonic())
        if self.command in {"GET", "HEAD"}:
            return True
        self.close_connection = True  # whatever content follows is not read
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"})
        return False

    def _answer(self) -> None:
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # whatever content follows is not read
        # Nothing is decoded and no path is built: a name is in the list or it is not.
        slash, name = self.path[:1], self.path[1:].partition("?")[0]
        if slash != "/" or name not in self.server.gallery:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        try:
            exhibit = self.server.gallery.exhibit(name)
            file = exhibit.path.open("rb")
        except OSError as error:
            _log(f"{name} cannot be served: {error}")
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        with file:
            self._answer_with(exhibit, file)

    def _answer_with(self, exhibit: Exhibit, file: BinaryIO) -> None:
        last_modified = formatdate(exhibit.modified_at, usegmt=True)
        same = holds(self.headers.get("If-Range"), etag=exhibit.etag, last_modified=last_modified)
        wanted = self.headers.get("Range") if same and self.command == "GET" else None
        selection = select(wanted, exhibit.complete_length)
        if selection is None:
            fields = {"Content-Range": f"bytes */{exhibit.complete_length}", "Accept-Ranges": "bytes"}
            self._refuse(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, fields)
            return
        self.send_response(HTTPStatus.PARTIAL_CONTENT if selection.partial else HTTPStatus.OK)
        self._send_fields(exhibit, selection, last_modified)
        if self.command == "HEAD":
            self.end_headers()
        else:
            self._transfer(file, selection, exhibit.complete_length)

    def _send_fields(self, exhibit: Exhibit, selection: Selection, last_modified: str) -> None:
        self.send_header("Content-Type", exhibit.media_type)
        self.send_header("Content-Length", str(selection.stop - selection.start))
        if selection.partial:
            extent = f"bytes {selection.start}-{selection.stop - 1}/{exhibit.complete_length}"
            self.send_header("Content-Range", extent)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", exhibit.etag)
        self.send_header("Last-Modified", last_modified)
        # RFC 9530 section 3: the digest of the entire file, whichever part is sent.
        self.send_header("Repr-Digest", f"sha-256=:{base64.b64encode(exhibit.sha256).decode()}:")

    def _transfer(self, file: BinaryIO, selection: Selection, complete_length: int) -> None:
        self.server.activity.begin()
        complete = False
        try:
            self.end_headers()
            complete = self._send_paced(file, selection)
        except OSError:  # the client went away, or has read nothing for a long time
            complete = False
        finally:
            # After a part of the promised content nothing else may follow on this connection.
            self.close_connection = self.close_connection or not complete
            fetched = complete and selection.stop == complete_length
            self.server.activity.end(time.monotonic(), fetched=fetched)

    def _send_paced(self, file: BinaryIO, selection: Selection) -> bool:
        rate = self.server.rate_bytes_per_second
        slice_bytes = min(max(1, rate // _SLICES_PER_SECOND), _MAX_SLICE_BYTES)
        file.seek(selection.start)
        left = selection.stop - selection.start
        due_at = time.monotonic()
        while left:
            content = file.read(min(slice_bytes, left))
            if not content:
                return False
            self.wfile.write(content)
            left -= len(content)
            # A client that was slow for a while does not get the missed bytes in one burst.
            due_at = max(due_at, time.monotonic() - 1 / _SLICES_PER_SECOND) + len(content) / rate
            if left and self.server.closing.wait(max(0.0, due_at - time.monotonic())):
                return False
        return True

    def _refuse(self, status: HTTPStatus, fields: Mapping[str, str] | None = None) -> None:
        content = f"{status.value} {status.phrase}\n".encode()
        self.send_response(status)
        for name, value in (fields or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
