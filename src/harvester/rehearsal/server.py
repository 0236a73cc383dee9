"""The rehearsal's sockets: HTTP/1.1 on loopback with keep-alive, one thread a connection."""

from __future__ import annotations

import itertools
import socket
import struct
import sys
import threading
from contextlib import suppress
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from harvester import __version__
from harvester.rehearsal.exchange import Reply, text_reply
from harvester.rehearsal.stage import Stage

HOST = "127.0.0.1"
SERVER = f"harvester-rehearsal/{__version__}"
LARGEST_BODY = 20_000_000  # bytes
WITHOUT_BODY = (204, 304)


class RehearsalServer(ThreadingHTTPServer):
    """Listens from its construction on; `start` answers in a thread, `stop` ends it with all its connections."""

    daemon_threads = True
    block_on_close = False  # idle keep-alive connections are closed by us, not waited for
    request_queue_size = 64

    def __init__(self, stage: Stage, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.stage = stage
        self.root = f"http://{HOST}:{self.server_port}"
        self.numbers = itertools.count(1)
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="rehearsal", daemon=True)

    def start(self) -> None:
        """Answer from now on, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more: the port is free and every connection closed when this returns."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        self._thread.join()
        with self._lock:
            for connection in self._open:
                _shut(connection)

    def opened(self, connection: socket.socket) -> None:
        """A client connected."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A client is gone."""
        with self._lock:
            self._open.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no error of ours; everything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # the client may have been faster
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, hands it to the stage, writes the reply as its delivery says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.house = cast(RehearsalServer, self.server)
        self.number = next(self.house.numbers)
        self.house.opened(self.connection)

    def finish(self) -> None:
        self.house.closed(self.connection)
        self.house.stage.log.closed(self.number)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the stage keeps the log."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(text_reply(411, "Length Required"))
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        upstream, reply = self.house.stage.respond(
            self.command, self.path, headers, body, root=self.house.root, connection=self.number
        )
        if reply.delivery.wait_seconds:
            self.house.stopping.wait(reply.delivery.wait_seconds)
        if upstream is not None:
            self.house.stage.finish(upstream)
        if reply.delivery.reset:
            self._reset()
        else:
            self._send(reply)

    def do_GET(self) -> None:
        """Called by the base class, as all of these."""
        self._serve()

    def do_POST(self) -> None:
        """A form, JSON or a word to the rehearsal itself."""
        self._serve()

    def do_HEAD(self) -> None:
        """Like GET, without the body."""
        self._serve()

    def do_PUT(self) -> None:
        """Refused by every upstream, and logged."""
        self._serve()

    def do_DELETE(self) -> None:
        """To the rehearsal itself: reset the log, end the faults."""
        self._serve()

    def _send(self, reply: Reply) -> None:
        """Head and body in one write, so that a small answer is one packet."""
        delivery = reply.delivery
        body = b"" if self.command == "HEAD" or reply.status in WITHOUT_BODY else reply.body
        sent = body if delivery.cut_after is None else body[: delivery.cut_after]
        if len(sent) < len(body) or not delivery.announce_length:
            self.close_connection = True
        self.send_response_only(reply.status)
        for name, value in (*self._own_headers(), *reply.headers):
            self.send_header(name, value)
        if delivery.announce_length and reply.status not in WITHOUT_BODY:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        head = b"".join([*self._headers_buffer, b"\r\n"])
        self._headers_buffer: list[bytes] = []
        self.wfile.write(head + sent)

    def _own_headers(self) -> list[tuple[str, str]]:
        now = self.house.stage.clock.now()
        return [("Server", SERVER), ("X-Rehearsal", "true"), ("Date", format_datetime(now, usegmt=True))]

    def _reset(self) -> None:
        """Close with a reset instead of a farewell."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
