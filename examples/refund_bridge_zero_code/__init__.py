"""The same service without any cxotel in it: `python -m examples.refund_bridge_zero_code`."""
