# make app   opens the application on the sample study; make test runs every check. Both set up what they need.
# Set PYTHON to choose the interpreter; by default the newest of 3.13, 3.12 and 3.11 that runs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
# Two processes with one thread each: boosting with two threads in either would have all four wait for each other.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist=loadscope --no-loadscope-reorder

.PHONY: help app test check promises bench bench-peers lock format shots clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|'

$(VENV)/.app-ready: requirements.txt
	@[ -n "$(PYTHON)" ] || { echo "Bakeoff needs Python 3.11, 3.12 or 3.13; none was found. Install one, or call: make app PYTHON=/path/to/python"; exit 1; }
	@[ -x $(BIN)/python ] || { echo "Making the virtual environment $(VENV) with $(PYTHON)"; "$(PYTHON)" -m venv $(VENV); }
	@echo "Installing what the application needs (once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt $(VENV)/.app-ready
	@echo "Installing what the tests need (once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps -r requirements-dev.txt
	@bash tests/install_services.sh
	@touch $@

app: $(VENV)/.app-ready  ## open the application on the sample study (PORT=8501)
	@$(BIN)/streamlit run app.py --server.port $(PORT)

check: $(VENV)/.dev-ready  ## format, lint and types only
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

test: check  ## every check and every test, under 15 minutes
	@$(PYTEST) -m "not promise and not browser"
	@$(BIN)/python -m pytest -m "browser and not promise"

promises: check  ## full simulations, every case, many browsers; writes docs/promises.md (about 25 minutes)
	@bash tests/install_services.sh office
	@$(PYTEST) -m promise --promises=docs/promises.md

bench: $(VENV)/.dev-ready  ## speed beside the raw libraries and a minimal app, as ratios
	@$(BIN)/python -m benchmarks

bench-peers: $(VENV)/.dev-ready  ## beside explainerdashboard and shapash, in environments of their own (.bench)
	@$(BIN)/python -m benchmarks.peers

format: $(VENV)/.dev-ready  ## format and mend what the linter can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(VENV)/.dev-ready  ## resolve requirements.txt and requirements-dev.txt again
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-header --upgrade --extra ebm --extra postgresql --extra slides -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-header --upgrade --all-extras -c requirements.txt -o requirements-dev.txt

clean:  ## remove the virtual environment and caches
	@rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
