"""A service that handles refunds, with cxotel used by hand: `python -m examples.refund_bridge`."""
