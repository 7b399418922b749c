# The ways into this project; `make help` lists them. Every target does all the set-up it
# needs, and a second time does none of it again: what is done is noted in .venv/.stamps,
# under the folder's name, so that a copied or renamed folder is set up anew.

VENV := .venv
BIN := $(VENV)/bin
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
STAMPS := $(VENV)/.stamps/$(HERE)
PEERS := .peers
PACKAGE := pyproject.toml core/__init__.py
PLATFORM = $${INKLING_TEST_PLATFORM:-offscreen}
# On a real display windows would take the mouse from each other; without xdist (ARGS="-p
# no:xdist", for a debugger) there is nobody to share the work with.
ALONE = $(filter-out offscreen,$(INKLING_TEST_PLATFORM))$(findstring no:xdist,$(ARGS))
WORKERS = $(if $(ALONE),,-n auto --maxprocesses 4 --dist worksteal)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-slow lint bench bench-window bench-core bench-data fuzz mutants peers \
    requirements clean

help:
	@echo 'make run            set everything up and open Inkling'
	@echo 'make test           set everything up and run the checks and the tests, in minutes'
	@echo 'make test-slow      run what takes long: the tests marked slow, and more examples of the'
	@echo '                    tests of properties'
	@echo 'make lint           run the checks only: ruff, mypy, import-linter'
	@echo 'make bench          run the benchmarks: of the window, then of the core'
	@echo 'make bench-core     run that of the core; ARGS="W1 W2 --threads single", ARGS=--help'
	@echo 'make bench-data     measure how well built-in handwriting teaches, and the readers'
	@echo 'make fuzz           mutate network files 10,000 times, play with the window, kill it, and'
	@echo '                    open hostile files; ARGS="1000" for less, ARGS="--only clicks" for one'
	@echo 'make mutants        put faults into core/training and core/nn, and count those no test notices'
	@echo 'make peers          install what the core is compared with (optional, about 1 GB)'
	@echo 'make requirements   pin the newest versions of everything in requirements*.txt'
	@echo 'make clean          delete all that these commands made'
	@echo 'ARGS="..." is passed on:  make test ARGS="-k canvas"'

run: $(STAMPS)/run
	@.ci/system-libraries $(BIN)/python --if-possible
	@$(BIN)/inkling $(ARGS)

test: $(STAMPS)/dev lint
	@.ci/system-libraries $(BIN)/python $(PLATFORM)
	$(BIN)/pytest -m 'not slow' $(WORKERS) $(ARGS)

test-slow: $(STAMPS)/dev
	@.ci/system-libraries $(BIN)/python $(PLATFORM)
	@.ci/virtual-display $(BIN)/python
	$(BIN)/pytest -m 'slow or hypothesis' --hypothesis-profile thorough $(WORKERS) $(ARGS)

lint: $(STAMPS)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Here ARGS is passed to the benchmark of the core: `make bench-window` takes pytest's.
bench: $(STAMPS)/dev
	@$(MAKE) --no-print-directory bench-window ARGS=
	@$(MAKE) --no-print-directory bench-core

bench-window: $(STAMPS)/dev
	@.ci/system-libraries $(BIN)/python $(PLATFORM)
	$(BIN)/pytest tests/bench -o python_files='bench_*.py' -o python_functions='bench_*' $(ARGS)

bench-core: $(STAMPS)/dev
	$(BIN)/python -m tests.bench.compare $(ARGS)

bench-data: $(STAMPS)/dev
	$(BIN)/python -m tests.bench.data $(ARGS)

fuzz: $(STAMPS)/dev
	@.ci/system-libraries $(BIN)/python offscreen
	$(BIN)/python -m tests.fuzz $(ARGS)

mutants: $(STAMPS)/dev
	@.ci/system-libraries $(BIN)/python offscreen
	$(BIN)/python -m tests.mutation core/training core/nn --sample 700 --seed 11 --least 0.85 $(ARGS)

peers: $(PEERS)/.stamps/$(HERE)

# Hashes of the files for every system and Python are kept, names of hosts are not.
requirements: $(STAMPS)/venv
	@.ci/pin-requirements $(BIN)/python

clean:
	rm -rf $(VENV) $(PEERS) build dist inkling.egg-info .pytest_cache .mypy_cache .ruff_cache \
	    .import_linter_cache .hypothesis
	find core gui resources tests -name __pycache__ -prune -exec rm -rf {} +

# Without a working interpreter (never made, or its Python was removed) start from nothing.
ifeq ($(wildcard $(BIN)/python),)
.PHONY: $(STAMPS)/venv
endif

$(STAMPS)/venv:
	@.ci/make-venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv requirements.txt $(PACKAGE)
	@.ci/install $(BIN)/python requirements.txt
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv requirements-dev.txt $(PACKAGE)
	@.ci/system-libraries $(BIN)/python $(PLATFORM)
	@.ci/install $(BIN)/python requirements-dev.txt
	@touch $(STAMPS)/run $@

$(PEERS)/.stamps/$(HERE): tests/bench/peers/requirements.txt
	@.ci/make-peers $(PEERS) $<
	@mkdir -p $(@D) && touch $@
