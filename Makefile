# `make demo` shows the toolbox at work, `make test` runs the suite; both install what is missing on Debian and Ubuntu.

ARGS ?=
PROFILE ?= default
export PROFILE COPY

.PHONY: help demo cluster-demo test test-matrix lint mutation fuzz evidence pictures benchmark benchmark-matrix package \
	install clean

help:
	@echo 'make demo         make a sample province and a whole study of it, and check its numbers'
	@echo 'make cluster-demo compute on a local dask cluster, kill a worker half-way, and compare bit for bit'
	@echo 'make test         run the whole suite; ARGS="tests/core -x" runs a part'
	@echo 'make test-matrix  run it on QGIS 3.40 and 3.44 too (needs root or sudo); ARGS as above'
	@echo 'make lint         ruff, flake8-qgis, vermin, Bandit and detect-secrets'
	@echo 'make mutation     measure how many deliberate faults the tests notice; ARGS="--number 100" draws fewer'
	@echo 'make fuzz         try random input for an hour; ARGS=5 for five minutes'
	@echo 'make evidence     simulate noise and score real series; writes the tables and pictures of the pages'
	@echo 'make pictures     take the pictures of the tutorial and the README in the window of QGIS'
	@echo 'make benchmark    measure speed and memory beside the peers; writes docs/performance.md'
	@echo 'make benchmark-matrix  measure on QGIS 3.40 and 3.44 too, before make benchmark; ARGS="--only tools"'
	@echo 'make package      build the zip of the last commit in dist/'
	@echo 'make install      link the plugin into the QGIS profile PROFILE=default; COPY=1 copies it'
	@echo 'make clean        delete what was built in this folder'

demo:
	@scripts/demo.sh

cluster-demo:
	@scripts/cluster_demo.sh

test:
	@scripts/test.sh $(ARGS)

test-matrix:
	@scripts/matrix.sh $(ARGS)

lint:
	@scripts/lint.sh

mutation:
	@scripts/mutation.sh $(ARGS)

fuzz:
	@scripts/fuzz.sh $(ARGS)

evidence:
	@scripts/evidence.sh $(ARGS)

pictures:
	@scripts/pictures.sh

benchmark:
	@scripts/benchmark.sh $(ARGS)

benchmark-matrix:
	@scripts/matrix.sh --benchmark $(ARGS)

package:
	@/usr/bin/env python3 scripts/build_package.py

install:
	@scripts/install.sh

clean:
	rm -rf demo dist .pytest_cache .ruff_cache .hypothesis .qgis-settings
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
