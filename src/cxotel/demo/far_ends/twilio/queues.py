"""TaskRouter's queues and their statistics, counted from the tasks that are there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, found, iso, now
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

WORKSPACE = "WS" + "c0" * 16
"""The workspace that queues say they are in."""
_QUEUES = "/v1/Workspaces/{workspace}/TaskQueues"
_NAMES = ("billing", "returns", "support")


class Queues:
    """The queues of a workspace.

    Args:
        desk: The account.
        tasks: The tasks that may be in a queue.
    """

    def __init__(self, desk: Desk, tasks: Table) -> None:
        self._desk = desk
        self._tasks = tasks
        self.rows = Table()
        for name in _NAMES:
            self.add(name)

    def routes(self) -> Iterable[Route]:
        """Return the operations on queues."""
        one = _QUEUES + "/{queue}"
        live, past = one + "/RealTimeStatistics", one + "/CumulativeStatistics"
        return (
            route("list_task_queues", "GET", _QUEUES, self.list),
            route("fetch_task_queue", "GET", one, self.fetch),
            route("fetch_queue_real_time_statistics", "GET", live, self.real_time),
            route("fetch_queue_cumulative_statistics", "GET", past, self.cumulative),
            route("fetch_queue_statistics", "GET", one + "/Statistics", self.statistics),
        )

    def add(self, name: str) -> dict[str, Any]:
        """Open a queue."""
        sid, moment = self._desk.sid("WQ"), iso(now())
        self.rows[sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "workspace_sid": WORKSPACE,
            "friendly_name": name,
            "target_workers": f'skills HAS "{name}"',
            "max_reserved_workers": 1,
            "task_order": "FIFO",
            "date_created": moment,
            "date_updated": moment,
        }
        return self.rows[sid]

    def of(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """Return the queue that a task's attributes name, opened where it is new."""
        name = str(attributes.get("queue", _NAMES[0]))
        return next(iter(self.rows.matching(friendly_name=name)), None) or self.add(name)

    def list(self, request: Received) -> Reply:
        """Show the queues that match."""
        rows = self.rows.matching(friendly_name=request.params.get("FriendlyName"))
        return self._desk.meta_page(request, "task_queues", rows)

    def fetch(self, request: Received) -> Reply:
        """Show a queue."""
        return Reply.of(200, found(self.rows, request.ids["queue"], request))

    def real_time(self, request: Received) -> Reply:
        """Show how a queue stands."""
        return Reply.of(200, self._live(request))

    def cumulative(self, request: Received) -> Reply:
        """Show how a queue did over a time."""
        return Reply.of(200, self._past(request))

    def statistics(self, request: Received) -> Reply:
        """Show both together."""
        both = {"realtime": self._live(request), "cumulative": self._past(request)}
        return Reply.of(200, {**self._named(request), **both})

    def _named(self, request: Received) -> dict[str, Any]:
        queue = found(self.rows, request.ids["queue"], request)
        url = self._desk.link(request.path)
        workspace = request.ids["workspace"]
        named = {"account_sid": ACCOUNT, "workspace_sid": workspace, "url": url}
        return {**named, "task_queue_sid": queue["sid"]}

    def _live(self, request: Received) -> dict[str, Any]:
        named = self._named(request)
        tasks = self._tasks.matching(task_queue_sid=named["task_queue_sid"])
        states = ("reserved", "pending", "assigned", "wrapping")
        counts = Counter(str(task["assignment_status"]) for task in tasks)
        wait = self._desk.conditions.queue_wait.of(self._desk.about(request))
        staffed = self._desk.conditions.staffed.of(self._desk.about(request))
        return {
            **named,
            "activity_statistics": [],
            "longest_task_waiting_age": wait if counts["pending"] else 0,
            "longest_task_waiting_sid": None,
            "tasks_by_priority": {"0": len(tasks)},
            "tasks_by_status": {state: counts[state] for state in states},
            "total_available_workers": int(staffed),
            "total_eligible_workers": 1,
            "total_tasks": len(tasks),
        }

    def _past(self, request: Received) -> dict[str, Any]:
        named = self._named(request)
        tasks = self._tasks.matching(task_queue_sid=named["task_queue_sid"])
        counts = Counter(str(task["assignment_status"]) for task in tasks)
        wait = self._desk.conditions.queue_wait.of(self._desk.about(request))
        accepted = counts["assigned"] + counts["wrapping"] + counts["completed"]
        waits = {"avg": wait, "min": wait, "max": wait, "total": wait * accepted}
        side = {"tasks_canceled": counts["canceled"], "reservations_accepted": accepted}
        none = dict.fromkeys(side, 0)
        split = {
            limit: {"above": side, "below": none}
            if wait > int(limit)
            else {"above": none, "below": side}
            for limit in ("5", "10")
        }
        return {
            **named,
            "start_time": iso(now(3600)),
            "end_time": iso(now()),
            "avg_task_acceptance_time": wait,
            "reservations_accepted": accepted,
            "reservations_created": len(tasks),
            "tasks_entered": len(tasks),
            "tasks_completed": counts["completed"],
            "tasks_canceled": counts["canceled"],
            "wait_duration_until_accepted": waits,
            "wait_duration_until_canceled": dict.fromkeys(waits, 0),
            "split_by_wait_time": split,
        }
