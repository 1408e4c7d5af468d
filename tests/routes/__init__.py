"""Tables of routes."""
