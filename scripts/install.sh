#!/usr/bin/env bash
# Put the plugin into the user's QGIS profile: a link to this checkout, or a copy with COPY=1.
#
#   PROFILE=default  the profile; QGIS_CUSTOM_CONFIG_PATH is honoured as QGIS does it

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PROFILE=${PROFILE:-default}
PLUGIN=nep_toolbox

case $(uname) in
    Darwin) base="$HOME/Library/Application Support/QGIS" ;;
    *) base=${XDG_DATA_HOME:-$HOME/.local/share}/QGIS ;;
esac

if [ -n "${QGIS_CUSTOM_CONFIG_PATH:-}" ]; then
    homes=("$QGIS_CUSTOM_CONFIG_PATH")
else
    homes=()
    for home in "$base/QGIS3" "$base/QGIS4"; do
        [ -d "$home" ] && homes+=("$home")
    done
    # QGIS was never started: the place where QGIS 3 will look.
    [ "${#homes[@]}" -gt 0 ] || homes=("$base/QGIS3")
fi

for home in "${homes[@]}"; do
    target=$home/profiles/$PROFILE/python/plugins/$PLUGIN
    if [ -e "$target" ] && [ ! -L "$target" ] && ! grep -qx 'name=NEP Toolbox' "$target/metadata.txt" 2>/dev/null; then
        fail "$target is there and is something else: move it away first"
    fi
    mkdir -p "$(dirname "$target")"
    rm -rf "$target"
    if [ -n "${COPY:-}" ]; then
        cp -R "$ROOT/$PLUGIN" "$target"
        find "$target" -name __pycache__ -type d -prune -exec rm -rf {} +
    else
        ln -s "$ROOT/$PLUGIN" "$target"
    fi
    say "installed $target"
done
say "switch it on: in QGIS under Plugins > Manage and Install Plugins > Installed; for the command line by"
say "    qgis_process plugins enable $PLUGIN"
