#!/usr/bin/env bash
# Run the suite on other QGIS releases: each lives in a Debian folder of its own (debootstrap), kept in the cache.
#
#   matrix.sh [ARGUMENT...]     the arguments go to pytest (default: all tests but those that one release can tell,
#                               and between the oldest and the newest those that these two can)
#   matrix.sh --benchmark [ARGUMENT...]     measure instead; what was measured comes to dist/benchmark
#
# NEP_MATRIX chooses the releases ("trixie=3.40 forky=3.44"). Needs root, directly or through sudo.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Debian release = the QGIS that it is expected to hold.
MATRIX=${NEP_MATRIX:-trixie=3.40 forky=3.44}
SHARED=${NEP_SHARED:-$ROOT/../shared}
# What does not depend on the release, and takes long.
ONCE=(
    tests/fuzz tests/sample tests/study tests/raster/test_cluster.py tests/raster/test_cluster_checks.py
    tests/algorithms/test_architecture.py tests/algorithms/test_contract_disk.py
    tests/algorithms/test_contract_places.py tests/algorithms/test_killed_runs.py
    tests/package/test_evidence.py tests/package/test_evidence_choice.py tests/package/test_evidence_detector.py
    tests/package/test_evidence_drivers.py tests/package/test_evidence_ledger.py
    tests/package/test_evidence_q_interval.py tests/package/test_evidence_search.py
    tests/package/test_evidence_spots.py tests/package/test_rooms.py tests/package/test_source_rules.py
)
# What the oldest release and the newest tell: the numbers, and what becomes of bad files, both of which rest on numpy,
# scipy and GDAL rather than on QGIS; and what takes long.
AT_THE_ENDS=(
    tests/core tests/raster tests/report tests/algorithms/study tests/algorithms/test_climate_forms.py
    tests/algorithms/landcover/test_intensityanalysis.py tests/algorithms/landcover/test_landcovereffect.py
    tests/algorithms/landcover/test_scenario.py tests/algorithms/productivity/test_ensemble.py
    tests/algorithms/productivity/test_uncertainty.py
    tests/algorithms/test_contract_inputs.py tests/algorithms/test_contract_runs.py
    tests/algorithms/test_missing_values.py tests/algorithms/test_regional_classes.py
)
DEFAULT_MIRROR=http://deb.debian.org/debian
# The host's certificates: behind a proxy that signs for itself the folder's own would not do.
CERTIFICATES=/etc/ssl/certs/host-certificates.crt

# The Debian mirror that this machine is set up with.
mirror() {
    local found
    # shellcheck disable=SC2016  # apt-get fills these in
    found=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" {print $2; exit}')
    printf '%s\n' "${NEP_MIRROR:-${found:-$DEFAULT_MIRROR}}"
}

# inside FOLDER COMMAND...: run in the folder with a clean environment; what the network needs is passed on.
inside() {
    local folder=$1 name
    shift
    local environment=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
    for name in http_proxy https_proxy no_proxy PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_DEFAULT_TIMEOUT; do
        [ -n "${!name:-}" ] && environment+=("$name=${!name}")
    done
    [ -s "$folder$CERTIFICATES" ] && environment+=("PIP_CERT=$CERTIFICATES")
    chroot "$folder" /usr/bin/env -i "${environment[@]}" "$@"
}

# connect FOLDER: give the folder the host's way to the network as it is today.
connect() {
    mkdir -p "$1${CERTIFICATES%/*}"
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/" 2>/dev/null || true
    cp -L "${CERTIFICATES%/*}/ca-certificates.crt" "$1$CERTIFICATES" 2>/dev/null || true
}

# bootstrap RELEASE FOLDER: make the folder, or bring it up to the present list of packages.
# The marker is written last and holds that list, so a bootstrap that was interrupted is recognised and redone.
bootstrap() {
    local release=$1 folder=$2 marker=$2/.nep-complete
    local wanted="${PACKAGES[*]}"
    [ "$(cat "$marker" 2>/dev/null)" = "$wanted" ] && return
    if [ ! -e "$marker" ]; then
        say "bootstrapping Debian $release into $folder"
        rm -rf --one-file-system "$folder"
        mkdir -p "$folder"
        # "sid" is the script of every recent release; older versions of debootstrap do not know the newest by name.
        debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
            "$release" "$folder" "$(mirror)" sid >"$folder.log" 2>&1 ||
            { tail -n 20 "$folder.log" >&2; fail "debootstrap of $release failed; its log is $folder.log"; }
    fi
    rm -f "$marker"
    connect "$folder"
    say "installing QGIS into $folder"
    # A mirror may be a frozen copy: what it says of its own age must not stop us.
    echo 'Acquire::Check-Valid-Until "false";' >"$folder/etc/apt/apt.conf.d/99nep-toolbox"
    # No service may start in the folder.
    printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
    chmod +x "$folder/usr/sbin/policy-rc.d"
    {
        inside "$folder" apt-get update -q &&
            inside "$folder" apt-get install -y -q --no-install-recommends "${PACKAGES[@]}" &&
            inside "$folder" apt-get clean
    } >>"$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log" >&2; fail "installing QGIS on $release failed; its log is $folder.log"; }
    echo "$wanted" >"$marker"
}

# copy SOURCE TARGET: a fresh copy of a folder, without what is built or recorded in it.
copy() {
    rm -rf --one-file-system "$2"
    mkdir -p "$2"
    tar -C "$1" --exclude=./.git --exclude=./dist --exclude=./demo -cf - . | tar -C "$2" --no-same-owner -xf -
}

# show SOURCE TARGET: make a folder of the host visible at TARGET, read-only; copied where mounting is not permitted.
show() {
    mkdir -p "$2"
    if mount --bind "$1" "$2" 2>/dev/null; then
        mount -o remount,ro,bind "$2" 2>/dev/null || true
    else
        copy "$1" "$2"
    fi
}

# run_suite RELEASE EXPECTED FOLDER ARGUMENT...: everything mounted here is gone when the process ends (see `main`).
run_suite() {
    local release=$1 expected=$2 folder=$3 version
    shift 3
    mkdir -p "$(dirname "$folder")"
    exec 9>"$folder.lock"
    flock --nonblock 9 || { say "waiting for another run in $folder"; flock 9; }
    bootstrap "$release" "$folder"
    connect "$folder"
    mount -t proc proc "$folder/proc" 2>/dev/null || say "no /proc in $folder: mounting is not permitted"
    mount --rbind /dev "$folder/dev" 2>/dev/null || true
    copy "$ROOT" "$folder/project"
    [ -d "$SHARED" ] && show "$SHARED" "$folder/shared"
    version=$(inside "$folder" env QT_QPA_PLATFORM=offscreen \
        python3 -c 'from qgis.core import Qgis; print(Qgis.QGIS_VERSION)' 2>/dev/null)
    case $version in
        "$expected".*) say "QGIS $version (Debian $release)" ;;
        *) fail "Debian $release holds QGIS ${version:-?} and no longer $expected: choose the releases with NEP_MATRIX" ;;
    esac
    local script=test.sh
    [ "${1:-}" = --benchmark ] && { script=benchmark.sh; shift; }
    inside "$folder" NEP_CACHE=/var/cache/nep-toolbox NEP_SHARED=/shared ${CI:+CI=$CI} \
        bash "/project/scripts/$script" "$@" ||
        fail "$script failed on QGIS $version"
    if [ "$script" = benchmark.sh ]; then
        mkdir -p "$ROOT/dist/benchmark"
        cp "$folder"/project/dist/benchmark/*.json "$ROOT/dist/benchmark/"
    fi
}

main() {
    local pair
    local newest=${MATRIX##* } arguments
    ensure_packages debootstrap debian-archive-keyring util-linux
    for pair in $MATRIX; do
        arguments=("$@")
        if [ $# -eq 0 ]; then
            arguments=(tests "${ONCE[@]/#/--ignore=}")
            [ "$pair" = "$newest" ] || arguments+=("${AT_THE_ENDS[@]/#/--ignore=}")
        fi
        # In a mount namespace of its own: nothing stays mounted, whatever ends the run, and no later `rm -rf` of the
        # cache can reach the checkout.
        local isolated=(unshare --mount --propagation private)
        as_root "${isolated[@]}" true 2>/dev/null || isolated=()
        as_root env NEP_CACHE="$CACHE" NEP_SHARED="$SHARED" NEP_MIRROR="$(mirror)" NEP_ISOLATED="${#isolated[@]}" ${CI:+CI="$CI"} \
            "${isolated[@]}" bash "${BASH_SOURCE[0]}" --run "${pair%%=*}" "${pair##*=}" "$CACHE/debian-${pair%%=*}" "${arguments[@]}"
    done
}

if [ "${1:-}" = --run ]; then
    shift
    # Without a namespace of our own nothing may be mounted, so that nothing can be left mounted.
    [ "${NEP_ISOLATED:-0}" -ne 0 ] || mount() { return 1; }
    run_suite "$@"
else
    main "$@"
fi
