# shellcheck shell=bash disable=SC2034
# Sourced by every script: where things are, which versions are used, and how progress is told.
# Nothing here installs or starts anything.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/quayside

RUST_VERSION=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$ROOT/rust-toolchain.toml")
RUSTUP_VERSION=1.29.0
CARGO_LEPTOS_VERSION=0.3.11
WASM_BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' "$ROOT/Cargo.toml" 2>/dev/null || true)
GO_VERSION=1.26.8
NODE_VERSION=24.21.0
METRICS_SERVER_VERSION=v0.9.0
COREDNS_VERSION=v1.15.0
KUBERNETES_VERSION=$(sed -n 's/^\tk8s.io\/kubernetes \(v[0-9.]*\).*/\1/p' "$ROOT/end2end/cluster/go.mod" 2>/dev/null || true)

# One folder per tool and version, so that two checkouts with different pins never fight.
LEPTOS_TOOLS=$CACHE/tools/cargo-leptos-$CARGO_LEPTOS_VERSION-rust$RUST_VERSION
BINDGEN_TOOLS=$CACHE/tools/wasm-bindgen-$WASM_BINDGEN_VERSION-rust$RUST_VERSION
NODE_TOOLS=$CACHE/tools/node-$NODE_VERSION
GO_TOOLS=$CACHE/tools/go-$GO_VERSION
KUBE_TOOLS=$CACHE/tools/kubernetes-$KUBERNETES_VERSION-$(cat "$ROOT/end2end/cluster/go.mod" <(echo "$METRICS_SERVER_VERSION $COREDNS_VERSION") 2>/dev/null | sha256sum | cut -c1-12)

export PATH="$ROOT/node_modules/.bin:$LEPTOS_TOOLS/bin:$BINDGEN_TOOLS/bin:$NODE_TOOLS/bin:$GO_TOOLS/bin:$KUBE_TOOLS/bin:$HOME/.cargo/bin:$PATH:/usr/sbin:/sbin"

# Cargo's output is kept outside the checkout, so that a fresh clone starts warm.
target_key() { cat "$ROOT/Cargo.lock" "$ROOT/rust-toolchain.toml" "$ROOT/.cargo/config.toml" 2>/dev/null | sha256sum | cut -c1-12; }
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target/$(target_key)}

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() { printf 'quayside: %s\n' "$*" >&2; exit 1; }

# --- progress -------------------------------------------------------------------------------------

# progress "what happens" LOG command…: runs the command with its output in LOG and tells meanwhile how
# long it has taken and what it is at. The command's exit code is in CODE. It is not what progress
# returns, because then it would be called in conditions, and there bash ignores `set -e` in all that
# the command does.
STEP="" CODE=0
progress() {
  local what=$1 log=$2 start=$SECONDS ticker
  shift 2
  CODE=0
  # A process group of its own, so that it can be ended with all that it started.
  set -m
  "$@" </dev/null >"$log" 2>&1 &
  STEP=$!
  set +m
  tell_progress "$what" "$log" &
  ticker=$!
  wait "$STEP" 2>/dev/null || CODE=$?
  STEP=""
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  printf '    %-60s %4ss%s\n' "$what" $((SECONDS - start)) "$([ $CODE = 0 ] || echo '  failed')" >&2
}

# On a terminal the last line of the output, each second; in a log file a line each minute.
tell_progress() {
  local start=$SECONDS line pause=60
  trap - EXIT
  trap 'kill $! 2>/dev/null; exit 0' TERM
  [ ! -t 2 ] || pause=1
  while sleep $pause & wait $!; do
    line=$(tail -c 2000 "$2" 2>/dev/null | tr '\r' '\n' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' | grep -av '^ *$' | tail -n 1 | cut -c1-80 || true)
    if [ -t 2 ]; then
      printf '\r\033[K    %s … %ss  %s' "$1" $((SECONDS - start)) "$line" >&2
    else
      printf '    %s … %ss  %s\n' "$1" $((SECONDS - start)) "$line" >&2
    fi
  done
}

# step "what happens" command…: as above; where it fails, the end of the output and the end of the script.
step() {
  local what=$1 log
  shift
  log=$(mktemp)
  progress "$what" "$log" "$@"
  [ $CODE = 0 ] || tail -n 60 "$log" >&2
  rm -f "$log"
  [ $CODE = 0 ] || die "$what: failed; the end of its output is above"
}

# at_exit FUNCTION: called when the script ends, however it does, with the exit code; a step that still
# runs is ended first. A subshell that gets a signal before it has its own traps must not clean up for
# all, and a second Ctrl-C must not stop the cleaning.
at_exit() { trap "leave $1" EXIT; }
leave() {
  local code=$?
  [ "$BASHPID" = "$$" ] || exit "$code"
  trap '' INT TERM HUP
  trap - EXIT
  [ -z "$STEP" ] || kill -- "-$STEP" 2>/dev/null || true
  stop_attached
  "$1" "$code"
  exit "$code"
}
at_exit true
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# attached command…: a part of this script that is a script itself. It runs in the background, because
# bash handles no signal while it waits for something in the foreground.
ATTACHED=""
attached() {
  local code=0
  "$@" &
  ATTACHED=$!
  wait "$ATTACHED" || code=$?
  ATTACHED=""
  return $code
}
stop_attached() { [ -z "$ATTACHED" ] || { kill "$ATTACHED" 2>/dev/null && wait "$ATTACHED" 2>/dev/null; } || true; }

# as_root command…: the command itself for root, through sudo for others.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "this needs root: $*"
  fi
}
