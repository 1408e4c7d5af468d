"""The programs that receive what cxotel sends: how to build, find, start and stop them.

For the tests and for `make stack`, on a machine without Docker. Each is the real program at a
pinned version, and listens on loopback only.
"""
