#!/usr/bin/env bash
# Show the toolbox at work: a sample province, its NEP and the trend of it, as rasters and as maps.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ensure_packages fonts-dejavu-core python3-gdal python3-matplotlib python3-numpy python3-plotly python3-qgis \
    python3-scipy qgis

FOLDER=${DEMO_FOLDER:-$ROOT/demo}
YEARS=${DEMO_YEARS:-2001-2020}
province=$FOLDER/province
maps=$FOLDER/maps

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

# render RASTER TITLE LEGEND
render() {
    local name
    name=$(basename "$1" .tif)
    "$SYSTEM_PYTHON" "$ROOT/scripts/render_map.py" "$1" "$maps/$name.png" --title "$2" --legend "$3" \
        --outline "$province/regions.gpkg"
}

say "demo in $FOLDER"
rm -rf "$FOLDER"
mkdir -p "$maps"
"$qgis_process" plugins enable nep_toolbox >"$FOLDER/enable.log" 2>&1 ||
    { cat "$FOLDER/enable.log" >&2; fail "QGIS does not find the plugin"; }

tool nep:sampledata --OUTPUT_FOLDER="$province" --EXTENT_KM=200 --YEARS="$YEARS" --SEED=1

arguments=()
series NPP npp
series TEMPERATURE temperature
series PRECIPITATION precipitation
# Stored like MODIS stores it: tenths, with codes above the valid range for what has no productivity.
arguments+=(--NPP_SCALE=0.1 --NPP_VALID_MIN=-30000 --NPP_VALID_MAX=32700)
# The climate is annual: the form that comes close to the one with monthly values.
arguments+=(--FORCING=3)
tool nep:productivity "${arguments[@]}" --OUTPUT="$FOLDER/nep.tif" --MEAN="$FOLDER/nep_mean.tif" \
    --RESPIRATION="$FOLDER/respiration.tif"

tool nep:trend --INPUT="$FOLDER/nep.tif" --SLOPE="$FOLDER/trend_slope.tif" --PVALUE="$FOLDER/trend_p.tif" \
    --CLASS="$FOLDER/trend_class.tif" --TABLE="$FOLDER/trend_classes.csv"

say "maps"
render "$FOLDER/nep_mean.tif" "Mean net ecosystem productivity, $YEARS" "gC m-2 yr-1"
render "$FOLDER/trend_slope.tif" "Theil-Sen slope of NEP, $YEARS" "gC m-2 yr-1 per year"
render "$FOLDER/trend_class.tif" "Trend of NEP, $YEARS" "Trend class"

cat <<END

Sample province (synthetic)   $province
NEP, one band a year          $FOLDER/nep.tif
Soil respiration              $FOLDER/respiration.tif
Trend: slope, p, classes      $FOLDER/trend_slope.tif  $FOLDER/trend_p.tif  $FOLDER/trend_class.tif
Area of each trend class      $FOLDER/trend_classes.csv
Maps                          $(echo "$maps"/*.png)
What each tool said           $(echo "$FOLDER"/*.log)

Open the .tif files in QGIS: each comes with its style and legend.
END
