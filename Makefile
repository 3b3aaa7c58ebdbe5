# Everything a user or contributor does, by name. `make` alone lists it.
# No root, and nothing outside this folder is changed: the tools live in .venv, what is made lives in build.

PYTHON ?= python3
BIN := .venv/bin
# What runs, this package with it, and what the tests need beside that.
TOOLS := .venv/.tools
READY := .venv/.ready
CHECKS := .venv/.checks
TYPINGS := build/typings/.ready
CHIP := build/chip/.ready
# Who looks at a terminal sees what is being fetched.
QUIETLY = $$([ -t 2 ] || echo -q)
# Many tests wait for simulated time, so more of them than there are cores run at once; those of one file in turn.
PARALLEL := -n 4 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help setup run test soak bench chip lint flash deploy monitor docs lock clean

help: ## list the targets
	@echo 'make TARGET [ARGS="..."]'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

setup: $(CHECKS) ## virtual environment with all tools, those of the tests too, in .venv

run: $(READY) ## the twin: a simulated house, car and meter (ARGS="--help" for options)
	@$(BIN)/fairamp run $(ARGS)

test: $(CHECKS) ## all tests, on CPython and on MicroPython, 64 and 32 bit
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m pytest -m 'not soak' $(PARALLEL) $(ARGS)

soak: $(CHECKS) ## the long campaigns
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m pytest -m soak -n 2 $(ARGS)

bench: $(CHECKS) ## speed and memory, side by side with others
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.bench $(ARGS)

chip: $(if $(IMAGE),$(CHIP),$(CHECKS)) ## the product on an emulated Pico, measured (IMAGE=RPI_PICO.uf2 TRIALS=300)
	@$(BIN)/python -m tests.chip $(IMAGE) $(ARGS)

lint: $(CHECKS) $(TYPINGS) ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy shared firmware host
	@MYPYPATH=build/typings/rp2 $(BIN)/mypy --config-file boards/mypy.ini boards --exclude 'esp32|manifest'
	@MYPYPATH=build/typings/esp32 $(BIN)/mypy --config-file boards/mypy.ini boards --exclude 'rp2|manifest'

flash: $(READY) ## MicroPython onto a chip (ARGS="--board pico --port DEV --image FILE")
	@$(BIN)/fairamp flash $(ARGS)

deploy: $(READY) ## compile and copy the application (ARGS="--board pico --port DEV")
	@$(BIN)/fairamp deploy $(ARGS)

monitor: $(READY) ## show the log of a board (ARGS="--port DEV")
	@$(BIN)/fairamp monitor $(ARGS)

docs: $(READY) ## make the parts of docs that come from the code (ARGS=--live: the picture of the twin, too)
	@$(BIN)/python -m fairamp_desk.docs $(ARGS)

lock: $(READY) ## newest versions of all dependencies into the files named requirements.lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install -q uv
	build/lock/bin/uv pip compile -q --universal --upgrade --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra setup --extra dev pyproject.toml -o tests/requirements.lock
	build/lock/bin/uv pip compile -q --universal --upgrade --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra setup --constraint tests/requirements.lock pyproject.toml -o requirements.lock
	build/lock/bin/uv pip compile -q --universal --upgrade --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra chip --constraint tests/requirements.lock pyproject.toml -o tests/chip/requirements.lock

clean: ## remove .venv and build
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis host/*.egg-info *.egg-info

$(READY): pyproject.toml $(TOOLS)
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TOOLS): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Fairamp needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import venv, ensurepip' || { echo 'The venv module of Python is missing; on Debian and Ubuntu: apt install python3-venv'; exit 1; }
	@echo 'Setting up .venv (once, about 80 MB, a minute) ...'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install $(QUIETLY) --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(CHECKS): tests/requirements.lock $(READY)
	@echo 'Installing what the tests need (once, about 320 MB more, a minute or two) ...'
	@$(BIN)/pip install $(QUIETLY) --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

$(CHIP): tests/chip/requirements.lock $(CHECKS)
	@echo 'Installing the emulator (once) ...'
	@$(BIN)/pip install $(QUIETLY) --disable-pip-version-check --require-hashes -r tests/chip/requirements.lock
	@mkdir -p build/chip && touch $@

$(TYPINGS): boards/typings.lock $(READY)
	@rm -rf build/typings && mkdir -p build
	@for chip in rp2 esp32; do \
		grep -v "micropython-$$( [ $$chip = rp2 ] && echo esp32 || echo rp2 )-stubs" boards/typings.lock > build/typings-$$chip.txt && \
		$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r build/typings-$$chip.txt --target build/typings/$$chip || exit 1; \
	done
	@touch $@
