"""Which versions of a client library are installed, against those that were proved."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """What is installed of a vendor's requirements."""

    versions: dict[str, str]
    """Installed version by distribution."""
    missing: str | None
    """A distribution that is not there, if none of the alternatives is."""
    conflict: str | None
    """What is outside the proved range, in words."""

    @property
    def remedy(self) -> str:
        """Return the command that installs what is missing."""
        return f"run: pip install {self.missing}" if self.missing else ""


def check(requires: tuple[str, ...]) -> Found:
    """Compare *requires* with what is installed.

    Any one of the distributions is enough; where none is there, the first is missed.

    Args:
        requires: Requirement strings, for example `("twilio >= 8",)`.
    """
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import Requirement

    versions: dict[str, str] = {}
    conflicts: list[str] = []
    parsed = [Requirement(text) for text in requires]
    for requirement in parsed:
        try:
            installed = versions[requirement.name] = version(requirement.name)
        except PackageNotFoundError:
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            conflicts.append(f"{requirement.name} {installed} is outside {requirement.specifier}")
    missing = parsed[0].name if parsed and not versions else None
    return Found(versions, missing, "; ".join(conflicts) or None)
