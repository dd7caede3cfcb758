#!/usr/bin/env bash
# Feed random series, headers, polygons, texts and parameters to kernels, parsers and tools until the time is up.
#
#   fuzz.sh [MINUTES]           60 where none are given; a failure ends it, and the next run tries that input first

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

minutes=${1:-60}
end=$((SECONDS + minutes * 60))

export NEP_FUZZ_COUNTS=$ROOT/dist/fuzz/counts NEP_FUZZ_FAILURES=$ROOT/dist/fuzz/failures
export NEP_FUZZ_EXAMPLES=${NEP_FUZZ_EXAMPLES:-200}
rm -rf "$NEP_FUZZ_COUNTS"
mkdir -p "$NEP_FUZZ_COUNTS"

while [ $SECONDS -lt $end ]; do
    "$ROOT/scripts/test.sh" tests/fuzz --quiet
done

"$SYSTEM_PYTHON" - "$NEP_FUZZ_COUNTS" <<'PYTHON'
import collections, json, pathlib, sys

total = collections.Counter()
for path in pathlib.Path(sys.argv[1]).glob("*.json"):
    total.update(json.loads(path.read_text(encoding="utf-8")))
for test, examples in sorted(total.items()):
    print(f"{examples:9,}  {test}")
print(f"{sum(total.values()):9,}  in all, without a failure")
PYTHON
