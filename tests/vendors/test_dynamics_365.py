"""Dynamics 365: Microsoft's client library for Dataverse, over TLS, held to the contract.

The far end is a loopback server that follows the Web API's documentation. It proves what the
clients send and make of replies; it does not prove that Dataverse itself answers so.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import requests
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.upsert import UpsertItem

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Example, Told, VendorContract
from tests.vendors.far_ends.dataverse import AsyncClient, DataverseFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
TYPE, RECORD, ITEMS = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID, semconv.CX_CALL_ITEMS
CODE = semconv.CX_VENDOR_ERROR_CODE
NOBODY = "00000000-0000-4000-8000-000000000000"
KEY = UpsertItem(alternate_key={"accountnumber": "web (42)"}, record={"name": "a shop"})
BY_KEY = "accountnumber='web (42)'"
ABOUT: dict[str, Any] = {TYPE: "accounts"}
fresh = (f"cx_fresh{number}" for number in itertools.count(1))


def known(table: str = "accounts", **columns: Any) -> Callable[[At], str]:
    """Return a preparation: a row that the environment has."""
    return lambda at: str(at.far_end.add(table, **columns))


def rows(number: int, page_size: int = 5000) -> Callable[[At], None]:
    """Return a preparation: so many accounts, and no other."""

    def prepare(at: At) -> None:
        at.far_end.rows.clear()
        at.far_end.page_size = page_size
        for _ in range(number):
            at.far_end.add("accounts", name="a shop")

    return prepare


def prepared(at: At) -> str:
    """Return the id of the row that was prepared."""
    return str(at.prepared)


def result(at: At) -> str:
    """Return the id that the call returned."""
    return str(at.result)


def about_it(status: int = 204) -> dict[str, Any]:
    """Return what is said of the row that was prepared."""
    return {**ABOUT, RECORD: prepared, STATUS: status}


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("dynamics_365", operation, fault)


def batched(at: At) -> Any:
    """Make two requests in one."""
    batch = at.client.batch.new()
    batch.records.create("account", {"name": "a shop"})
    batch.records.delete("account", NOBODY)
    return batch.execute()


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("create", Fault(failure="invalid", message=words))(at)


def a_customer(at: At) -> dict[str, str]:
    """Return what is known of a customer that must not leave."""
    said = at.canary
    return {
        "fullname": said.name,
        "emailaddress1": said.email,
        "telephone1": said.phone,
        "description": said.text,
    }


def a_known_customer(at: At) -> str:
    """Prepare a contact of whom all that is known."""
    return str(at.far_end.add("contacts", **a_customer(at)))


def reset(far_end: DataverseFarEnd) -> None:
    """Let nothing go wrong, and forget the rows."""
    far_end.clear()
    far_end.rows.clear()
    far_end.page_size = 5000


SCHEMA = Told(operation="fetch_schema")

CASE = Case(
    vendor="dynamics_365",
    far_end=DataverseFarEnd,
    clients={"sync": client, "async": AsyncClient},
    reset=reset,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_REMAINING: int,
    },
    examples=(
        Example(
            operation="create_record",
            call=lambda at: at.client.records.create("account", {"name": f"shop {at.number}"}),
            attributes={**ABOUT, RECORD: result, STATUS: 204},
        ),
        Example(
            operation="fetch_schema",
            call=lambda at: at.client.records.create(next(fresh), {"name": "a shop"}),
            also=(
                SCHEMA,
                Told(operation="create_record", attributes={TYPE: str, RECORD: str, STATUS: 204}),
            ),
        ),
        Example(
            operation="create_records",
            call=lambda at: at.client.records.create("account", [{"name": "a"}, {"name": "b"}]),
            attributes={**ABOUT, ITEMS: 2},
        ),
        Example(
            operation="get_record",
            prepare=known(name="a shop"),
            call=lambda at: at.client.records.retrieve("account", at.prepared),
            attributes=about_it(200),
        ),
        Example(
            operation="get_record",
            prepare=lambda at: at.far_end.rows.setdefault("accounts", {}).update({BY_KEY: {}}),
            call=lambda at: at.client.records.retrieve("account", BY_KEY),
            attributes=ABOUT,
        ),
        Example(
            operation="query_records",
            prepare=rows(3, page_size=2),
            call=lambda at: at.client.records.list("account", filter="name eq 'a shop'"),
            attributes={**ABOUT, ITEMS: 2},
            also=(Told(operation="query_records", attributes={**ABOUT, ITEMS: 1}),),
        ),
        Example(
            operation="query_records",
            prepare=rows(2),
            call=lambda at: at.client.query.sql("SELECT name FROM account"),
            attributes={**ABOUT, ITEMS: 2},
        ),
        Example(
            operation="update_record",
            prepare=known(),
            call=lambda at: at.client.records.update("account", at.prepared, {"name": "b"}),
            attributes=about_it(),
        ),
        Example(
            operation="update_records",
            prepare=known(),
            call=lambda at: at.client.records.update(
                "account", [at.prepared, at.prepared], {"name": "b"}
            ),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(
            operation="upsert_record",
            call=lambda at: at.client.records.upsert("account", [KEY]),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(
            operation="upsert_records",
            call=lambda at: at.client.records.upsert("account", [KEY, KEY]),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(
            operation="delete_record",
            prepare=known(),
            call=lambda at: at.client.records.delete("account", at.prepared),
            attributes=about_it(),
        ),
        Example(
            operation="delete_record",
            call=lambda at: at.client.records.delete("account", BY_KEY),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(
            operation="delete_records",
            prepare=known(),
            call=lambda at: at.client.records.delete("account", [at.prepared, NOBODY]),
        ),
        Example(operation="run_batch", call=batched),
        Example(
            operation="fetch_schema",
            prepare=known(),
            call=lambda at: at.client.files.upload("account", at.prepared, "cx_logo", __file__),
            also=(SCHEMA, Told(operation="upload_file", attributes=about_it())),
        ),
        Example(
            operation="fetch_schema",
            call=lambda at: at.client.tables.add_columns("account", {"cx_Note": "string"}),
            also=(Told(operation="create_schema", attributes={STATUS: 204}),),
        ),
        Example(
            operation="fetch_schema",
            call=lambda at: at.client.tables.delete("cx_old"),
            also=(Told(operation="delete_schema", attributes={STATUS: 204}),),
        ),
        Example(
            operation="get_record",
            call=lambda at: at.client.records.retrieve("account", NOBODY),
            attributes={**ABOUT, RECORD: NOBODY, STATUS: 404, CODE: "0x80040217"},
            error="HttpError",
        ),
        Example(
            operation="create_record",
            prepare=failing("create", Fault(failure="throttled")),
            call=lambda at: at.client.records.create("account", {"name": "a shop"}),
            raises=HttpError,
            error="HttpError",
            attributes={
                **ABOUT,
                STATUS: 429,
                CODE: "0x80072322",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
    ),
    slow=Example(
        operation="create_record",
        prepare=failing("create", Fault(hang=True)),
        call=lambda at: at.client.records.create("account", {"name": "a shop"}),
        clients={"sync": lambda far_end: client(far_end, http_timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={
            **ABOUT,
            STATUS: ABSENT,
            semconv.CX_VENDOR_REQUEST_ID: ABSENT,
            semconv.CX_RATE_LIMIT_REMAINING: ABSENT,
        },
    ),
    canaries=(
        Example(
            operation="create_record",
            call=lambda at: at.client.records.create("contact", a_customer(at)),
        ),
        Example(
            operation="get_record",
            prepare=a_known_customer,
            call=lambda at: at.client.records.retrieve("contact", at.prepared),
        ),
        Example(
            operation="query_records",
            call=lambda at: at.client.records.list(
                "contact", filter=f"emailaddress1 eq '{at.canary.email}'"
            ),
        ),
        Example(
            operation="create_record",
            prepare=refused,
            call=lambda at: at.client.records.create("account", {"name": "a shop"}),
            raises=HttpError,
        ),
    ),
)


class TestDynamics365(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
