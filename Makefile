# Two commands matter: `make demo` and `make test`. Both build .venv when it is missing or stale.

PYTHON ?= python3
JOBS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
# Each worker begins with tests that lie together, and takes others over when it has none left.
APART := -n $(JOBS) --dist worksteal
RUN := .venv/bin/python -m

.DEFAULT_GOAL := help
.PHONY: help demo run check test simulate format lock lowest reference venv venv-dev gate lint types imports \
        dependencies house core-tests other-tests rig bench pictures

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: venv ## the playground in your browser: a sample company, no account anywhere
	@.venv/bin/closeloop playground

run: venv ## the bot, with ./config.toml
	@.venv/bin/closeloop run

test: check core-tests other-tests gate ## everything CI runs

simulate: venv-dev ## the bot in storms of faults, over years; PLAY=days SEED=17 plays one again
	@$(RUN) tests.simulation $(if $(PLAY),--play $(PLAY)) $(if $(SEED),--seed $(SEED)) \
	    $(if $(SEEDS),--seeds $(SEEDS))

bench: venv-dev ## what it costs beside the machine's own limit; ONLY="sweep startup" for some
	@$(RUN) tests.bench $(ONLY)

gate: venv-dev ## fails when a decision costs half as much again as recorded; RECORD=1 records it
	@$(RUN) tests.bench.gate $(if $(RECORD),--record)

check: lint types imports dependencies house ## the checks that run no product code

format: venv-dev ## let ruff tidy up
	@$(RUN) ruff check --fix-only --quiet .
	@$(RUN) ruff format .

lock: venv-dev ## remake the lock files from pyproject.toml; UPGRADE=1 takes newer releases
	@$(RUN) uv $(LOCK) pyproject.toml -o requirements.lock
	@$(RUN) uv $(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	@$(RUN) uv $(LOCK) tests/bench/environment.in -c requirements.lock -o tests/bench/environment.lock

LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

lowest: venv-dev ## tests with the oldest releases that pyproject.toml allows; by hand, it is not in CI
	@$(RUN) uv venv --quiet --clear build/lowest
	@$(RUN) uv $(LOCK) --resolution lowest-direct pyproject.toml --group dev -o build/lowest.lock
	@$(RUN) uv pip sync --quiet --python build/lowest/bin/python build/lowest.lock
	PYTHONPATH=. build/lowest/bin/python -m pytest -q $(APART) tests/unit tests/stories tests/contract

rig: venv-dev ## kill -9 at every crash point, on SQLite and on PostgreSQL; takes a while
	@CLOSELOOP_TEST_RIG=all $(RUN) pytest -q $(APART) -o faulthandler_timeout=3600 tests/rig \
	    --ignore=tests/rig/test_programs.py

reference: venv-dev ## remake the pages about the command line and about definitions from the code
	@$(RUN) scripts.command_reference
	@$(RUN) scripts.definition_reference

pictures: venv-dev ## take the pictures of the documentation from the running playground
	@$(RUN) scripts.pictures

venv:
	@$(PYTHON) -I scripts/bootstrap.py

venv-dev:
	@$(PYTHON) -I scripts/bootstrap.py --dev

lint: venv-dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: venv-dev
	$(RUN) mypy

imports: venv-dev
	.venv/bin/lint-imports --no-logo

dependencies: venv-dev
	$(RUN) deptry .
	$(RUN) deptry . $(WITH_TESTS)

# What tests and scripts import is declared too. Tools such as ruff are imported by nobody.
WITH_TESTS := --non-dev-dependency-groups dev --exclude '\.venv|build/|dist' --extend-exclude '^$$' \
    --known-first-party tests,scripts,workflows,handlers,storage,bot --ignore DEP002

house: venv-dev
	$(RUN) pytest -q $(APART) tests/house

# The core must be covered, every branch, by its own tests alone.
CORE := tests/unit/workflows tests/properties

core-tests: venv-dev
	$(RUN) pytest -q $(APART) $(CORE) --cov=workflows --cov-branch --cov-fail-under=100 \
	    --cov-report=term-missing:skip-covered

other-tests: venv-dev
	@$(RUN) scripts.chromium
	@$(RUN) scripts.slapd
	$(RUN) pytest -q $(APART) --durations=30 $(addprefix --ignore=,$(CORE) tests/house tests/rig/test_kill_launch.py tests/rig/test_kill_supplier.py)
