# Two commands are enough: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run serve-deployed test test-sqlite test-postgres test-browser lists check lock audit clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*?## /  make \1\t/' | expand -t 22

run: $(VENV)/run.stamp ## install, migrate, load the starter content, serve at http://localhost:8000
	@mkdir -p var
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_starter
	@PORT=$(PORT) $(MANAGE) runserver $(PORT)

serve-deployed: $(VENV)/run.stamp ## the deployed form at http://127.0.0.1:8001, to measure its pages
	@benchmarks/serve_deployed

test: test-sqlite test-postgres test-browser ## install what is needed, then run every test (PostgreSQL and Chromium where they are)

test-sqlite: $(VENV)/dev.stamp ## tests on SQLite
	DATABASE_URL= $(BIN)/python -m pytest -n 2 -m "not browser and not postgres"

test-postgres: $(VENV)/dev.stamp ## tests on PostgreSQL: DATABASE_URL, or a cluster of their own
	$(BIN)/python -m tests.postgres -- $(BIN)/python -m pytest -n 2 -m "not browser"

test-browser: $(VENV)/dev.stamp ## the journeys in Chromium
	DATABASE_URL= $(BIN)/python -m pytest -n 2 --dist worksteal -m browser

lists: $(VENV)/run.stamp ## what becomes of the lists of FOLDER, against what is expected of them (benchmarks/lists.py)
	$(BIN)/python -m benchmarks.lists $(FOLDER)

check: $(VENV)/dev.stamp ## lint, format, import direction, templates, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) makemigrations --check --dry-run
	@./.ci/check-deploy $(BIN)/python

lock: $(VENV)/dev.stamp ## compile requirements.txt from requirements.in, hashes included
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

audit: $(VENV)/dev.stamp ## known vulnerabilities of what is installed
	$(BIN)/pip-audit --requirement requirements.txt --require-hashes --disable-pip

clean: ## remove the environment; the data in var/ stay
	rm -rf $(VENV) staticfiles

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 ou plus récent est nécessaire (ici : $$($(PYTHON) --version)). Essayez : make run PYTHON=python3.12"; exit 1; }
	@echo "Installation des bibliothèques (une minute environ la première fois)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
