#!/usr/bin/env bash
# Measure how many deliberate faults the tests notice: the mutation test of what runs without QGIS.
#
#   mutation.sh [ARGUMENT...]   the arguments go to mutation.py (--help lists them)

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages ca-certificates python3-gdal python3-numpy python3-scipy python3-venv
venv=$CACHE/mutation
ensure_venv "$venv" "$ROOT/scripts/requirements-mutation.txt" "$SYSTEM_PYTHON" --system-site-packages

export GDAL_PAM_ENABLED=NO                       # no .aux.xml beside the rasters that are read
export LC_ALL=C.UTF-8                            # file names in any script
export NEP_SHARED=${NEP_SHARED:-$(dirname "$ROOT")/shared}
export PYTHONDONTWRITEBYTECODE=1                 # a mutant is never run from the bytecode of another
ulimit -v $((8 * 1024 * 1024))                   # in KiB: a fault in a size may ask for any amount of memory

cd "$ROOT"
"$venv/bin/python" scripts/mutation.py "$@"
