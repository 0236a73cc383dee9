"""One request to one upstream and its answer, whatever happens on the way. [door: sockets]

What the network does is never an exception here, always a landing: with the answer, or with the words why there is
none. The body of a landing is inflated; its headers are as sent, without sessions.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from threading import Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from harvester.errors import Refused
from harvester.raw.bodies import Trouble, gather, repeats_key
from harvester.raw.envelope import FOLLOWED, MOVED, headers_for, is_below, settle
from harvester.raw.gate import REAL, Gate
from harvester.raw.heads import open_headers
from harvester.raw.patience import USUAL, Answer, Limits, Traffic, pause_after
from harvester.records import Landing, Pairs, Request
from harvester.settings import Upstream

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

_CHUNK = 65_536


class Wire:
    """The one connection of a run to one upstream; used by one thread, closed as a context manager."""

    def __init__(
        self,
        upstream: Upstream,
        user_agent: str,
        secrets: tuple[str, ...],
        gate: Gate,
        clock: Callable[[], datetime],
        jitter: Callable[[], float] = random.random,
        limits: Limits = USUAL,
    ) -> None:
        self.sent = Traffic()
        self._upstream = upstream
        self._user_agent = user_agent
        self._secrets = secrets
        self._gate = gate
        self._clock = clock
        self._jitter = jitter
        self._limits = limits
        self.left_seconds = limits.waiting_seconds  # of the waiting that the limits allow
        self._line = _Line(limits, gate.started, direct=upstream.on_loopback)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *error: object) -> None:
        self._line.close()

    def send(self, request: Request) -> Landing:
        """Asks, again where that may help and the limits allow it, and returns the last answer."""
        try:
            asked = self._prepare(request, self._upstream.url + request.path, request.parameters)
        except ValueError as error:  # requests' own errors about addresses and headers are ValueErrors too
            return self._landing(request, Answer(None, failure=f"the request cannot be made: {error}"), 0, 0.0)
        attempt, sent, waited = 1, 0, 0.0
        answer, followed = None, None
        while True:
            try:
                with self._gate.passage(self.left_seconds) as passage:
                    waited += passage.waited_seconds
                    self.left_seconds = max(0.0, self.left_seconds - passage.held_seconds)
                    self.sent = self.sent.with_wait(passage.waited_seconds)
                    answer = self._ask(asked)
                    sent += 1
                    again = self._again(answer, attempt)
            except Refused as refusal:
                answer = answer or Answer(None, failure=refusal.why)
                break
            onward = self._onward(request, answer, asked)
            if onward and sent - attempt < self._limits.redirects:
                asked, followed = onward, onward.url
            elif again:
                attempt += 1
            else:
                break
        return self._landing(request, settle(answer, followed), sent, waited)

    def _prepare(self, request: Request, address: str, parameters: Pairs) -> PreparedRequest:
        from requests import Request as Outgoing

        headers = headers_for(self._upstream, self._user_agent, request)
        asked = Outgoing(request.method, address, headers, data=request.body, params=list(parameters)).prepare()
        if not is_below(asked.url or "", self._upstream.url):
            raise ValueError(f"{address} does not lie below {self._upstream.url}")
        return asked

    def _ask(self, asked: PreparedRequest) -> Answer:
        began = time.monotonic()
        answer = self._line.exchange(asked)
        if repeats_key(self._secrets, answer.headers, answer.body):
            answer = Answer(None, failure="the answer repeated a configured key", received_bytes=answer.received_bytes)
        if answer.again:  # lost time counts as waiting: a host that hangs must not take the whole night
            self.left_seconds = max(0.0, self.left_seconds - (time.monotonic() - began))
        self.sent = self.sent.with_answer(answer)
        return answer

    def _onward(self, request: Request, answer: Answer, asked: PreparedRequest) -> PreparedRequest | None:
        """Returns the request that a redirect asks for, where it stays below the same address."""
        location = answer.header("location")
        if answer.status not in MOVED or request.method != "GET" or not location:
            return None
        try:
            return self._prepare(request, urljoin(asked.url or "", location), ())
        except ValueError:
            return None

    def _again(self, answer: Answer, attempt: int) -> bool:
        """Decides whether to ask again, and keeps the gate closed for as long as that needs or was asked."""
        now = datetime.fromtimestamp(REAL.now(), UTC)  # the upstream's dates are in real time, whatever the run's clock
        pause = pause_after(answer, attempt, self._upstream, self._limits, now, self._jitter())
        if pause is None:
            return False
        again = attempt < self._limits.attempts and pause.seconds <= self.left_seconds
        if again or pause.asked:
            self._gate.hold(pause.seconds)
        return again

    def _landing(self, request: Request, answer: Answer, sent: int, waited: float) -> Landing:
        failure = answer.failure
        for key in self._secrets:
            failure = failure.replace(key, "<key>") if failure else None
        return Landing(
            request=request,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched_at=self._clock().astimezone(UTC),
            attempts=sent,
            waited_seconds=round(waited, 3),
            failure=failure,
        )


class _Line:
    """One kept-alive connection, and a watch that ends every exchange in time.

    requests' Session is left out on purpose: it would read `.netrc`, keep cookies, and inflate the whole body of a
    redirect even where it does not follow it. Its adapter does the rest.
    """

    def __init__(self, limits: Limits, on_sent: Callable[[], None], *, direct: bool) -> None:
        self._limits = limits
        self._direct = direct  # no proxy: a loopback upstream is on this side of it
        self._around: dict[str, Any] = {"stream": True, "verify": True, "cert": None, "proxies": {}}
        self._adapter: HTTPAdapter | None = None
        self._socket: socket.socket | None = None
        self._expired = False
        self._received = 0  # bytes of this body
        self.on_sent = on_sent

    def close(self) -> None:
        if self._adapter:
            self._adapter.close()

    def exchange(self, asked: PreparedRequest) -> Answer:
        from http.client import HTTPException

        from urllib3.exceptions import HTTPError

        self._received = 0
        try:
            with self._watched(), closing(self._open(asked)) as response:
                answer = self._read(response)
        except (OSError, HTTPException, HTTPError, ValueError) as error:  # requests' errors are OSErrors
            answer = self._nothing(Trouble(_words(error, self._limits), again=True))
        if self._expired:
            late = f"the answer took longer than {self._limits.total_seconds:g} seconds"
            answer = self._nothing(Trouble(late, again=True))
        return answer

    def hold_socket(self, opened: socket.socket | None) -> None:
        """Tells the watch which socket to shut."""
        self._socket = opened
        if self._expired:
            raise TimeoutError

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Shuts the socket when time is up: dripping headers and chunk lengths never meet a read timeout."""
        self._expired, self._socket = False, None
        watch = Timer(self._limits.total_seconds, self._expire)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _expire(self) -> None:
        self._expired = True
        if self._socket is not None:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # below TLS, which would say goodbye first

    def _open(self, asked: PreparedRequest) -> Response:
        from requests import Session

        if self._adapter is None:
            self._adapter = _adapter(self)
            if not self._direct:  # proxies and certificates as the environment names them
                self._around |= Session().merge_environment_settings(asked.url or "", {}, True, None, None)
        timeouts = (self._limits.connect_seconds, self._limits.read_seconds)
        return self._adapter.send(asked, timeout=timeouts, **self._around)

    def _read(self, response: Response) -> Answer:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        headers = open_headers(tuple(response.raw.headers.iteritems()))
        body = gather(self._chunks(response), encoding, self._limits.body_bytes)
        if self._received > self._limits.wire_bytes:
            body = Trouble(f"the body has more than {self._limits.wire_bytes:,} bytes", again=False)
        if isinstance(body, Trouble):
            return self._nothing(body)
        said = tuple((name, value) for name, value in headers if name != FOLLOWED)
        return Answer(response.status_code, said, body, received_bytes=self._received)

    def _chunks(self, response: Response) -> Iterator[bytes]:
        while chunk := response.raw.read1(_CHUNK, decode_content=False):  # what has come: read() waits for the rest
            self._received += len(chunk)
            if self._received > self._limits.wire_bytes:
                return
            yield chunk

    def _nothing(self, why: Trouble) -> Answer:
        return Answer(None, failure=why.words, again=why.again, received_bytes=self._received)


def _adapter(line: _Line) -> HTTPAdapter:
    """Returns requests' adapter with connections that show their socket, and tell when a request has left."""
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection

    class Shown(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            line.hold_socket(self.sock)

        def request(self, *args: Any, **options: Any) -> None:
            line.hold_socket(self.sock)
            super().request(*args, **options)
            line.on_sent()

    class ShownTls(Shown, HTTPSConnection): ...

    class Plain(HTTPConnectionPool):
        ConnectionCls = Shown

    class Tls(HTTPSConnectionPool):
        ConnectionCls = ShownTls

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            self.poolmanager.pool_classes_by_scheme = {"http": Plain, "https": Tls}

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            manager = super().proxy_manager_for(*args, **options)
            manager.pool_classes_by_scheme = {"http": Plain, "https": Tls}
            return manager

    return Adapter(pool_connections=1, pool_maxsize=1)


def _words(error: BaseException, limits: Limits) -> str:
    """Says in words what kept an answer from coming."""
    from http.client import IncompleteRead

    from requests import ConnectTimeout, ReadTimeout
    from requests.exceptions import ProxyError, SSLError
    from urllib3.exceptions import IncompleteRead as CutShort
    from urllib3.exceptions import ReadTimeoutError

    if isinstance(error, ConnectTimeout):
        return f"no connection within {limits.connect_seconds:g} seconds"
    if isinstance(error, (ReadTimeout, ReadTimeoutError)):
        return f"no answer for {limits.read_seconds:g} seconds"
    first: BaseException = error
    while before := first.__cause__ or first.__context__:
        first = before
    if isinstance(first, (CutShort, IncompleteRead)):
        return "the body was cut"
    what = "the proxy failed" if isinstance(error, ProxyError) else "the connection failed"
    what = "TLS failed" if isinstance(error, SSLError) else what
    return f"{what}: {getattr(first, 'strerror', None) or str(first) or type(first).__name__}"
