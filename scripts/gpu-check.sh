#!/usr/bin/env bash
# Checks Retort on a GPU, in at most eight minutes, from the unpacked archive of 'make gpu-bundle': builds the bridge against the libtorch
# that Python has, and runs tests and measurements. Each part has a time limit, and a part that fails does not stop the next.
# It leaves gpu-check/table.md and gpu-check/log.txt, and ends with 1 where something failed. docs/gpu.md says how to read them.
#
# Needs a C++ compiler, CMake, make, and PyTorch in Python (for libtorch and for the peers). No .NET, no network.
#   DEVICE=cuda     the device; with cpu everything runs there, at smaller sizes and with wider time limits
#   PYTHON=python3  the interpreter that has PyTorch
#   TORCH_DIR=PATH  a libtorch of its own; default: Python's
#   BRIDGE=PATH     a bridge (libretort.so) that is built already
#   SHORT=1         the smallest sizes and a few tests, to test this script
#   OUT=PATH        where table and log go; default: gpu-check in the bundle
set -uo pipefail

home="$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)"
device="${DEVICE:-cuda}"
short="${SHORT:-}"
python="${PYTHON:-python3}"
out="${OUT:-$home/gpu-check}"
table="$out/table.md"
log="$out/log.txt"
seconds_in_all=480
failures=0
mkdir -p "$out"
: > "$log"

if [[ -n "$short" ]]; then size=tiny; elif [[ "$device" == cpu ]]; then size=small; else size=full; fi
# Two busy cores are many times slower than a GPU's machine: there the limits only stop what hangs.
if [[ "$device" == cpu ]]; then factor=12; seconds_in_all=7200; else factor=1; fi

say() { echo "$*" | tee -a "$log" >&2; }
row() { printf '| %s | %s | %s | %s | %s |\n' "$@" >> "$table"; }
failed() { failures=$((failures + 1)); }

# Runs a command as a part: part NAME SECONDS COMMAND...; its output goes to the log and to $out/part.txt.
part() {
    local name="$1" limit=$(($2 * factor)) left=$((seconds_in_all - SECONDS)) status
    shift 2
    [[ "$limit" -le "$left" ]] || limit="$left"
    say "== $name (at most $limit s)"
    if [[ "$limit" -le 0 ]]; then
        row "$name" "not begun" "" "" "FAILED: no time left"
        failed
        return 1
    fi
    local begun="$SECONDS"
    timeout -k 5 "$limit" "$@" > "$out/part.txt" 2>&1
    status=$?
    cat "$out/part.txt" >> "$log"
    say "== $name: exit code $status after $((SECONDS - begun)) s"
    return "$status"
}

# Why a part failed, for the table: its last line that says something, or its time limit.
reason() {
    if [[ "$1" -eq 124 || "$1" -eq 137 ]]; then
        echo "FAILED: stopped by its time limit"
    else
        echo "FAILED ($1): $(grep -iE 'error|exception|failed|refused' "$out/part.txt" | tail -1 | tr '|' '/' | cut -c1-200)"
    fi
}

facts() {
    "$python" - << 'PYTHON' 2> /dev/null
import torch
print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, "C++11 ABI", int(torch._C._GLIBCXX_USE_CXX11_ABI))
if torch.cuda.is_available():
    p = torch.cuda.get_device_properties(0)
    print(p.name, f"{p.total_memory / 1e9:.0f} GB", f"compute capability {p.major}.{p.minor}")
PYTHON
}

header() {
    {
        echo "# Retort on $device, $(cat "$home/VERSION" 2> /dev/null || echo unknown), $(date -u +%Y-%m-%d)"
        echo
        echo "CPU: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores. $(facts | tr '\n' ' ')"
        nvidia-smi --query-gpu=driver_version --format=csv,noheader 2> /dev/null | sed 's/^/Driver: /'
        echo
        echo "| part | ours | compared with | ratio | verdict |"
        echo "|---|---|---|---|---|"
    } > "$table"
}

# The folder with include/ and lib/ of the libtorch to build against; empty where CMake shall look for itself.
torch_dir() {
    if [[ -n "${TORCH_DIR:-}" ]]; then
        echo "$TORCH_DIR"
    else
        "$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2> /dev/null
    fi
}

# A program of its own, because `timeout` runs no function of this shell.
build_bridge='cmake -S "$1" -B "$2" ${3:+-DTORCH_DIR="$3"} && cmake --build "$2" -j "$(nproc)"'

# One test program on a device: tests PROGRAM DEVICE SECONDS FILTER...
tests() {
    local program="$1" on="$2" limit="$3" status summary
    shift 3
    # What exists on the CPU alone would pass on a GPU without having used it.
    [[ "$on" == cpu ]] || set -- "$@" -trait- Device=cpu
    part "tests $program on $on" "$limit" env RETORT_TEST_DEVICE="$on" "$home/dotnet/dotnet" "$home/program/$program.dll" -noColor "$@"
    status=$?
    summary="$(grep -o 'Total: [0-9]*, Errors: [0-9]*, Failed: [0-9]*, Skipped: [0-9]*' "$out/part.txt" | tail -1)"
    if [[ "$status" -eq 0 && -n "$summary" && "$summary" != "Total: 0,"* ]]; then
        row "tests $program on $on" "$summary" "" "" "passed"
    else
        row "tests $program on $on" "${summary:-no result}" "" "" "$(reason "$status")"
        failed
    fi
}

test_all() {
    local on="$1"
    if [[ -n "$short" ]]; then
        tests Retort.Torch.Tests "$on" 60 -class Retort.Torch.Tests.ModuleTests -class Retort.Torch.Tests.TensorTests
        tests Retort.Detection.Tests "$on" 60 -class Retort.Detection.Tests.Losses.LossGoldenTests
        tests Retort.Distillation.Tests "$on" 60 -class Retort.Distillation.Tests.DivergenceGoldenTests
        return
    fi
    # Checkpoint files have nothing to do with a device.
    tests Retort.Torch.Tests "$on" 60 -namespace- Retort.Torch.Tests.Checkpoints
    tests Retort.Detection.Tests "$on" 60
    tests Retort.Distillation.Tests "$on" 60
    tests Retort.Training.Tests "$on" 90 -trait Category=Golden
}

# A measured part: its rows go to the table as they are.
measure() {
    local name="$1" limit="$2" status
    part "$name" "$limit" "$home/dotnet/dotnet" "$home/program/Retort.Benchmarks.dll" device "$name" "$device" "$size"
    status=$?
    grep '^|' "$out/part.txt" >> "$table"
    if [[ "$status" -ne 0 ]]; then
        row "$name" "" "" "" "$(reason "$status")"
        failed
    fi
}

header
torch="$(torch_dir)"
say "libtorch: ${torch:-where CMake finds it}"
bridge="${BRIDGE:-}"
if [[ -z "$bridge" ]]; then
    bridge="$out/build/libretort.so"
    mkdir -p "$out/build"
    if part "bridge" 150 bash -c "$build_bridge" - "$home/native" "$out/build" "$torch"; then
        row "bridge" "built: $(grep -o 'libtorch .*' "$out/part.txt" | head -1)" "" "" "passed"
    else
        row "bridge" "" "" "" "$(reason $?)"
        failed
    fi
fi
[[ -e "$bridge" ]] || { say "gpu-check: there is no bridge, so nothing can be run; see $log"; cat "$table"; exit 1; }

export RETORT_NATIVE="$bridge" RETORT_PYTHON="$python" RETORT_HOME="$home" DOTNET_CLI_TELEMETRY_OPTOUT=1
# Python packages of CUDA keep each library in a folder of its own, which Python alone knows of.
for folder in "$torch"/lib "$torch"/../nvidia/*/lib; do
    [[ ! -d "$folder" ]] || export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder"
done

part "doctor" 20 "$home/dotnet/dotnet" "$home/program/retort.dll" doctor
# What is known least comes first, in case the time runs out.
test_all "$device"
measure training 60
measure inference 60
measure step 70
measure phases 30
measure prediction 30
[[ "$device" == cpu ]] || test_all cpu

rm -f "$out/part.txt"
say "ended after $SECONDS s with $failures failed parts"
cat "$table"
[[ "$failures" -eq 0 ]]
