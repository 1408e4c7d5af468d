"""HubSpot: sixty generated clients that share no base, and one function for requests of one's own.

The generated ones are known by the names of their packages. Their objects are made anew for each
call, so whose they are is known by the token. Requests of one's own return what failed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from cxotel import semconv
from cxotel.engine import (
    REACHES,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    count,
    header,
    issued_id,
    json_text,
    number,
    numeric_id,
    unwaited,
    walk,
)
from cxotel.vendors.families.openapi_generator import adding, cause, error_code, in_path, sending

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call

_AREAS = {
    "": "communication_preferences events files oauth webhooks",
    "automation.": "actions",
    "cms.": "audit_logs blogs.authors blogs.blog_posts blogs.tags domains hubdb pages performance"
    " site_search source_code url_redirects",
    "conversations.": "visitor_identification",
    "crm.": "associations associations.schema associations.v4 associations.v4.schema"
    " commerce.invoices companies contacts deals exports imports line_items lists objects owners"
    " pipelines products properties quotes schemas tickets timeline",
    "crm.extensions.": "calling cards videoconferencing",
    "crm.objects.": "calls communications deal_splits emails feedback_submissions goals leads"
    " meetings notes postal_mail tasks taxes",
    "events.": "send",
    "marketing.": "emails events forms transactional",
    "settings.": "business_units users",
}
PACKAGES = tuple(
    f"hubspot.{area}{name}" for area, names in _AREAS.items() for name in names.split()
)
"""What has an `ApiClient` of its own, in any release since the oldest that is required."""
_OWN = "api_request"
_FIRST_ERROR = 400
_MULTI_STATUS = 207
_WORD = re.compile(r"[a-z][a-z_-]*")
_VERSION = re.compile(r"v\d+")
_TOGETHER = frozenset({"batch", "merge", "search"})
_TICKETS = frozenset({"ticket", "tickets", "0-5"})
"""https://developers.hubspot.com/docs/guides/api/crm/understanding-the-crm#object-type-ids."""


def _options(call: Call) -> dict[str, Any]:
    """Return what a request of one's own says."""
    return call.argument("options") or {}


def _segments(call: Call) -> list[str]:
    """Return what stands between the slashes of a path, but for its version."""
    own = call.function == _OWN
    path: str = _options(call).get("path", "") if own else call.argument("resource_path")
    return [one for one in urlsplit(path).path.strip("/").split("/") if not _VERSION.fullmatch(one)]


def _identify(call: Call) -> str:
    """Name a call by verb and path, in which an id is a star, as in `PATCH objects/*`."""
    method = (
        _options(call).get("method", "GET") if call.function == _OWN else call.argument("method")
    )
    words = [one if _WORD.fullmatch(one) else "*" for one in _segments(call)]
    if words[:2] == ["crm", "objects"]:
        words = ["objects", *_within(words[3:])]
        if words == ["objects"] and _type(call) in _TICKETS:
            words = ["tickets"]
    return f"{method.upper()} {'/'.join(words)}"


def _within(words: list[str]) -> list[str]:
    """Return what follows an object's type: a word, or an id and what is about that object."""
    if not words or words[0] in _TOGETHER:
        return words
    known = ("associations", "default")
    return ["*", *(one if one in known else "*" for one in words[1:])]


def _at(call: Call, position: int) -> Any:
    """Return what a path has at a position: a word, or the id that its placeholder stands for."""
    segments = _segments(call)
    if position >= len(segments):
        return None
    found = segments[position]
    return in_path(found[1:-1])(call) if found.startswith("{") else found


def _type(call: Call) -> str | None:
    """Read an object's type: a name, or a number of the portal's own such as `2-3465404`."""
    return _at(call, 2) if _segments(call)[:2] == ["crm", "objects"] else None


def _record_id(call: Call) -> object:
    """Read an object's id from the path, unless something else is asked for there, an address."""
    asked = _options(call).get("qs") if call.function == _OWN else call.argument("query_params")
    if _type(call) is None or "idProperty" in dict(asked or {}):
        return None
    found = _at(call, 3)
    return found if str(found).isdecimal() else None


def _document(reply: Any) -> Any:
    """Return a model, also where the caller wants status and headers too, or a reply's JSON."""
    if isinstance(reply, tuple):
        return walk(reply, (0,))
    return json_text(reply.content) if hasattr(reply, "iter_content") else reply


def _failure(call: Call) -> Problem | None:
    """Find what failed and yet was returned: a request of one's own, or a part of a batch."""
    if call.function == _OWN:
        status = call.response.status_code
        if status < _FIRST_ERROR:
            return None
        return Problem(str(status), walk(call.document, ("category",)))
    part = walk(call.document, ("errors", 0)) if call.status == _MULTI_STATUS else None
    return None if part is None else Problem(str(_MULTI_STATUS), walk(part, ("category",)))


def _carry(call: Call, journey_id: str) -> Arguments | None:
    """Write the journey id into a property of the ticket, which has to exist in the portal."""
    values = {"cx_journey_id": journey_id}
    if call.function != _OWN:
        return sending(call, "properties", values)
    content: Any = _options(call).get("body")
    if not isinstance(content, dict):
        return None
    written = adding(cast("dict[str, Any]", content), "properties", values)
    return call.replacing("options", {**_options(call), "body": written})


def _token(client: Any) -> object:
    """Return what a client shares with the objects that it makes for each call: its token."""
    config = getattr(client, "config", None)
    made = getattr(client, "api_client", client)
    shared = walk(config, ("access_token",)) or walk(made, ("configuration", "access_token"))
    return shared or client


RECORD = {semconv.CX_RECORD_ID: numeric_id(body("id"))}
FOUND = {semconv.CX_CALL_ITEMS: number(body("total"))}
SEVERAL = {semconv.CX_CALL_ITEMS: count(body("results"))}
THREAD = {semconv.CX_CONTACT_ID: numeric_id(lambda call: _at(call, 3))}
ASSOCIATE = Operation("associate_records")

VENDOR = Vendor(
    name="hubspot",
    layer="business_system",
    requires=("hubspot-api-client >= 11",),
    targets=(
        Target("hubspot.client", f"Client.{_OWN}", anchor=lambda call: _token(call.instance)),
        *(
            Target(
                f"{package}.api_client",
                "ApiClient._ApiClient__call_api",
                anchor=lambda call: _token(call.instance),
            )
            for package in PACKAGES
        ),
    ),
    clients=("hubspot.",),
    scopes=tuple(Target(f"{package}.api_client", "ApiClient.call_api") for package in PACKAGES),
    anchor=_token,
    identify=_identify,
    document=_document,
    failure=_failure,
    cause=cause,
    error_code=lambda error: error_code(error, "category", "errorType"),
    raises=("requests",),
    throttled=frozenset({"RATE_LIMIT", "RATE_LIMITS"}),
    request={
        semconv.CX_RECORD_TYPE: issued_id(_type, r"\d+-\d+"),
        semconv.CX_RECORD_ID: numeric_id(_record_id),
    },
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("X-HubSpot-Correlation-Id"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-HubSpot-RateLimit-Max")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-HubSpot-RateLimit-Remaining")),
    },
    operations={
        "POST tickets": Operation("create_ticket", response=RECORD, carry=_carry),
        "POST objects": Operation("create_record", response=RECORD),
        "GET objects": Operation("list_records", response=SEVERAL),
        "GET tickets": Operation("list_records", response=SEVERAL),
        "GET objects/*": Operation("get_record", response=RECORD),
        "PATCH objects/*": Operation("update_record", response=RECORD),
        "DELETE objects/*": Operation("delete_record"),
        "POST objects/search": Operation("search_records", response=FOUND),
        "POST objects/merge": Operation("merge_records", response=RECORD),
        "POST objects/batch/read": Operation("get_records", response=SEVERAL),
        "POST objects/batch/create": Operation("create_records", response=SEVERAL),
        "POST objects/batch/update": Operation("update_records", response=SEVERAL),
        "POST objects/batch/upsert": Operation("upsert_records", response=SEVERAL),
        "GET objects/*/associations/*": Operation("list_associations", response=SEVERAL),
        "PUT objects/*/associations/*/*": ASSOCIATE,
        "PUT objects/*/associations/default/*/*": ASSOCIATE,
        "POST crm/associations/*/*/batch/create": ASSOCIATE,
        "GET crm/owners": unwaited("list_owners"),
        "GET crm/owners/*": Operation("get_owner"),
        "GET crm/pipelines/*": unwaited("list_pipelines"),
        "GET crm/properties/*": unwaited("list_properties"),
        "POST conversations/conversations/threads/*/messages": Operation(
            "send_message", layer="contact_center", shows=REACHES, request=THREAD
        ),
        "GET conversations/conversations/threads/*": Operation(
            "fetch_thread", layer="contact_center", request=THREAD
        ),
        "POST visitor-identification/tokens/create": Operation(
            "identify_visitor", layer="identity"
        ),
        "POST marketing/transactional/single-email/send": Operation(
            "send_email", layer="channel", shows=REACHES
        ),
        "GET communication-preferences/status/email/*": Operation("fetch_subscriptions"),
        "POST communication-preferences/subscribe": Operation("update_subscriptions"),
        "POST communication-preferences/unsubscribe": Operation("update_subscriptions"),
        "GET files/files/*": Operation("get_file"),
        "GET files/files/*/signed-url": Operation("sign_file_url"),
        "POST integrators/timeline/events": unwaited("create_timeline_event"),
        "POST events/send": unwaited("send_event"),
        "POST oauth/token": Operation("fetch_token", layer="identity"),
    },
)
