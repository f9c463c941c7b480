.DEFAULT_GOAL := help
SHELL := /bin/sh
# uv when it is there, else one fetched with pip into .uv/ (nothing outside this folder is touched)
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
# the first Python on the PATH that runs and is new enough
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
export UV_PYTHON_DOWNLOADS := never
# `make demo ARGS="--seed 7"` hands options through
ARGS ?=

.PHONY: help setup demo test soak differential lint format up lock bench

help: ## print this page
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.uv/bin/uv:
	@test -n "$(PYTHON)" || { echo "riskdesk needs Python 3.11 or newer; none was found."; exit 1; }
	@echo "uv is not installed: fetching it with pip into .uv/"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .uv uv

.venv/.ready: requirements.lock pyproject.toml $(filter .uv/bin/uv,$(UV))
	@echo "setting up .venv (once; later calls reuse it)"
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/.ready ## create .venv with everything the project needs

demo: setup ## play a working day against the local Zendesk and show what happened
	@.venv/bin/riskdesk demo $(ARGS)

test: setup ## run the whole test suite
	@.venv/bin/python -m pytest -n auto --dist loadfile $(ARGS)

soak: setup ## a day on which all that can fail fails, with more than fifty kill -9, on both databases
	@.venv/bin/python -m pytest -n auto --dist loadfile -rA tests/soak/day_on_*.py $(ARGS)

differential: setup ## a month of 10,000 tickets: SLA clocks against Zendesk's own, on both databases
	@.venv/bin/python -m pytest -s -q tests/soak/month_on_*.py $(ARGS)

lint: setup ## style, types and import contracts
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: setup ## let ruff rewrite what it can
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

up: setup ## run riskdesk in one process: web, worker, scheduler
	@.venv/bin/riskdesk up $(ARGS)

bench: setup ## run every benchmark and print its table
	@for file in benchmarks/*.py; do echo "== $$file"; .venv/bin/python $$file || exit 1; done

lock: $(filter .uv/bin/uv,$(UV)) ## pin every package with its hashes, naming no index
	@$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --extra dev --output-file requirements.lock pyproject.toml
