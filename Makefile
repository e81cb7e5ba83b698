# tenon: `make demo` and `make test` do all the set-up themselves; `make help` lists the rest.
# PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.

SHELL := /bin/sh
BIN := .venv/bin
WORKERS ?= 2
PYTEST_ARGS ?=
BENCH_ARGS ?=
export PYTHON

# What differs between the databases; the whole runs with scripts/with-postgresql .venv/bin/pytest tests/web --ignore tests/web/browser
ON_POSTGRESQL ?= $(addprefix tests/web/,accounts audit organizations hostile config/demo runs/test_api.py \
	rooms/test_room_api.py rooms/test_room_alerts.py rooms/test_ceilings.py rooms/test_views.py rooms/test_room_views.py)

.DEFAULT_GOAL := help
.PHONY: help env env-run demo check format test soak docs bench clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

env: ## make or renew .venv with everything for development
	@scripts/make-env all

env-run:
	@scripts/make-env run

demo: env-run ## run the main job on the bundled table and print where the report is
	@$(BIN)/tenon demo

check: env ## lint, format, types, import layers, budgets
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/contracts/test_budgets.py

format: env ## mend what ruff can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

test: env ## the checks, then every test and doctest
	@scripts/install-chromium
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)
	scripts/with-postgresql $(BIN)/pytest -q -n $(WORKERS) --dist loadfile $(ON_POSTGRESQL)

soak: env ## hours of kills: writers and servers, on SQLite and on PostgreSQL
	@scripts/soak

docs: env ## the manual, into build/docs, warnings as errors
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/docs
	@echo "The manual is at build/docs/index.html"

bench: env ## measure speed and memory, and write the ratios into docs/benchmarks.md
	@$(BIN)/python -m bench $(BENCH_ARGS)

clean: ## remove everything that was built, and .venv
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
