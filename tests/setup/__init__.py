"""Tests of settings, `cxotel.configure` and zero-code set-up."""
