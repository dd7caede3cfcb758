#!/usr/bin/env bash
# Take the pictures of QGIS in docs/images: the window, dialogs, the project, a layout, the report of the sample study.
#
#   PICTURES_FOLDER=/home/nep   what the dialogs and the log name; it may not exist yet, and is deleted at the end

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages "${PACKAGES[@]}" chromium

FOLDER=${PICTURES_FOLDER:-/home/nep}
[ ! -e "$FOLDER" ] || fail "$FOLDER is there already: choose another with PICTURES_FOLDER"
mkdir -p "$FOLDER"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$FOLDER"' EXIT

export GDAL_PAM_ENABLED=NO
export LC_ALL=C.UTF-8
export PICTURES=$ROOT/docs/images PICTURES_FOLDER=$FOLDER
export PYTHONDONTWRITEBYTECODE=1
export QGIS_CUSTOM_CONFIG_PATH=$scratch/profile
export QGIS_PLUGINPATH=$ROOT
export TMPDIR=$scratch

say "QGIS"
xvfb-run -a -s "-screen 0 1600x1400x24" qgis --noversioncheck --nologo --code "$ROOT/scripts/pictures.py" \
    >"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log" >&2; fail "QGIS did not take the pictures"; }

# page FILE PICTURE HEIGHT: the head of a report as a browser shows it.
page() {
    say "$2"
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --virtual-time-budget=8000 \
        --user-data-dir="$scratch/chromium" --window-size="1150,$3" --screenshot="$PICTURES/$2" "file://$1" \
        >"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log" >&2; fail "no picture of $1"; }
}

page "$FOLDER/study/report.html" report.png 1000
page "$FOLDER/study-zh/report.html" report-zh.png 760

say "fewer colours"
"$SYSTEM_PYTHON" - "$PICTURES" <<'END'
import sys
from pathlib import Path

from PIL import Image

for name in ("layout", "project", "report", "report-zh", "sample-data", "study", "study-advanced", "study-dialog",
             "study-log", "toolbox"):
    file = Path(sys.argv[1], f"{name}.png")
    Image.open(file).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
END
