# Sourced by every script: where things are, which versions are used, and how progress is told.
# Nothing here installs or starts anything.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/quayside

RUST_VERSION=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$ROOT/rust-toolchain.toml")
CARGO_LEPTOS_VERSION=0.3.11
WASM_BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' "$ROOT/Cargo.toml" 2>/dev/null || true)
METRICS_SERVER_VERSION=v0.9.0
COREDNS_VERSION=v1.15.0
KUBERNETES_VERSION=$(sed -n 's/^\tk8s.io\/kubernetes \(v[0-9.]*\).*/\1/p' "$ROOT/end2end/cluster/go.mod" 2>/dev/null || true)

# One folder per tool and version, so that two checkouts with different pins never fight.
LEPTOS_TOOLS=$CACHE/tools/cargo-leptos-$CARGO_LEPTOS_VERSION-rust$RUST_VERSION
BINDGEN_TOOLS=$CACHE/tools/wasm-bindgen-$WASM_BINDGEN_VERSION-rust$RUST_VERSION
KUBE_TOOLS=$CACHE/tools/kubernetes-$KUBERNETES_VERSION-$(cat "$ROOT/end2end/cluster/go.mod" 2>/dev/null | sha256sum | cut -c1-12)

export PATH="$ROOT/node_modules/.bin:$LEPTOS_TOOLS/bin:$BINDGEN_TOOLS/bin:$KUBE_TOOLS/bin:$HOME/.cargo/bin:$PATH:/usr/sbin:/sbin"

# Cargo's output is kept outside the checkout, so that a fresh clone starts warm.
target_key() { cat "$ROOT/Cargo.lock" "$ROOT/rust-toolchain.toml" 2>/dev/null | sha256sum | cut -c1-12; }
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target/$(target_key)}

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() { printf 'quayside: %s\n' "$*" >&2; exit 1; }

# step "what happens" command…: one line, then how long it took; the output only where it failed.
step() {
  local what=$1 log start
  shift
  log=$(mktemp) start=$SECONDS
  printf '    %s … ' "$what" >&2
  if "$@" >"$log" 2>&1; then
    printf '%ss\n' $((SECONDS - start)) >&2
    rm -f "$log"
  else
    printf 'failed\n' >&2
    tail -n 60 "$log" >&2
    rm -f "$log"
    die "$what failed; the end of its output is above"
  fi
}

# as_root command…: the command itself for root, through sudo for others.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "this needs root: $*"
  fi
}
