# make plan [BRIEF=my-prd.md]   plan a brief without a key or a model
# make test                     the whole suite
# make lab                      JupyterLab on the notebooks
# make lint                     ruff, mypy, import-linter
# make test-browser             the notebooks in a real browser (needs Chromium); screenshots go to build/screenshots
PYTHON ?= python3
BRIEF ?= planning_kit/samples/clinic-appointments.md
ARGS ?=
BIN := .venv/bin

.PHONY: plan test lab lint test-browser benchmark
.DEFAULT_GOAL := plan

plan: .venv/.for-plan
	@$(BIN)/planning-kit run "$(BRIEF)" --model offline --reviewer clean $(ARGS)

test: .venv/.for-test
	$(BIN)/python -m pytest $(ARGS)

test-browser: .venv/.for-test
	BROWSER_SHOTS=$${BROWSER_SHOTS:-build/screenshots} $(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests/browser $(ARGS)

lab: .venv/.for-plan
	$(BIN)/planning-kit lab

lint: .venv/.for-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

benchmark: .venv/.for-plan
	$(BIN)/python tests/benchmark.py
	$(BIN)/python tests/benchmark_codebase.py
	$(BIN)/python tests/benchmark_claude.py
	$(BIN)/python tests/benchmark_checks.py
	$(BIN)/python tests/benchmark_panel.py
	$(BIN)/python tests/benchmark_domains.py
	$(BIN)/python tests/benchmark_topics.py
	$(BIN)/python tests/benchmark_tasks.py
	$(BIN)/python tests/benchmark_full_plan.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "planning_kit needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "creating .venv"
	@$(PYTHON) -m venv .venv

.venv/.for-plan: .venv/bin/python pyproject.toml
	@echo "installing planning_kit into .venv (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@mkdir -p .venv/etc/jupyter && cp planning_kit/jupyter/*.json .venv/etc/jupyter/
	@touch $@

.venv/.for-test: .venv/bin/python pyproject.toml
	@echo "installing planning_kit and what its tests need into .venv (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@mkdir -p .venv/etc/jupyter && cp planning_kit/jupyter/*.json .venv/etc/jupyter/
	@touch $@ .venv/.for-plan
