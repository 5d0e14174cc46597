# Antmill. `make run` and `make test` need Python 3.11, 3.12 or 3.13 and nothing else.
#   PYTHON=python3.12   the interpreter that makes the environment
#   VENV=.venv-312      where it goes
#   ARGS="--port 9000"  passed on by run and benchmark; PYTEST_ARGS, JOBS by test

VENV ?= .venv
JOBS ?= 3
SUPPORTED := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(SUPPORTED)' 2>/dev/null && echo "$$p" && break; done)
endif

BIN := $(VENV)/bin
# Wheels only: nothing is compiled on the user's machine and no package runs code while installing.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --only-binary :all: --require-hashes
CHECKED := scheduler solvers instances api benchmarks tests

# Compiled kernels stay inside the project unless told otherwise; `make clean` drops them.
export NUMBA_CACHE_DIR ?= $(CURDIR)/.numba_cache

.PHONY: help run test lint kernels pytest format lock benchmark venv dev peers clean distclean
.DEFAULT_GOAL := help

help:
	@echo 'make run        plan a generated week and serve it on 127.0.0.1:8000'
	@echo 'make test       everything CI checks: lint, types, tests'
	@echo 'make lint       ruff and mypy only            make format    let ruff format'
	@echo 'make benchmark  solvers and peers on every family   (ARGS="...")'
	@echo 'make lock       renew the locks                (UPGRADE=--upgrade for newer versions)'
	@echo 'make clean      drop caches                   make distclean  and the environment'

run: venv
	$(BIN)/antmill serve --demo $(ARGS)

test: dev
	$(MAKE) --no-print-directory -j2 lint kernels
	$(MAKE) --no-print-directory pytest

# Before the tests, whose processes would otherwise compile the same kernels all at once.
kernels: venv
	@$(BIN)/antmill warm-up >/dev/null

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

pytest: dev kernels
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

format: dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

benchmark: peers
	$(BIN)/python -m benchmarks $(ARGS)

venv: $(VENV)/.installed
dev: $(VENV)/.installed-dev
peers: $(VENV)/.installed-peers

$(VENV)/.installed: requirements.lock pyproject.toml
	@"$(or $(PYTHON),python3)" -c '$(SUPPORTED)' 2>/dev/null || { \
	  echo 'Antmill needs Python 3.11, 3.12 or 3.13 with its venv module; "$(or $(PYTHON),python3)" is not.' >&2; \
	  echo 'Name one: make PYTHON=/path/to/python3.12   (Debian: apt-get install python3-venv)' >&2; \
	  exit 1; }
	@echo 'Installing the locked packages into $(VENV) (once; a minute or two) ...'
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo 'Installing the locked development tools into $(VENV) ...'
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

# Peers include packages without wheels, hence no --only-binary here.
$(VENV)/.installed-peers: $(VENV)/.installed requirements-peers.lock
	@echo 'Installing the locked peers of the benchmarks into $(VENV) ...'
	@$(PIP) install --quiet --require-hashes -r requirements-peers.lock
	@touch $@

# One resolution for all supported Pythons and platforms; each lock is contained in the next.
# uv serves this step only and lives in a throw-away environment.
UV_VENV := build/uv
COMPILE = $(UV_VENV)/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-header $(UPGRADE) pyproject.toml
lock:
	"$(PYTHON)" -m venv $(UV_VENV)
	$(UV_VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) --group dev --extra otel -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group dev --extra otel --extra peers \
	  -c requirements-dev.lock -o requirements-peers.lock

clean:
	rm -rf build dist .numba_cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV)
