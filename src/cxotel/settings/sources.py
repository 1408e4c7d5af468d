"""Read settings from where they are written, and say precisely what does not fit."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cxotel.experience.rules import Rules
from cxotel.privacy import Policy
from cxotel.settings import Export, Settings, SettingsError
from cxotel.settings.schema import ENTRIES, SECTIONS, TABLES, UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cxotel.settings.schema import Entry


class Found(NamedTuple):
    """A value that was found, and where."""

    value: Any
    source: str


def from_file(path: str | os.PathLike[str]) -> dict[str, Found]:
    """Return what a TOML file sets, by key."""
    return from_mapping(_toml(path), os.fspath(path))


def from_environment(environ: Mapping[str, str]) -> dict[str, Found]:
    """Return what environment variables set, by key; an empty variable sets nothing."""
    return {
        entry.key: _checked(entry, entry.parse(environ[entry.variable]), entry.variable, "")
        for entry in ENTRIES.values()
        if entry.variable and environ.get(entry.variable)
    }


def from_mapping(document: Mapping[str, Any], source: str) -> dict[str, Found]:
    """Return what a document in the file's shape sets, by key."""
    found: dict[str, Found] = {}
    for section, content in document.items():
        if section not in SECTIONS:
            raise SettingsError(_unknown(source, f"section [{section}]", section, SECTIONS))
        if section in TABLES:
            found[section] = _checked(ENTRIES[section], content, source, section)
            continue
        if not isinstance(content, dict):
            raise SettingsError(f"{source}: {section} must be a section, not {shown(content)}")
        found.update(_section(section, content, source))  # pyright: ignore[reportUnknownArgumentType] - TOML
    return found


def _section(section: str, content: dict[str, Any], source: str) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for name, value in content.items():
        key = f"{section}.{name}"
        if key not in ENTRIES:
            known = [
                other.partition(".")[2] for other in ENTRIES if other.startswith(f"{section}.")
            ]
            raise SettingsError(_unknown(source, f"key {key}", name, known))
        found[key] = _checked(ENTRIES[key], value, source, key)
    return found


def assemble(found: Mapping[str, Found], environ: Mapping[str, str]) -> Settings:
    """Build the settings from checked values."""
    values = {key: item.value for key, item in found.items()}
    names = ("service_name", "endpoint", "protocol", "file")
    return Settings(
        export=Export(**{name: values.get(f"export.{name}") for name in names}),
        privacy=_policy(found, environ),
        score=_rules(found.get("score")),
        owners=values.get("owners", {}),
        vendors=values.get("vendors", {}),
        routes=values.get("routes.files", ()),
        carry=values.get("propagation.carry", frozenset[str]()),
        sample_ratio=values.get("sampler.ratio"),
        body_bytes=values.get("limits.body_bytes", Settings().body_bytes),
    )


def _rules(found: Found | None) -> Rules:
    if found is None:
        return Rules()
    try:
        return Rules.from_mapping(found.value)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{found.source}: [score] {error}") from error


def _policy(found: Mapping[str, Found], environ: Mapping[str, str]) -> Policy:
    classes = found["privacy.classes"].value if "privacy.classes" in found else Policy().classes
    key, source = _pseudonym_key(found, environ)
    try:
        return Policy(classes=classes, key=key)
    except ValueError as error:
        raise SettingsError(f"{source}: {error}") from error


def _pseudonym_key(
    found: Mapping[str, Found], environ: Mapping[str, str]
) -> tuple[bytes | None, str]:
    """Return the secret and where it is from; the secret itself never stands in a settings file."""
    from cxotel.settings.environment import CXOTEL_PSEUDONYM_KEY

    if environ.get(CXOTEL_PSEUDONYM_KEY):
        return environ[CXOTEL_PSEUDONYM_KEY].encode(), CXOTEL_PSEUDONYM_KEY
    if "privacy.key_file" in found:
        path, source = found["privacy.key_file"]
        return _read_key(path, source), source
    if "privacy.key_env" in found:
        name, source = found["privacy.key_env"]
        if not environ.get(name):
            raise SettingsError(f"{source}: privacy.key_env names {name}, which is not set")
        return environ[name].encode(), f"{source}: privacy.key_env, {name}"
    return None, "settings"


def _read_key(path: str, source: str) -> bytes:
    try:
        return Path(path).read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"{source}: cannot read the key in {path}: {error.strerror}") from error


def _checked(entry: Entry, value: object, source: str, key: str) -> Found:
    try:
        return Found(entry.check(value), source)
    except UnfitError as error:
        where = f"{source}: {key}{error.inside}" if key else source
        raise SettingsError(
            f"{where} must be {error.expects or entry.expects}, not {shown(error.value)}"
        ) from None


def _unknown(source: str, what: str, name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return f"{source}: unknown {what}; {hint}"


def shown(value: object) -> str:
    """Write a found value, text in quotes, cut where it is long."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _toml(path: str | os.PathLike[str]) -> dict[str, Any]:
    toml: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        with Path(path).open("rb") as file:
            return toml.load(file)
    except OSError as error:
        raise SettingsError(f"{os.fspath(path)}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{os.fspath(path)}: is not TOML: {error}") from error
