"""The contact store and the bounded table beneath it."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st

from cxotel.bounded import BoundedTable
from cxotel.store import InMemoryContactStore, LastSegment


class Clock:
    """A clock that tests set."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the time that was set."""
        return self.now


def _segment(journey_id: str) -> LastSegment:
    return LastSegment(journey_id, 1, 2, 1)


def test_what_is_remembered_is_found_until_it_is_too_old() -> None:
    """A contact is known for as long as the store's age limit, from when it was last seen."""
    clock = Clock()
    store = InMemoryContactStore(max_age=60.0, clock=clock)
    store.remember("contact:a", _segment("j-1"))
    clock.now = 59.0
    assert store.find("contact:a") == _segment("j-1")
    store.remember("contact:a", _segment("j-2"))
    clock.now = 118.0
    assert store.find("contact:a") == _segment("j-2")
    clock.now = 119.0
    assert store.find("contact:a") is None
    assert store.dropped == 1


def test_the_oldest_go_first_and_are_counted() -> None:
    """A full store forgets whom it has not seen for longest, and says how many it forgot."""
    store = InMemoryContactStore(max_entries=2)
    for name in ("a", "b", "a", "c"):
        store.remember(name, _segment(name))
    assert [store.find(name) for name in "abc"] == [_segment("a"), None, _segment("c")]
    assert store.dropped == 1


def test_a_segment_can_be_written_anywhere() -> None:
    """A store of one's own can keep segments as JSON."""
    text = json.dumps(_segment("j-1")._asdict())
    assert LastSegment(**json.loads(text)) == _segment("j-1")


def test_many_threads_remember_at_once() -> None:
    """Threads neither lose entries nor exceed the limit."""
    table: BoundedTable[int, int] = BoundedTable(100, 60.0)

    def work(first: int) -> None:
        for number in range(first, first + 500):
            table.put(number, number)
            table.get(number - 1)

    workers = [threading.Thread(target=work, args=(n * 500,)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(table) == 100
    assert table.dropped == 8 * 500 - 100


def test_of_many_threads_one_is_the_first() -> None:
    """Exactly one of those who put first succeeds."""
    table: BoundedTable[str, int] = BoundedTable(10, 60.0)
    ready, wins = threading.Barrier(8), list[int]()

    def work(number: int) -> None:
        ready.wait(10)
        if table.put_first("trace", number):
            wins.append(number)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [table.get("trace")] == wins


_STEPS = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 5)), max_size=40)


@given(_STEPS, st.integers(1, 3))
def test_a_table_holds_the_youngest_and_nothing_old(
    steps: list[tuple[str, int]], size: int
) -> None:
    """However it is used, a table holds the youngest entries within its size and age, no others."""
    clock, age = Clock(), 7.0
    table: BoundedTable[str, float] = BoundedTable(size, age, clock)
    expected: OrderedDict[str, float] = OrderedDict()
    for key, later in steps:
        clock.now += later
        table.put(key, clock.now)
        expected.pop(key, None)
        expected[key] = clock.now
        while len(expected) > size or next(iter(expected.values())) <= clock.now - age:
            expected.popitem(last=False)
        assert {key: table.get(key) for key in "abcd"} == {key: expected.get(key) for key in "abcd"}
        assert len(table) == len(expected)
