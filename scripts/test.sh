#!/usr/bin/env bash
# Install what is missing and run the suite.
#
#   test.sh [ARGUMENT...]       the arguments go to pytest (default: tests)

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages "${PACKAGES[@]}"
venv=$CACHE/test
ensure_venv "$venv" "$ROOT/scripts/requirements-test.txt" "$SYSTEM_PYTHON" --system-site-packages

# What the run leaves behind, pytest's own memory apart, goes into one folder that is deleted: the user's QGIS profile
# and the checkout stay untouched, and no run leaves less room on the disk than it found.
scratch=$(mktemp -d)
settings=$ROOT/.qgis-settings                    # pytest-qgis puts its profile there; every run starts with none
trap 'rm -rf "$scratch" "$settings"' EXIT
rm -rf "$settings"

export GDAL_PAM_ENABLED=NO                       # no .aux.xml beside the rasters that are read
export HYPOTHESIS_STORAGE_DIRECTORY=$scratch/hypothesis
export LC_ALL=C.UTF-8                            # file names in any script
export PYTHONDONTWRITEBYTECODE=1
export QGIS_CUSTOM_CONFIG_PATH=$scratch/qgis
export QT_QPA_PLATFORM=offscreen
export TMPDIR=$scratch/tmp
export XDG_RUNTIME_DIR=$scratch/runtime
mkdir -m 700 "$TMPDIR" "$XDG_RUNTIME_DIR"

[ $# -gt 0 ] || set -- tests
cd "$ROOT"
say "pytest $*"
# On all cores; the tests of one file stay together, since they share what is slow to make.
"$venv/bin/python" scripts/run_tests.py -o cache_dir="$CACHE/pytest" --numprocesses=auto --dist=loadfile "$@"
