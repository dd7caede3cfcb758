#!/usr/bin/env bash
# Compute on a cluster on the loopback interface: a scheduler and two workers, which know nothing of the toolbox and of
# which one is killed half-way, give the same as one thread and as two, bit for bit.
#
#   CLUSTER_FOLDER=demo/cluster   where everything is written; what is there is deleted
#   CLUSTER_KM=400                width of the sample province, of cells of 1 km

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages ca-certificates python3-gdal python3-numpy python3-qgis python3-scipy python3-venv qgis
venv=$CACHE/cluster
ensure_venv "$venv" "$ROOT/scripts/requirements-cluster.txt" "$SYSTEM_PYTHON" --system-site-packages

# A profile of its own: the user's stays as it is.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GDAL_PAM_ENABLED=NO
export LC_ALL=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1
export QGIS_CUSTOM_CONFIG_PATH=$scratch/profile
export QT_QPA_PLATFORM=offscreen
export XDG_RUNTIME_DIR=$scratch/runtime
mkdir -m 700 "$XDG_RUNTIME_DIR"

"$venv/bin/python" "$ROOT/scripts/cluster_demo.py" "${CLUSTER_FOLDER:-$ROOT/demo/cluster}" --width "${CLUSTER_KM:-400}"
