#!/usr/bin/env bash
# Packs what checks Retort on a machine with a GPU and without .NET: one archive with the built programs and the .NET runtime beside them, the
# sources of the bridge, golden vectors, recipes, the peers in Python, and scripts/gpu-check.sh. docs/gpu.md says how to use it.
#   scripts/gpu-bundle.sh                 writes artifacts/retort-gpu.tar.xz; build first (make gpu-bundle does both)
#   scripts/gpu-bundle.sh --folder PATH   writes the same as a folder instead
set -euo pipefail

home="$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)"
archive="$home/artifacts/retort-gpu.tar.xz"
most_bytes=$((45 * 1000 * 1000))
programs=(Retort.Cli Retort.Benchmarks Retort.Torch.Tests Retort.Detection.Tests Retort.Distillation.Tests Retort.Training.Tests)

folder=""
if [[ "${1:-}" == --folder ]]; then
    folder="${2:?--folder needs a path}"
    mkdir -p "$folder"
    [[ -z "$(ls -A "$folder")" ]] || { echo "gpu-bundle: $folder is not empty" >&2; exit 2; }
else
    staging="$(mktemp -d)"
    trap 'rm -rf "$staging"' EXIT
    folder="$staging/retort-gpu"
fi

# All programs share one folder, so each library is there once. Without a list of dependencies the runtime takes what lies in the folder, and the
# parts of the test SDK that only 'dotnet test' needs can stay away.
mkdir -p "$folder/program"
for program in "${programs[@]}"; do
    built="$home/artifacts/bin/$program/release"
    [[ -d "$built" ]] || { echo "gpu-bundle: $built is missing; run 'make build' first" >&2; exit 2; }
    find "$built" -maxdepth 1 \( -name '*.dll' -o -name 'Retort*.pdb' -o -name '*.runtimeconfig.json' -o -name 'xunit.runner.json' \) \
        ! -name 'Microsoft.TestPlatform*' ! -name 'Microsoft.VisualStudio*' ! -name 'testhost*' ! -name 'xunit.runner.visualstudio*' \
        -exec cp -p {} "$folder/program/" \;
    find "$built/runtimes/linux-x64/native" -name '*.so' -exec cp -p {} "$folder/program/" \; 2> /dev/null || true
done

# The runtime that built them, less what only debuggers load.
dotnet="$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")"
version="$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" && $2 ~ /^10\./ { version = $2 } END { print version }')"
mkdir -p "$folder/dotnet/host/fxr" "$folder/dotnet/shared/Microsoft.NETCore.App"
cp -p "$dotnet/dotnet" "$dotnet/LICENSE.txt" "$dotnet/ThirdPartyNotices.txt" "$folder/dotnet/"
cp -rp "$(ls -d "$dotnet"/host/fxr/10.* | sort -V | tail -1)" "$folder/dotnet/host/fxr/"
cp -rp "$dotnet/shared/Microsoft.NETCore.App/$version" "$folder/dotnet/shared/Microsoft.NETCore.App/"
rm -f "$folder/dotnet/shared/Microsoft.NETCore.App/$version"/{createdump,libmscordaccore.so,libmscordbi.so,libcoreclrtraceptprovider.so}

mkdir -p "$folder/tests" "$folder/benchmarks" "$folder/scripts"
cp -p "$home"/{Retort.slnx,LICENSE,THIRD-PARTY.md} "$folder/"
cp -rp "$home/native" "$home/recipes" "$folder/"
cp -rp "$home/benchmarks/peer" "$folder/benchmarks/"
cp -p "$home/scripts/gpu-check.sh" "$folder/scripts/"
# Vectors of what computes no tensors stay at home, and so does the demonstration's teacher.
cp -rp "$home/tests/golden" "$folder/tests/"
rm -rf "$folder"/tests/golden/{coco,dota,voc,pipeline}* "$folder"/recipes/demo/*.pth
find "$folder" -name __pycache__ -exec rm -rf {} +
{ git -C "$home" rev-parse --short HEAD 2> /dev/null || echo unknown; } > "$folder/VERSION"

if [[ "${1:-}" == --folder ]]; then
    exit 0
fi
tar -C "$staging" -cf - retort-gpu | xz -T0 -6 > "$archive"
bytes="$(stat -c %s "$archive")"
echo "$archive: $(awk -v bytes="$bytes" 'BEGIN { printf "%.1f MB", bytes / 1e6 }')"
[[ "$bytes" -le "$most_bytes" ]] || { echo "gpu-bundle: the archive is larger than $most_bytes bytes" >&2; exit 1; }
