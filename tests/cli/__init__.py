"""Tests of the command line and of the sources it reads journeys from."""
