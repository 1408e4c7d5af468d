"""How the calls of the HTTP libraries are read: where they go, what is sent, what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from cxotel.engine import Address, Reply, Target, json_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Arguments, Call

_PORTS: Final = {"http": 80, "https": 443}


def host_in(url: str) -> str | None:
    """Return the host in a URL, in lower case: quickly, for it is asked of every call.

    Example:
        >>> host_in("https://user@API.example.com:8443/v1?x=1"), host_in("/v1")
        ('api.example.com', None)
    """
    start = url.find("://")
    if start < 0:
        return None
    start += 3
    end = url.find("/", start)
    authority = url[start:] if end < 0 else url[start:end]
    if not authority.replace(".", "").replace("-", "").isalnum():
        return urlsplit(url).hostname  # a port, a user, brackets, or no slash before the query
    return authority.lower()


def address_in(library: Any, method: object, url: str) -> Address:
    """Return where a request for *url* goes."""
    split = urlsplit(url)
    return Address(
        library,
        _method(method),
        split.scheme,
        (split.hostname or "").lower(),
        split.port or _PORTS.get(split.scheme),
        split.path,
        split.query,
    )


def _method(method: object) -> str:
    text = method.decode("ascii", "replace") if isinstance(method, bytes) else str(method)
    return text.upper()


class Requests:
    """`requests.Session.send`: redirects and the adapter's retries are inside."""

    name = "requests"

    def host(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Return the host that a call goes to."""
        return host_in((args[0] if args else kwargs["request"]).url)

    def address(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Address:
        """Return where a call goes."""
        request = args[0] if args else kwargs["request"]
        return address_in(self, request.method, request.url)

    def reply(self, call: Call, result: Any) -> Reply:
        """Return what the reply tells; a stream is the caller's to read."""
        is_stream = call.kwargs.get("stream", call.instance.stream)
        return Reply(result.status_code, result.headers, None if is_stream else result.content)

    def sent(self, call: Call) -> Any:
        """Return the body of the request, or `None` where it is none of bytes."""
        return call.argument("request").body

    def with_header(self, call: Call, name: str, value: str) -> Arguments:
        """Return arguments whose request has a header more."""
        request = call.argument("request").copy()
        request.headers[name] = value
        return call.replacing("request", request)

    def with_json(self, call: Call, document: object) -> Arguments:
        """Return arguments whose request has another body."""
        request = call.argument("request").copy()
        request.body = json.dumps(document).encode()
        request.headers["Content-Length"] = str(len(request.body))
        return call.replacing("request", request)


class Httpx:
    """`Client.send` and `AsyncClient.send` of httpx and of httpx2."""

    def __init__(self, name: str) -> None:
        self.name = name

    def host(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Return the host that a call goes to."""
        return (args[0] if args else kwargs["request"]).url.host

    def address(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Address:
        """Return where a call goes."""
        request = args[0] if args else kwargs["request"]
        return address_in(self, request.method, str(request.url))

    def reply(self, call: Call, result: Any) -> Reply:
        """Return what the reply tells; a stream is the caller's to read."""
        body = None if call.argument("stream", default=False) else result.content
        return Reply(result.status_code, result.headers, body)

    def sent(self, call: Call) -> Any:
        """Return the body of the request, or `None` where it is a stream."""
        try:
            return call.argument("request").content
        except RuntimeError:  # RequestNotRead: the caller sends a stream
            return None

    def with_header(self, call: Call, name: str, value: str) -> Arguments:
        """Return arguments whose request has a header more."""
        request = call.argument("request")
        headers = request.headers.copy()
        headers[name] = value
        return call.replacing("request", _rebuilt(request, headers, {"stream": request.stream}))

    def with_json(self, call: Call, document: object) -> Arguments:
        """Return arguments whose request has another body."""
        request = call.argument("request")
        body = json.dumps(document).encode()
        headers = request.headers.copy()
        headers["Content-Length"] = str(len(body))
        return call.replacing("request", _rebuilt(request, headers, {"content": body}))


def _rebuilt(request: Any, headers: Any, body: dict[str, Any]) -> Any:
    """Return another request of httpx's, of the same kind and for the same place."""
    kind = cast("Callable[..., Any]", type(request))
    extensions = request.extensions
    return kind(request.method, request.url, headers=headers, extensions=extensions, **body)


class Aiohttp:
    """`aiohttp.ClientSession._request`: it returns with the headers, the body is read later."""

    name = "aiohttp"

    def host(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Return the host that a call goes to."""
        url = _positional(args, kwargs, 1, "str_or_url")
        host = host_in(url) if isinstance(url, str) else url.host
        return host or instance._build_url(url).host  # noqa: SLF001 - as aiohttp itself joins them

    def address(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Address:
        """Return where a call goes."""
        url = instance._build_url(_positional(args, kwargs, 1, "str_or_url"))  # noqa: SLF001 - see `host`
        return address_in(self, _positional(args, kwargs, 0, "method"), str(url))

    def reply(self, call: Call, result: Any) -> Reply:
        """Return what the headers tell."""
        return Reply(result.status, result.headers, is_later=True)

    def sent(self, call: Call) -> Any:
        """Return the request's content, as it was given."""
        content = call.argument("json")
        return call.argument("data") if content is None else content

    def with_header(self, call: Call, name: str, value: str) -> Arguments:
        """Return arguments with a header more."""
        return call.replacing("headers", [*_pairs(call.argument("headers")), (name, value)])

    def with_json(self, call: Call, document: object) -> Arguments:
        """Return arguments with another body, given in the form of the old one."""
        if call.argument("json") is not None:
            return call.replacing("json", document)
        return call.replacing("data", json.dumps(document).encode())


def _pairs(headers: Any) -> list[tuple[Any, Any]]:
    """Return headers, given in any form, as pairs."""
    return list(headers.items() if hasattr(headers, "items") else headers or ())


class Urllib3:
    """`PoolManager.urlopen`, which follows redirects, and a single pool's `urlopen`."""

    name = "urllib3"

    def host(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Return the host that a call goes to: the pool's own, or the URL's."""
        pool: Any = getattr(instance, "host", None)
        if isinstance(pool, str):
            return pool.lower()
        return host_in(_positional(args, kwargs, 1, "url"))

    def address(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Address:
        """Return where a call goes."""
        url: str = _positional(args, kwargs, 1, "url")
        if isinstance(getattr(instance, "host", None), str):
            path = urlsplit(url)._replace(scheme="", netloc="").geturl()
            url = f"{instance.scheme}://{instance.host}:{instance.port}{path}"
        return address_in(self, _positional(args, kwargs, 0, "method"), url)

    def reply(self, call: Call, result: Any) -> Reply:
        """Return what the reply tells; one that is not preloaded is the caller's to read."""
        body = result.data if call.argument("preload_content", default=True) else None
        return Reply(result.status, result.headers, body)

    def sent(self, call: Call) -> Any:
        """Return the body of the request."""
        return call.argument("body")

    def with_header(self, call: Call, name: str, value: str) -> Arguments:
        """Return arguments with a header more; given none, a pool sends its own."""
        headers = call.argument("headers") or call.instance.headers
        return call.replacing("headers", {**headers, name: value})

    def with_json(self, call: Call, document: object) -> Arguments:
        """Return arguments with another body."""
        return call.replacing("body", json.dumps(document).encode())


def _positional(args: tuple[Any, ...], kwargs: dict[str, Any], at: int, name: str) -> Any:
    return args[at] if len(args) > at else kwargs[name]


def content(sent: Any) -> Any:
    """Return the JSON that is sent, or `None` where it is something else: a form, a file.

    Args:
        sent: What a library has: bytes, a text, or content that is still to become one.
    """
    if isinstance(sent, (Mapping, list)):
        return cast("object", sent)
    return json_text(sent) if isinstance(sent, (bytes, str)) else None


_REQUESTS, _URLLIB3 = Requests(), Urllib3()
_HTTPX, _HTTPX2 = Httpx("httpx"), Httpx("httpx2")

TARGETS: Final = (
    Target("requests.sessions", "Session.send", library=_REQUESTS),
    Target("httpx", "Client.send", library=_HTTPX),
    Target("httpx", "AsyncClient.send", library=_HTTPX),
    Target("httpx2", "Client.send", library=_HTTPX2),
    Target("httpx2", "AsyncClient.send", library=_HTTPX2),
    Target("aiohttp.client", "ClientSession._request", library=Aiohttp()),
    Target("urllib3.poolmanager", "PoolManager.urlopen", library=_URLLIB3),
    Target("urllib3.connectionpool", "HTTPConnectionPool.urlopen", library=_URLLIB3),
)
"""Where the calls of the HTTP libraries pass."""
ABSORBS: Final = (
    "opentelemetry.instrumentation.requests",
    "opentelemetry.instrumentation.urllib3",
)
"""OpenTelemetry's instrumentations of those very functions: a span of theirs is not told twice."""
REQUIRES: Final = (
    "requests >= 2.27",
    "httpx >= 0.25",
    "httpx2 >= 2.0",
    "aiohttp >= 3.8",
    "urllib3 >= 1.26",
)
"""Any one of them is enough."""
RAISES: Final = ("requests", "httpx", "httpx2", "aiohttp", "urllib3")
"""Where `raise_for_status` and the like are, after a failure that was returned."""
