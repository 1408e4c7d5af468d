"""Where the service finds its vendors, and where its telemetry goes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses, as a deployment would put them into a configuration file.

    Attributes:
        telemetry_file: The file that spans and metrics are appended to.
        otlp_endpoint: An OTLP receiver that they are sent to as well, or None.
        twilio: Base URL of Twilio's interfaces.
        workspace: The TaskRouter workspace.
        salesforce: Host and port of the Salesforce org.
        salesforce_ca: The certificate authority that it is trusted by.
        connect: Base URL of Amazon Connect.
        instance: The Amazon Connect instance.
        flow: The contact flow that contacts go through there.
        dialogflow: Host and port of Dialogflow.
        identity: Base URL of the identity service.
    """

    telemetry_file: str
    otlp_endpoint: str | None
    twilio: str
    workspace: str
    salesforce: str
    salesforce_ca: str
    connect: str
    instance: str
    flow: str
    dialogflow: str
    identity: str

    @classmethod
    def load(cls, path: str) -> Settings:
        """Read the settings of a file."""
        return cls(**json.loads(Path(path).read_text(encoding="utf-8")))

    def save(self, path: Path) -> None:
        """Write them to a file."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")
