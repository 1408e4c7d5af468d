"""Real programs at the other end: tests that prove our figures against theirs."""
