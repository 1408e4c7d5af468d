"""The contact center's own identity service: its client, its server, and what its calls mean.

Every company has systems that no observability vendor knows. This one is described to cxotel by a
table of its own, in `cxotel.demo.identity.vendor`, as a user would do it.
"""
