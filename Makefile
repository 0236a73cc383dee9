# Everything runs in .venv, made once from requirements.lock (hashed, so that everybody runs what was tested).
# --no-deps, because the lock is complete: pip 23.2, which comes with Python 3.11, would look for `sqlalchemy[asyncio]` beyond
# it and fail on the day a newer version is out.

PYTHON ?= python3
BIN := .venv/bin
# Tests wait for sockets, disks and processes of their own half of their time: two workers a core.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

.PHONY: install demo test nightly bench check format clean

install: .venv/installed  ## make the environment

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "harvester needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' has no venv; install it (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## three virtual nights against the rehearsal, in demo/
	@$(BIN)/python flows/demo.py

nightly: install  ## one night against the real upstreams; keys from the environment or .env, all optional
	@$(BIN)/python flows/nightly.py

check: install  ## lint, format, types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

test: check  ## check, and the whole suite in parallel
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

bench: install  ## the benchmarks, as a table and as JSON
	@$(BIN)/python benchmarks/run.py

format: install  ## put the code in shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:  ## remove the environment, the demo and caches; data/, editorial/ and lists/ stay
	rm -rf .venv demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
