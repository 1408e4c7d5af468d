"""A service as botocore's model describes it: its requests read and checked, its answers written.

The protocol is AWS's ``rest-json``: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html.
"""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, StructureShape
from botocore.validate import ParamValidator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import OperationModel, Shape

    from cxotel.demo.far_ends.wire import Received

    Json = dict[str, Any]


def load(service: str) -> ServiceModel:
    """Load a service's model from the installed botocore."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def parameters(operation: OperationModel, request: Received) -> Json:
    """Read a request's parameters from its path, query, header and body.

    Args:
        operation: What was asked for.
        request: The request as it came in.
    """
    shape = operation.input_shape
    if shape is None:
        return {}
    body: Json = request.json if request.body else {}
    found: Json = {}
    for name, member in shape.members.items():
        value = _located(member, name, request, body)
        if value is not None:
            found[name] = read(member, value)
    return found


def _located(member: Shape, name: str, request: Received, body: Json) -> Any:
    place = cast("dict[str, str]", member.serialization)
    key = place.get("name", name)
    where = place.get("location")
    if where == "uri":
        return request.ids.get(key)
    if where == "querystring":
        values = [value for field, value in parse_qsl(request.query) if field == key]
        return (values if isinstance(member, ListShape) else values[-1]) if values else None
    if where == "header":
        return request.headers.get(key.lower())
    return body.get(key)


def read(shape: Shape, value: Any) -> Any:
    """Turn what came over the wire into what Python has for a shape."""
    if value is None:
        return None
    if isinstance(shape, StructureShape):
        pairs = shape.members.items()
        keys = {name: member.serialization.get("name", name) for name, member in pairs}
        present = {name: value.get(keys[name]) for name, _ in pairs}
        return {
            name: read(member, present[name]) for name, member in pairs if present[name] is not None
        }
    if isinstance(shape, ListShape):
        return [read(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: read(shape.value, item) for key, item in value.items()}
    return _read_scalar(shape.type_name, value)


def _read_scalar(kind: str, value: Any) -> Any:
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        return value in (True, "true")
    if kind == "blob":
        return base64.b64decode(value)
    if kind == "timestamp":
        return _moment(value)
    return value


def _moment(value: Any) -> datetime:
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, timezone.utc)
    # A header field has a date as HTTP writes it, anything else as ISO 8601 does.
    if str(value).endswith("GMT"):
        return parsedate_to_datetime(value)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))


def complaints(shape: Shape | None, value: Json) -> list[str]:
    """Say what a model does not allow: botocore's checks, and lengths, ranges and enumerations.

    Lengths and enumerations matter because botocore leaves their upper ends to the service.
    """
    if shape is None:
        return []
    report = ParamValidator().validate(value, shape)
    found = [report.generate_report()] if report.has_errors() else []
    return [*found, *_limits(shape, value, "")]


def _limits(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from _limits(member, value[name], f"{path}.{name}")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        yield from _bounded(shape, len(cast("list[Any]", value)), path)
        for item in cast("list[Any]", value):
            yield from _limits(shape.member, item, f"{path}[]")
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, item in cast("Json", value).items():
            yield from _limits(shape.key, key, path)
            yield from _limits(shape.value, item, f"{path}.{key}")
    elif isinstance(value, str):
        yield from _bounded(shape, len(value), path)
        allowed = cast("list[str]", shape.metadata.get("enum", [value]))
        if value not in allowed:
            yield f"{path[1:]}: {value} is not one of {', '.join(allowed)}"


def _bounded(shape: Shape, length: int, path: str) -> Iterator[str]:
    most = cast("int | None", shape.metadata.get("max"))
    if most is not None and length > most:
        yield f"{path[1:]}: {length} is more than {most}"


def pruned(shape: Shape, value: Any) -> Any:
    """Leave out what is None and what the model does not know: older ones know less."""
    if isinstance(shape, StructureShape):
        return {
            name: pruned(member, value[name])
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [pruned(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: pruned(shape.value, item) for key, item in value.items()}
    return value


def write(shape: Shape, value: Any) -> Any:
    """Turn a Python value into what goes over the wire as a body."""
    if isinstance(shape, StructureShape):
        members = shape.members
        return {
            members[name].serialization.get("name", name): write(members[name], item)
            for name, item in value.items()
            if "location" not in members[name].serialization
        }
    if isinstance(shape, ListShape):
        return [write(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: write(shape.value, item) for key, item in value.items()}
    if shape.type_name == "timestamp":
        iso = shape.serialization.get("timestampFormat") == "iso8601"
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if iso else value.timestamp()
    return base64.b64encode(value).decode() if shape.type_name == "blob" else value
