#!/usr/bin/env bash
# Look over the source: ruff and vermin over everything, flake8-qgis over what runs in QGIS, Bandit and detect-secrets over
# what ships. Any finding fails.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages ca-certificates python3-venv
venv=$CACHE/lint
ensure_venv "$venv" "$ROOT/scripts/requirements-lint.txt" "$SYSTEM_PYTHON"
cd "$ROOT"
found=0

say "ruff"
"$venv/bin/ruff" check --cache-dir "$CACHE/ruff" . || found=1

say "flake8-qgis"
# QGS2 guesses from the name of a method alone that somebody should look at what it returns.
"$venv/bin/flake8" --isolated --select QGS1,QGS4 nep_toolbox scripts benchmarks || found=1

say "vermin: Python 3.9"
# It takes str.decode for Python 2, and a file that seems to be both would pass unseen.
"$venv/bin/vermin" --no-config-file --target=3.9- --violations --no-tips --exclude str.decode --quiet \
    nep_toolbox scripts benchmarks tests || found=1

# The plugin repository runs both over an upload and refuses it on any finding, so no exception is granted in the source.
say "bandit"
"$venv/bin/bandit" --quiet --recursive --ignore-nosec nep_toolbox || found=1

say "detect-secrets"
find nep_toolbox -type f -not -path '*/__pycache__/*' -print0 |
    xargs -0 "$venv/bin/detect-secrets-hook" --no-verify || found=1

[ "$found" -eq 0 ] || fail "lint found something (above)"
say "nothing found"
