# make demo   the retail pack on its data, thousands of orders end to end, on a fresh SQLite file
# make test   every test, in a virtual environment of its own
# make check  style, types, one-way imports, docs and packaging
# make bench  speed, each figure beside a limit or a peer in the same run; writes docs/performance.md
# make soak   the long fault, growth and fuzz runs

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet
COMPILE := $(BIN)/python -m compileall -q adapters cli dsl engine # as pip does; commands start in half the time

.PHONY: demo test check bench soak clean

demo: $(VENV)/demo.installed
	$(BIN)/orderloom demo

test: $(VENV)/test.installed
	$(BIN)/pytest -n 2 -m "not soak"

check: $(VENV)/check.installed $(VENV)/test.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 tests/test_docs.py tests/test_packaging.py

bench: $(VENV)/bench.installed $(VENV)/test.installed
	for script in tests/bench/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done
	$(BIN)/python tests/bench/performance.py

soak: $(VENV)/test.installed
	$(BIN)/pytest -m soak

# One virtual environment; each stamp says that one set of extras is in it.
$(VENV)/pip.installed:
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --upgrade pip
	touch $@

$(VENV)/demo.installed: $(VENV)/pip.installed pyproject.toml
	$(INSTALL) --editable .
	$(COMPILE)
	touch $@

$(VENV)/%.installed: $(VENV)/pip.installed pyproject.toml
	$(INSTALL) --editable '.[$*]'
	$(COMPILE)
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
