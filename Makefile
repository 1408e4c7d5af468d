# Every target sets up what it needs: Python 3.10 or later, git and make are enough.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# A name on PATH may be a shim of a version that is not installed, so each candidate is run.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; \
	then command -v $$p; break; fi; done)

BIN := .venv/bin
READY := .venv/.cxotel-ready
# Without this, git hooks' or a parent's environment could redirect uv to another environment.
UV := env -u VIRTUAL_ENV $(BIN)/uv

# Each is tools/generate_<name>.py.
GENERATED := semconv config_docs score_docs vendor_docs dashboards

.PHONY: help setup test prove lint generate check-generated docs-check demo example \
	example-zero-code bench backends stack clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "cxotel needs Python 3.10 or later: none found on PATH." \
		"Install one, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(READY): pyproject.toml | $(BIN)/uv
	$(UV) pip install --quiet --python $(BIN)/python --editable '.[all,demo]' --group dev
	@touch $@

setup: $(READY) ## Create .venv with the project and all development tools

test: lint check-generated ## Check everything, then test the newest and the oldest dependencies
	$(BIN)/nox --non-interactive

prove: $(READY) ## Test, and write down which versions of client libraries passed; then generate
	CXOTEL_PROVE=1 $(BIN)/nox --non-interactive
	$(MAKE) generate

lint: $(READY) ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python

generate: $(READY) ## Write the constants and the pages that come from the model and the code
	@for name in $(GENERATED); do $(BIN)/python -m tools.generate_$$name || exit 1; done

check-generated: $(READY) ## Fail when a generated file is not current
	@for name in $(GENERATED); do $(BIN)/python -m tools.generate_$$name --check || exit 1; done

docs-check: $(READY) ## Run every example in the README, the docs and the docstrings
	$(BIN)/pytest -q tests/test_docs.py

demo: $(READY) ## Run real client libraries against simulated vendors and show scored journeys
	$(BIN)/cxotel demo

example: $(READY) ## Run a service that uses cxotel by hand, against simulated vendors
	$(BIN)/python -m examples.refund_bridge

example-zero-code: $(READY) ## Run the same service without a line of cxotel in it
	$(BIN)/python -m examples.refund_bridge_zero_code

bench: $(READY) ## Measure what instrumentation, scoring and importing cost
	$(BIN)/python -m bench

backends: $(READY) ## Build Jaeger, the Collector, Prometheus and Alertmanager, where they are not yet
	$(BIN)/python -m backends.build

stack: $(READY) ## Start all of them, run the demo into them, and say where to look
	$(BIN)/python -m backends.stack

clean: ## Remove everything that make created
	rm -rf .venv .nox .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
