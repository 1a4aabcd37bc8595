#!/bin/bash
# Installs the Debian packages that Retort needs and that are missing; says which. Silent when nothing is missing.
# With TORCH_DIR set, Debian's libtorch is not asked for.
set -euo pipefail

packages=(g++ cmake libturbojpeg0 libopenblas0-pthread libtcmalloc-minimal4)
if [ -z "${TORCH_DIR:-}" ]; then
    packages+=(libtorch-dev)
fi

if ! command -v dotnet > /dev/null; then
    echo "The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 2
fi
if ! command -v dpkg-query > /dev/null; then
    echo "This is not a Debian system. Install the counterparts of: ${packages[*]}" >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)" != installed ]; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "Missing Debian packages: ${missing[*]}. Install them as root: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    as_root=(sudo)
fi

echo "Installing Debian packages: ${missing[*]}"
log=$(mktemp)
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } > "$log" 2>&1; then
    tail -20 "$log" >&2
    echo "The installation failed; its log is $log." >&2
    exit 1
fi
rm -f "$log"
