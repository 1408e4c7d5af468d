"""Scripts for the development of cxotel; nothing here is installed."""
