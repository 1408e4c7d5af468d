"""Tests of the experience score, pure and through spans."""
