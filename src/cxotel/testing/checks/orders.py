"""Every order of patch, import and unpatch, in fresh interpreters."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from typing import TYPE_CHECKING, Any

from cxotel.testing.observed import ensure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxotel.testing.case import Case
    from cxotel.testing.order import Order

ORDERS: tuple[Order, ...] = tuple(
    (*before, "import", *after)
    for length in range(3)
    for switches in itertools.product(("patch", "unpatch"), repeat=length)
    for cut in range(length + 1)
    for before, after in [(switches[:cut], switches[cut:])]
)
"""All orders of one import and up to two switches, such as `("patch", "import", "unpatch")`."""
_TIMEOUT = 300.0
"""Seconds; some client libraries take ten to import, and are imported seven times."""


def check_orders(case: Case, orders: Sequence[Order] = ORDERS) -> None:
    """Whatever the order, a client is observed when it was last patched, once, and else not.

    Args:
        case: The vendor's case; it is imported in fresh interpreters by its *reference*.
        orders: The orders to try; each has one `import`.
    """
    ensure(case.reference, f"{case.vendor}: the case must say where it is: `reference=`")
    batches = [orders] if hasattr(os, "fork") else [[order] for order in orders]
    seen = [one for batch in batches for one in _in_fresh_interpreter(case, batch)]
    ensure(len(seen) == len(orders), f"{case.vendor}: {len(seen)} of {len(orders)} orders reported")
    for one in seen:
        _compare(one, f"{case.vendor}, {' then '.join(one['order'])}")


def _compare(seen: dict[str, Any], where: str) -> None:
    loaded = seen["loaded"]
    ensure(not loaded, f"{where}: describing and patching it loaded {loaded} already")
    switches = [step for step in seen["order"] if step != "import"]
    is_on = bool(switches) and switches[-1] == "patch"
    for variant, spans in seen["spans"].items():
        wanted = seen["expected"] if is_on else 0
        ensure(spans == wanted, f"{where}: {variant} call made {spans} spans, expected {wanted}")
    ensure(is_on or not seen["left"], f"{where}: {seen['left']} are still replaced")


def _in_fresh_interpreter(case: Case, orders: Sequence[Order]) -> list[dict[str, Any]]:
    steps = [",".join(order) for order in orders]
    command = [sys.executable, "-m", "cxotel.testing.order", case.reference, case.vendor, *steps]
    run = subprocess.run(  # noqa: S603 - this interpreter, our own module
        command,
        env={**os.environ, **_compiled_once(), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    ensure(run.returncode == 0, f"{case.vendor}: an order failed:\n{run.stderr[-3000:]}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"order"')]


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
