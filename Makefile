# Every command a newcomer needs. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || echo python3)
BIN := .venv/bin
TEST_WORKERS ?= 2
# Where Python is told to keep no bytecode, every process that the tests and the demo start compiles
# all of Hearback again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test lint format e2e faults bench lock messages icons screenshots clean
.DEFAULT_GOAL := help

help: ## List these commands
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: .venv/.runtime ## Try Hearback with a demonstration company (PORT, DATA_DIR)
	@DEMO=yes exec $(BIN)/python manage.py demo

test: .venv/.dev ## Run the tests; on PostgreSQL and Redis too where DATABASE_URL and REDIS_URL point to them
	$(BIN)/pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

lint: .venv/.dev ## Everything that must be true before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files '*.html')
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py check --fail-level WARNING
	SITE_URL=https://example.com SECRET_KEY=$$(head -c 40 /dev/urandom | base64) \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file var/description.json
	$(BIN)/openapi-spec-validator var/description.json

format: .venv/.dev ## Let the formatters have their way
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/djade --target-version 5.2 $$(git ls-files '*.html')

e2e: .venv/.dev ## Journeys in a real browser (needs Chromium), and what takes long
	E2E=1 $(BIN)/pytest tests/e2e tests/access/test_content.py tests/access/test_allowed_values.py

faults: .venv/.dev ## Kill everything at random while thousands are told (needs postgres and redis-server)
	FAULTS=1 $(BIN)/pytest tests/services/test_faults.py

bench: .venv/.dev ## Benchmarks against limits measured in the same run (DATABASE_URL; BENCH=large)
	$(BIN)/python -m bench

screenshots: .venv/.dev ## Make the pictures in docs/img anew (needs Chromium)
	$(BIN)/python docs/img/make.py

icons: .venv/.dev ## Cut the font of icons down to those that pages name
	$(BIN)/python -m config.icons

messages: .venv/.dev ## Collect texts for translation, and compile the translations (needs GNU gettext)
	$(BIN)/python manage.py makemessages --locale ko --no-obsolete --no-wrap --add-location file \
	  --ignore '.venv/*' --ignore 'tests/*' --ignore 'var/*' --ignore 'bench/*'
	$(BIN)/python manage.py compilemessages --locale ko --ignore '.venv/*'

lock: .venv/.dev ## Pin the requirements anew, with hashes, for Python 3.11 to 3.13
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --extra anymail --output-file requirements/anymail.txt
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --extra pdf --output-file requirements/pdf.txt
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --no-emit-find-links

clean: ## Forget the environment and the demo's data
	rm -rf .venv staticfiles var/*

.venv/bin/python:
	$(PYTHON) -m venv .venv

# The lock files name every package, so nothing is resolved here: older pips, resolving, trip over
# releases newer than the locked ones.

.venv/.runtime: requirements/runtime.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch .venv/.runtime $@
