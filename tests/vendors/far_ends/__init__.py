"""Far ends of vendors that only tests and pages talk to."""
