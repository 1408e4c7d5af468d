"""Let a population go through the contact center, with faults, some at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final

import httpx

from cxotel.demo.contact_center import ContactCenter, Service
from cxotel.demo.injection import TRANSFER, Target, plan
from cxotel.demo.population import population
from cxotel.demo.visits import Visit, VisitFailedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cxotel.demo.injection import Injection
    from cxotel.demo.population import Customer

    Faults = tuple[Injection, ...]

AT_ONCE: Final = 40
"""Journeys at a time: more would make a small machine slow, and healthy journeys with it."""
_PATIENCE: Final = 90.0


@dataclass(slots=True)
class Run:
    """What happened in one run.

    Attributes:
        log: By the contact's id, what went wrong in it: the injection log.
        problems: What the demo itself did not manage; none, if all is well.
    """

    log: dict[str, Faults] = field(default_factory=dict[str, "Faults"])
    problems: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes.

    Attributes:
        seed: Which customers come, and what goes wrong.
        journeys: How many come.
        speed: How much faster than in real life people speak and think.
        file: Where the service's telemetry goes.
        otlp_endpoint: An OTLP receiver that it goes to as well, or None.
    """

    seed: int
    journeys: int
    speed: float
    file: Path
    otlp_endpoint: str | None


def run(options: Options, advance: Callable[[], None]) -> Run:
    """Open the contact center, let everybody through, and close it.

    Args:
        options: How it goes.
        advance: Called when a journey is over.

    Raises:
        ServiceFailedError: The service did not start.
    """
    done = Run()
    with ContactCenter() as center:
        with Service(center.settings(options.file, options.otlp_endpoint)) as service:
            asyncio.run(_everybody(center, service.url, options, done, advance))
        done.problems += center.crashes
    return done


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Everybody who gets in touch, and what they need for it."""

    center: ContactCenter
    http: httpx.AsyncClient
    options: Options
    done: Run
    gate: asyncio.Semaphore

    async def one(self, customer: Customer, faults: Faults) -> None:
        """Let one customer through, when it is their turn."""
        async with self.gate:
            visit = self._visit(customer, faults)
            # A visit that breaks off is in the log too: then its journey is missing.
            known_as = visit.contact
            try:
                known_as = await visit.run()
            except (VisitFailedError, httpx.HTTPError) as error:
                self.done.problems.append(f"customer {customer.number}: {error!r}")
            self.done.log[known_as] = faults

    def _visit(self, customer: Customer, faults: Faults) -> Visit:
        center, options = self.center, self.options
        center.know(customer)
        called = customer.way == "call"
        contact = center.ring(customer.phone) if called else f"chat-{customer.number:08x}"
        for fault in faults:
            fault.apply(Target(center, customer, contact))
        transferred = any(fault.kind == TRANSFER for fault in faults)
        random = Random(f"visit:{options.seed}:{customer.number}")  # noqa: S311 - the same again
        return Visit(center, self.http, customer, random, options.speed, transferred, contact)


async def _everybody(
    center: ContactCenter, url: str, options: Options, done: Run, advance: Callable[[], None]
) -> None:
    customers = population(options.seed, options.journeys)
    planned = zip(customers, plan(options.seed, customers), strict=True)
    limits = httpx.Limits(max_connections=AT_ONCE * 2)
    # No proxy of the environment may stand between a client and a loopback port.
    client = httpx.AsyncClient(base_url=url, timeout=_PATIENCE, limits=limits, trust_env=False)
    async with client as http:
        crowd = _Crowd(center, http, options, done, asyncio.Semaphore(AT_ONCE))
        for over in asyncio.as_completed([crowd.one(*each) for each in planned]):
            await over
            advance()
