"""Journeys, as applications use them."""
