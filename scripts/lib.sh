# shellcheck shell=bash disable=SC2034,SC2086
# Shared by the scripts of this folder; sourced, never run by itself.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CACHE=${NEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nep-toolbox}
# The system's own interpreter: QGIS is built for it, and another python3 may come first on the PATH.
SYSTEM_PYTHON=/usr/bin/python3

# What the suite needs from Debian or Ubuntu; the same list serves the host and every folder of the matrix.
PACKAGES=(
    ca-certificates       # certificates for pip
    fonts-dejavu-core     # a font for rendered maps and dialogs
    fonts-wqy-microhei    # one with Chinese signs
    gdal-bin              # gdalinfo and friends, compared with our own reading
    git                   # the package is built from a commit
    make
    python3-gdal
    python3-matplotlib    # charts for print
    python3-numpy
    python3-plotly
    python3-qgis
    python3-scipy
    python3-venv
    qgis                  # qgis_process
    xauth                 # xvfb-run
    xvfb                  # a screen for the tests that open a window
)

say() { printf '==> %s\n' "$*" >&2; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Run a command as root: directly where we are root, through sudo otherwise.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        fail "this needs root: $* (run as root or install sudo)"
    fi
}

# Print those of the given packages that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

# Install those of the given packages that are missing; touches neither apt nor the network where nothing is.
ensure_packages() {
    command -v dpkg-query >/dev/null || fail "only Debian and Ubuntu are served here; install by hand: $*"
    local missing
    # One a line, no spaces in them. (No process substitution: it needs /proc, which a folder may lack.)
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return
    say "installing" $missing
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}

# ensure_venv FOLDER REQUIREMENTS PYTHON [OPTION...]: a virtual environment with exactly these requirements.
# A marker written last holds what the environment was made from: one that was interrupted, that belongs to another
# interpreter or to other requirements is made anew.
ensure_venv() {
    local folder=$1 requirements=$2 python=$3
    shift 3
    local recipe
    recipe=$("$python" --version; cat "$requirements"; printf '%s\n' "$@")
    if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.complete" 2>/dev/null)" = "$recipe" ]; then
        return
    fi
    say "making $folder"
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    "$python" -m venv "$@" "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    printf '%s\n' "$recipe" >"$folder/.complete"
}
