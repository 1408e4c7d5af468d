"""The keys of the settings file: what each may be, and which variable sets it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from cxotel.journey.words import LAYERS
from cxotel.settings import environment as env

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES: Final = ("public", "pseudonymous", "personal", "content")
PROTOCOLS: Final = ("grpc", "http/protobuf")


class UnfitError(ValueError):
    """A value that does not fit; *inside* tells which part of a table it is."""

    def __init__(self, value: object, inside: str = "", expects: str = "") -> None:
        super().__init__(inside)
        self.value = value
        self.inside = inside
        self.expects = expects


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of the settings file.

    Args:
        key: Section and name, or the section alone where its names are free.
        expects: What the value must be, to follow "must be".
        default: What holds where it is not set, in words.
        meaning: What it does, in a sentence.
        check: Returns the value to use, or raises `UnfitError`.
        variable: The environment variable that stands above it.
        parse: Turns the variable's text into what the file would hold.
    """

    key: str
    expects: str
    default: str
    meaning: str
    check: Callable[[object], Any]
    variable: str | None = None
    parse: Callable[[str], object] = str


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnfitError(value)
    return value


def _one_of(words: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in words:
            raise UnfitError(value)
        return cast("str", value)

    return check


def _names(value: object) -> frozenset[str]:
    items: list[object] = list(cast("list[object]", value)) if isinstance(value, list) else []
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in items):
        raise UnfitError(cast("object", value))
    return frozenset(cast("list[str]", items))


def _paths(value: object) -> tuple[str, ...]:
    """Check a list of paths; their order stays, for the first of two tables by one name counts."""
    _names(value)
    return tuple(cast("list[str]", value))


def _classes(value: object) -> frozenset[str]:
    names = _names(value)
    for name in sorted(names - set(CLASSES)):
        raise UnfitError(name)
    return names


def _ratio(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise UnfitError(value)
    return float(value)


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnfitError(value)
    return value


def _table(kind: type, expects: str) -> Callable[[object], dict[str, Any]]:
    def check(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise UnfitError(value)
        table = cast("dict[str, object]", value)
        for name, item in table.items():
            if not isinstance(item, kind) or item == "":
                raise UnfitError(item, f".{name}", expects)
        return table

    return check


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _pairs(text: str) -> object:
    """Read `a=b,c=d`; what is not of that form stays as it is, for the check to name."""
    pairs = [part.partition("=") for part in _split(text)]
    if not all(separator for _, separator, _ in pairs):
        return text
    return {name.strip(): value.strip() for name, _, value in pairs}


def _off(text: str) -> dict[str, bool]:
    return dict.fromkeys(_split(text), False)


def _number(kind: type[int | float]) -> Callable[[str], object]:
    def parse(text: str) -> object:
        try:
            return kind(text)
        except ValueError:
            return text

    return parse


_ENTRIES: Final = (
    Entry("export.service_name", "a name", "none", "The service's name, `service.name`.", _text),
    Entry(
        "export.endpoint",
        'a URL, such as "http://localhost:4317"',
        "OpenTelemetry's",
        "Where OTLP goes, where no `OTEL_EXPORTER_OTLP_*ENDPOINT` variable is set.",
        _text,
    ),
    Entry(
        "export.protocol",
        '"grpc" or "http/protobuf"',
        "by the endpoint's port",
        "How OTLP is sent, where no `OTEL_EXPORTER_OTLP_*PROTOCOL` variable is set.",
        _one_of(PROTOCOLS),
    ),
    Entry(
        "export.file",
        "the path of a file",
        "none",
        "A file that spans and metrics are appended to, as OTLP JSON lines.",
        _text,
        env.CXOTEL_FILE,
    ),
    Entry(
        "privacy.classes",
        f"a list of {', '.join(CLASSES)}",
        '`["public", "pseudonymous"]`',
        "Privacy classes whose attributes may leave the process.",
        _classes,
        env.CXOTEL_PRIVACY_CLASSES,
        _split,
    ),
    Entry(
        "privacy.key_env",
        "the name of an environment variable",
        "`CXOTEL_PSEUDONYM_KEY`",
        "The variable that holds the secret of pseudonyms. The secret itself never stands here.",
        _text,
    ),
    Entry(
        "privacy.key_file",
        "the path of a file",
        "none",
        "The file that holds the secret of pseudonyms.",
        _text,
        env.CXOTEL_PSEUDONYM_KEY_FILE,
    ),
    Entry(
        "score",
        "a section of score rules",
        "the rules of `cxotel/1`",
        "Changed rules of the score: see [the score](score.md). The algorithm's name then carries "
        "a fingerprint.",
        _table(object, ""),
    ),
    Entry(
        "owners",
        'names, such as salesforce = "crm-team"',
        "nobody",
        f"Who owns a system, or a whole layer ({', '.join(LAYERS)}); blame carries the owner.",
        _table(str, "the owner's name"),
        env.CXOTEL_OWNERS,
        _pairs,
    ),
    Entry(
        "vendors",
        "switches, such as twilio = false",
        "all that are installed",
        "Which vendors' client libraries are instrumented.",
        _table(bool, "true or false"),
        env.CXOTEL_VENDORS_OFF,
        _off,
    ),
    Entry(
        "routes.files",
        "a list of paths of files",
        "`[]`",
        "Tables of routes: YAML files that describe systems which are called over plain HTTP. See "
        "[tables of routes](route-tables.md).",
        _paths,
        env.CXOTEL_ROUTES,
        _split,
    ),
    Entry(
        "propagation.carry",
        "a list of vendors",
        "`[]`",
        "Vendors into whose own fields (contact attributes, custom fields) the journey id goes.",
        _names,
        env.CXOTEL_CARRY,
        _split,
    ),
    Entry(
        "sampler.ratio",
        "a number from 0 to 1",
        "`1.0`",
        "Share of journeys whose traces are exported; all are scored and counted.",
        _ratio,
        env.CXOTEL_SAMPLE_RATIO,
        _number(float),
    ),
    Entry(
        "limits.body_bytes",
        "a whole number of bytes, 0 or more",
        "`65536`",
        "Replies of vendors with more bytes than this are not parsed.",
        _size,
        env.CXOTEL_BODY_LIMIT,
        _number(int),
    ),
)

ENTRIES: Final = {entry.key: entry for entry in _ENTRIES}
"""Every key by its name."""
TABLES: Final = tuple(key for key in ENTRIES if "." not in key)
"""Sections whose names are free."""
SECTIONS: Final = tuple(dict.fromkeys(key.partition(".")[0] for key in ENTRIES))
