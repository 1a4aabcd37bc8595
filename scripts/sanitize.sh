#!/bin/bash
# Builds libretort with the address and undefined-behaviour sanitizers and runs the tests that use it most on it.
# The first finding ends its test program with a report of the place; the exit code is then not zero.
# Usage: scripts/sanitize.sh [Release|Debug] [libtorch folder]; the solution must be built.
set -uo pipefail

configuration=${1:-Release}
torch=${2:-}
native=artifacts/native-sanitized
log=$native/build.log
mkdir -p "$native"
if ! cmake -S native -B "$native" -DRETORT_SANITIZE=ON ${torch:+-DTORCH_DIR="$torch"} > "$log" 2>&1 || ! cmake --build "$native" -j "$(nproc)" >> "$log" 2>&1; then
    cat "$log"
    exit 1
fi

export RETORT_NATIVE="$PWD/$native"
# The sanitizer must be in the process before everything else. .NET handles SIGSEGV itself, and what it and libtorch keep until the end is no leak.
preload=$(gcc -print-file-name=libasan.so)
export ASAN_OPTIONS="detect_leaks=0:handle_segv=0:allow_user_segv_handler=1:detect_stack_use_after_return=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
status=0
for project in Torch Detection Distillation; do
    name=Retort.$project.Tests
    echo "$name on $native/libretort.so"
    LD_PRELOAD="$preload" "artifacts/bin/$name/${configuration,,}/$name" || status=1
done
exit $status
