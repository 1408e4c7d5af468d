"""The wall clock, in one place so that tests can hold it."""

from __future__ import annotations

from time import time_ns

now_ns = time_ns
"""Return nanoseconds since the epoch. Read it as `clock.now_ns()`: tests replace it."""
