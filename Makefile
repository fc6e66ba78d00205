# Everything that a user or a developer runs. Paths are relative: the folder's own name may have spaces.

PORT ?= 8000
BIN := .venv/bin/python
# Its errors are shown, its warnings are not: they speak of settings of the machine, which are not ours to mend.
PIP := $(BIN) -m pip install --quiet --quiet --no-input

# $(call telling,what it does,command): a line that says so, and a dot for every five seconds that it takes.
telling = @printf '%s' "$(1)"; \
	( while sleep 5 >/dev/null 2>&1; do printf .; done ) & dots=$$!; trap 'kill $$dots 2>/dev/null' EXIT INT TERM; \
	$(2) || { failed=$$?; kill $$dots 2>/dev/null; echo; exit $$failed; }; echo

# A virtual environment belongs to one folder and one interpreter: made anew when either is another.
MADE_IN := $(shell test -x $(BIN) && cat .venv/made-in 2>/dev/null)
MADE_WITH := $(shell cat .venv/made-with 2>/dev/null)
ifeq ($(origin PYTHON),undefined)
PYTHON := $(if $(MADE_WITH),$(MADE_WITH),python3)
endif
ifneq "$(MADE_IN) $(MADE_WITH)" "$(CURDIR) $(PYTHON)"
.PHONY: .venv/made-in
endif

# What a user set for their own installations must not redirect ours.
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_HASHES PYTHONPATH PYTHONHOME
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help serve test conformance bench format lock dist clean
.DELETE_ON_ERROR:

help: ## list these targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile | while IFS='	' read -r target does; do printf '  make %-12s %s\n' "$$target" "$$does"; done

serve: .venv/installed ## validate, build and serve the publication (PORT=8000)
	@echo "Checking, building and serving the publication"
	@$(BIN) -m missiongraph serve --host 127.0.0.1 --port $(PORT)

test: .venv/installed-tests ## lint, check types and run the tests
	@echo "Checking style"
	@$(BIN) -m ruff check --quiet .
	@$(BIN) -m ruff format --quiet --check .
	$(call telling,Checking types,$(BIN) -m mypy --no-error-summary)
	@echo "Running the tests"
	@$(BIN) -m pytest -n 2

conformance: .venv/installed-tests ## run the published suites (at MISSIONGRAPH_SUITES), whole sites, and what watches clocks
	$(BIN) -m pytest -n 2 -m "conformance or sweep" tests
	$(BIN) -m pytest -m alone tests

bench: .venv/installed .venv-bench/installed ## compare with other servers, into bench/RESULTS.md (FULL=1: all rounds)
	$(BIN) -m bench $(if $(FULL),--full)

format: .venv/installed-tests ## format the code
	$(BIN) -m ruff check --fix .
	$(BIN) -m ruff format .

# Pinned versions stay unless UPGRADE=1. The build backend is locked with the rest: no step fetches anything else.
COMPILE = $(BIN) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) --group build
lock: .venv/made-in ## resolve the dependencies of pyproject.toml and front/package.json anew (UPGRADE=1 for newer versions)
	@$(PIP) uv
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group test --constraint requirements.lock --output-file requirements-test.lock
	if command -v npm >/dev/null; then cd front && npm install --package-lock-only --ignore-scripts; fi

dist: .venv/installed ## build sdist and wheel into dist/ and try the wheel in an empty environment
	rm -rf dist build/dist-check
	$(BIN) -m hatchling build --target sdist
	$(BIN) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist dist/*.tar.gz
	$(BIN) -m venv build/dist-check
	build/dist-check/bin/python -m pip install --quiet --no-input dist/*.whl
	cd build/dist-check && bin/missiongraph --help >/dev/null && bin/missiongraph validate
	@ls -l dist

clean: ## remove the environment and everything built
	rm -rf .venv .venv-bench build dist .mypy_cache .pytest_cache .ruff_cache src/missiongraph/web/static/vendor

.venv/made-in:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "missiongraph needs Python 3.11 or newer, and $(PYTHON) is not (name another: make PYTHON=python3.12)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks the module venv (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	$(call telling,Making the environment .venv (the first time only),"$(PYTHON)" -m venv --clear .venv)
	@echo "$(PYTHON)" > .venv/made-with
	@pwd -P > .venv/made-in

.venv/installed: .venv/made-in requirements.lock pyproject.toml hatch_build.py front/package.json front/package-lock.json front/editor/*.js
	$(call telling,Installing the locked dependencies into .venv,$(PIP) --require-hashes -r requirements.lock)
	$(call telling,Bringing the front-end files,$(BIN) hatch_build.py)
	$(call telling,Installing missiongraph,MISSIONGRAPH_NO_FRONT_END=1 $(PIP) --no-deps --no-build-isolation --editable .)
	@$(BIN) -m compileall -q src # Python would itself, unless the folder or its environment forbids it
	@touch $@

.venv/installed-tests: .venv/installed requirements-test.lock
	$(call telling,Installing what the tests need,$(PIP) --require-hashes -r requirements-test.lock)
	@touch $@

# The peers of the benchmark live in an environment of their own; Virtuoso and wrk are used where the system has them.
.venv-bench/installed: bench/requirements.txt .venv/made-in
	@"$(PYTHON)" -m venv --clear .venv-bench
	$(call telling,Installing the benchmark’s peers into .venv-bench,.venv-bench/bin/python -m pip install --quiet --quiet --no-input -r bench/requirements.txt)
	@touch $@
