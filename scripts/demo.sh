#!/usr/bin/env bash
# Show the toolbox at work: a sample province, a whole study of it in one run, and its numbers beside the known answers.
#
#   DEMO_FOLDER=demo  where everything is written; what is there is deleted
#   DEMO_YEARS=2001-2020

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages fonts-dejavu-core python3-gdal python3-matplotlib python3-numpy python3-plotly python3-qgis \
    python3-scipy qgis

FOLDER=${DEMO_FOLDER:-$ROOT/demo}
YEARS=${DEMO_YEARS:-2001-2020}
province=$FOLDER/province
study=$FOLDER/study

# A profile of its own: the user's stays as it is.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GDAL_PAM_ENABLED=NO
export LC_ALL=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1
export QGIS_CUSTOM_CONFIG_PATH=$scratch/profile
export QGIS_PLUGINPATH=$ROOT
export QT_QPA_PLATFORM=offscreen
export XDG_RUNTIME_DIR=$scratch/runtime
mkdir -m 700 "$XDG_RUNTIME_DIR"

# Where Debian wraps the program in a script, the program itself is called.
qgis_process=$(command -v qgis_process.bin || command -v qgis_process) || fail "qgis_process is not there"

# tool ID PARAMETER...: run a tool and keep what it says.
tool() {
    local log=$FOLDER/${1#nep:}.log
    say "$1"
    "$qgis_process" run "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "$1 failed; its log is $log"; }
}

# series PARAMETER NAME: one "--PARAMETER=file" for each year's raster of the province, in `arguments`.
series() {
    local file
    for file in "$province/$2"_[12][0-9][0-9][0-9].tif; do
        arguments+=("--$1=$file")
    done
}

say "demo in $FOLDER"
rm -rf "$FOLDER"
mkdir -p "$FOLDER"
"$qgis_process" plugins enable nep_toolbox >"$FOLDER/enable.log" 2>&1 ||
    { cat "$FOLDER/enable.log" >&2; fail "QGIS does not find the plugin"; }

tool nep:sampledata --OUTPUT_FOLDER="$province" --EXTENT_KM=200 --YEARS="$YEARS" --SEED=1

arguments=(--REGION_NAME="Sample Province (synthetic)" --REGIONS="$province/regions.gpkg" --REGION_FIELD=name)
series NPP npp
series TEMPERATURE temperature
series PRECIPITATION precipitation
series LANDCOVER landcover
# Stored like MODIS stores it: tenths, with codes above the valid range for what has no productivity.
arguments+=(--NPP_SCALE=0.1 --NPP_VALID_MIN=-30000 --NPP_VALID_MAX=32700)
# The climate is annual: the form that comes close to the one with monthly values.
arguments+=(--FORCING=3)
for factor in elevation population pm25; do
    arguments+=("--CONTINUOUS=$province/$factor.tif")
done
arguments+=(--FACTOR_NAMES="elevation=Elevation;population=Population;pm25=PM2.5")
tool nep:study "${arguments[@]}" --OUTPUT_FOLDER="$study"

say "comparing with the known answers"
"$SYSTEM_PYTHON" "$ROOT/scripts/check_answers.py" "$study" "$province/truth.json" ||
    fail "some numbers of $study are not what $province/truth.json says"

cat <<END

Sample province (synthetic)   $province
Report                        $study/report.html
QGIS project                  $study/project.qgz
Figures (PNG, SVG, PDF)       $study/figures
Tables                        $study/tables.xlsx and $study/tables
What each tool said           $FOLDER/sampledata.log and $FOLDER/study.log

Open the report in a browser and the project in QGIS: it has a print layout for each figure.
END
