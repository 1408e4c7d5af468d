"""What can be configured, from a TOML file, the environment and arguments, as one typed object."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cxotel.engine.shield import warn_once
from cxotel.experience.rules import DEFAULT, Rules
from cxotel.privacy import Policy, set_policy
from cxotel.settings.environment import CXOTEL_CONFIG

if TYPE_CHECKING:
    from collections.abc import Mapping

Protocol = Literal["grpc", "http/protobuf"]


class SettingsError(ValueError):
    """A setting that cannot be used: where it is, what was expected, and what was found."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


@dataclass(frozen=True, slots=True)
class Export:
    """Where telemetry goes, where OpenTelemetry's own variables do not say otherwise.

    Args:
        service_name: The service's name.
        endpoint: Base URL of an OTLP receiver.
        protocol: `grpc` or `http/protobuf`.
        file: Path of a file that OTLP JSON lines are appended to.
    """

    service_name: str | None = None
    endpoint: str | None = None
    protocol: Protocol | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured.

    Args:
        export: Where telemetry goes.
        privacy: What may leave the process, and the key of pseudonyms.
        score: The rules of the experience score.
        owners: System or layer to the name of its owner.
        vendors: Vendor to whether it is instrumented; those not named are.
        routes: Paths of tables of routes.
        carry: Vendors into whose own fields the journey id is written.
        sample_ratio: Share of journeys whose traces are exported, 0 to 1; `None`: not configured.
        body_bytes: Replies of vendors with more bytes than this are not parsed.

    Example:
        >>> settings = load(given={"owners": {"salesforce": "crm-team", "ai": "bot-team"}})
        >>> settings.owner("salesforce", "business_system"), settings.owner("dialogflow", "ai")
        ('crm-team', 'bot-team')
    """

    export: Export = field(default_factory=Export)
    privacy: Policy = field(default_factory=Policy, repr=False)
    score: Rules = DEFAULT
    owners: Mapping[str, str] = field(default_factory=dict[str, str])
    vendors: Mapping[str, bool] = field(default_factory=dict[str, bool])
    routes: tuple[str, ...] = ()
    carry: frozenset[str] = frozenset()
    sample_ratio: float | None = None
    body_bytes: int = 65_536

    def observes(self, vendor: str) -> bool:
        """Tell whether a vendor's client library is to be instrumented."""
        return self.vendors.get(vendor, True)

    def owner(self, system: str | None, layer: str | None = None) -> str | None:
        """Return who owns a system; where nobody is named, who owns its layer."""
        return self.owners.get(system or "") or self.owners.get(layer or "")


def load(
    path: str | os.PathLike[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings: what is given stands above the environment, and that above the file.

    Args:
        path: The TOML file; the one that `CXOTEL_CONFIG` names if left out, none if it names none.
        environ: The environment; the process's own if left out.
        given: Settings in the shape of the file: `{"sampler": {"ratio": 0.1}}`.

    Raises:
        SettingsError: A file that cannot be read, an unknown key, or a value that does not fit.

    Example:
        >>> load(environ={"CXOTEL_SAMPLE_RATIO": "0.25"}).sample_ratio
        0.25
        >>> load(given={"sampler": {"ratio": 25}})
        Traceback (most recent call last):
        ...
        cxotel.settings.SettingsError: settings: sampler.ratio must be a number from 0 to 1, not 25
    """
    from cxotel.settings import sources

    environ = os.environ if environ is None else environ
    chosen = path or environ.get(CXOTEL_CONFIG)
    found = {
        **(sources.from_file(chosen) if chosen else {}),
        **sources.from_environment(environ),
        **sources.from_mapping(given or {}, "settings"),
    }
    return sources.assemble(found, environ)


_active: Settings | None = None


def active() -> Settings:
    """Return the settings in force; at first those of the environment.

    A configuration that cannot be used costs one log line: then the defaults hold.
    """
    if _active is None:
        try:
            activate(load())
        except SettingsError as error:
            warn_once("loading settings", f"{error}; the defaults hold until that is put right")
            activate(Settings())
    return _active or Settings()


def activate(settings: Settings) -> None:
    """Put *settings* in force for this process, its privacy policy included."""
    global _active  # noqa: PLW0603 - one set of settings a process, replaced as a whole
    _active = settings
    set_policy(settings.privacy)


def deactivate() -> None:
    """Forget the settings in force, so that the environment is read again: for tests."""
    global _active  # noqa: PLW0603 - see `activate`
    _active = None
    set_policy(Policy())
