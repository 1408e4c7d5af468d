"""The first Bulk API: jobs of batches as JSON, done as soon as they come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.salesforce.bulk2 import apply
from cxotel.demo.far_ends.salesforce.soql import parse
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.demo.far_ends.salesforce.records import Records

_JOBS = "/services/async/{version}/job"
_JOB = _JOBS + "/{job}"
_BATCH = _JOB + "/batch/{batch}"


class Bulk1:
    """Jobs and batches by id.

    Args:
        records: The org's records.
    """

    def __init__(self, records: Records) -> None:
        self.jobs = Table()
        self.batches = Table()
        self._records = records

    def routes(self) -> Iterable[Route]:
        """Return the operations on jobs and batches."""
        return (
            route("create_bulk_job", "POST", _JOBS, self.create),
            route("close_bulk_job", "POST", _JOB, self.close),
            route("get_bulk_job", "GET", _JOB, self.show),
            route("add_bulk_batch", "POST", _JOB + "/batch", self.add),
            route("get_bulk_batch", "GET", _BATCH, self.show_batch),
            route("get_bulk_results", "GET", _BATCH + "/result", self.results),
            route("get_bulk_request", "GET", _BATCH + "/request", self.request),
            route("get_bulk_records", "GET", _BATCH + "/result/{result}", self.found),
        )

    def create(self, request: Received) -> Reply:
        """Open a job."""
        job_id = self._records.new_id("750")
        self.jobs[job_id] = {**request.json, "id": job_id, "state": "Open"}
        return Reply.of(201, self.jobs[job_id], created=(job_id,))

    def close(self, request: Received) -> Reply:
        """Close a job."""
        job = _known(self.jobs, request.ids["job"])
        job["state"] = request.json["state"]
        return Reply.of(200, job)

    def show(self, request: Received) -> Reply:
        """Show a job."""
        return Reply.of(200, _known(self.jobs, request.ids["job"]))

    def add(self, request: Received) -> Reply:
        """Take a batch, and do it."""
        job = _known(self.jobs, request.ids["job"])
        batch_id = self._records.new_id("751")
        batch = {"id": batch_id, "jobId": job["id"], "state": "Completed", "stateMessage": None}
        sent, done = self._done(job, request)
        self.batches[batch_id] = {"batch": batch, "request": sent, "results": done}
        return Reply.of(201, batch, created=(batch_id,))

    def show_batch(self, request: Received) -> Reply:
        """Show how a batch stands."""
        return Reply.of(200, _known(self.batches, request.ids["batch"])["batch"])

    def request(self, request: Received) -> Reply:
        """Show what a batch asked for."""
        return Reply.of(200, _known(self.batches, request.ids["batch"])["request"])

    def results(self, request: Received) -> Reply:
        """Show what became of each record; of a query, the ids of its results."""
        known = _known(self.batches, request.ids["batch"])
        queried = isinstance(known["request"], str)
        return Reply.of(200, ["752000000000000AAA"] if queried else known["results"])

    def found(self, request: Received) -> Reply:
        """Show what a query found."""
        return Reply.of(200, _known(self.batches, request.ids["batch"])["results"])

    def _done(self, job: dict[str, Any], request: Received) -> tuple[Any, list[dict[str, Any]]]:
        if job["operation"] in ("query", "queryAll"):
            text = request.body.decode()
            query = parse(text)
            return text, query.of(self._records.all(query.kind))
        rows = json.loads(request.body)
        return rows, [self._one(job, row) for row in rows]

    def _one(self, job: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        try:
            record, created = apply(self._records, job["operation"], job["object"], row, job)
        except RefusedError as refused:
            failure = refused.failure
            error: dict[str, Any] = {
                "statusCode": failure.code,
                "message": failure.message,
                "fields": [],
            }
            return {"success": False, "created": False, "id": None, "errors": [error]}
        return {"success": True, "created": created, "id": record, "errors": []}


def _known(table: Table, key: str) -> dict[str, Any]:
    row = table.get(key)
    if row is None:
        raise RefusedError(400, "InvalidJob", f"Unable to find: {key}")
    return row
