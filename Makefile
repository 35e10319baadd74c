# make run     everything on this machine: database, API and app on one port
# make test    the gate: format, lint, types, import rules, every test
.DEFAULT_GOAL := help
.PHONY: help run test faults bench format lint types e2e screenshots lock clean
BIN := .venv/bin
# a start compiles some two thousand modules where none are kept: two seconds each time, and the tests start dozens
unexport PYTHONDONTWRITEBYTECODE

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.venv/.ready-run: requirements.lock
	@sh .ci/setup run

.venv/.ready-dev: requirements-dev.lock
	@sh .ci/setup dev

run: .venv/.ready-run ## start Kierto on this machine, with a demo programme
	@$(BIN)/python main.py

test: .venv/.ready-dev ## format, lint, types, import rules and every test
	@sh .ci/chromium
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

faults: .venv/.ready-dev ## kill, cut and fill up, 20 rounds of each: the long form (KIERTO_FAULT_SEED=.. repeats one)
	TMPDIR=$${TMPDIR:-/tmp} KIERTO_FAULT_ROUNDS=$${KIERTO_FAULT_ROUNDS:-20} $(BIN)/pytest tests/faults -s

bench: .venv/.ready-dev ## the benchmark table: ratios, each pair measured in one run
	@$(BIN)/python -m tests.bench

format: .venv/.ready-dev ## put the code in its usual form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/.ready-dev ## format, lint, types and import rules, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

types: .venv/.ready-dev ## strict types alone
	$(BIN)/mypy

e2e: .venv/.ready-dev ## the tests in a real browser alone
	@sh .ci/chromium
	$(BIN)/pytest tests/e2e

screenshots: .venv/.ready-dev ## every screen, both themes, three widths, English and Russian -> screenshots/
	@sh .ci/chromium
	$(BIN)/python -m tests.support.screenshots

lock: .venv/.ready-dev ## work the locked packages out anew from pyproject.toml (needs uv)
	uv export -q --no-header --no-annotate --no-emit-index-url --no-emit-project --no-group dev -o requirements.lock
	uv export -q --no-header --no-annotate --no-emit-index-url --no-emit-project -o requirements-dev.lock

clean: ## remove what was set up; the data in .kierto/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
