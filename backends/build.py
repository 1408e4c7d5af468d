"""Build the programs that are not there yet: `python -m backends.build [RECIPE ...]`.

They go into the folder that `CXOTEL_BACKENDS` names, or into the user's cache, so that a clone need
not build them again. What is up to date is left alone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from backends.recipes import RECIPES, binaries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backends.recipes import Recipe


def main(names: Sequence[str]) -> int:
    """Build, and say what is built and how long it takes.

    Args:
        names: Recipes; all when empty.

    Returns:
        The exit code: 0 when all are there, 1 when one failed, 2 without Go or with a wrong name.
    """
    unknown = [name for name in names if name not in RECIPES]
    if unknown:
        print(f"no recipe {', '.join(unknown)}; there are {', '.join(RECIPES)}", file=sys.stderr)
        return 2
    wanted = [RECIPES[name] for name in names or RECIPES]
    missing = [recipe for recipe in wanted if not is_built(recipe)]
    if missing and shutil.which("go") is None:
        what = ", ".join(recipe.name for recipe in missing)
        print(f"Go is not on PATH, which builds {what}: see https://go.dev/dl", file=sys.stderr)
        return 2
    for recipe in wanted:
        if recipe not in missing:
            _say(f"{recipe.name}: up to date")
    failed = [recipe for recipe in missing if not _build(recipe)]
    return 1 if failed else 0


def is_built(recipe: Recipe) -> bool:
    """Tell whether all programs of a recipe are there, as the recipe would build them now."""
    stamp = binaries() / f"{recipe.name}.stamp"
    there = all((binaries() / program).exists() for program in recipe.packages)
    return there and stamp.exists() and stamp.read_text("utf-8") == recipe.stamp


def _build(recipe: Recipe) -> bool:
    _say(f"{recipe.name}: building, about {recipe.minutes:.0f} min with nothing cached ...")
    begin = time.monotonic()
    binaries().mkdir(parents=True, exist_ok=True)
    for program, package in recipe.packages.items():
        out = str(binaries() / program)
        # Pinned means pinned: rather fail than change go.mod. Go must not fetch another Go.
        options = ["-mod=readonly", "-trimpath", f"-tags={recipe.tags}", "-ldflags=-s -w"]
        built = subprocess.run(
            ["go", "build", *options, "-o", out, package],  # noqa: S607 - wherever it is on PATH
            cwd=recipe.folder,
            check=False,
            capture_output=True,
            text=True,
        )
        if built.returncode:
            print(f"{recipe.name}: not built:\n{built.stderr[-2000:]}", file=sys.stderr)
            return False
    (binaries() / f"{recipe.name}.stamp").write_text(recipe.stamp, "utf-8")
    _say(f"{recipe.name}: built in {time.monotonic() - begin:.0f} s")
    return True


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
