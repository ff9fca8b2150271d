# The doors of the house. `make` lists them; the same words work on every machine and in CI.
PORT ?= 7070
HOST ?= 127.0.0.1
# DEMO=1 fills an EMPTY data folder with an office that has lived for three months, and lists its people
# at /demo/. A folder that holds a real office is never touched. A real office starts with DEMO=0.
DEMO ?= 1
JOBS ?= 2
# EYES=0 leaves the pages in Chromium out.
EYES ?= 1
# TESTS=--database-only leaves out what asks no database; TESTS=tests/cases takes one folder.
TESTS ?=
PYTHON ?= python3
PY := .venv/bin/python
PO := $(wildcard src/chenyue/*/locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)
ABSENT := $(filter-out $(wildcard $(MO)),$(MO))

.DEFAULT_GOAL := help
.PHONY: help setup dev run test lint bench chaos demo absent
.DELETE_ON_ERROR:

help: ## Lists the doors
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

setup: .venv/.installed .venv/.words ## Makes .venv with the locked libraries and compiles the words; instant when done before

.venv/bin/python:
	@echo "Making .venv …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv --without-pip .venv

.venv/.installed: requirements.lock | .venv/bin/python
	@echo "Installing the libraries of requirements.lock (checked by hash) …"
	@$(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.tools: requirements-dev.lock .venv/.installed
	@echo "Installing the tools of requirements-dev.lock (checked by hash) …"
	@$(PYTHON) -m pip --python $(PY) install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.words: $(PO) $(if $(ABSENT),absent) | .venv/.installed
	@PYTHONPATH=src $(PY) -c 'from chenyue.core import words; print(words.compile_all(), "word catalogues compiled")'
	@touch $@

absent:

dev: setup .venv/.tools

run: setup ## Starts the office on PORT (7070); data in var/ or CHENYUE_HOME; a demo office unless DEMO=0
	@CHENYUE_DEMO=$(DEMO) exec ./manage.py serve --host $(HOST) --port $(PORT)

test: dev ## Runs all tests, then looks at the pages in Chromium where there is one (DATABASE_URL: on PostgreSQL)
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m "not eyes" $(TESTS)
	@[ "$(EYES)" = 0 ] || (set -x; $(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder tests/eyes -m eyes)

lint: dev ## Checks style, types, imports and words
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	PYTHONPATH=src .venv/bin/lint-imports --no-cache
	CHENYUE_HOME=build/lint $(PY) -m mypy
	CHENYUE_HOME=build/lint ./manage.py words --check

bench: dev ## Fills 100,000 cases (CASES=…), drives the real server and prints each figure beside its budget
	$(PY) -m bench $(ARGS)

chaos: dev ## Kills, fills the disk, cuts the power under load, then proves that nothing is lost (ARGS="--database postgresql")
	$(PY) -m chaos $(ARGS)

demo: setup ## Fills an empty data folder with the demo office, without starting it
	@CHENYUE_DEMO=1 ./manage.py migrate --verbosity 0
	@CHENYUE_DEMO=1 ./manage.py demo
