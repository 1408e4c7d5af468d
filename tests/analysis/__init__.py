"""Tests of the analysis of journeys by the million."""
