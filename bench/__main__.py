"""Print every ratio: `python -m bench`."""

from __future__ import annotations

from bench import imports, media, processor, vendors


def main() -> None:
    """Measure everything and print it as tables; a goal stands beside each ratio."""
    print("An observed call, microseconds on this machine; ratios are what travels.\n")
    print(
        f"{'vendor':<16}{'bare':>8}{'observed':>10}{'sampled out':>13}"
        f"{'by hand':>9}{'upstream':>10}{'/ by hand':>11}{'/ upstream':>12}"
    )
    for cost in vendors.costs():
        print(
            f"{cost.vendor:<16}{cost.bare:>8.1f}{cost.observed:>10.1f}{cost.sampled_out:>13.1f}"
            f"{cost.by_hand:>9.1f}{cost.upstream:>10.1f}"
            f"{cost.over_by_hand:>11.2f}{cost.over_upstream:>12.2f}"
        )
    print("goals: what is added, at most 1.25 of a span by hand and below 0.50 of upstream's\n")
    _print_processor()
    _print_media()
    times = imports.costs()
    ratio = times["cxotel"] / times["opentelemetry.sdk.trace"]
    print(f"import cxotel / import opentelemetry.sdk.trace: {ratio:.2f} (goal 1.20)")


def _print_processor() -> None:
    times = processor.costs()
    for what, bare, goal in (("stamped", "bare span", 0.25), ("evidence", "bare evidence", 0.5)):
        ratio = (times[what] - times[bare]) / times["bare span"]
        print(
            f"the processor adds to a span that is {what}: {ratio:.2f} of a bare span "
            f"with 12 attributes (goal {goal:.2f})"
        )
    print()


def _print_media() -> None:
    times = media.costs()
    bare = times.pop("bare span")
    for what, time in times.items():
        goal = " (goal 5 us)" if what == "rating" else ""
        print(f"sound, {what}: {time:.1f} us{goal}, {time / bare:.2f} of a bare span")
    print()


if __name__ == "__main__":
    main()
