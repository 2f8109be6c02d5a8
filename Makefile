# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO := .demo
# JupyterLab lives apart: where it is installed, every notebook is slower to read.
LAB := .lab
# It refuses root, unless told that this is meant.
ROOTS = $$([ "$$(id -u)" != 0 ] || echo --allow-root)
# Tests wait for databases and processes half of the time: one more of them than there are cores.
WORKERS = $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)')
NEW_ENOUGH := 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'

# Where it is set, every process compiles anew what it imports of this repository: minutes of tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test lint check browser bench fuzz nightly golden notebook clean

help:
	@echo "make demo      build the smoke_test feature in $(DEMO), verified"
	@echo "make test      lint, types, and every test"
	@echo "make check     is generated/ what its requests and templates say?"
	@echo "make browser   the notebooks in a real JupyterLab, looked at by Chromium"
	@echo "make bench     measure, beside floors and peers"
	@echo "make fuzz      the generated app under schemathesis, on both databases"
	@echo "make nightly   200 drawn requests, 100 schemas, 200 changes, 1000 pairs of builds"
	@echo "make golden    write the golden cases' expected trees anew"
	@echo "make notebook  open the builder notebook in JupyterLab"

$(READY): pyproject.toml
	@$(BIN)/python -c $(NEW_ENOUGH) 2>/dev/null || { $(PYTHON) -c $(NEW_ENOUGH) && $(PYTHON) -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(LAB)/.ready: $(READY)
	@$(BIN)/python -m venv --clear $(LAB)
	$(LAB)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[lab,postgres]'
	@touch $@

demo: $(READY)
	$(BIN)/python -m petsage_builder generated/requests/smoke_test.json --workspace $(DEMO)
	@echo
	@echo "What to look at next:"
	@echo "  $(DEMO)/petsage_api/features/smoke_test/   the feature"
	@echo "  $(DEMO)/README.md                          the project it lives in"
	@echo "  $(BIN)/petsage-builder check --workspace $(DEMO)"

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(READY)
	$(BIN)/python -m petsage_builder check --strict --workspace generated

browser: $(READY) $(LAB)/.ready
	$(BIN)/python -m pytest tests/browser

bench: $(READY)
	$(BIN)/python tests/benchmarks/bench.py
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/server_bench.py

fuzz: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/fuzz/fuzz.py

nightly: $(READY)
	$(BIN)/python -m pytest tests/stories/test_any_request.py tests/stories/test_any_change.py --drawn-requests 200
	$(BIN)/python -m pytest tests/stories/test_any_schema.py --drawn-schemas 100
	$(BIN)/python -m pytest tests/stories/test_simultaneous_builds.py --pairs 1000
	$(BIN)/python -m pytest tests/stories/test_regenerating.py --whole-petsage

golden: $(READY)
	$(BIN)/python tests/golden/update.py

notebook: $(LAB)/.ready
	$(LAB)/bin/jupyter lab $(ROOTS) --LabApp.default_url=/lab/tree/notebooks/build_feature.ipynb

clean:
	rm -rf .venv .lab .demo .screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
