# What a user or a developer runs; `make help` lists it. What takes more than three lines is a script in tools/.

PORT ?= 8000
# The interpreter that .venv is made with. A name that a user gives reaches tools/environment.py; this one does not.
PYTHON ?= python3
RUN := .venv/bin/python -m

# What a user set for their own installations must not redirect ours.
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_HASHES PYTHONPATH PYTHONHOME
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help serve test style types conformance docs bench fuzz soak crawl audit licences format lock dist release clean
.PHONY: .venv/made-in .venv/installed .venv/installed-tests .venv-bench/installed

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

serve: .venv/installed ## validate, build and serve the publication (PORT=8000)
	@echo "Checking, building and serving the publication"
	@$(RUN) missiongraph serve --host 127.0.0.1 --port $(PORT)

test: style types ## lint, check types and run the tests
	@echo "Running the tests"
	@$(RUN) pytest -n 2

style: .venv/installed-tests ## lint
	@echo "Checking style"
	@$(RUN) ruff check --quiet .
	@$(RUN) ruff format --quiet --check .

types: .venv/installed-tests ## check types
	@$(RUN) tools.step "Checking types" $(RUN) mypy --no-error-summary

conformance: .venv/installed-tests ## run the published suites (at MISSIONGRAPH_SUITES), whole sites, and what watches clocks
	$(RUN) pytest -n 2 -m "conformance or sweep" tests
	$(RUN) pytest -m alone tests

docs: .venv/installed-tests ## build the documentation site, with search, in build/docs/
	@$(RUN) tools.reference
	@$(RUN) tools.docs

bench: .venv/installed .venv-bench/installed ## compare with other servers, into bench/RESULTS.md (FULL=1: all rounds)
	$(RUN) bench $(if $(FULL),--full)

fuzz: .venv/installed-tests ## try inputs made up at random (COUNT=100000), and report what none should do
	@$(RUN) tools.fuzz $(COUNT)

soak: .venv/installed-tests ## hold a realistic load for MINUTES=60, into bench/SOAK.md
	@$(RUN) bench.soak $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MINUTES),--minutes $(MINUTES))

crawl: .venv/installed-tests ## let 200 crawlers loose beside 20 readers, into bench/CRAWL.md (SECONDS=60 for each part)
	@$(RUN) bench.crawl $(if $(SECONDS),--seconds $(SECONDS))

audit: .venv/installed-tests ## ask the registers of known weaknesses about all locked dependencies
	@$(RUN) tools.audit

licences: .venv/installed ## list the licences of all locked parts in LICENCES.md
	@$(RUN) tools.parts

format: .venv/installed-tests ## format the code
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

lock: .venv/made-in ## resolve the dependencies of pyproject.toml and front/package.json anew (UPGRADE=1 for newer versions)
	@$(RUN) tools.lock

dist: .venv/installed ## build sdist and wheel into dist/ and try the wheel in an empty environment
	@$(RUN) tools.dist

release: .venv/installed-tests ## check that VERSION can be released, and make its files and notes in dist/
	@$(RUN) tools.release $(VERSION)

clean: ## remove the environment and everything built
	rm -rf .venv .venv-bench build dist .mypy_cache .pytest_cache .ruff_cache src/missiongraph/web/static/vendor

.venv/made-in .venv/installed .venv/installed-tests .venv-bench/installed:
	@command -v "$(PYTHON)" >/dev/null || { echo "there is no $(PYTHON) (name another: make PYTHON=python3.12)" >&2; exit 1; }
	@"$(PYTHON)" -m tools.environment $@
