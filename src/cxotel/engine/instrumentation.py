"""Switch the observation of client libraries on and off: all, some, or one client object."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from cxotel import propagation, settings
from cxotel.engine import bodies, readers
from cxotel.engine.junctions import Branch
from cxotel.engine.life import Life
from cxotel.engine.observe import Gate, observing
from cxotel.engine.patching import Patch
from cxotel.engine.requirements import check
from cxotel.engine.shield import warn_once
from cxotel.engine.threads import STARTS, inheriting, start
from cxotel.engine.wire import WIRES, aside, exchange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from types import TracebackType

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from typing_extensions import Self

    from cxotel.engine.requirements import Found
    from cxotel.engine.vocabulary import Vendor
    from cxotel.routes.chosen import Given

_lock = threading.RLock()
_running: dict[str, Instrumentation] = {}
_shared = (
    *(Patch(module, name, lambda _: exchange) for module, name in WIRES),
    *(Patch(module, name, lambda _: start) for module, name in STARTS),
    *(Patch(module, name, lambda _: bodies.reading) for module, name in bodies.READS),
    *(Patch(module, name, lambda _: bodies.ending) for module, name in bodies.ENDS),
)
"""What all vendors need of the libraries below them, for as long as one is running."""


class Instrumentation:
    """One vendor's client library under observation."""

    def __init__(self, vendor: Vendor, life: Life) -> None:
        """Prepare the patches of *vendor*."""
        self.vendor = vendor
        self.gate = Gate()
        shared = [target for target in vendor.targets if target.library]
        own = [target for target in vendor.targets if not target.library]
        self.branches = tuple(Branch(life, self.gate, target) for target in shared)
        self.patches = (
            *(
                Patch(target.module, target.name, observing(life, self.gate, target))
                for target in own
            ),
            *(Patch(scope.module, scope.name, lambda _: inheriting) for scope in vendor.scopes),
            *(Patch(each.module, each.name, lambda _: aside) for each in vendor.asides),
        )

    def apply(self) -> None:
        """Replace the client library's functions."""
        for patch in self.patches:
            patch.apply()
        for branch in self.branches:
            branch.join()

    def undo(self) -> None:
        """Put the client library's functions back."""
        self.gate.close()
        for branch in self.branches:
            branch.leave()
        for patch in self.patches:
            patch.undo()


class Instrumented:
    """What `instrument` switched on; leaving it as a context manager switches that off again."""

    def __init__(self, vendors: tuple[str, ...]) -> None:
        """Remember the names of *vendors*."""
        self.vendors = vendors

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Switch off what was switched on."""
        if self.vendors:
            uninstrument(*self.vendors)


def instrument(
    *vendors: str | Vendor,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
    carry: Collection[str] | None = None,
    routes: Given | Collection[Given] = (),
) -> Instrumented:
    """Observe client libraries from now on, whether they have been imported already or not.

    Settings decide what is not said here: which vendors are left alone, whose own fields carry
    the journey id, how long a reply may be to be read. What is instrumented already stays as it
    is. A library that is not installed is passed over, with one line in the log where it was
    asked for by name.

    Args:
        vendors: Names such as `"twilio"`, or a `Vendor` of your own; if left out, all known ones
            that settings do not switch off.
        tracer_provider: Where spans go; the global provider if left out.
        meter_provider: Where metrics go; the global provider if left out.
        carry: Names of vendors into whose own fields (contact attributes, custom fields) the
            journey id is written; those that settings name if left out.
        routes: Tables of routes, or paths of their files, beside those that settings name. A file
            that cannot be used costs one line in the log, and itself.

    Returns:
        What was switched on; usable as a context manager.

    Raises:
        ValueError: A name that no vendor has.

    Example:
        >>> import cxotel
        >>> with cxotel.instrument("twilio"):
        ...     pass
    """
    chosen = settings.active()
    carrying = chosen.carry if carry is None else carry
    readers.set_body_limit(chosen.body_bytes)
    started: list[str] = []
    found = cache(check)  # tables of routes all need the same
    for vendor in _resolve(vendors, _several(routes)):
        if _usable(vendor, found(vendor.requires), asked_for=bool(vendors)):
            carries = vendor.name in carrying or vendor.system_name in carrying
            running = _run(vendor, tracer_provider, meter_provider, carries=carries)
            if not running.gate.everybody:
                running.gate.everybody = True
                started.append(vendor.name)
    return Instrumented(tuple(started))


def uninstrument(*vendors: str | Vendor) -> None:
    """Observe client libraries no longer, and leave every class as it was.

    Args:
        vendors: Names, or `Vendor` objects; everything that is running if left out.

    Example:
        >>> import cxotel
        >>> cxotel.uninstrument()
    """
    names = [vendor if isinstance(vendor, str) else vendor.name for vendor in vendors]
    with _lock:
        for name in _running_as(names) if names else list(_running):
            running = _running.pop(name, None)
            if running is not None:
                running.undo()
        if not _running:
            for patch in _shared:
                patch.undo()
            propagation.uninstall()


def instrument_client(client: Any, vendor: str | Vendor | None = None, **providers: Any) -> None:
    """Observe the calls of one client object only.

    Args:
        client: The vendor's client, for example a `twilio.rest.Client`.
        vendor: Whose it is; found from the client's class if left out.
        providers: `tracer_provider` and `meter_provider`, as for `instrument`.

    Raises:
        ValueError: The client belongs to no known vendor.
    """
    described = _described(client, vendor)
    running = _run(
        described, providers.get("tracer_provider"), providers.get("meter_provider"), carries=False
    )
    running.gate.admit(_anchor(client, described))


def uninstrument_client(client: Any, vendor: str | Vendor | None = None) -> None:
    """Observe the calls of one client object no longer.

    Args:
        client: What was given to `instrument_client`.
        vendor: Whose it is; found from the client's class if left out.
    """
    described = _described(client, vendor)
    with _lock:
        running = _running.get(described.name)
        if running is None:
            return
        running.gate.dismiss(_anchor(client, described))
        if running.gate.closed:
            uninstrument(described.name)


def instrumented() -> dict[str, Instrumentation]:
    """Return what is running, by vendor name: for `cxotel doctor`."""
    with _lock:
        return dict(_running)


def _running_as(names: list[str]) -> list[str]:
    """Return what runs by these names: a system's client library, its table of routes, or both."""
    return [
        name
        for name, running in _running.items()
        if name in names or running.vendor.system_name in names
    ]


def _anchor(client: object, vendor: Vendor) -> object:
    return vendor.anchor(client) if vendor.anchor else client


def _described(client: object, vendor: str | Vendor | None) -> Vendor:
    from cxotel.vendors import load_all

    if vendor is not None:
        return _named(vendor)[0] if isinstance(vendor, str) else vendor
    kinds = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(client).__mro__]
    for known in load_all():
        if any(kind.startswith(known.clients) for kind in kinds):
            return known
    message = f"{kinds[0]} is no known vendor's client; pass vendor="
    raise ValueError(message)


def _resolve(vendors: tuple[str | Vendor, ...], routes: Iterable[Given]) -> list[Vendor]:
    """Return the descriptions that are meant; of two by one name the first is used."""
    from cxotel.routes import chosen
    from cxotel.vendors import load_all

    given = chosen.read(routes)
    named = [one for name in vendors for one in (_named(name) if isinstance(name, str) else [name])]
    if vendors:
        return [*given, *named]
    own = [*given, *chosen.own()]
    known = [*own, *load_all(), *chosen.ours(own)]
    observes = settings.active().observes
    return [one for one in known if observes(one.name) and observes(one.system_name)]


def _several(given: Given | Collection[Given]) -> Iterable[Given]:
    return given if isinstance(given, (list, tuple, set, frozenset)) else [given]  # type: ignore[list-item]


def _named(name: str) -> list[Vendor]:
    """Return the client library and the tables of routes by a name.

    Raises:
        ValueError: There is neither.
    """
    from cxotel import vendors
    from cxotel.routes import chosen

    tables = chosen.called(name)
    if tables and name not in vendors.VENDORS:
        return tables
    return [vendors.load(name), *tables]


def _run(
    vendor: Vendor,
    tracer_provider: TracerProvider | None,
    meter_provider: MeterProvider | None,
    *,
    carries: bool,
) -> Instrumentation:
    with _lock:
        running = _running.get(vendor.name)
        if running is None:
            life = Life(
                vendor,
                tracer_provider=tracer_provider,
                meter_provider=meter_provider,
                carries=carries,
            )
            running = _running[vendor.name] = Instrumentation(vendor, life)
            running.apply()
            for patch in _shared:
                patch.apply()
            propagation.install()
        return running


def _usable(vendor: Vendor, found: Found, *, asked_for: bool) -> bool:
    """Tell whether the library is installed; say once what is missing or unproved."""
    if found.missing:
        if asked_for:
            warn_once(
                f"instrumenting {vendor.name}",
                f"{vendor.name}: {found.missing} is not installed; {found.remedy}",
            )
        return False
    if found.conflict:
        warn_once(
            f"version of {vendor.name}",
            f"{vendor.name}: {found.conflict}; it is observed as far as it fits",
        )
    return True
