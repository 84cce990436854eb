# Everything here needs python3 (3.11 or newer, with venv), git and make, as root or as an ordinary user.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help demo test check cluster bench lock docs clean

help:             ## say what can be made
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: *(\$$\([A-Z]+\)\/[a-z.]+ *)?## */\t/' | expand -t 12

demo: $(VENV)/ready   ## start Opsroom in a local workspace and print its address
	@$(BIN)/opsroom demo

test: $(VENV)/ready   ## run the tests
	@$(BIN)/pytest

check: $(VENV)/ready   ## ruff, mypy, the import law, the tests: what CI runs
	@scripts/check

cluster:          ## build a Kubernetes control plane for the tests, once (Debian 12, 4 minutes)
	@tests/cluster/build.sh

bench: $(VENV)/ready   ## measure the budgets
	@$(BIN)/python -m benchmarks

lock: $(VENV)/ready   ## pin every dependency anew, with hashes
	@scripts/lock

docs: $(VENV)/ready   ## write the generated pages of docs/ anew
	@$(BIN)/python -m scripts.docs

clean:            ## remove the virtual environment and what the demo left
	rm -rf $(VENV) var

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
