#!/usr/bin/env bash
# Bundles the charts into public/chart.<hash>.js, which cargo-leptos copies beside the other assets.
# Called before every `cargo leptos build`; does nothing where the bundle is there already.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$ROOT"

bundle=$(mktemp)
trap 'rm -f "$bundle"' EXIT
node_modules/.bin/esbuild app/assets/chart.js --bundle --minify --format=esm --target=chrome123,firefox121,safari17.5 \
  --legal-comments=none --log-level=warning >"$bundle"
hash=$(sha256sum "$bundle" | cut -c1-12)
mkdir -p public
find public -maxdepth 1 -name 'chart.*.js' ! -name "chart.$hash.js" -delete
[ -f "public/chart.$hash.js" ] || install -m 644 "$bundle" "public/chart.$hash.js"
