"""What goes wrong for whom: chosen by a seed, noted in a log, and done to the far ends alone."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.media import Line
from cxotel.demo.far_ends.twilio import Quality

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cxotel.demo.contact_center import ContactCenter
    from cxotel.demo.population import Customer, Way

HEALTHY_SHARE: Final = 0.35
PAIR_SHARE: Final = 0.3
"""Of those for whom something goes wrong."""


_COUNTED: Final = ("times", "turns")


class Target(NamedTuple):
    """Whom a fault is done to."""

    center: ContactCenter
    customer: Customer
    contact: str
    """The id under which the service knows the contact."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    Attributes:
        name: What it is called.
        ways: Who it can happen to.
        system: The system that is then to blame; by the way that the customer got in touch.
        size: From and to, in the unit that `unit` names.
        unit: What the size is measured in; nothing where it has no size. Of ``times`` and
            ``turns`` there are only whole ones.
        apply: Does it.
        needs_person: Whether it happens only to those who need a person.
    """

    name: str
    ways: tuple[Way, ...]
    system: str | dict[Way, str]
    size: tuple[float, float]
    unit: str
    apply: Callable[[Target, float], object]
    needs_person: bool = False

    def culprit(self, way: Way) -> str:
        """Return the system that is to blame."""
        return self.system if isinstance(self.system, str) else self.system[way]

    def fits(self, customer: Customer) -> bool:
        """Tell whether this can happen to a customer."""
        return customer.way in self.ways and (customer.needs_person or not self.needs_person)


class Injection(NamedTuple):
    """One fault that is done to one customer: a line of the log.

    Attributes:
        kind: The kind of fault.
        system: The system that is to blame.
        size: How bad it is.
        unit: What the size is measured in.
    """

    kind: str
    system: str
    size: float
    unit: str

    def apply(self, target: Target) -> None:
        """Let it go wrong from now on."""
        KINDS[self.kind].apply(target, self.size)

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.kind} ({self.size:g} {self.unit})" if self.unit else self.kind


def _on_crm(fault: Callable[[float, str], Fault]) -> Callable[[Target, float], object]:
    """Do something to all queries that name the customer or their order."""

    def apply(target: Target, size: float) -> None:
        for scope in (target.customer.phone, target.customer.order):
            target.center.faults.add("salesforce", "query", fault(size, scope))

    return apply


def _identity_hangs(target: Target, size: float) -> None:
    fault = Fault(hang=True, times=round(size), scope=target.customer.phone)
    target.center.faults.add("identity", "verify", fault)


def _slow_bot(target: Target, size: float) -> None:
    fault = Fault(latency=size, scope=target.contact)
    target.center.faults.add("dialogflow", "detect_intent", fault)


def _bot_is_lost(target: Target, size: float) -> None:
    lost = {"match": "NO_MATCH", "intent": "", "confidence": 0.0, "page": "Start Page"}
    changes = {**lost, "reply": "Sorry, I did not get that."}
    fault = Fault(changes=changes, times=round(size), scope=target.contact)
    target.center.faults.add("dialogflow", "detect_intent", fault)


def _long_queue(target: Target, size: float) -> None:
    phone = target.customer.phone
    target.center.twilio.conditions.queue_wait.set(round(size), scope=phone)
    scope = target.contact if target.customer.way == "chat" else phone
    target.center.connect.conditions.queue_wait.set(size, scope=scope)


def _poor_media(target: Target, size: float) -> None:
    poor = Quality(loss=6.5, jitter=38.0, jitter_max=140.0, round_trip=310.0, mos=size)
    target.center.twilio.conditions.quality.set(poor, scope=target.customer.phone)


def _lossy_trunk(target: Target, size: float) -> None:
    target.center.lines.trunk.set(Line(loss=size / 100.0), scope=target.customer.phone)


def _jittery_last_mile(target: Target, size: float) -> None:
    line = Line(jitter=size / 1000.0, round_trip=0.09)
    target.center.lines.last_mile.set(line, scope=target.customer.phone)


def _drop(target: Target, size: float) -> None:
    conditions, phone = target.center.connect.conditions, target.customer.phone
    conditions.disconnect_reason.set("TELECOM_PROBLEM", scope=phone)
    conditions.talk.set(size, scope=phone)


def _hold(target: Target, size: float) -> None:
    conditions, phone = target.center.connect.conditions, target.customer.phone
    conditions.hold.set(round(size), scope=phone)
    conditions.talk.set(size + 60, scope=phone)


def _nothing(target: Target, size: float) -> None:
    """Leave it to the agent, who is asked by `transferred`."""


_TALKED_TO: Final[tuple[Way, ...]] = ("call", "chat")
_QUEUES: Final[dict[Way, str]] = {
    "call": "twilio",
    "chat": "amazon_connect",
    "callback": "amazon_connect",
}
KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(
            "slow CRM",
            _TALKED_TO,
            "salesforce",
            (4.5, 6.5),
            "s a query",
            _on_crm(lambda size, scope: Fault(latency=size, scope=scope)),
        ),
        Kind(
            "CRM throttles",
            _TALKED_TO,
            "salesforce",
            (1.0, 1.0),
            "",
            _on_crm(lambda _, scope: Fault(failure="throttled", scope=scope)),
        ),
        Kind(
            "CRM fails",
            _TALKED_TO,
            "salesforce",
            (0.2, 1.5),
            "s until the error",
            _on_crm(lambda size, scope: Fault(latency=size, failure="unavailable", scope=scope)),
        ),
        Kind(
            "no way to the CRM",
            _TALKED_TO,
            "salesforce",
            (1.0, 1.0),
            "",
            _on_crm(lambda _, scope: Fault(reset=True, scope=scope)),
        ),
        Kind("identity times out", _TALKED_TO, "identity", (2.0, 3.0), "times", _identity_hangs),
        Kind("slow bot", ("call",), "dialogflow", (2.5, 4.5), "s a turn", _slow_bot),
        Kind("bot is lost", _TALKED_TO, "dialogflow", (2.0, 4.0), "turns", _bot_is_lost),
        Kind(
            "long queue",
            ("call", "chat", "callback"),
            _QUEUES,
            (180.0, 600.0),
            "s",
            _long_queue,
            needs_person=True,
        ),
        Kind("cold transfer", ("call",), "twilio", (1.0, 1.0), "", _nothing, needs_person=True),
        Kind("poor line", ("call",), "twilio", (2.6, 3.5), "MOS", _poor_media),
        Kind("lossy trunk", ("call",), "trunk", (4.0, 9.0), "% lost", _lossy_trunk),
        Kind(
            "jittery last mile",
            ("call",),
            "last_mile",
            (22.0, 40.0),
            "ms of jitter",
            _jittery_last_mile,
            needs_person=True,
        ),
        Kind("call is cut off", ("callback",), "amazon_connect", (20.0, 60.0), "s", _drop),
        Kind("long hold", ("callback",), "amazon_connect", (70.0, 240.0), "s", _hold),
    )
}
TRANSFER: Final = "cold transfer"


def plan(seed: int, customers: Sequence[Customer]) -> list[tuple[Injection, ...]]:
    """Choose what goes wrong for each customer: nothing, one thing, or two things at once.

    Args:
        seed: The same seed, the same faults.
        customers: The customers.
    """
    random = Random(f"injection:{seed}")  # noqa: S311 - it is to be the same again
    return [_for(random, customer) for customer in customers]


def _for(random: Random, customer: Customer) -> tuple[Injection, ...]:
    if random.random() < HEALTHY_SHARE:
        return ()
    fitting = [kind for kind in KINDS.values() if kind.fits(customer)]
    first = random.choice(fitting)
    chosen = [first]
    # Two faults of one system cannot be told apart by its name.
    others = [kind for kind in fitting if kind.culprit(customer.way) != first.culprit(customer.way)]
    if others and random.random() < PAIR_SHARE:
        chosen.append(random.choice(others))
    return tuple(_sized(random, kind, customer) for kind in chosen)


def _sized(random: Random, kind: Kind, customer: Customer) -> Injection:
    least, most = kind.size
    if kind.unit in _COUNTED:
        size = float(random.randint(int(least), int(most)))
    else:
        size = round(random.uniform(least, most), 1)
    return Injection(kind.name, kind.culprit(customer.way), size, kind.unit)
