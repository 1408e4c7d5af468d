"""The Grafana dashboards, from which `tools/generate_dashboards.py` writes JSON.

One module for each dashboard; beside them queries, classes, links and panels, which all share.
"""
