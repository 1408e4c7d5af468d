"""Tests against the real programs: Jaeger, the Collector, Prometheus, Alertmanager, Tempo."""
