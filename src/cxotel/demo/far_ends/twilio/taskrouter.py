"""TaskRouter: a task waits in a queue until a worker is reserved for it and accepts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, found, iso, now
from cxotel.demo.far_ends.twilio.queues import Queues
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORKSPACE = "/v1/Workspaces/{workspace}"
_TASK = _WORKSPACE + "/Tasks/{task}"
_DONE = ("completed", "canceled")
_DATES = ("date_created", "date_updated", "task_queue_entered_date", "virtual_start_time")
_AFTER = {"accepted": "assigned", "completed": "completed", "wrapping": "wrapping"}


class TaskRouter:
    """Tasks and the reservations of workers for them.

    Attributes:
        queues: The queues, by name and by sid; a task's attribute ``queue`` chooses one.
        tasks: Tasks by sid.
        reservations: By the task's sid, its reservations by their own.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.tasks = Table()
        self.reservations: dict[str, Table] = {}
        self.queues = Queues(desk, self.tasks)

    def routes(self) -> Iterable[Route]:
        """Return the operations of TaskRouter."""
        reservation = _TASK + "/Reservations/{reservation}"
        return (
            route("create_task", "POST", _WORKSPACE + "/Tasks", self.create),
            route("list_tasks", "GET", _WORKSPACE + "/Tasks", self.list),
            route("fetch_task", "GET", _TASK, self.fetch),
            route("update_task", "POST", _TASK, self.update),
            route("delete_task", "DELETE", _TASK, self.delete),
            route("list_reservations", "GET", _TASK + "/Reservations", self.list_reservations),
            route("fetch_reservation", "GET", reservation, self.fetch_reservation),
            route("update_reservation", "POST", reservation, self.update_reservation),
            *self.queues.routes(),
        )

    def create(self, request: Received) -> Reply:
        """Put a task into its queue, and reserve a worker where there is one."""
        form = request.form
        attributes = _attributes(form.get("Attributes", "{}"))
        # The wait that will be seen later has passed already: nobody sits through it.
        wait = self._desk.conditions.queue_wait.of(self._desk.about(request))
        task = self._task(request.ids["workspace"], form, attributes, iso(now(wait)))
        self.tasks[task["sid"]] = task
        self.reservations[task["sid"]] = Table()
        created = [task["sid"]]
        # Whoever creates a task has not seen it wait yet.
        reply = {**task, "age": 0, **dict.fromkeys(_DATES, iso(now()))}
        if self._desk.conditions.staffed.of(self._desk.about(request)):
            created.append(self._reserve(task))
        return Reply.of(201, reply, created=tuple(created))

    def fetch(self, request: Received) -> Reply:
        """Show a task."""
        return Reply.of(200, self._seen(found(self.tasks, request.ids["task"], request)))

    def list(self, request: Received) -> Reply:
        """Show the tasks that match."""
        params = request.params
        rows = self.tasks.matching(
            workspace_sid=request.ids["workspace"],
            assignment_status=params.get("AssignmentStatus"),
            task_queue_friendly_name=params.get("TaskQueueName"),
        )
        return self._desk.meta_page(request, "tasks", [self._seen(row) for row in rows])

    def update(self, request: Received) -> Reply:
        """Change a task's state, reason, priority or attributes."""
        task = found(self.tasks, request.ids["task"], request)
        form = request.form
        if task["assignment_status"] in _DONE:
            message = f"Cannot update task {task['sid']}: it is {task['assignment_status']}"
            raise RefusedError(400, "20001", message)
        task["assignment_status"] = form.get("AssignmentStatus", task["assignment_status"])
        task["reason"] = form.get("Reason", task["reason"])
        task["priority"] = int(form.get("Priority") or task["priority"])
        if "Attributes" in form:
            task["attributes"] = json.dumps(_attributes(form["Attributes"]))
        task["date_updated"] = iso(now())
        return Reply.of(200, self._seen(task))

    def delete(self, request: Received) -> Reply:
        """Forget a task."""
        del self.tasks[found(self.tasks, request.ids["task"], request)["sid"]]
        return Reply(204)

    def list_reservations(self, request: Received) -> Reply:
        """Show a task's reservations."""
        task = found(self.tasks, request.ids["task"], request)
        status = request.params.get("ReservationStatus")
        rows = self.reservations[task["sid"]].matching(reservation_status=status)
        return self._desk.meta_page(request, "reservations", rows)

    def fetch_reservation(self, request: Received) -> Reply:
        """Show a reservation."""
        return Reply.of(200, self._reservation(request))

    def update_reservation(self, request: Received) -> Reply:
        """Let a worker accept or reject a task, or end with it."""
        reservation = self._reservation(request)
        status = request.form.get("ReservationStatus")
        if status is None and "Instruction" in request.form:
            # An instruction (dequeue, conference, …) is how a worker's phone accepts.
            status = "accepted"
        reservation["reservation_status"] = status or reservation["reservation_status"]
        reservation["date_updated"] = iso(now())
        task = self.tasks[reservation["task_sid"]]
        after = _AFTER.get(reservation["reservation_status"], "pending")
        task.update(assignment_status=after, date_updated=iso(now()))
        return Reply.of(200, reservation)

    def _reservation(self, request: Received) -> dict[str, Any]:
        task = found(self.tasks, request.ids["task"], request)
        return found(self.reservations[task["sid"]], request.ids["reservation"], request)

    def _seen(self, task: dict[str, Any]) -> dict[str, Any]:
        # Python 3.10 reads no "Z" as an offset.
        entered = datetime.fromisoformat(task["task_queue_entered_date"].replace("Z", "+00:00"))
        waited = now() - entered
        return {**task, "age": int(waited.total_seconds())}

    def _task(
        self, workspace: str, form: dict[str, str], attributes: dict[str, Any], entered: str
    ) -> dict[str, Any]:
        queue = self.queues.of(attributes)
        sid = self._desk.sid("WT")
        return {
            "sid": sid,
            "account_sid": ACCOUNT,
            "workspace_sid": workspace,
            "workflow_sid": form.get("WorkflowSid", "WW" + "0" * 32),
            "workflow_friendly_name": "Incoming contacts",
            "task_queue_sid": queue["sid"],
            "task_queue_friendly_name": queue["friendly_name"],
            "task_channel_sid": "TC" + "0" * 32,
            "task_channel_unique_name": form.get("TaskChannel", "default"),
            "assignment_status": "pending",
            "attributes": json.dumps(attributes),
            "addons": "{}",
            "priority": int(form.get("Priority", 0)),
            "reason": None,
            "timeout": int(form.get("Timeout", 86400)),
            "date_created": entered,
            "date_updated": entered,
            "task_queue_entered_date": entered,
            "virtual_start_time": entered,
            "ignore_capacity": False,
            "routing_target": form.get("RoutingTarget"),
            "url": self._desk.link(f"/v1/Workspaces/{workspace}/Tasks/{sid}"),
            "links": {},
        }

    def _reserve(self, task: dict[str, Any]) -> str:
        sid, moment = self._desk.sid("WR"), iso(now())
        self.reservations[task["sid"]][sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "workspace_sid": task["workspace_sid"],
            "task_sid": task["sid"],
            "worker_sid": "WK" + task["task_queue_sid"][2:],
            "worker_name": f"agent-{task['task_queue_friendly_name']}",
            "reservation_status": "pending",
            "date_created": moment,
            "date_updated": moment,
            "url": f"{task['url']}/Reservations/{sid}",
            "links": {},
        }
        task.update(assignment_status="reserved", date_updated=moment)
        return sid


def _attributes(text: str) -> dict[str, Any]:
    try:
        return dict[str, Any](json.loads(text))
    except (TypeError, ValueError):
        raise RefusedError(400, "20001", "Attributes must be a valid JSON object") from None
