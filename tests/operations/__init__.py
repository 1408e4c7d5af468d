"""Tests of what is shipped for operators."""
