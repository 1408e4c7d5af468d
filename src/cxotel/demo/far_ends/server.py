"""A web server on a free loopback port, in a thread of its own, for the length of a ``with``.

It speaks real HTTP/1.1 over a real socket, with TLS by a throw-away certificate authority where a
client library insists on ``https``. It proves nothing about networks: loopback loses no packet,
and its delays are only those that a fault asks for.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp, Receive, Scope, Send
    from typing_extensions import Self

HOST = "127.0.0.1"
CONNECTION = "cxotel.connection"
"""The key under which an application finds the `Connection` in its ASGI scope."""
_START_TIMEOUT = 10.0
_STOP_TIMEOUT = 10.0


class Connection:
    """The socket beneath one request, for what HTTP itself cannot express."""

    def __init__(self, transport: asyncio.Transport, closing: asyncio.Event) -> None:
        """Take the transport of the request and the event that says that the server stops."""
        self._transport = transport
        self.closing = closing

    def reset(self) -> None:
        """Drop the connection so that the client sees "connection reset by peer"."""
        if self._transport.is_closing():
            return  # the client was faster
        sock = self._transport.get_extra_info("socket")
        # A lingering time of zero makes the kernel answer with RST where it would send FIN.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def close(self) -> None:
        """Close the connection in an orderly way, after what was already written."""
        self._transport.close()


class LoopbackServer:
    """Serve an ASGI application on 127.0.0.1.

    Args:
        app: The application. Its scope holds a `Connection` under `CONNECTION`.
        tls: Serve ``https`` with a certificate for 127.0.0.1 by an authority made for this server.

    Example:
        >>> from starlette.responses import PlainTextResponse
        >>> with LoopbackServer(PlainTextResponse("hello")) as server:
        ...     server.url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(self, app: ASGIApp, *, tls: bool = False) -> None:
        self._app = app
        self._tls = tls
        self._resources = contextlib.ExitStack()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._port = 0
        self._ca_file: Path | None = None

    def start(self) -> Self:
        """Open the port and return when the server accepts connections."""
        # Only where it reads "TCP" does asyncio turn off Nagle's delay, 40 ms a request.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind((HOST, 0))
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._with_connection,
            interface="asgi3",
            proxy_headers=False,
            http=_tracking(self._transports),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            # An idle connection closed by the server would now and then be a test's failure.
            timeout_keep_alive=3600,
            timeout_graceful_shutdown=2,
        )
        config.load()
        if self._tls:
            config.ssl, self._ca_file = _throw_away_tls(self._resources)
        server = self._server = _Server(config, self._transports)
        # A service that hangs for ever must not keep the interpreter from ending.
        self._thread = threading.Thread(
            target=server.run, args=([listener],), name="loopback-server", daemon=True
        )
        self._thread.start()
        if not server.ready.wait(_START_TIMEOUT):
            message = f"the loopback server did not start within {_START_TIMEOUT:.0f} s"
            raise RuntimeError(message)
        return self

    def stop(self) -> None:
        """Close the port, end requests that still hang, and join the thread."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_TIMEOUT)
        if self._thread.is_alive():
            message = f"the loopback server did not stop within {_STOP_TIMEOUT:.0f} s"
            raise RuntimeError(message)
        self._resources.close()
        self._server = self._thread = None

    @property
    def authority(self) -> str:
        """Host and port, as in ``127.0.0.1:49152``."""
        return f"{HOST}:{self._port}"

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{self.authority}"

    @property
    def ca_file(self) -> Path:
        """The certificate authority that clients must trust, as a PEM file.

        Raises:
            RuntimeError: The server does not run, or runs without TLS.
        """
        if self._ca_file is None:
            message = "only a running server with tls=True has a certificate authority"
            raise RuntimeError(message)
        return self._ca_file

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    async def _with_connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = self._server
        if server is not None:
            client = tuple(scope["client"])
            scope[CONNECTION] = Connection(self._transports[client], server.closing)
        await self._app(scope, receive, send)


class _Server(uvicorn.Server):
    """Tell the starting thread when it serves, and the requests when it stops."""

    def __init__(
        self, config: uvicorn.Config, transports: dict[tuple[str, int], asyncio.Transport]
    ) -> None:
        super().__init__(config)
        self.transports = transports
        self.ready = threading.Event()
        self.closing = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.closing.set()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=1)
        # A client that keeps its connection would have TLS wait for its farewell.
        for transport in list(self.transports.values()):
            transport.abort()
        await super().shutdown(sockets)


def _tracking(transports: dict[tuple[str, int], asyncio.Transport]) -> type[asyncio.Protocol]:
    """Make uvicorn's protocol note each client's transport: its scope has only the address."""

    class Tracked(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            if self.client is not None:
                transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                transports.pop(self.client, None)
            super().connection_lost(exc)

    return Tracked


def _throw_away_tls(resources: contextlib.ExitStack) -> tuple[ssl.SSLContext, Path]:
    # trustme is needed by the demo and the tests alone, so it is looked for only here.
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="cxotel-ca-"))
    ca_file, server_file = Path(folder, "ca.pem"), Path(folder, "server.pem")
    certificate = authority.issue_cert(HOST, "localhost")
    certificate.private_key_and_cert_chain_pem.write_to_path(server_file)
    context.load_cert_chain(server_file)
    authority.cert_pem.write_to_path(ca_file)
    return context, ca_file


def closed_port() -> int:
    """Return a loopback port on which nothing listens, for connections that must be refused."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
