"""Bulk API 2.0: jobs that load or fetch many records as CSV, done as soon as they are closed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.salesforce.rest import DATA
from cxotel.demo.far_ends.salesforce.soql import parse
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cxotel.demo.far_ends.salesforce.records import Records

    Row = dict[str, str]

_INGEST, _QUERY = DATA + "/jobs/ingest", DATA + "/jobs/query"
_CSV = {"Content-Type": "text/csv; charset=UTF-8"}


class Bulk2:
    """Jobs by id.

    Args:
        records: The org's records.
    """

    def __init__(self, records: Records) -> None:
        self.jobs = Table()
        self._records = records
        self._rows: dict[str, list[Row]] = {}
        self._results: dict[str, dict[str, list[Row]]] = {}

    def routes(self) -> Iterable[Route]:
        """Return the operations on jobs."""
        ingest, query = _INGEST + "/{job}", _QUERY + "/{job}"
        return (
            route("create_ingest_job", "POST", _INGEST, self.create),
            route("upload_job_data", "PUT", ingest + "/batches", self.upload),
            route("close_job", "PATCH", ingest, self.close),
            route("get_ingest_job", "GET", ingest, self.show),
            route("delete_ingest_job", "DELETE", ingest, self.delete),
            route("get_ingest_results", "GET", ingest + "/{results}", self.ingest_results),
            route("create_query_job", "POST", _QUERY, self.create),
            route("abort_query_job", "PATCH", query, self.close),
            route("get_query_job", "GET", query, self.show),
            route("get_query_results", "GET", query + "/results", self.query_results),
        )

    def create(self, request: Received) -> Reply:
        """Open a job; one that queries is done at once."""
        asked = request.json
        job_id = self._records.new_id("750")
        job = {**asked, "id": job_id, "state": "Open", "apiVersion": request.ids["version"]}
        if "query" in asked:
            query = parse(asked["query"])
            rows = query.of(self._records.all(query.kind))
            self._rows[job_id] = [
                {name: "" if value is None else str(value) for name, value in row.items()}
                for row in rows
            ]
            job.update(state="JobComplete", object=query.kind, numberRecordsProcessed=len(rows))
        self.jobs[job_id] = job
        return Reply.of(200, job, created=(job_id,))

    def upload(self, request: Received) -> Reply:
        """Take a job's data."""
        job = self._job(request)
        text = request.body.decode()
        self._rows[job["id"]] = [dict(row) for row in csv.DictReader(io.StringIO(text))]
        return Reply(201)

    def close(self, request: Received) -> Reply:
        """Load a job's data, or abort the job."""
        job = self._job(request)
        if request.json["state"] == "Aborted":
            job["state"] = "Aborted"
        else:
            self._load(job)
        return Reply.of(200, job)

    def show(self, request: Received) -> Reply:
        """Show how a job stands."""
        return Reply.of(200, self._job(request))

    def delete(self, request: Received) -> Reply:
        """Forget a job."""
        del self.jobs[self._job(request)["id"]]
        return Reply(204)

    def ingest_results(self, request: Received) -> Reply:
        """Show the records that a job loaded, or did not."""
        results = self._results.get(self._job(request)["id"], {})
        return Reply.of(200, written(results.get(request.ids["results"], [])), _CSV)

    def query_results(self, request: Received) -> Reply:
        """Show what a query found, in pages."""
        rows = self._rows[self._job(request)["id"]]
        start = int(request.params.get("locator", 0))
        end = start + int(request.params.get("maxRecords", len(rows) or 1))
        page = rows[start:end]
        locator = str(end) if end < len(rows) else "null"
        more = {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(len(page))}
        return Reply.of(200, written(page), {**_CSV, **more})

    def _job(self, request: Received) -> dict[str, Any]:
        job = self.jobs.get(request.ids["job"])
        if job is None:
            raise RefusedError(404, "NOT_FOUND", "The requested resource does not exist")
        return job

    def _load(self, job: dict[str, Any]) -> None:
        good: list[Row] = []
        bad: list[Row] = []
        for row in self._rows.get(job["id"], ()):
            try:
                record_id, created = self._one(job, row)
                good.append({"sf__Id": record_id, "sf__Created": str(created).lower(), **row})
            except RefusedError as refused:
                error = f"{refused.failure.code}:{refused.failure.message}"
                bad.append({"sf__Id": "", "sf__Error": error, **row})
        self._results[job["id"]] = {"successfulResults": good, "failedResults": bad}
        counts = {"numberRecordsProcessed": len(good) + len(bad), "numberRecordsFailed": len(bad)}
        job.update(state="JobComplete", **counts)

    def _one(self, job: Mapping[str, Any], row: Row) -> tuple[str, bool]:
        return apply(self._records, job["operation"], job["object"], row, job)


def apply(
    records: Records, operation: str, kind: str, row: Mapping[str, Any], job: Mapping[str, Any]
) -> tuple[str, bool]:
    """Do one row of a job.

    Args:
        records: The org's records.
        operation: ``insert``, ``update``, ``upsert``, ``delete`` or ``hardDelete``.
        kind: The object.
        row: The record's fields.
        job: The job, which names the external id of an upsert.

    Returns:
        The record's id, and whether it is new.
    """
    fields = {name: value for name, value in row.items() if name != "Id"}
    if operation == "insert":
        return records.add(kind, fields), True
    if operation == "upsert":
        key = job.get("externalIdFieldName", "Id")
        record_id, created = records.upsert(kind, key, str(row.get(key)), fields)
        return str(record_id), bool(created)
    if operation == "update":
        records.change(kind, str(row["Id"]), fields)
    else:
        records.remove(kind, str(row["Id"]))
    return str(row["Id"]), False


def written(rows: Sequence[Row]) -> bytes:
    """Write rows as CSV, with a header line."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
