#!/usr/bin/env bash
# `make fuzz`: each fuzz target for FOR seconds (20). What it finds is kept in fuzz/artifacts, and its corpus in the
# user's cache, where the next run goes on.
source "$(dirname "$0")/common.sh"
FOR=${FOR:-20}
[[ $FOR =~ ^[0-9]+$ ]] || die "FOR is a number of seconds, not $FOR"

"$ROOT/scripts/setup.sh" rust
cd "$ROOT/fuzz"
TRIPLE=$(rustc -vV | sed -n 's/^host: //p')
# The coverage that cargo-fuzz asks of a nightly compiler, without its sanitizers: there is no unsafe code to watch.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks"
export CARGO_TARGET_DIR=$CACHE/target/fuzz CARGO_INCREMENTAL=0
# With a target named, build scripts and macros are built without all that.
cargo build --locked --release --target "$TRIPLE"
mkdir -p artifacts
for target in targets/*.rs; do
  name=$(basename "$target" .rs)
  mkdir -p "$CACHE/fuzz/$name"
  echo "--- $name"
  log=$(mktemp)
  code=0
  "$CARGO_TARGET_DIR/$TRIPLE/release/$name" -max_total_time="$FOR" -timeout=5 -rss_limit_mb=1024 -max_len=8192 -print_final_stats=1 \
    -verbosity=0 -artifact_prefix="artifacts/$name-" "$CACHE/fuzz/$name" "seeds/$name" >"$log" 2>&1 || code=$?
  if [ $code = 0 ]; then grep executed_units "$log"; else tail -n 60 "$log"; fi
  rm -f "$log"
  [ $code = 0 ] || die "$name: found something; it is kept in fuzz/artifacts"
done
