#!/usr/bin/env bash
# Simulate, score and draw what docs/persistence.md, docs/attribution.md, docs/ledger.md, docs/detector.md and
# docs/validation.md tell, and write it there.
#
#   evidence.sh [ARGUMENT...]   the arguments go to scripts/evidence.py: --only sizes
#
# The real series are read from data/ in the folder NEP_SHARED, by default ../shared beside the project.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages fonts-dejavu-core python3-gdal python3-matplotlib python3-numpy python3-scipy

export GDAL_PAM_ENABLED=NO
export LC_ALL=C.UTF-8
export NEP_SHARED=${NEP_SHARED:-$ROOT/../shared}
export PYTHONDONTWRITEBYTECODE=1
exec "$SYSTEM_PYTHON" "$ROOT/scripts/evidence.py" "$@"
