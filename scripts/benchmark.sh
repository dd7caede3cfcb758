#!/usr/bin/env bash
# Measure speed and memory beside the peers, and write docs/performance.md.
#
#   benchmark.sh [ARGUMENT...]   the arguments go to benchmarks/page.py: --only tools --side 1000
#
# The kernels in C are read from bench/ in the folder NEP_SHARED, by default ../shared beside the project.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages "${PACKAGES[@]}" gcc libc6-dev
ensure_venv "$CACHE/benchmark" "$ROOT/scripts/requirements-benchmark.txt" "$SYSTEM_PYTHON" --system-site-packages

export GDAL_PAM_ENABLED=NO
export LC_ALL=C.UTF-8
export NEP_SHARED=${NEP_SHARED:-$ROOT/../shared}
export PYTHONDONTWRITEBYTECODE=1
export QT_QPA_PLATFORM=offscreen
exec "$CACHE/benchmark/bin/python" "$ROOT/benchmarks/page.py" "$@"
