"""The tests of cxotel."""
