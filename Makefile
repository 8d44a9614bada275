# make quickstart   environment, corpus, training, baselines, report
# make test         environment, lint, types, layers, dependencies, tests
# make coverage     the tests again, with the lines that none of them runs
# make install      the environment alone, for development

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: quickstart test coverage install clean

install: $(STAMP)

# The stamp is written last, so that an interrupted install is taken up again.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "stancelab needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

quickstart: $(STAMP)
	$(BIN)/stancelab run experiment=quickstart

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src scripts
	$(BIN)/python scripts/check_corpus.py
	$(BIN)/python -m pytest --numprocesses 2

coverage: $(STAMP)
	$(BIN)/python -m pytest --numprocesses 2 --cov --cov-report term

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
