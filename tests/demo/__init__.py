"""Tests of the demo: its parts, and a small run of the whole."""
