.POSIX:
# panicdesk: `make` shows what there is to do. Any POSIX make will do. PYTHON=/path/to/python chooses an interpreter.

WORST = 3
PIP = PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -q -c constraints.txt

help:
	@echo 'make demo    open the workbench on a recorded crash (no root, no crash, no vmcore needed)'
	@echo 'make test    lint, then run all tests; those that need QEMU and crash run where these are installed'
	@echo 'make bench   measure, and print ratios'
	@echo 'make score   score the reading of logs and of crash output: make score CORPORA=DIR'
	@echo 'make lint    ruff and mypy only'
	@echo 'make clean   remove the environment in .venv and all caches'
	@echo
	@echo 'Each sets up what it needs in .venv, with the first Python >= 3.11 that runs; PYTHON=... names another.'

demo: .venv/.run
	.venv/bin/panicdesk demo

test: lint
	.venv/bin/python -m pytest

bench: .venv/.dev
	.venv/bin/python -m benchmarks

score: .venv/.run
	.venv/bin/python -m benchmarks.score_corpora $(CORPORA) --show $(WORST)

pyz: .venv/.dev
	.venv/bin/python -m release.onefile

dist: .venv/.dev
	.venv/bin/python -m hatchling build

man: .venv/.run
	mkdir -p dist
	.venv/bin/panicdesk man >dist/panicdesk.1

lint: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A candidate counts only if it runs: version managers leave shims behind that do not.
.venv/.run: pyproject.toml constraints.txt
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "setting up .venv with $$python"; \
			exec "$$python" -m venv --clear .venv; \
		fi; \
	done; \
	echo 'No Python >= 3.11 with venv was found. Install one (Debian: python3 and python3-venv), or name it:' >&2; \
	echo '    make PYTHON=/path/to/python3 demo' >&2; \
	exit 1
	$(PIP) -e .
	@touch .venv/.run

.venv/.dev: .venv/.run
	$(PIP) -e '.[dev]'
	@touch .venv/.dev

.PHONY: help demo test bench score pyz dist man lint clean
