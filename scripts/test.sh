#!/bin/bash
# Runs every test project and prints, last and alone on a line, the true counts: N passed, N failed, N skipped.
# Further arguments go to `dotnet test`, for instance: scripts/test.sh Release --filter Category=Golden
set -uo pipefail

configuration=${1:-Release}
shift || true
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
dotnet test Retort.slnx -c "$configuration" --no-build --results-directory "$results" --logger trx --logger "console;verbosity=minimal" "$@"
status=$?

# A trx file has one element like <Counters total="9" executed="8" passed="8" failed="0" error="0" ... />.
count() {
    cat "$results"/*.trx 2> /dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}
total=$(count total)
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$((total - passed - failed))
if [ "$total" -eq 0 ]; then
    echo "no test was run" >&2
    status=1
elif [ "$failed" -gt 0 ]; then
    status=1
fi

if [ "$skipped" -gt 0 ]; then
    echo "skipped tests, and why:"
    cat "$results"/*.trx 2> /dev/null \
        | awk '/<UnitTestResult / { left = /outcome="NotExecuted"/ } left && match($0, /<Message>[^<]*/) { print substr($0, RSTART + 9, RLENGTH - 9) }' \
        | sort | uniq -c | sort -rn
fi

echo "$passed passed, $failed failed, $skipped skipped"
exit $status
