#!/usr/bin/env bash
# Lays out what the image holds, from what was compiled; the Dockerfile's final stage takes it from there.
#   image-files.sh PROGRAM SITE OUT
set -euo pipefail

PROGRAM=$1 SITE=$2 OUT=$3

# `lib` is a root folder of its own: the C library and its loader, at the paths where the program looks for them.
mkdir -p "$OUT"/{lib,data}
cp "$PROGRAM" "$OUT/quayside"
cp -R "$SITE" "$OUT/site"
ldd "$PROGRAM" | grep -o '/[^ ]*' | while read -r file; do
  mkdir -p "$OUT/lib$(dirname "$file")"
  cp -L "$file" "$OUT/lib$file"
done
