"""The integration service of the demo's contact center.

It is written as its users would write theirs: webhooks come in over HTTP, handlers call vendors
through their client libraries, and cxotel is named where a journey begins, a step, an outcome.
Nothing here knows that the vendors are simulated, or what goes wrong there.
"""
