"""The client libraries that cxotel knows: a name, and the module that describes it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxotel.engine.vocabulary import Vendor

VENDORS: dict[str, str] = {
    "amazon_cognito": "cxotel.vendors.amazon_cognito",
    "amazon_connect": "cxotel.vendors.amazon_connect",
    "auth0": "cxotel.vendors.auth0",
    "dialogflow": "cxotel.vendors.dialogflow",
    "dynamics_365": "cxotel.vendors.dynamics_365",
    "five9": "cxotel.vendors.five9",
    "freshdesk": "cxotel.vendors.freshdesk",
    "genesys_cloud": "cxotel.vendors.genesys_cloud",
    "hubspot": "cxotel.vendors.hubspot",
    "intercom": "cxotel.vendors.intercom",
    "jira": "cxotel.vendors.jira",
    "livekit": "cxotel.vendors.livekit",
    "okta": "cxotel.vendors.okta",
    "plivo": "cxotel.vendors.plivo",
    "ringcentral": "cxotel.vendors.ringcentral",
    "salesforce": "cxotel.vendors.salesforce",
    "servicenow": "cxotel.vendors.servicenow",
    "stripe": "cxotel.vendors.stripe",
    "telnyx": "cxotel.vendors.telnyx",
    "twilio": "cxotel.vendors.twilio",
    "vonage": "cxotel.vendors.vonage",
    "webex": "cxotel.vendors.webex",
    "zendesk": "cxotel.vendors.zendesk",
    "zoom": "cxotel.vendors.zoom",
}
"""Vendor name to the module whose `VENDOR` describes it. No module here imports a vendor's SDK."""

ENTRY_POINT_GROUP = "cxotel_vendor"
"""Distributions of other people add vendors under this entry point group: name to a `Vendor`."""


def names() -> list[str]:
    """Return the names of all vendors, those of other distributions included."""
    return sorted({*VENDORS, *_plugins()})


def load(name: str) -> Vendor:
    """Return the description of the vendor called *name*.

    Raises:
        ValueError: No vendor has that name.
    """
    if name in VENDORS:
        return import_module(VENDORS[name]).VENDOR
    plugins = _plugins()
    if name in plugins:
        return plugins[name].load()  # type: ignore[attr-defined, no-any-return]
    message = f"unknown vendor {name!r}; known are {', '.join(names())}"
    raise ValueError(message)


def load_all() -> list[Vendor]:
    """Return the descriptions of all vendors."""
    return [load(name) for name in names()]


def _plugins() -> dict[str, object]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
