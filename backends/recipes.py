"""Which programs can be built, and from which pinned Go modules."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "recipes"
"""A folder for each recipe: `go.mod` pins every module, `go.sum` their contents."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one module's programs are built.

    Attributes:
        name: Its folder among the recipes.
        packages: Program name to the Go package of its `main`.
        minutes: About how long it takes with cold caches, on two cores.
        tags: Go build tags.
    """

    name: str
    packages: dict[str, str]
    minutes: float
    tags: str = ""

    @property
    def folder(self) -> Path:
        """Where its `go.mod` is."""
        return FOLDER / self.name

    @property
    def stamp(self) -> str:
        """Say what would be built: it differs when anything that is built from differs."""
        parts = sorted(
            path for path in self.folder.iterdir() if path.suffix in {".go", ".mod", ".sum"}
        )
        content = b"".join(path.read_bytes() for path in parts)
        return hashlib.sha256(content + repr(self).encode()).hexdigest()[:16]


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("jaeger", {"jaeger": "github.com/jaegertracing/jaeger/cmd/jaeger"}, 4),
        Recipe("collector", {"otelcol": "."}, 3),
        Recipe(
            "prometheus",
            {
                "prometheus": "github.com/prometheus/prometheus/cmd/prometheus",
                "promtool": "github.com/prometheus/prometheus/cmd/promtool",
            },
            2,
            tags="remove_all_sd",  # it is told its targets, and finds none in anybody's cloud
        ),
        Recipe(
            "alertmanager",
            {
                "alertmanager": "github.com/prometheus/alertmanager/cmd/alertmanager",
                "amtool": "github.com/prometheus/alertmanager/cmd/amtool",
            },
            1,
        ),
    )
}
"""Recipe name to recipe, in the order in which they are built."""


def binaries() -> Path:
    """Return the folder of built programs: `CXOTEL_BACKENDS`, or one in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("CXOTEL_BACKENDS") or cache / "cxotel" / "backends")
