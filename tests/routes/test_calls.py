"""What is special about calls that only a table knows: hosts, redirects, streams, neighbours."""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.routes import Route, RouteTable
from cxotel.testing import Telemetry
from cxotel.testing.neighbours import neighbours
from tests.routes.clients import CLIENTS, ask
from tests.routes.far_ends import SystemFarEnd

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

STATUS, RECORD = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_RECORD_ID
SYNCHRONOUS = ("requests", "httpx", "httpx2", "urllib3", "urllib3_pool")
ANSWERS = {
    "GET /v1/customers/{id}": (200, {"id": "c-1"}),
    "POST /v1/customers": (201, {"id": "c-2"}),
    "POST /v1/orders": (200, {"ok": False, "why": "NO_STOCK"}),
    "GET /v1/large": (200, {"id": "x" * 100_000}),
}
ROUTES: dict[str, Route | str] = {
    "GET /customers/{id}": Route(operation="get_customer", reads={RECORD: "reply.id"}),
    "POST /customers": Route(
        operation="create_customer",
        reads={RECORD: "reply.id", semconv.CX_RECORD_TYPE: "body.kind"},
        carry="body.custom.journey",
    ),
    "POST /orders": Route(operation="place_order", carry="header.X-Journey"),
    "GET /old/{id}": "get_old_customer",
    "GET /large": Route(operation="get_large", reads={RECORD: "reply.id"}),
}


@pytest.fixture
def crm() -> Iterator[SystemFarEnd]:
    """A system on loopback."""
    with SystemFarEnd("crm", ANSWERS) as running:
        yield running


def table(far_end: SystemFarEnd, **more: Any) -> RouteTable:
    """Return a table that speaks of it."""
    hosts = [f"{far_end.url.removeprefix('http://')}/v1"]
    return RouteTable(system="crm", layer="business_system", hosts=hosts, routes=ROUTES, **more)


@contextmanager
def watched(far_end: SystemFarEnd, **more: Any) -> Generator[Telemetry]:
    """Observe calls to it."""
    carry = more.pop("carry", [])
    with (
        Telemetry() as telemetry,
        cxotel.instrument(
            table(far_end, **more).vendor,
            tracer_provider=telemetry.tracer_provider,
            meter_provider=telemetry.meter_provider,
            carry=carry,
        ),
    ):
        yield telemetry


def told(telemetry: Telemetry) -> list[str]:
    """Return the names of the spans."""
    return [span["name"] for span in telemetry.spans]


def redirecting(crm: SystemFarEnd) -> None:
    """Let the system send those who ask for an old customer to the new one."""
    crm.replies.push("unknown", 302, {"Location": f"{crm.url}/v1/customers/c-1"})


@pytest.mark.parametrize("library", ["requests", "urllib3"])
def test_a_redirect_is_part_of_the_call(crm: SystemFarEnd, library: str) -> None:
    """The caller asked once: one span, with what the last reply tells."""
    with watched(crm) as telemetry:
        redirecting(crm)
        if library == "requests":
            requests.get(f"{crm.url}/v1/old/7", timeout=5)
        else:
            with urllib3.PoolManager() as manager:
                manager.request("GET", f"{crm.url}/v1/old/7")

        assert told(telemetry) == ["get_old_customer crm"]
        assert telemetry.spans[0]["attributes"][STATUS] == 200
        assert telemetry.spans[0]["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 1


async def test_redirects_of_httpx_and_aiohttp_are_part_of_the_call(crm: SystemFarEnd) -> None:
    """The same where redirects are followed deep inside the library."""
    with watched(crm) as telemetry:
        redirecting(crm)
        async with httpx.AsyncClient(follow_redirects=True) as client:
            await client.get(f"{crm.url}/v1/old/7")
        redirecting(crm)
        old = f"{crm.url}/v1/old/7"
        async with aiohttp.ClientSession() as session, session.get(old) as reply:
            await reply.read()

        assert told(telemetry) == ["get_old_customer crm"] * 2


def test_retries_inside_of_requests_are_counted(crm: SystemFarEnd) -> None:
    """An adapter tries again without a word: the span says how often, and that it recovered."""
    crm.faults.add("crm", "GET /v1/customers/{id}", Fault(status=503, times=2))
    with watched(crm) as telemetry, requests.Session() as session:
        retry = Retry(total=3, status_forcelist=[503], backoff_factor=0)
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.get(f"{crm.url}/v1/customers/c-1")

        [span] = telemetry.spans
        assert span["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 2
        assert span["attributes"][semconv.CX_CALL_RECOVERED] is True
        assert span["attributes"][RECORD] == "c-1"


def test_retries_of_urllib3_itself_are_one_call(crm: SystemFarEnd) -> None:
    """A pool calls itself to try again: still one span."""
    crm.faults.add("crm", "GET /v1/customers/{id}", Fault(status=503, times=1))
    with watched(crm) as telemetry:
        retry = Retry(total=3, status_forcelist=[503], backoff_factor=0)
        with urllib3.connection_from_url(crm.url) as pool:
            pool.request("GET", "/v1/customers/c-1", retries=retry)

        [span] = telemetry.spans
        assert span["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 1


@pytest.mark.parametrize("library", SYNCHRONOUS)
def test_a_host_of_no_table_is_left_alone(crm: SystemFarEnd, library: str) -> None:
    """Another system, and another path of the same host: nothing is told, nothing is changed."""
    answers = {"GET /v1/customers/{id}": (200, {"id": "o-1"})}
    with SystemFarEnd("other", answers) as other, watched(crm) as telemetry:
        for far_end, path in ((other, "/v1/customers/o-1"), (crm, "/v2/customers/c-1")):
            with CLIENTS[library](far_end) as client:
                ask(client, "GET", path)

        assert telemetry.spans == []
        assert telemetry.metrics == []
        assert len(other.received) == 1


def test_a_base_path_ends_at_a_slash(crm: SystemFarEnd) -> None:
    """The table of /v1 does not speak of /v10."""
    with watched(crm) as telemetry:
        requests.get(f"{crm.url}/v10/customers/c-1", timeout=5)
        assert telemetry.spans == []
        requests.get(f"{crm.url}/v1", timeout=5)
        assert told(telemetry) == ["request crm"]


def test_a_streamed_reply_is_the_callers_to_read(crm: SystemFarEnd) -> None:
    """Nothing of it is read by us; its span ends with the headers."""
    with watched(crm) as telemetry, httpx.Client() as client:
        with client.stream("GET", f"{crm.url}/v1/customers/c-1") as reply:
            assert not reply.is_stream_consumed
            assert told(telemetry) == ["get_customer crm"]
            assert reply.read() == b'{"id": "c-1"}'
        with requests.get(f"{crm.url}/v1/customers/c-1", stream=True, timeout=5) as other:
            assert other.raw.read() == b'{"id": "c-1"}'
        with urllib3.PoolManager() as manager:
            raw = manager.request("GET", f"{crm.url}/v1/customers/c-1", preload_content=False)
            assert raw.read() == b'{"id": "c-1"}'

        assert [RECORD in span["attributes"] for span in telemetry.spans] == [False] * 3
        assert [span["attributes"][STATUS] for span in telemetry.spans] == [200] * 3


async def test_an_aiohttp_call_ends_when_its_reply_is_read(crm: SystemFarEnd) -> None:
    """What the body tells is known only then; one that nobody reads ends with its headers."""
    with watched(crm) as telemetry:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{crm.url}/v1/customers/c-1") as reply:
                assert telemetry.spans == []
                await reply.json()
                assert telemetry.spans[0]["attributes"][RECORD] == "c-1"
            async with session.get(f"{crm.url}/v1/customers/c-1"):
                pass
            dropped = await session.get(f"{crm.url}/v1/customers/c-1")
            await dropped.content.read()
            del dropped
        gc.collect()

        assert told(telemetry) == ["get_customer crm"] * 3
        assert telemetry.open_spans == 0
        assert RECORD not in telemetry.spans[1]["attributes"]


async def test_an_aiohttp_reply_that_breaks_off_is_a_failure(crm: SystemFarEnd) -> None:
    """The headers came, the body did not: the caller's exception is the caller's, and told."""
    crm.faults.add("crm", "GET /v1/customers/{id}", Fault(truncate=3))
    with watched(crm) as telemetry:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientPayloadError):
                async with session.get(f"{crm.url}/v1/customers/c-1") as reply:
                    await reply.read()

        [span] = telemetry.spans
        assert span["attributes"][semconv.ERROR_TYPE] == "ClientPayloadError"


def test_a_long_reply_is_not_parsed(crm: SystemFarEnd) -> None:
    """Above the limit of the settings the call is told, and nothing of what it says."""
    with watched(crm) as telemetry:
        requests.get(f"{crm.url}/v1/large", timeout=5)

        assert told(telemetry) == ["get_large crm"]
        assert RECORD not in telemetry.spans[0]["attributes"]


def test_an_error_that_comes_with_success_is_an_error(crm: SystemFarEnd) -> None:
    """Where the table says how such replies look, they fail, with the system's own code."""
    failure = {"when": {"from": "reply.ok", "is": False}, "code": "reply.why"}
    with watched(crm, failure=failure) as telemetry:
        requests.post(f"{crm.url}/v1/orders", timeout=5)
        requests.get(f"{crm.url}/v1/customers/c-1", timeout=5)

        failed, fine = telemetry.spans
        assert failed["status"] == "ERROR"
        assert failed["attributes"][semconv.ERROR_TYPE] == "returned_error"
        assert failed["attributes"][semconv.CX_VENDOR_ERROR_CODE] == "NO_STOCK"
        assert fine["status"] == "UNSET"


def test_a_failure_that_the_caller_raises_is_known_again(crm: SystemFarEnd) -> None:
    """`raise_for_status` comes after the call; the journey that it ends names the call as cause."""
    crm.faults.add("crm", "GET /v1/customers/{id}", Fault(status=500))
    with watched(crm) as telemetry:
        with cxotel.journey("refund", channel="voice"):
            try:
                requests.get(f"{crm.url}/v1/customers/c-1", timeout=5).raise_for_status()
            except requests.HTTPError:
                cxotel.outcome("failed")

        journey, call = telemetry.spans
        [outcome] = [event for event in journey["events"] if event["name"] == "cx.outcome"]
        assert outcome["attributes"][semconv.CX_EVIDENCE_CAUSE] == call["span_id"]


@pytest.mark.parametrize("library", SYNCHRONOUS)
def test_the_journey_id_goes_where_the_table_says(crm: SystemFarEnd, library: str) -> None:
    """Only where the user wants it: into a JSON field of a copy, or into a header."""
    for carry in ([], ["crm"]):
        given = {"kind": "company", "custom": {"a": 1}}
        with (
            watched(crm, carry=carry),
            cxotel.journey("refund", journey_id="journey-7"),
            CLIENTS[library](crm) as client,
        ):
            ask(client, "POST", "/v1/customers", json=given)
            ask(client, "POST", "/v1/orders")

        created = crm.received.of("POST /v1/customers")[-1]
        custom = {"a": 1, "journey": "journey-7"} if carry else {"a": 1}
        assert created.json == {"kind": "company", "custom": custom}
        assert given == {"kind": "company", "custom": {"a": 1}}
        placed = crm.received.of("POST /v1/orders")[-1]
        assert placed.headers.get("x-journey") == ("journey-7" if carry else None)


@pytest.mark.parametrize("library", ["httpx_async", "httpx2_async", "aiohttp"])
async def test_it_goes_there_with_asynchronous_libraries_too(
    crm: SystemFarEnd, library: str
) -> None:
    """The same for libraries that are awaited."""
    with watched(crm, carry=["crm"]), cxotel.journey("refund", journey_id="journey-7"):
        async with CLIENTS[library](crm) as client:
            await ask(client, "POST", "/v1/customers", json={"kind": "company"})
            await ask(client, "POST", "/v1/orders")

    assert crm.received.of("POST /v1/customers")[-1].json["custom"] == {"journey": "journey-7"}
    assert crm.received.of("POST /v1/orders")[-1].headers["x-journey"] == "journey-7"


@pytest.mark.parametrize("library", ["requests", "urllib3_pool"])
def test_a_span_of_opentelemetrys_is_renamed_and_loses_its_ids(
    crm: SystemFarEnd, library: str
) -> None:
    """Where its instrumentation stands outside of ours, its span becomes the call's own."""
    with ExitStack() as stack:
        telemetry = stack.enter_context(watched(crm))
        stack.enter_context(neighbours(telemetry))
        client = stack.enter_context(CLIENTS[library](crm))
        ask(client, "GET", "/v1/customers/jane@example.com")

        [span] = telemetry.spans
        assert span["scope"].startswith("opentelemetry.instrumentation.")
        assert span["name"] == "get_customer crm"
        assert span["attributes"][semconv.URL_TEMPLATE] == "/customers/{id}"
        assert b"jane" not in telemetry.exported()


def test_many_tables_share_one_replacement(crm: SystemFarEnd) -> None:
    """Ten tables do not stack ten wrappers, and each gets its own calls."""
    with ExitStack() as stack:
        telemetry = stack.enter_context(Telemetry())
        plain = vars(requests.Session)["send"]
        for number in range(10):
            one = RouteTable(
                system=f"system_{number}",
                layer="business_system",
                hosts=[f"{crm.url.removeprefix('http://')}/v{number}"],
                routes={"GET /customers/{id}": "get_customer"},
            )
            stack.enter_context(
                cxotel.instrument(one.vendor, tracer_provider=telemetry.tracer_provider)
            )
            assert vars(requests.Session)["send"].__wrapped__ is plain
        requests.get(f"{crm.url}/v7/customers/c-1", timeout=5)

        assert told(telemetry) == ["get_customer system_7"]
    assert vars(requests.Session)["send"] is plain


def test_a_call_of_a_vendors_library_is_not_seen_again(crm: SystemFarEnd) -> None:
    """What happens on the wire inside of an observed call belongs to that call."""
    from cxotel.testing.unobserved import unobserved

    with watched(crm) as telemetry:
        with unobserved():
            requests.get(f"{crm.url}/v1/customers/c-1", timeout=5)
        assert telemetry.spans == []


def test_a_pool_and_its_manager_make_one_span(crm: SystemFarEnd) -> None:
    """A manager hands its calls to a pool; both are watched, one speaks."""
    with watched(crm) as telemetry, urllib3.PoolManager() as manager:
        manager.request("GET", f"{crm.url}/v1/customers/c-1")
        assert told(telemetry) == ["get_customer crm"]


def test_a_broken_reply_costs_nothing(crm: SystemFarEnd) -> None:
    """What is no JSON is no problem of the caller's, nor an error of ours."""
    crm.replies.push("GET /v1/customers/{id}", 200, {}, "<html>")
    with watched(crm) as telemetry:
        assert requests.get(f"{crm.url}/v1/customers/c-1", timeout=5).text == "<html>"
        assert told(telemetry) == ["get_customer crm"]
        assert telemetry.logs == []
