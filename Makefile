# The same lines a person and the continuous integration run. `make demo` and `make test` are the two to know.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
# One more than cores: browsers and servers under test are waited for a third of the time.
WORKERS ?= 3
# Each of two runs beside each other.
BESIDE := $(if $(filter file,$(origin WORKERS)),2,$(WORKERS))
# Two things at once.
BOTH := $(MAKE) --no-print-directory -j2
# What they say comes line by line, each line under its name; what fails still fails behind a pipe.
SHELL := bash
.SHELLFLAGS := -o pipefail -c
NAMED = $(if $(BESIDES),| while IFS= read -r line; do echo "$(1) $$line"; done)
# Python keeps what it has compiled, whatever the surroundings say: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
PYTEST = $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Stamps: installing happens once for each change of a lock.
TOOLS := $(VENV)/.tools
BASE := $(VENV)/.base
DEV := $(VENV)/.dev
# The benchmarks bring mem0's own stores, which the site does without: a folder of their own.
BENCHPY := .venv-bench/bin/python
BENCH := .venv-bench/.bench

.PHONY: help setup demo test test-sqlite test-postgres test-fast lint format types lock bench bench-quick mutants walks faults audit

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEV) ## install everything that development and tests need

demo: $(BASE) ## a running site with three accounts, on http://127.0.0.1:8000 (PORT=…)
	@MEMSITE_DEMO=1 $(PY) manage.py demo --port $(PORT)

# Side by side no core is idle while a run begins or waits for its last test.
test: $(DEV) ## everything: lint, types, unit, contract and browser tests; on SQLite and on PostgreSQL
	@$(BOTH) --output-sync=target lint types
	@echo "Both runs of the suite begin: some eight minutes on two cores."
	@PYTHONUNBUFFERED=1 $(BOTH) test-sqlite test-postgres WORKERS=$(BESIDE) BESIDES=1

test-sqlite: $(DEV) ## the whole suite on SQLite, with the browser
	env -u DATABASE_URL -u CITUS_URL $(PYTEST) $(ARGS) $(call NAMED,sqlite    )

test-postgres: $(DEV) ## the whole suite on PostgreSQL; what a browser shows does not depend on it
	$(PYTEST) --postgres -m "not browser" $(if $(CITUS_URL),-n 0) $(ARGS) $(call NAMED,postgresql)

test-fast: WORKERS = 2
test-fast: $(DEV) ## under a minute: no browser, nothing slow
	$(PYTEST) -m "not slow and not browser" $(ARGS)

lint: $(DEV) ## style, import contracts, security patterns
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/bandit -q -c pyproject.toml -r memsite accounts memories

format: $(DEV) ## put the code in the form that lint wants
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

types: $(DEV) ## mypy, strict
	$(VENV)/bin/mypy

lock: $(TOOLS) ## write the locks anew from requirements/*.in
	cd requirements && for name in tools base dev bench; do \
	  ../$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --no-annotate --output-file $$name.lock $$name.in || exit 1; done

bench: $(BENCH) ## the full benchmarks: two hours, 60 GB of disk
	$(BENCHPY) -m benchmarks --postgres $(ARGS)

bench-quick: $(BENCH) ## the short form of the benchmarks: minutes
	$(BENCHPY) -m benchmarks --quick --postgres $(ARGS)

mutants: $(DEV) ## sixty mistakes, each put into a copy of the source: the tests have to notice every one
	$(PY) -m tests.mutation $(ARGS)

walks: $(DEV) ## long random walks of three people through every verb and page, with the shortest way to a failure
	HYPOTHESIS_PROFILE=long $(PY) -m pytest tests/isolation/test_model_based.py tests/isolation/test_processes.py $(ARGS)

faults: $(DEV) ## long runs of broken networks, killed processes and full disks
	FAULT_ROUNDS=$${FAULT_ROUNDS:-300} $(PY) -m pytest tests/faults $(ARGS)
	FAULT_ROUNDS=$${FAULT_ROUNDS:-300} $(PY) -m pytest --postgres tests/faults $(ARGS)

audit: $(DEV) ## security patterns at every level, and the settings of a real deployment
	$(VENV)/bin/bandit -q -c pyproject.toml -r memsite accounts memories -l
	env -u MEMSITE_DEBUG -u MEMSITE_DEMO MEMSITE_ALLOWED_HOSTS=example.com \
	  MEMSITE_SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	  $(PY) manage.py check --deploy --fail-level WARNING

# uv installs in seconds where it runs and can reach what it needs; pip, which is always there, does it otherwise.
# Both refuse a package whose hash is not in the lock.
$(PY):
	$(PYTHON) -m venv $(VENV)

$(TOOLS): requirements/tools.lock | $(PY)
	@$(PY) -m pip install --quiet --require-hashes -r $< || echo "uv is not to be had here: pip will do."
	@touch $@

$(BASE): requirements/base.lock | $(TOOLS)
	@echo "Installing what the site runs on ..."
	@$(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r $< 2>/dev/null \
	  || $(PY) -m pip install --quiet --require-hashes -r $<
	@touch $@

$(DEV): requirements/dev.lock | $(TOOLS)
	@echo "Installing what development and tests need ..."
	@$(PY) -m uv pip sync --quiet --python $(PY) --require-hashes $< 2>/dev/null \
	  || $(PY) -m pip install --quiet --require-hashes -r $<
	@touch $(BASE) $@

$(BENCH): requirements/bench.lock | $(TOOLS)
	@echo "Installing what the benchmarks need ..."
	@test -x $(BENCHPY) || $(PYTHON) -m venv .venv-bench
	@$(PY) -m uv pip sync --quiet --python $(BENCHPY) --require-hashes $< 2>/dev/null \
	  || $(BENCHPY) -m pip install --quiet --require-hashes -r $<
	@touch $@
