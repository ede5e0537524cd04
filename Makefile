.POSIX:
# panicdesk: `make` shows what there is to do. Any POSIX make will do. PYTHON=/path/to/python chooses an interpreter.

WORST = 3
PIP = PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -q -c constraints.txt

help: ## show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 14
	@echo
	@echo 'Each sets up what it needs in .venv, with the first Python >= 3.11 that runs; PYTHON=... names another.'

demo: .venv/.run ## open the workbench on a recorded crash: no root, no crash, no vmcore needed
	.venv/bin/panicdesk demo

test: lint ## lint, then run all tests; those that need QEMU and crash run where these are installed
	.venv/bin/python -m pytest

lint: .venv/.dev ## ruff and mypy only
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

hooks: .venv/.dev ## have git run ruff and mypy before each commit
	$(PIP) pre-commit
	.venv/bin/pre-commit install

bench: .venv/.dev ## measure, and print ratios
	.venv/bin/python -m benchmarks

score: .venv/.run ## score the reading of logs and crash output: make score CORPORA=DIR
	.venv/bin/python -m benchmarks.score_corpora $(CORPORA) --show $(WORST)

pyz: .venv/.dev ## build dist/panicdesk.pyz: one file that runs with bare Python, the same bytes each time
	.venv/bin/python -m release.onefile

dist: .venv/.dev ## build wheel and sdist into dist/
	.venv/bin/python -m hatchling build

man: .venv/.run ## write the manual page to dist/panicdesk.1
	mkdir -p dist
	.venv/bin/panicdesk man >dist/panicdesk.1

docs: .venv/.run ## write those pages of docs/ anew that are made from the code
	.venv/bin/python -m release.pages

pictures: .venv/.dev ## draw the screens in snapshots/ anew, from the demo and the first lesson: look at the difference
	PANICDESK_SNAPSHOTS=write .venv/bin/python -m pytest -q tests/tui/test_snapshots.py tests/tui/test_training.py

clean: ## remove the environment in .venv, what was built, and all caches
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

.PHONY: help demo test lint hooks bench score pyz dist man docs pictures clean
