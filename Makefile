# Every target does its own set-up; the second time that costs a moment. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
WORKERS ?= 2
# The first Python that is new enough; say another with make PYTHON=…
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
SETUP = @test -n "$(PYTHON)" || { echo "OpenKAM needs Python 3.11 or later on the PATH, or: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	"$(PYTHON)" scripts/setup.py
BIN := .venv/bin
# What the engine's branches are counted over; counting slows the pages' tests, which show nothing of them.
ENGINE_TESTS := tests/analytics tests/engines tests/faults tests/oracles tests/real
# Whoever has done their half takes of the other's: otherwise the last slow tests are waited for by all but one.
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist worksteal
# BLAS threads of several workers would spin against each other.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help setup demo test lint check bench bench-quick fmt pictures docs wheel clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

setup: ## what the demo and the tests need, nothing run
	$(SETUP) test

demo: ## the main job on the sample company: a ledger, a review, a report
	$(SETUP) demo
	@rm -rf build/demo # so that the report is always this code's
	$(BIN)/openkam demo --no-serve --home build/demo --out build/demo

test: setup ## all tests, with the branches of the engine covered; those of the site on SQLite and on PostgreSQL
	$(PYTEST) --cov --cov-report= $(ENGINE_TESTS)
	$(BIN)/python scripts/coverage_gate.py
	$(PYTEST) $(ENGINE_TESTS:%=--ignore=%)
	OPENKAM_TEST_DATABASE=postgresql $(PYTEST) -m "not any_database" tests/app tests/config tests/journeys

lint: setup ## what needs no run: format, rules, types, import contracts, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/audit.py

check: lint test ## what CI runs

bench: setup ## every benchmark at full size, recorded in docs/benchmarks.md
	$(BIN)/python -m benchmarks

bench-quick: setup ## every benchmark at small size, recorded nowhere
	$(BIN)/python -m benchmarks --quick

fmt: setup ## format and sort
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: setup ## start the demo and take pictures of its report and of every page, narrow and wide, light and dark, by role
	$(BIN)/python scripts/pictures.py

docs: ## the documentation as a site in build/site
	$(SETUP) docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python scripts/check_offline.py build/site

wheel: setup ## the package for pip, in dist/
	.uv/bin/uv build --wheel --quiet

clean: ## everything that was made here, the set-up too
	rm -rf .venv .uv node_modules build dist htmlcov .coverage* .hypothesis .pytest_cache .ruff_cache .import_linter_cache
