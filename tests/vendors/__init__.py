"""Every vendor against its real client library and a far end on loopback."""
