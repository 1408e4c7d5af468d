"""Every order of patch, import and unpatch, each in a fresh interpreter."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from cxotel.testing.observed import ensure

if TYPE_CHECKING:
    from cxotel.testing.case import Case

ORDERS: tuple[tuple[str, ...], ...] = tuple(
    (*before, "import", *after)
    for length in range(3)
    for switches in itertools.product(("patch", "unpatch"), repeat=length)
    for cut in range(length + 1)
    for before, after in [(switches[:cut], switches[cut:])]
)
"""All orders of one import and up to two switches, such as `("patch", "import", "unpatch")`."""
_TIMEOUT = 55.0


def check_orders(case: Case) -> None:
    """Whatever the order, a client is observed when it was last patched, once, and else not."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(check_order, case), ORDERS))


def check_order(case: Case, order: tuple[str, ...]) -> None:
    """After the steps of *order* in a fresh interpreter, calls are observed as they should be.

    Args:
        case: The vendor's case; it is imported in that interpreter by its *reference*.
        order: Some of `patch`, `unpatch` and `import`.
    """
    where = f"{case.vendor}, {' then '.join(order)}"
    ensure(case.reference, f"{where}: the case must say where it is: `reference=`")
    found = _in_fresh_interpreter(case, order, where)
    ensure(
        not found["loaded"], f"{where}: describing and patching it loaded {found['loaded']} already"
    )
    switches = [step for step in order if step != "import"]
    is_on = bool(switches) and switches[-1] == "patch"
    for variant, spans in found["spans"].items():
        wanted = found["expected"] if is_on else 0
        ensure(spans == wanted, f"{where}: {variant} call made {spans} spans, expected {wanted}")
    ensure(is_on or not found["left"], f"{where}: {found['left']} are still replaced")


def _in_fresh_interpreter(case: Case, order: tuple[str, ...], where: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cxotel.testing.order", case.reference, case.vendor, *order]
    run = subprocess.run(  # noqa: S603 - this interpreter, our own module
        command,
        env={**os.environ, **_compiled_once(), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    ensure(run.returncode == 0, f"{where}: it failed:\n{run.stderr[-3000:]}")
    return json.loads(run.stdout.splitlines()[-1])


@cache
def _compiled_once() -> dict[str, str]:
    """Let the interpreters share what they compile, also where no bytecode is to be written.

    Compiling a large client library anew takes most of the time of an order.
    """
    if not sys.dont_write_bytecode:
        return {}
    folder = tempfile.mkdtemp(prefix="cxotel-contract-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
