"""What all of Twilio's products share: the account, its ids, how contacts fare, and paging."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Ids, Scoped
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ACCOUNT = "AC" + "c0" * 16
"""The account that the far end serves."""
_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Quality:
    """The media quality that Voice Insights reports of a call, the same in both directions.

    Attributes:
        loss: Lost packets, in percent.
        jitter: Average jitter, in milliseconds.
        jitter_max: Greatest jitter, in milliseconds.
        round_trip: Round-trip time, in milliseconds.
        mos: Mean opinion score.
        codec: The codec's name.
        tags: What Voice Insights marks the call with, as in ``high_jitter``.
    """

    loss: float = 0.1
    jitter: float = 1.5
    jitter_max: float = 6.0
    round_trip: float = 90.0
    mos: float = 4.3
    codec: str = "pcmu"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """How contacts fare; each may differ for one of them, by a number or id in its requests.

    Attributes:
        progress: The states that a call passes through, one each time it is fetched.
        talk: How long a completed call lasted, in seconds.
        ended_by: Who hung up: ``caller``, ``callee`` or ``remote``.
        post_dial_delay: From dialling to ringing, in milliseconds.
        queue_wait: How long a task waited when it is looked at, in seconds.
        staffed: Whether a worker is there to be reserved.
        quality: The call's media quality.
    """

    progress: Scoped[tuple[str, ...]] = field(default_factory=lambda: Scoped[tuple[str, ...]](()))
    talk: Scoped[int] = field(default_factory=lambda: Scoped(95))
    ended_by: Scoped[str] = field(default_factory=lambda: Scoped("caller"))
    post_dial_delay: Scoped[int] = field(default_factory=lambda: Scoped(1250))
    queue_wait: Scoped[int] = field(default_factory=lambda: Scoped(12))
    staffed: Scoped[bool] = field(default_factory=lambda: Scoped(True))
    quality: Scoped[Quality] = field(default_factory=lambda: Scoped(Quality()))

    def clear(self) -> None:
        """Let every contact fare the same again."""
        scoped: tuple[Scoped[Any], ...] = (
            self.progress,
            self.talk,
            self.ended_by,
            self.post_dial_delay,
            self.queue_wait,
            self.staffed,
            self.quality,
        )
        for condition in scoped:
            condition.clear()


class Desk:
    """The account as its products see it.

    Args:
        conditions: How contacts fare.
        ids: Where new ids come from.
        lineage: How a request's text is completed by what is known of the ids in it.
        url: Where the far end listens; known once it runs.
    """

    def __init__(
        self,
        conditions: Conditions,
        ids: Ids,
        lineage: Callable[[Received], str],
        url: Callable[[], str],
    ) -> None:
        self.conditions = conditions
        self.about = lineage
        self._ids = ids
        self._url = url

    def sid(self, prefix: str) -> str:
        """Make an id: two letters that tell the resource, and 32 hexadecimal digits."""
        return prefix + self._ids.hex(32)

    def link(self, path: str) -> str:
        """Return the absolute URL of a path."""
        return self._url() + path

    def account_page(self, request: Received, key: str, rows: Sequence[dict[str, Any]]) -> Reply:
        """Answer with a page as the 2010-04-01 interface does: its next page is a path."""
        page = _Page(request, len(rows))
        content: dict[str, Any] = {
            key: rows[page.start : page.end],
            "page": page.number,
            "page_size": page.size,
            "start": page.start,
            "end": max(page.start, page.end - 1),
            "uri": page.path(page.number),
            "first_page_uri": page.path(0),
            "next_page_uri": page.next,
            "previous_page_uri": page.previous,
        }
        return Reply.of(200, content)

    def meta_page(self, request: Received, key: str, rows: Sequence[dict[str, Any]]) -> Reply:
        """Answer with a page as the newer interfaces do: its next page is a URL in ``meta``."""
        page = _Page(request, len(rows))
        meta = {
            "key": key,
            "page": page.number,
            "page_size": page.size,
            "url": self.link(page.path(page.number)),
            "first_page_url": self.link(page.path(0)),
            "next_page_url": self.link(page.next) if page.next else None,
            "previous_page_url": self.link(page.previous) if page.previous else None,
        }
        return Reply.of(200, {"meta": meta, key: rows[page.start : page.end]})


class _Page:
    """The part of a list that a request asks for."""

    def __init__(self, request: Received, total: int) -> None:
        self._request = request
        self.size = int(request.params.get("PageSize", _PAGE_SIZE))
        self.number = int(request.params.get("Page", 0))
        self.start = self.number * self.size
        self.end = min(total, self.start + self.size)
        self.next = self.path(self.number + 1) if self.end < total else None
        self.previous = self.path(self.number - 1) if self.number else None

    def path(self, number: int) -> str:
        params = {**self._request.params, "PageSize": self.size, "Page": number}
        if number:
            params["PageToken"] = f"PA{number:032x}"
        return f"{self._request.path}?{urlencode(params)}"


def required(form: dict[str, str], name: str, code: str) -> str:
    """Return a form field, or refuse in Twilio's words when it is not there.

    Raises:
        RefusedError: The field is missing; `code` is Twilio's number for that.
    """
    value = form.get(name)
    if not value:
        raise RefusedError(400, code, f"A '{name}' parameter is required.")
    return value


def found(rows: dict[str, dict[str, Any]], key: str, request: Received) -> dict[str, Any]:
    """Return a resource, or refuse in Twilio's words when there is none.

    Raises:
        RefusedError: Error 20404.
    """
    row = rows.get(key)
    if row is None:
        message = f"The requested resource {request.path} was not found"
        raise RefusedError(404, "20404", message)
    return row


def now(before: float = 0) -> datetime:
    """Return the time some seconds before now, in UTC and whole seconds, as Twilio counts it."""
    return datetime.now(timezone.utc).replace(microsecond=0) - timedelta(seconds=before)


def rfc2822(moment: datetime) -> str:
    """Write a time as the 2010-04-01 interface does.

    Example:
        >>> rfc2822(datetime(2026, 5, 4, 10, 0, tzinfo=timezone.utc))
        'Mon, 04 May 2026 10:00:00 +0000'
    """
    return format_datetime(moment)


def iso(moment: datetime) -> str:
    """Write a time as the newer interfaces do.

    Example:
        >>> iso(datetime(2026, 5, 4, 10, 0, tzinfo=timezone.utc))
        '2026-05-04T10:00:00Z'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
